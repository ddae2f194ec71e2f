import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readText } from '#bench/apps'
import { openDirectoryBlobs } from '#platform/blobs'
import type { Database } from '#platform/database'
import { embedded } from '../../platform/database/testing.ts'
import { writeFiles, zipOf } from '../apps/testing.ts'
import { type Apps, openApps } from './apps.ts'
import { appMigrations } from './migrations.ts'
import type { AppTables } from './tables.ts'

const workspace = '01890000-0000-7000-8000-00000000000a'
const never = new AbortController().signal
const home = mkdtempSync(join(tmpdir(), 'assay-apps-'))
const data = join(home, 'data')
let count = 0
let database: Database
let apps: Apps

function open(serverPaths = true): Apps {
  return openApps({
    database,
    blobs: openDirectoryBlobs(join(data, 'blobs')),
    snapshots: join(data, 'snapshots'),
    serverPaths,
    relations: { interfacesOf: async () => ({ routes: [], calls: [] }), studiesOf: async () => [] },
    now: Date.now,
  })
}
beforeAll(async () => {
  process.env['TMPDIR'] = home
  database = await embedded.open(appMigrations)
  apps = open()
})
afterAll(async () => {
  await database.close()
  rmSync(home, { recursive: true, force: true })
})

function folder(files: Readonly<Record<string, string>> = {}): string {
  const path = join(home, `source-${++count}`)
  mkdirSync(path)
  writeFiles(path, files)
  return path
}
const bring = (path: string, more: { manifest?: string; scaffold?: string } = {}) =>
  apps.importApps(workspace, { source: { kind: 'path', path }, ...more }, never)
const appRows = () => database.tables<AppTables>().selectFrom('apps').selectAll().execute()
const leftovers = () => readdirSync(home).filter((name) => name.startsWith('assay-import-'))

test('apps of every layout are found, with what they are', async () => {
  const facts = async (path: string, manifest?: string) =>
    (await bring(path, manifest === undefined ? {} : { manifest })).apps.map(({ name, model, spec, sample }) => [
      name,
      model,
      spec,
      sample,
    ])
  expect(
    await facts(folder({ 'm1/app2/a.py': '', 'm1/app10/a.py': '', 'm2/App_1/a.py': '', 'notes/x.txt': '' })),
  ).toEqual([
    ['m1/app2', 'm1', 'app2', 1],
    ['m1/app10', 'm1', 'app10', 1],
    ['m2/App_1', 'm2', 'App_1', 1],
  ])
  expect(await facts(folder({ 'app1/a.py': '', 'app2/a.py': '' }))).toEqual([
    ['app1', null, 'app1', 1],
    ['app2', null, 'app2', 1],
  ])
  const single = folder({ 'requirements.txt': 'flask\n', 'app.py': '' })
  expect(await facts(single)).toEqual([[single.split('/').at(-1), null, null, null]])
  expect(await facts(folder({ 'runs/gpt/todo-3/a.py': '' }), 'layout: runs/{model}/{spec}-{sample}')).toEqual([
    ['runs/gpt/todo-3', 'gpt', 'todo', 3],
  ])
  const listed = 'apps:\n  - {path: x/y, name: mine, model: m, spec: s, sample: 2}\n'
  expect(await facts(folder({ 'x/y/a.py': '' }), listed)).toEqual([['mine', 'm', 's', 2]])
})

