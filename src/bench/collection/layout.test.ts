import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { findApps } from './layout.ts'

const made: string[] = []
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true })
})

async function folderWith(...paths: string[]): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'assay-layout-'))
  made.push(root)
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), '')
  }
  return root
}

async function found(root: string, manifest?: string): Promise<readonly (readonly [string, string, string | null])[]> {
  const { apps } = await findApps(root, 'label', manifest)
  return apps.map(({ name, folder, model }) => [name, folder, model])
}

test('finds {model}/app{n}, app by app in the order of their numbers', async () => {
  const root = await folderWith('b/app10/app.py', 'b/app2/app.py', 'a/app1/app.py')
  expect(await found(root)).toEqual([
    ['a/app1', 'a/app1', 'a'],
    ['b/app2', 'b/app2', 'b'],
    ['b/app10', 'b/app10', 'b'],
  ])
})

test('finds app{n} without models, and one app by itself', async () => {
  expect(await found(await folderWith('app1/app.py', 'app2/app.py'))).toEqual([
    ['app1', 'app1', null],
    ['app2', 'app2', null],
  ])
  expect(await found(await folderWith('package.json', 'src/index.js'))).toEqual([['label', '', null]])
})

test('looks into the folder that an archive wraps everything in', async () => {
  expect(await found(await folderWith('package/package.json'))).toEqual([['label', 'package', null]])
  expect(await found(await folderWith('corpus/m1/app1/app.py', 'corpus/m2/app1/app.py'))).toEqual([
    ['m1/app1', 'corpus/m1/app1', 'm1'],
    ['m2/app1', 'corpus/m2/app1', 'm2'],
  ])
})

test('follows the layout of a manifest', async () => {
  const root = await folderWith('runs/gpt/notes-3/app.py', 'runs/notes.txt')
  const { apps } = await findApps(root, 'label', "layout: 'runs/{model}/{spec}-{sample}'")
  expect(apps).toEqual([
    { name: 'runs/gpt/notes-3', folder: 'runs/gpt/notes-3', model: 'gpt', spec: 'notes', sample: 3 },
  ])
})

test('refuses what holds no app, and manifests that are wrong', async () => {
  await expect(findApps(await folderWith('readme.txt'), 'label')).rejects.toThrow('No app found')
  const root = await folderWith('x/app.py')
  await expect(findApps(root, 'label', 'layout: [')).rejects.toThrow('not valid YAML')
  await expect(findApps(root, 'label', 'layuot: x')).rejects.toThrow('layuot')
  await expect(findApps(root, 'label', "layout: '{modle}/x'")).rejects.toThrow('{modle}')
  await expect(findApps(root, 'label', 'apps: [{path: ../x}]')).rejects.toThrow('leads out of the import')
  await expect(findApps(root, 'label', 'apps: [{path: x, name: a}, {path: x, name: a}]')).rejects.toThrow(
    'Two apps are named a',
  )
})
