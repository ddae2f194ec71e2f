import { dirname, join } from 'node:path/posix'
import { isNpmName, type Manifest } from '#bench/manifests'
import { type Alias, matchAlias } from './aliases.ts'
import { type AppFiles, ancestorsOf, joinInside } from './app-files.ts'
import type { Resolution } from './resolution.ts'
import { nodeModule } from './tables/node-modules.ts'

export interface JavaScriptContext {
  readonly files: AppFiles
  readonly aliases: readonly Alias[]
  /** The app's package.json files. */
  readonly packages: readonly Manifest[]
  /** Bare names an import map of a page defines; a trailing slash stands for what is below. */
  readonly importMap: readonly string[]
}

/** Modules bundlers and other run times make up. */
const virtual =
  /^(?:https?:|data:|blob:|file:|bun:|npm:|jsr:|deno:|virtual:|astro:|cloudflare:|chrome:|electron:|vite\/|~icons\/|\0)/
const builtLater =
  /(?:^|\/)(?:dist|build|out|generated|__generated__|gen|\.next|\.nuxt|\.output|\.svelte-kit|\.prisma|_generated|node_modules)(?:\/|$)|\.gen(?:\.|$)|\.generated(?:\.|$)/

/** Resolves a specifier as written in `from`. */
export function resolveJavaScript(written: string, from: string, context: JavaScriptContext): Resolution {
  const specifier = withoutDecoration(written)
  if (specifier === '') return { kind: 'external', reason: 'a loader without a module' }
  if (virtual.test(specifier)) return { kind: 'external', reason: 'an address or a virtual module' }
  if (/^\.{1,2}(?:\/|$)/.test(specifier)) return resolveRelative(specifier, from, context.files)
  const builtin = nodeModule(specifier)
  if (builtin === 'missing') return { kind: 'no-builtin' }
  if (context.importMap.some((name) => specifier === name || (name.endsWith('/') && specifier.startsWith(name)))) {
    return { kind: 'external', reason: 'import map' }
  }
  const aliased = resolveAlias(specifier, from, context)
  if (aliased?.kind === 'local' || aliased?.kind === 'external') return aliased
  if (specifier.startsWith('/')) return resolveAbsolute(specifier, from, context)
  if (builtin === 'builtin') return { kind: 'standard-library' }
  const owner = nearestPackage(from, context.packages)
  if (specifier.startsWith('#')) return aliased ?? resolvePrivate(specifier, owner, context.files)
  const framework = frameworkAlias(specifier, owner, context.files)
  if (framework) return framework
  if (aliased) return aliased
  const name = packageName(specifier)
  if (context.packages.some((manifest) => manifest.ownName === name)) return { kind: 'local' }
  const folder = owner?.folder ?? ''
  // `src/components/x` without a base URL: a folder of the app, but nothing tells the bundler so.
  const first = specifier.split('/')[0] ?? ''
  if (!isNpmName(name)) return { kind: 'unresolved', looked: `${specifier} (an alias no configuration file defines)` }
  if (first !== specifier && !declares(owner, name) && findFile(join(folder, specifier), context.files) !== undefined) {
    return {
      kind: 'unresolved',
      looked: `${specifier} (a folder of the app, not a package; write a relative path or set baseUrl)`,
    }
  }
  return { kind: 'package', name, alternatives: [], known: true }
}

/** The nearest package.json at or above a file. */
export function nearestPackage(from: string, packages: readonly Manifest[]): Manifest | undefined {
  for (const folder of ancestorsOf(from)) {
    const found = packages.find((manifest) => manifest.folder === folder)
    if (found) return found
  }
  return undefined
}

/** `@scope/name/deep` → `@scope/name`, `name/deep` → `name`. */
export function packageName(specifier: string): string {
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier)
}

/** `raw-loader!./x.txt`, `./icon.svg?react`: what is left is the module. */
function withoutDecoration(written: string): string {
  const last = written.slice(written.lastIndexOf('!') + 1)
  const question = last.indexOf('?')
  return question === -1 ? last : last.slice(0, question)
}

function declares(owner: Manifest | undefined, name: string): boolean {
  return owner?.declarations.some((declaration) => (declaration.alias ?? declaration.name) === name) ?? false
}

function resolveRelative(specifier: string, from: string, files: AppFiles): Resolution {
  const path = joinInside(dirname(from), specifier)
  if (path === undefined) return { kind: 'unresolved', looked: `${specifier} (above the app)` }
  const file = findFile(path, files)
  if (file !== undefined) return localFile(file)
  if (builtLater.test(path)) return { kind: 'external', reason: 'written by a build step' }
  return missing(path, files)
}

/** Styles, images and data have no names to import. */
function localFile(file: string): Resolution {
  return /\.(?:[cm]?[jt]sx?)$/.test(file) && !/\.d\.[cm]?ts$/.test(file) ? { kind: 'local', file } : { kind: 'local' }
}

function resolveAlias(specifier: string, from: string, { aliases, files }: JavaScriptContext): Resolution | undefined {
  let failed: Resolution | undefined
  for (const alias of aliases) {
    if (alias.folder !== '' && !from.startsWith(`${alias.folder}/`)) continue
    const rest = matchAlias(alias.pattern, specifier)
    if (rest === undefined) continue
    if (alias.targets === undefined)
      return { kind: 'external', reason: `alias with a computed target in ${alias.file}` }
    for (const target of alias.targets) {
      const path = target.replace('*', () => rest)
      const file = findFile(path, files)
      if (file !== undefined) return localFile(file)
      if (builtLater.test(path) || path.startsWith('../'))
        return { kind: 'external', reason: 'outside the app or built later' }
      if (alias.pattern !== '*' && !target.includes('node_modules')) failed ??= missing(path, files)
    }
  }
  return failed
}

