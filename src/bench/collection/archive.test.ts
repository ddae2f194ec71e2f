import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { tarEnd, tarEntry, zipOf } from '../apps/testing.ts'
import { type ArchiveKind, unfold } from './archive.ts'

const home = mkdtempSync(join(tmpdir(), 'assay-archives-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
let count = 0

/** Unfolds bytes two folders deep, so that what leads out of the target still lies in this test's folder. */
async function unfolded(bytes: Uint8Array, kind: ArchiveKind) {
  const place = join(home, String(++count))
  const target = join(place, 'a', 'b')
  mkdirSync(target, { recursive: true })
  const archive = join(place, 'archive')
  writeFileSync(archive, bytes)
  const excluded = await unfold(archive, kind, target).catch((error: Error) => error)
  const written = readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path !== archive)
  const files = Object.fromEntries(written.map((path) => [path.slice(target.length + 1), readFileSync(path, 'latin1')]))
  expect(written.every((path) => path.startsWith(`${target}/`))).toBe(true)
  return { excluded, files, archive }
}

const outside = 'its name leads out of the archive'
const hostile: readonly (readonly [string, string])[] = [
  ['/etc/cron.d/x', outside],
  ['../x', outside],
  ['a/../../x', outside],
  ['a/..', outside],
  ['C:/x', outside],
  ['..\\..\\x', 'file name holds a backslash'],
  ['a\\b', 'file name holds a backslash'],
  ['x'.repeat(256), 'file name is too long'],
  [`${'d/'.repeat(1100)}x`, 'file name is too long'],
]

test('a zip keeps to its folder, and lists what it was not given', async () => {
  const { files, excluded } = await unfolded(
    zipOf([
      { name: 'app1/app.py', content: 'print(1)\n' },
      { name: './app1//b.py', content: 'b' },
      { name: 'app1/', mode: 0o040755 },
      ...hostile.map(([name]) => ({ name, content: 'x' })),
      { name: 'nul\0.py', content: 'x' },
      { name: Buffer.from([0x62, 0xff, 0x2e, 0x70, 0x79]), content: 'x' },
      { name: 'link', content: '/etc/passwd', mode: 0o120777 },
      { name: 'device', mode: 0o020644 },
      { name: 'new\nline.py', content: 'n' },
    ]),
    'zip',
  )
  expect(files).toEqual({ 'app1/app.py': 'print(1)\n', 'app1/b.py': 'b', 'new\nline.py': 'n' })
  expect(excluded).toEqual([
    ...hostile.map(([path, reason]) => ({ path: path.slice(0, 300), reason })),
    { path: 'nul\0.py', reason: outside },
    { path: 'b\ufffd.py', reason: 'file name is not valid UTF-8' },
    { path: 'link', reason: 'a link or special file' },
    { path: 'device', reason: 'a link or special file' },
  ])
})

test('a tar keeps to its folder, and lists what it was not given', async () => {
  const long = hostile.filter(([name]) => name.length > 99)
  const tar = Buffer.concat([
    tarEntry('app1/', '', '5'),
    tarEntry('app1/app.py', 'print(1)\n'),
    ...hostile.filter(([name]) => name.length < 100).map(([name]) => tarEntry(name, 'x')),
    ...long.flatMap(([name]) => [tarEntry('././@LongLink', `${name}\0`, 'L'), tarEntry('short', 'x')]),
    tarEntry('hard', '', '1'),
    tarEntry('soft', '', '2'),
    tarEntry('device', '', '3'),
    tarEntry('pipe', '', '6'),
    tarEnd,
  ])
  const expected = {
    files: { 'app1/app.py': 'print(1)\n' },
    excluded: [
      ...hostile.map(([path, reason]) => ({ path: path.slice(0, 300), reason })),
      ...['hard', 'soft', 'device', 'pipe'].map((path) => ({ path, reason: 'a link or special file' })),
    ],
  }
  expect(await unfolded(tar, 'tar')).toMatchObject(expected)
  expect(await unfolded(gzipSync(tar), 'tar.gz')).toMatchObject(expected)
})

test('names that make one file are refused', async () => {
  for (const names of [
    ['a.py', 'a.py'],
    ['a.py', './a.py'],
    ['caf\u00e9.py', 'cafe\u0301.py'],
  ]) {
    const zip = await unfolded(zipOf(names.map((name) => ({ name, content: 'x' }))), 'zip')
    expect(String(zip.excluded)).toMatch(/^InvalidInput: .* holds .*\.py twice\.$/)
    const tar = await unfolded(Buffer.concat([...names.map((name) => tarEntry(name, 'x')), tarEnd]), 'tar')
    expect(String(tar.excluded)).toMatch(/twice\.$/)
  }
})

test('bombs are stopped where the limit is, whatever they claim', async () => {
  const big = Buffer.alloc(65 * 1024 * 1024)
  const before = process.memoryUsage().rss
  for (const [bytes, kind] of [
    [zipOf([{ name: 'bomb', content: big }]), 'zip'],
    [zipOf([{ name: 'bomb', content: big, claims: 100 }]), 'zip'],
    [gzipSync(Buffer.concat([tarEntry('bomb', big), tarEnd])), 'tar.gz'],
  ] as const) {
    expect(bytes.length).toBeLessThan(1024 * 1024)
    const { excluded, files } = await unfolded(bytes, kind)
    expect(String(excluded)).toMatch(/unfolds to bomb, which is larger than 64 MiB\.$|too many bytes/)
    for (const content of Object.values(files)) expect(content.length).toBeLessThanOrEqual(64 * 1024 * 1024)
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(600 * 1024 * 1024)
})

test('a bomb of nothing but padding is stopped too', async () => {
  // 1.3 GiB of zero blocks: members of a gzip file follow one another.
  const block = gzipSync(Buffer.alloc(64 * 1024 * 1024))
  const { excluded, files } = await unfolded(Buffer.concat(Array(21).fill(block)), 'tar.gz')
  expect(String(excluded)).toMatch(/unfolds to more than 1024 MiB\.$/)
  expect(files).toEqual({})
}, 60_000)

test('what is damaged or none is refused with what to do', async () => {
  const zip = zipOf([{ name: 'a.py', content: 'x'.repeat(5000) }])
  const tar = Buffer.concat([tarEntry('a.py', 'x'.repeat(5000)), tarEnd])
  for (const [bytes, kind] of [
    [Buffer.from('no archive'), 'zip'],
    [zip.subarray(0, zip.length - 30), 'zip'],
    [Buffer.from('no archive'.repeat(100)), 'tar'],
    [tar.subarray(0, 1000), 'tar'],
    [gzipSync(tar).subarray(0, 60), 'tar.gz'],
    [tarEntry('a.py', 'x', '0', 8 ** 11 - 1), 'tar'],
    [tarEntry('pax', 'x', 'x', 8 ** 11 - 1), 'tar'],
  ] as const) {
    const { excluded } = await unfolded(bytes, kind)
    expect(excluded).toMatchObject({
      name: 'InvalidInput',
      message: expect.stringMatching(/ cannot be unpacked: ./),
      next: 'Check that it is a complete zip, tar or tar.gz archive.',
    })
  }
})

test('a cancelled unpacking stops', async () => {
  const archive = join(home, 'cancelled.zip')
  writeFileSync(archive, zipOf([{ name: 'a.py', content: 'x' }]))
  mkdirSync(join(home, 'cancelled'))
  await expect(unfold(archive, 'zip', join(home, 'cancelled'), AbortSignal.abort(new Error('stop')))).rejects.toThrow(
    'stop',
  )
  expect(readdirSync(join(home, 'cancelled'))).toEqual([])
})

test('property: whatever the names, nothing is written elsewhere, and every file is kept or listed', async () => {
  const part = fc.constantFrom('..', '.', '', 'a', 'b', 'ü', 'a b', '~', '*', '\\', '\0', 'C:', '\n', '-rf', '%2e%2e')
  const name = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'))
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(name, { minLength: 1, maxLength: 6 }), async (names) => {
      const { excluded, files } = await unfolded(zipOf(names.map((one) => ({ name: one, content: 'x' }))), 'zip')
      if (excluded instanceof Error) {
        expect(String(excluded)).toMatch(/twice|cannot be unpacked: E(EXIST|ISDIR|NOTDIR)/)
        return
      }
      const folders = names.filter((one) => one.endsWith('/')).length
      expect(Object.keys(files).length + excluded.length + folders).toBe(names.length)
    }),
    { seed: 20_261_120, numRuns: 200 },
  )
})
