import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Exclusion, printable } from '#bench/apps'
import { InvalidInput } from '#platform/errors'
import { type Manifest, readManifest, unreadable } from './manifest.ts'

/** One app found in an imported folder. */
export interface FoundApp {
  /** Unique in the import: `model/app1`, or the folder's name. */
  readonly name: string
  /** Relative to the imported folder; `''` for the folder itself. */
  readonly folder: string
  readonly model: string | null
  readonly spec: string | null
  readonly sample: number | null
}

const understood = `Layouts understood: {model}/app{n}/… · app{n}/… · one app by itself (its manifest or sources at the top) · any other, described in assay.yaml (for example: layout: 'runs/{model}/{app}')`
const appFolder = /^app[-_ ]?(\d+)$/i
const topOfApp =
  /^(package\.json|requirements.*\.txt|pyproject\.toml|pipfile|setup\.py|manage\.py|dockerfile|index\.html|.+\.(py|js|jsx|ts|tsx|mjs|vue|svelte|html))$/i
const componentFolder = /^(backend|frontend|server|client|src|api|web|app)$/i

/**
 * Finds the apps in a folder, by the manifest given, by its `assay.yaml`, or by the usual layouts.
 * @param label what to call the folder when it is one app itself
 * @throws InvalidInput when there is none, when two have one name, or when the manifest is wrong
 */
export async function findApps(
  root: string,
  label: string,
  manifestText?: string,
): Promise<{ apps: readonly FoundApp[]; skipped: readonly Exclusion[] }> {
  const manifest = await readManifest(root, manifestText)
  const skipped: Exclusion[] = []
  const apps =
    manifest?.apps !== undefined
      ? await listedApps(root, manifest.apps)
      : manifest?.layout !== undefined
        ? await appsByPattern(root, manifest.layout, manifest, skipped)
        : await appsByCustom(root, label, manifest, skipped)
  if (apps.length === 0) {
    const inner = await loneFolder(root)
    if (inner === undefined || label === inner) throw new InvalidInput(`No app found in ${root}.`, { next: understood })
    const found = await findApps(join(root, inner), inner, manifestText)
    return {
      apps: found.apps.map((app) => ({
        ...app,
        name: app.folder === '' ? label : app.name,
        folder: app.folder === '' ? inner : `${inner}/${app.folder}`,
      })),
      skipped: found.skipped.map(({ path, reason }) => ({ path: `${inner}/${path}`, reason })),
    }
  }
  const names = new Map<string, FoundApp>()
  for (const app of apps) {
    const twin = names.get(app.name)
    if (twin !== undefined) {
      throw new InvalidInput(
        `Two apps are named ${printable(app.name)}: ${printable(twin.folder)} and ${printable(app.folder)}.`,
        {
          next: 'Give each a name of its own in assay.yaml (apps: [{path, name}]).',
        },
      )
    }
    names.set(app.name, app)
  }
  return { apps, skipped }
}

/** The folder that archives wrap everything in, where there is nothing beside it. */
async function loneFolder(root: string): Promise<string | undefined> {
  const entries = await readdir(root, { withFileTypes: true })
  const [only] = entries
  return entries.length === 1 && only?.isDirectory() ? only.name : undefined
}

/** The folders in a folder, sorted; what only looks like one is listed in `skipped`. */
async function foldersIn(root: string, folder: string, skipped: Exclusion[]): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true, encoding: 'buffer' }).catch(
    (error: unknown) => {
      throw unreadable(join(root, folder), error)
    },
  )
  const names: string[] = []
  for (const entry of entries) {
    const name = entry.name.toString('utf8')
    if (name.startsWith('.') || name === 'node_modules') continue
    const path = `${folder}${folder && '/'}${name}`
    if (entry.isSymbolicLink()) skipped.push({ path, reason: 'symbolic link' })
    else if (!entry.isDirectory()) continue
    else if (Buffer.from(name).equals(entry.name)) names.push(name)
    else skipped.push({ path, reason: 'file name is not valid UTF-8' })
  }
  return names.sort()
}

async function listedApps(root: string, listed: NonNullable<Manifest['apps']>): Promise<FoundApp[]> {
  const apps: FoundApp[] = []
  for (const { path, name, model, spec, sample } of listed) {
    const folder = path
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .join('/')
    if (folder.split('/').includes('..') || path.startsWith('/')) {
      throw new InvalidInput(`The manifest names the folder ${printable(path)}, which leads out of the import.`, {
        next: 'Use paths inside it.',
      })
    }
    const found = await stat(join(root, folder)).catch(() => undefined)
    if (!found?.isDirectory())
      throw new InvalidInput(`The manifest names the folder ${printable(path)}, which is not there.`, {
        next: 'Correct the path.',
      })
    if ((await realpath(join(root, folder))) !== join(await realpath(root), folder)) {
      throw new InvalidInput(`The manifest names the folder ${printable(path)}, which is a link.`, {
        next: 'Name the folder itself: links are not followed.',
      })
    }
    apps.push({
      name: name ?? (folder || basename(root)),
      folder,
      model: model ?? null,
      spec: spec ?? null,
      sample: sample ?? null,
    })
  }
  return apps
}