/** `/vite.svg`: from the root of the site, that is the folder with the page or its `public`. */
function resolveAbsolute(specifier: string, from: string, { files, packages }: JavaScriptContext): Resolution {
  const owner = nearestPackage(from, packages)
  const root = owner?.folder ?? ''
  const path = specifier.slice(1)
  for (const place of new Set([root, join(root, 'public'), join(root, 'static'), '', 'public', 'static'])) {
    const file = findFile(join(place, path), files)
    if (file !== undefined) return localFile(file)
  }
  const served = owner === undefined || !declares(owner, 'vite')
  if (served) return { kind: 'external', reason: 'an address of the site' }
  return missing(join(root, 'public', path), files)
}

/** `#name` is looked up in the `imports` of the package's own package.json (Node.js, subpath imports). */
function resolvePrivate(specifier: string, owner: Manifest | undefined, files: AppFiles): Resolution {
  if (/^#(?:imports|app|components|build|head)(?:\/|$)/.test(specifier)) {
    return { kind: 'external', reason: 'made by Nuxt' }
  }
  if (owner === undefined) return { kind: 'external', reason: 'no package.json of the app says what it means' }
  for (const [pattern, target] of Object.entries(owner.npm?.imports ?? {})) {
    const rest = matchAlias(pattern, specifier)
    if (rest === undefined) continue
    for (const text of targetsOf(target)) {
      if (!text.startsWith('./')) return { kind: 'external', reason: 'a package behind a private name' }
      const path = join(
        owner.folder,
        text.replace('*', () => rest),
      )
      const file = findFile(path, files)
      if (file !== undefined) return localFile(file)
      if (builtLater.test(path)) return { kind: 'external', reason: 'written by a build step' }
    }
  }
  return {
    kind: 'unresolved',
    looked: `${specifier} (no entry under "imports" of ${owner.path} leads to a file)`,
  }
}

/** Every text inside a target, which may be nested by condition. */
function targetsOf(target: unknown): readonly string[] {
  if (typeof target === 'string') return [target]
  if (Array.isArray(target)) return target.flatMap(targetsOf)
  return typeof target === 'object' && target !== null ? Object.values(target).flatMap(targetsOf) : []
}

/** Names a framework gives a place without any configuration file of the app. */
const frameworkAliases: readonly {
  readonly owner: string
  readonly prefix: string
  readonly targets: readonly string[] | undefined
}[] = [
  { owner: '@sveltejs/kit', prefix: '$lib', targets: ['src/lib'] },
  { owner: '@sveltejs/kit', prefix: '$', targets: undefined },
  { owner: '@vue/cli-service', prefix: '@/', targets: ['src'] },
  { owner: 'nuxt', prefix: '~/', targets: ['', 'app'] },
  { owner: 'nuxt', prefix: '@/', targets: ['', 'app'] },
  { owner: 'nuxt', prefix: '~~/', targets: [''] },
  { owner: 'nuxt', prefix: '@@/', targets: [''] },
  { owner: '@docusaurus/core', prefix: '@site/', targets: [''] },
  { owner: '@docusaurus/core', prefix: '@theme', targets: undefined },
  { owner: '@docusaurus/core', prefix: '@docusaurus/', targets: undefined },
  { owner: 'astro', prefix: 'astro:', targets: undefined },
  { owner: 'umi', prefix: '@/', targets: ['src'] },
]

function frameworkAlias(specifier: string, owner: Manifest | undefined, files: AppFiles): Resolution | undefined {
  for (const { owner: framework, prefix, targets } of frameworkAliases) {
    if (!specifier.startsWith(prefix) || !declares(owner, framework)) continue
    if (targets === undefined) return { kind: 'external', reason: `made by ${framework}` }
    const rest = specifier.slice(prefix.length)
    const paths = targets.map((target) => join(owner?.folder ?? '', target, rest))
    const file = paths.map((path) => findFile(path, files)).find((found) => found !== undefined)
    return file === undefined ? missing(paths[0] ?? specifier, files) : localFile(file)
  }
  return undefined
}

const endings = [
  '',
  '.ts',
  '.tsx',
  '.js',
  '.jsx',
  '.mjs',
  '.cjs',
  '.mts',
  '.cts',
  '.json',
  '.vue',
  '.svelte',
  '.d.ts',
  '.css',
  '.scss',
  '.node',
  '.wasm',
  '/index.ts',
  '/index.tsx',
  '/index.js',
  '/index.jsx',
  '/index.mjs',
  '/index.cjs',
  '/index.json',
  '/index.vue',
  '/index.d.ts',
  '/package.json',
]
/** TypeScript sources are imported under the name of the script they become. */
const emitted: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.d.ts', '.jsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts', '.d.mts'],
  '.cjs': ['.cts', '.d.cts'],
}

function findFile(path: string, files: AppFiles): string | undefined {
  for (const ending of endings) {
    const candidate = path === '' ? ending.replace(/^\//, '') : `${path}${ending}`
    if (candidate !== '' && files.has(candidate)) return candidate
  }
  const ending = /\.[cm]?jsx?$/.exec(path)?.[0] ?? ''
  for (const source of (Object.hasOwn(emitted, ending) ? emitted[ending] : undefined) ?? []) {
    const candidate = `${path.slice(0, -ending.length)}${source}`
    if (files.has(candidate)) return candidate
  }
  return undefined
}

function missing(path: string, files: AppFiles): Resolution {
  if (files.isExcluded(path)) return { kind: 'external', reason: 'left out of the snapshot' }
  const otherCase = endings
    .map((ending) => files.otherCase(`${path}${ending}`))
    .find((found) => found && files.has(found))
  return { kind: 'unresolved', looked: path, ...(otherCase !== undefined && { otherCase }) }
}