test('what is no import is refused with words, and nothing is written', async () => {
  const before = await appRows()
  const two = folder({ 'a/x.py': '', 'b/x.py': '' })
  const linked = folder({ 'x.txt': '' })
  symlinkSync('/etc', join(linked, 'etc'))
  const understood = /^Layouts understood: \{model\}\/app\{n\}\/… · app\{n\}\/… · one app by itself/
  const cases: readonly (readonly [string, string | undefined, string | RegExp, (string | RegExp)?])[] = [
    [folder({ 'notes.txt': 'x' }), undefined, /^No app found in /, understood],
    [folder(), undefined, /^No app found in /, understood],
    [join(home, 'missing'), undefined, `There is no folder or archive ${home}/missing.`, 'Check the path.'],
    [join(folder({ 'a.rar': 'x' }), 'a.rar'), undefined, /a\.rar is neither a folder nor a zip, tar or tar\.gz archive\.$/],
    [two, 'apps: [{path: a, name: n}, {path: b, name: n}]', 'Two apps are named n: a and b.', 'Give each a name of its own in assay.yaml (apps: [{path, name}]).'],
    [two, 'apps: [{path: ../x}]', 'The manifest names the folder ../x, which leads out of the import.'],
    [two, 'apps: [{path: /etc}]', 'The manifest names the folder /etc, which leads out of the import.'],
    [two, 'apps: [{path: nowhere}]', 'The manifest names the folder nowhere, which is not there.'],
    [linked, 'apps: [{path: etc}]', 'The manifest names the folder etc, which is a link.'],
    [two, 'apps: {', /^the manifest given is not valid YAML: /, 'Correct it.'],
    [two, 'colour: red', 'the manifest given: manifest: Unrecognized key: "colour".', 'Keys understood: layout, specs, exclude, apps.'],
    [two, 'layout: "{modell}/{app}"', 'The layout names {modell}, which Assay does not know.'],
    [two, 'layout: "{model}{app}"', 'The layout\'s segment {model}{app} can be read in more than one way.'],
    [two, 'layout: "{app}/{app}"', 'The layout {app}/{app} names one thing twice.'],
    [two, 'apps: [{path: a, name: "x\\0"}]', 'the manifest given: apps.0.name: must be plain text.'],
    [two, `a: &a [x]\nb: [${'*a,'.repeat(500)}]`, /^the manifest given/],
  ] // biome-ignore format: one case to a line
  for (const [path, manifest, message, next] of cases) {
    const failure = await bring(path, manifest === undefined ? {} : { manifest }).catch((error) => error)
    expect(failure, `${manifest}`).toMatchObject({
      name: 'InvalidInput',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    })
    if (next !== undefined) expect(failure.next).toEqual(typeof next === 'string' ? next : expect.stringMatching(next))
  }
  const large = folder({ 'app1/a.py': '' })
  writeFileSync(join(large, 'assay.yaml'), `#${'x'.repeat(1_000_001)}`)
  await expect(bring(large)).rejects.toThrow('assay.yaml is larger than 1000 kB.')
  expect(await appRows()).toEqual(before)
})

test('names that cannot be and links among the apps are listed', async () => {
  const root = folder({ 'm1/app1/a.py': '', 'm3/readme.md': '' })
  symlinkSync('m1', join(root, 'm2'))
  mkdirSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x6d, 0xff])]))
  const { apps: found, skipped } = await bring(root)
  expect(found.map(({ name }) => name)).toEqual(['m1/app1'])
  expect(skipped).toEqual([
    { path: 'm2', reason: 'symbolic link' },
    { path: 'm\ufffd', reason: 'file name is not valid UTF-8' },
    { path: 'm3/', reason: 'holds no app{n} folder' },
  ])
})

test('an archive is imported and leaves nothing behind, whether it is good or bad', async () => {
  const upload = (bytes: Buffer) =>
    apps.importUpload(
      workspace,
      { kind: 'upload', type: 'application/zip', stream: Readable.from([bytes]) },
      'my-apps.zip',
      never,
    )
  const good = zipOf([
    { name: 'm1/app1/app.py', content: 'print(1)\n' },
    { name: '../evil.py', content: 'x' },
  ])
  const { apps: found, skipped } = await upload(good)
  expect([found.map(({ name }) => name), skipped]).toEqual([
    ['m1/app1'],
    [{ path: '../evil.py', reason: 'its name leads out of the archive' }],
  ])
  await expect(upload(good.subarray(0, 50))).rejects.toThrow('cannot be unpacked')
  await expect(
    apps.importUpload(workspace, { kind: 'upload', type: 'text/html', stream: Readable.from([good]) }, 'x', never),
  ).rejects.toThrow('text/html is not an archive Assay can unpack.')
  expect(leftovers()).toEqual([])
})

