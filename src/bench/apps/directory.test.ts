import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync, closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync,
} from 'node:fs' // biome-ignore format: a list of names
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { type SnapshotOptions, snapshotDirectory } from './directory.ts'
import { writeFiles } from './testing.ts'
import { readText } from './text.ts'

const home = mkdtempSync(join(tmpdir(), 'assay-directory-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
let count = 0
const fresh = (): string => {
  const folder = join(home, String(++count))
  mkdirSync(folder)
  return folder
}
const take = (folder: string, options: Partial<SnapshotOptions> = {}) =>
  snapshotDirectory(folder, { store: join(home, 'store'), ...options })
const isRoot = process.getuid?.() === 0

test('links are left out and listed, wherever they lead', async () => {
  const folder = fresh()
  writeFiles(folder, { 'app.py': 'print(1)\n', 'lib/a.py': 'a' })
  symlinkSync('app.py', join(folder, 'file-link.py'))
  symlinkSync('lib', join(folder, 'folder-link'))
  symlinkSync('..', join(folder, 'lib', 'cycle'))
  symlinkSync('/etc/passwd', join(folder, 'outside'))
  symlinkSync('nowhere', join(folder, 'broken'))
  const app = await take(folder)
  expect(app.files.map(({ path }) => path)).toEqual(['app.py', 'lib/a.py'])
  expect(app.excluded).toEqual(
    ['broken', 'file-link.py', 'folder-link', 'lib/cycle', 'outside'].map((path) => ({
      path,
      reason: 'symbolic link',
    })),
  )
  expect(readdirSync(app.root, { recursive: true }).sort()).toEqual(['app.py', 'lib', 'lib/a.py'])
})

test('a file that was replaced by a link or a pipe since it was listed is not followed', async () => {
  const folder = fresh()
  writeFiles(folder, { 'app.py': 'print(1)\n' })
  const app = await take(folder)
  rmSync(join(folder, 'app.py'))
  symlinkSync('/etc/passwd', join(folder, 'app.py'))
  await expect(take(folder)).rejects.toThrow('holds no file to analyse')
  expect(readFileSync(join(app.root, 'app.py'), 'utf8')).toBe('print(1)\n')
})

test('a sparse file of a gigabyte is left out unread', async () => {
  const folder = fresh()
  writeFiles(folder, { 'app.py': 'print(1)\n' })
  const file = openSync(join(folder, 'huge.bin'), 'w')
  ftruncateSync(file, 1024 ** 3)
  closeSync(file)
  const before = process.memoryUsage().rss
  const started = Date.now()
  const app = await take(folder)
  expect(app.excluded).toEqual([{ path: 'huge.bin', reason: 'larger than 5 MiB' }])
  expect(Date.now() - started).toBeLessThan(2000)
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
})

test('texts of every encoding are read as what they say', async () => {
  const folder = fresh()
  const text = 'grüße = "ß"\nb\n'
  const swapped = Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
  writeFiles(folder, {
    'utf8.py': text,
    'bom.py': `\ufeff${text}`,
    'latin1.py': Buffer.from(text, 'latin1'),
    'utf16le.py': Buffer.from(`\ufeff${text}`, 'utf16le'),
    'utf16be.py': swapped,
    'mixed.py': 'a\r\nb\nc\rd',
    'empty.py': '',
    'binary.py': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1, 2]),
    'noise.bin': Buffer.from(Array.from({ length: 256 }, (_, byte) => byte || 1)),
  })
  const app = await take(folder)
  const seen = await Promise.all(
    app.files.map(async (file) => [file.path, file.encoding, file.lines, file.encoding && (await readText(app, file))]),
  )
  expect(seen).toEqual([
    ['binary.py', undefined, 0, undefined],
    ['bom.py', 'utf-8', 2, text],
    ['empty.py', 'utf-8', 0, ''],
    ['latin1.py', 'latin-1', 2, text],
    ['mixed.py', 'utf-8', 3, 'a\r\nb\nc\rd'],
    ['noise.bin', undefined, 0, undefined],
    ['utf16be.py', 'utf-16be', 3, text],
    ['utf16le.py', 'utf-16le', 3, text],
    ['utf8.py', 'utf-8', 2, text],
  ])
})