async function appsByCustom(
  root: string,
  label: string,
  manifest: Manifest | undefined,
  skipped: Exclusion[],
): Promise<FoundApp[]> {
  const excluded = new Set(manifest?.exclude ?? [])
  const top = (await foldersIn(root, '', skipped)).filter((name) => !excluded.has(name))
  const specOf = (app: string): string => manifest?.specs?.[app] ?? app
  const byModel: FoundApp[] = []
  for (const model of top) {
    const inner = (await foldersIn(root, model, skipped)).filter((name) => appFolder.test(name))
    for (const app of inner.sort(byNumber))
      byModel.push({ name: `${model}/${app}`, folder: `${model}/${app}`, model, spec: specOf(app), sample: 1 })
    if (inner.length === 0 && !appFolder.test(model))
      skipped.push({ path: `${model}/`, reason: 'holds no app{n} folder' })
  }
  if (byModel.length > 0) return byModel
  const flat = top.filter((name) => appFolder.test(name)).sort(byNumber)
  if (flat.length > 0) {
    // What lies inside an app is the snapshot's to tell.
    skipped.splice(0, skipped.length, ...skipped.filter(({ path }) => !path.replace(/\/$/, '').includes('/')))
    return flat.map((app) => ({ name: app, folder: app, model: null, spec: specOf(app), sample: 1 }))
  }
  skipped.length = 0
  const files = (await readdir(root, { withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
  const isApp = files.some((name) => topOfApp.test(name)) || top.some((name) => componentFolder.test(name))
  return isApp ? [{ name: label, folder: '', model: null, spec: null, sample: null }] : []
}

function byNumber(a: string, b: string): number {
  return Number(appFolder.exec(a)?.[1] ?? 0) - Number(appFolder.exec(b)?.[1] ?? 0) || (a < b ? -1 : 1)
}

async function appsByPattern(
  root: string,
  layout: string,
  manifest: Manifest,
  skipped: Exclusion[],
): Promise<FoundApp[]> {
  const segments = layout.split('/').filter(Boolean).map(segmentPattern)
  const names = [...layout.matchAll(/\{(model|app|spec|sample)\}/g)].map(([, name]) => name)
  if (new Set(names).size < names.length)
    throw new InvalidInput(`The layout ${printable(layout)} names one thing twice.`, { next: 'Name each once.' })
  const excluded = new Set(manifest.exclude ?? [])
  const apps: FoundApp[] = []
  const descend = async (folder: string, depth: number, found: Readonly<Record<string, string>>): Promise<void> => {
    const pattern = segments[depth]
    if (pattern === undefined) {
      const app = found['app'] ?? basename(folder)
      const sample = found['sample'] ?? appFolder.exec(app)?.[1]
      apps.push({
        name: folder,
        folder,
        model: found['model'] ?? null,
        spec: found['spec'] ?? manifest.specs?.[app] ?? app,
        sample: found['sample'] === undefined ? 1 : /^\d+$/.test(sample ?? '') ? Number(sample) : null,
      })
      return
    }
    for (const name of await foldersIn(root, folder, skipped)) {
      const path = folder === '' ? name : `${folder}/${name}`
      if (excluded.has(name) || excluded.has(path)) continue
      const match = pattern.exec(name)
      if (match === null) skipped.push({ path: `${path}/`, reason: `does not fit the layout ${layout}` })
      else await descend(path, depth + 1, { ...found, ...match.groups })
    }
  }
  await descend('', 0, {})
  return apps
}

function segmentPattern(text: string): RegExp {
  const named = [...text.matchAll(/\{(\w+)\}/g)].map(([whole]) => whole)
  if (/\}\{/.test(text) || new Set(named).size < named.length) {
    throw new InvalidInput(`The layout's segment ${printable(text)} can be read in more than one way.`, {
      next: 'Name each of {model}, {app}, {spec} and {sample} once, with text between them.',
    })
  }
  const escaped = text.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, (_whole, name: string) => {
    if (!['model', 'app', 'spec', 'sample', 'n'].includes(name)) {
      throw new InvalidInput(`The layout names {${name}}, which Assay does not know.`, {
        next: 'Use {model}, {app}, {spec} and {sample}.',
      })
    }
    return name === 'n' ? '\\d+' : `(?<${name}>[^/]+)`
  })
  return new RegExp(`^${escaped}$`)
}