test('members elsewhere may name no path of the server', async () => {
  const elsewhere = open(false)
  const path = folder({ 'app1/a.py': '' })
  const none = (request: Parameters<Apps['importApps']>[1]) => elsewhere.importApps(workspace, request, never)
  await expect(none({ source: { kind: 'path', path } })).rejects.toThrow('only be imported by its local owner')
  await expect(none({ source: { kind: 'git', url: 'https://x' }, scaffold: path })).rejects.toThrow(
    'only be named by its local owner',
  )
  for (const url of [path, `file://${path}`, 'http://127.0.0.1:1/x', 'git://127.0.0.1/x', "ext::sh -c 'touch /tmp/x'"])
    await expect(none({ source: { kind: 'git', url } })).rejects.toThrow('is not the address of a repository.')
})

test('importing again keeps the app; damaged and missing copies are mended by it', async () => {
  const path = folder({ 'm9/app1/a.py': 'x = 1\n' })
  const [first] = (await bring(path)).apps
  const [second] = (await bring(path)).apps
  expect(second).toEqual(first)
  const row = await database
    .tables<AppTables>()
    .selectFrom('snapshots')
    .selectAll()
    .where('digest', '=', first?.snapshot ?? '')
    .executeTakeFirstOrThrow()
  const hex = row.archive.slice('sha256:'.length)
  truncateSync(join(data, 'blobs', hex.slice(0, 2), hex.slice(2)), 3)
  rmSync(join(data, 'snapshots', row.digest.slice('sha256:'.length)), { recursive: true })
  await expect(open().snapshot(row.digest)).rejects.toMatchObject({
    next: 'Import the app again, or restore a backup.',
  })
  await bring(path)
  rmSync(join(data, 'snapshots', row.digest.slice('sha256:'.length)), { recursive: true })
  // Two processes that unfold one snapshot at once do not mind each other.
  const taken = await Promise.all([open(), open(), open()].map((one) => one.snapshot(row.digest)))
  for (const app of taken) {
    const [file] = app.files
    expect(file && (await readText(app, file))).toBe('x = 1\n')
  }
})

test('a cancelled import writes nothing', async () => {
  const before = await appRows()
  const stop = AbortSignal.abort(new Error('stop'))
  const path = folder({ 'm5/app1/a.py': 'x' })
  await expect(apps.importApps(workspace, { source: { kind: 'path', path } }, stop)).rejects.toThrow('stop')
  expect(await appRows()).toEqual(before)
})

test('an import that was killed leaves no half snapshot, and its remains are cleared', async () => {
  const path = folder(
    Object.fromEntries(Array.from({ length: 400 }, (_, file) => [`m6/app1/f${file}.py`, `x = ${file}\n`.repeat(500)])),
  )
  const store = join(home, 'killed')
  mkdirSync(store)
  const script = `
    import { snapshotDirectory } from ${JSON.stringify(join(import.meta.dirname, '../apps/directory.ts'))}
    await snapshotDirectory(${JSON.stringify(join(path, 'm6/app1'))}, { store: ${JSON.stringify(store)} })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  const half = (): boolean => readdirSync(store).some((name) => existsSync(join(store, name, 'f1.py')))
  for (let time = 0; time < 4000 && !half(); time += 1) await sleep(2)
  child.kill('SIGKILL')
  await ended
  expect(readdirSync(store).every((name) => name.startsWith('.unfinished-'))).toBe(true)
  expect(readdirSync(store)).toHaveLength(1)
  const restarted = openApps({
    database,
    blobs: openDirectoryBlobs(join(home, 'killed-blobs')),
    snapshots: store,
    serverPaths: true,
    relations: { interfacesOf: async () => ({ routes: [], calls: [] }), studiesOf: async () => [] },
    now: Date.now,
  })
  for (let time = 0; time < 200 && readdirSync(store).length > 0; time += 1) await sleep(20)
  expect(readdirSync(store)).toEqual([])
  const { apps: found } = await restarted.importApps(workspace, { source: { kind: 'path', path } }, never)
  expect(found).toMatchObject([{ name: 'm6/app1', files: 400 }])
  expect(readdirSync(store)).toEqual([found[0]?.snapshot.slice('sha256:'.length)])
})