test('names of every kind are kept, or listed as what they cannot be', async () => {
  const folder = fresh()
  const long = `${'n'.repeat(250)}.py`
  writeFiles(folder, { 'new\nline.py': 'a', 'sp ace.py': 'b', [long]: 'c', 'q"uote.py': 'd', 'back\\slash.py': 'e' })
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x62, 0xff, 0x2e, 0x70, 0x79])]), 'f')
  const app = await take(folder)
  expect(app.files.map(({ path }) => path)).toEqual(['new\nline.py', long, 'q"uote.py', 'sp ace.py'])
  expect(app.excluded).toEqual([
    { path: 'b\\xff.py', reason: 'file name is not valid UTF-8' },
    { path: 'back\\slash.py', reason: 'file name holds a backslash' },
  ])
})

test('names are composed (NFC), so that two systems give one digest; a twin is listed', async () => {
  const [composed, decomposed, both] = [fresh(), fresh(), fresh()]
  writeFiles(composed, { 'caf\u00e9.py': 'x' })
  writeFiles(decomposed, { 'cafe\u0301.py': 'x' })
  writeFiles(both, { 'caf\u00e9.py': 'x', 'cafe\u0301.py': 'y' })
  expect((await take(decomposed)).digest).toBe((await take(composed)).digest)
  const app = await take(both)
  expect(app.files.map(({ path }) => path)).toEqual(['caf\u00e9.py'])
  expect(app.excluded).toMatchObject([{ reason: 'another file has the same name, composed differently' }])
})

test('nesting beyond the bound is listed, and a path too long is refused with words', async () => {
  const folder = fresh()
  writeFiles(folder, { 'app.py': 'x', [`${'d/'.repeat(65)}deep.py`]: 'x' })
  const app = await take(folder)
  expect(app.files.map(({ path }) => path)).toEqual(['app.py'])
  expect(app.excluded).toEqual([{ path: Array(65).fill('d').join('/'), reason: 'nested deeper than 64 folders' }])
})

test('what cannot be imported is refused, with what to do', async () => {
  const [empty, linksOnly, many] = [fresh(), fresh(), fresh()]
  symlinkSync('/etc/passwd', join(linksOnly, 'link'))
  writeFiles(many, { a: '1', b: '2', c: '3' })
  writeFileSync(join(home, 'a-file'), 'x')
  const cases: readonly (readonly [string, Partial<SnapshotOptions>, string, string])[] = [
    [join(home, 'missing'), {}, `There is no folder ${home}/missing.`, 'Check the path.'],
    [join(home, 'a-file'), {}, `${home}/a-file is not a folder.`, 'Give the folder that holds the app.'],
    [empty, {}, `${empty} holds no file to analyse.`, 'Point Assay at the folder that holds the code.'],
    [linksOnly, {}, `${linksOnly} holds no file to analyse.`, 'All 1 entries were left out, for example link (symbolic link).'],
    [many, { limits: { files: 2 } }, `${many} holds more than 2 files to analyse.`, 'Point Assay at a part of it, or list what does not belong to the app in a file named .assayignore.'],
    [many, { limits: { totalBytes: 2 } }, `${many} holds more than ${2 / 1024 / 1024} MiB to analyse.`, 'Point Assay at a part of it, or list what does not belong to the app in a file named .assayignore.'],
  ] // biome-ignore format: one case to a line
  for (const [folder, options, message, next] of cases)
    await expect(take(folder, options)).rejects.toMatchObject({ name: 'InvalidInput', message, next, status: 400 })
})

test('an unreadable file or folder refuses an import, and is listed by a check', async () => {
  const folder = fresh()
  const store = fresh()
  writeFiles(folder, { 'app.py': 'x', 'secret.py': 'x', 'closed/a.py': 'x' })
  chmodSync(join(folder, 'secret.py'), 0)
  chmodSync(join(folder, 'closed'), 0)
  chmodSync(store, 0o777)
  chmodSync(home, 0o755)
  // The user who runs the tests may be root, whom nothing is closed to: a child without rights tries.
  const script = `
    import { snapshotDirectory } from '${join(import.meta.dirname, 'directory.ts')}'
    const of = (unreadable) => snapshotDirectory('${folder}', { store: '${store}', unreadable })
    const refused = await of('refuse').then(() => 'taken', (error) => error.name + ': ' + error.message + ' ' + error.next)
    const { files, excluded } = await of('exclude')
    console.log(JSON.stringify({ refused, files: files.map((file) => file.path), excluded: excluded.map((one) => one.path) }))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    cwd: '/',
    ...(isRoot && { uid: 65_534, gid: 65_534, env: { PATH: process.env['PATH'] } }),
  })
  expect(stderr.replace(/.*Warning.*\n/g, '')).toBe('')
  expect(JSON.parse(stdout)).toEqual({
    refused: `InvalidInput: Cannot read closed in ${folder}: EACCES: permission denied, scandir '${folder}/closed'. Give the user who runs Assay read permission, or remove the file, and import again.`,
    files: ['app.py'],
    excluded: ['closed', 'secret.py'],
  })
})

test('the copy is read-only, and a second import takes it as it is', async () => {
  const folder = fresh()
  writeFiles(folder, { 'app.py': 'x', 'lib/run.sh': 'y' })
  chmodSync(join(folder, 'lib/run.sh'), 0o777)
  const app = await take(folder)
  for (const { path } of app.files) expect(statSync(join(app.root, path)).mode & 0o777).toBe(0o444)
  const { mtimeMs } = statSync(app.root)
  expect(await take(folder)).toEqual(app)
  expect(statSync(app.root).mtimeMs).toBe(mtimeMs)
})

test('the same content gives the same digest from any folder, and several imports at once do not mind', async () => {
  const folders = [fresh(), fresh(), fresh(), fresh()]
  for (const folder of folders) writeFiles(folder, { 'b.py': 'b', 'a/x.py': 'x', 'a.py': 'y' })
  const taken = await Promise.all(folders.map((folder) => take(folder)))
  expect(new Set(taken.map(({ digest }) => digest)).size).toBe(1)
  expect(readdirSync(join(home, 'store')).filter((name) => name.startsWith('.'))).toEqual([])
})

test('property: the digest tells content and names apart, and nothing else', async () => {
  const name = fc.constantFrom('a', 'b', 'a/b.py', 'c/d', 'c/e/f', 'g.js')
  const content = fc
    .dictionary(name, fc.string({ maxLength: 8 }), { minKeys: 1, maxKeys: 4 })
    .filter((files) => !('a' in files && 'a/b.py' in files))
  const written = (files: Record<string, string>): string => {
    const folder = fresh()
    for (const path of Object.keys(files).reverse()) writeFiles(folder, { [path]: files[path] ?? '' })
    return folder
  }
  const canonical = (files: Record<string, string>): string => JSON.stringify(Object.entries(files).sort())
  await fc.assert(
    fc.asyncProperty(content, content, async (one, two) => {
      const [first, again, other] = [await take(written(one)), await take(written(one)), await take(written(two))]
      expect(again.digest).toBe(first.digest)
      expect(other.digest === first.digest).toBe(canonical(one) === canonical(two))
      expect(first.files.map(({ path }) => path)).toEqual(Object.keys(one).sort())
    }),
    { seed: 20_261_120, numRuns: 60 },
  )
})

test('a full disk is told, and nothing is half-written', async (context) => {
  const small = join(home, 'small')
  mkdirSync(small)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', small], { stdio: 'ignore' })
  } catch {
    context.skip('no right to mount a small disk here')
  }
  try {
    const folder = fresh()
    writeFiles(folder, { 'a.py': 'x'.repeat(100_000), 'b.py': 'y'.repeat(300_000) })
    await expect(take(folder, { store: join(small, 'store') })).rejects.toMatchObject({
      name: 'Unavailable',
      message: expect.stringMatching(/^Cannot write to .*\/store: ENOSPC: no space left on device/),
      next: 'Free space on the disk and import again; nothing was kept.',
    })
    expect(readdirSync(join(small, 'store'))).toEqual([])
  } finally {
    execFileSync('umount', [small])
  }
})
