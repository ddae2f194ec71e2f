import { posix } from 'node:path'
import type { Component } from '#bench/apps'
import type { Listener, Source, Sources } from '#bench/interfaces'
import type { Manifest, NpmPackage } from '#bench/manifests'
import { fieldOf, nodesUnder, textOf } from '#bench/syntax'
import type { LaunchHint, LaunchPart } from '../contract.ts'
import type { StartHint } from './hints.ts'
import type { PlannedCommand, PlannedServer } from './launch-plan.ts'

export interface NodeSurroundings {
  readonly sources: Sources
  readonly hints: readonly StartHint[]
  readonly listeners: readonly Listener[]
  readonly manifests: readonly Manifest[]
  /** Every path of the app: what a script names and is not there has to be built. */
  readonly paths: ReadonlySet<string>
  readonly expectedPort: number | undefined
}

interface NodeStart {
  readonly command: PlannedCommand
  readonly hint: LaunchHint
  readonly evidence: LaunchPart['evidence']
  /** The file that is run, as far as the command shows it. */
  readonly file?: string
}

const entryNames = ['server', 'index', 'app', 'main', 'start', 'api', 'www']
const entryFolders = ['', 'src', 'server', 'backend', 'api', 'bin', 'lib']
/** Starts pages under development, no server of the app's own. */
const developmentServer =
  /\b(?:vite|react-scripts|vue-cli-service|ng|webpack(?:-dev-server)?|parcel|gatsby|astro|rsbuild|live-server|http-server|serve)\b/
const fullstack = new Set(['next', 'nuxt', 'remix', 'sveltekit', 'nest'])

/** How the Node server of a component is started; undefined when nothing in it looks like one. */
export function planNode(component: Component, around: NodeSurroundings): PlannedServer | undefined {
  const manifest = around.manifests.find(
    ({ format, folder }) => format === 'package.json' && folder === nearestPackage(component.path, around),
  )
  const folder = manifest?.folder ?? component.path
  const scripts = manifest?.npm?.scripts ?? {}
  const start =
    component.framework === 'next'
      ? scripted('next', 'npx next start', folder, manifest, around)
      : (fromScripts(scripts, folder, manifest, around) ??
        fromHints(folder, around) ??
        fromMain(manifest?.npm, folder, manifest, around) ??
        fromSources(component, around))
  if (start === undefined) return undefined
  const part: LaunchPart = {
    path: component.path,
    role: 'backend',
    framework: component.framework === 'node' ? 'node' : component.framework,
    command: shown(start.command),
    hint: start.hint,
    evidence: start.evidence,
  }
  return {
    part,
    runtime: 'node',
    before: needsBuild(component, start, around) && 'build' in scripts ? [npmScript('build', scripts, folder)] : [],
    start: start.command,
    environment: {},
    ports: portsOf(component, around),
  }
}

/** `start`, then what else servers are called. */
function fromScripts(
  scripts: Readonly<Record<string, string>>,
  folder: string,
  manifest: Manifest | undefined,
  around: NodeSurroundings,
): NodeStart | undefined {
  for (const name of ['start', 'server', 'start:server', 'serve', 'start:prod', 'dev:server', 'dev']) {
    const script = scripts[name]
    if (script === undefined || developmentServer.test(script) || /\bconcurrently\b|\bnpm-run-all\b/.test(script))
      continue
    return scripted(name, script, folder, manifest, around)
  }
  return undefined
}

function scripted(
  name: string,
  script: string,
  folder: string,
  manifest: Manifest | undefined,
  around: NodeSurroundings,
): NodeStart {
  const path = manifest?.path ?? posix.join(folder, 'package.json')
  const line = lineOf(around.sources.other.get(path) ?? '', name)
  const command = scriptCommand(script, folder, around.paths)
  const file = nodeFile(script, folder)
  return {
    command,
    hint: 'npm-script',
    evidence: { path, ...(line === undefined ? {} : { line }) },
    ...(file === undefined ? {} : { file }),
  }
}

/** `node server.js` is started without a shell, and so is what only restarts it or passes it on. */
function scriptCommand(script: string, folder: string, paths: ReadonlySet<string>): PlannedCommand {
  const words =
    /^(?:npx\s+)?(?:nodemon|node-dev|supervisor|node|tsx(?:\s+watch)?|ts-node(?:-dev)?)((?:\s+[\w./@=:-]+)*)$/.exec(
      script.trim(),
    )
  const given = (words?.[1] ?? '').trim().split(/\s+/)
  const kept = given.filter(
    (word) => word !== '--watch' && word !== '--exec' && word !== '--respawn' && word !== '--transpile-only',
  )
  const file = kept.find((word) => !word.startsWith('-'))
  if (file !== undefined && /\.[cm]?[jt]s$/.test(file) && paths.has(posix.join(folder, file))) {
    const isPlain = /^(?:npx\s+)?(?:nodemon|node-dev|supervisor|node)\b/.test(script.trim())
    if (isPlain) return { argv: ['node', ...kept], cwd: folder }
  }
  return { argv: ['sh', '-c', script.replace(/^(\s*)npx\s+/, '$1')], cwd: folder }
}

/** The file a script hands to Node, whether it is there or has to be built. */
function nodeFile(script: string, folder: string): string | undefined {
  const file = /\bnode\s+(?:-[\w-]+(?:=\S+)?\s+)*([\w./@-]+)/.exec(script)?.[1]
  return file === undefined ? undefined : posix.join(folder, file)
}

function fromHints(folder: string, around: NodeSurroundings): NodeStart | undefined {
  for (const { hint, folder: of, command, path, line } of around.hints) {
    if (of !== folder) continue
    const file = /\bnode\s+(?:-[\w-]+(?:=\S+)?\s+)*([\w./-]+\.[cm]?[jt]s)\b/.exec(command)?.[1]
    if (file !== undefined && around.paths.has(posix.join(folder, file)))
      return {
        command: { argv: ['node', file], cwd: folder },
        hint,
        evidence: { path, line },
        file: posix.join(folder, file),
      }
  }
  return undefined
}

function fromMain(
  npm: NpmPackage | undefined,
  folder: string,
  manifest: Manifest | undefined,
  around: NodeSurroundings,
): NodeStart | undefined {
  const main = npm?.main
  if (main === undefined || manifest === undefined) return undefined
  const source = around.sources.scripts.find(({ path }) => path === posix.join(folder, main))
  if (source === undefined || listenLine(source) === undefined) return undefined
  return {
    command: { argv: ['node', main], cwd: folder },
    hint: 'convention',
    evidence: { path: manifest.path },
    file: source.path,
  }
}

/** The file that listens; of several the one that is called like a server. */
function fromSources(component: Component, around: NodeSurroundings): NodeStart | undefined {
  const listening = around.sources.scripts
    .filter(({ path }) => isInside(component.path, path) && /\.[cm]?[jt]s$/.test(path))
    .flatMap((source) => {
      const line = listenLine(source)
      return line === undefined ? [] : [{ path: source.path, line }]
    })
    .toSorted((one, other) => rank(one.path, component) - rank(other.path, component))
  const best = listening[0]
  if (best === undefined) return undefined
  const cwd = nearestPackage(component.path, around) ?? component.path
  return {
    command: { argv: ['node', posix.relative(cwd, best.path)], cwd },
    hint: 'convention',
    evidence: best,
    file: best.path,
  }
}

function rank(path: string, component: Component): number {
  const inside = posix.relative(component.path, path)
  const folder = posix.dirname(inside) === '.' ? '' : posix.dirname(inside)
  const name = entryNames.indexOf(posix.basename(inside).replace(/\.[cm]?[jt]s$/, ''))
  const place = entryFolders.indexOf(folder)
  return (name === -1 ? entryNames.length : name) + 10 * (place === -1 ? entryFolders.length : place)
}

/** The line of `app.listen(…)` or `serve(…)`. */
function listenLine({ root, text }: Source): number | undefined {
  if (!/\blisten\b|\bserve\b|\bcreateServer\b/.test(text)) return undefined
  for (const node of nodesUnder(root)) {
    if (node.type !== 'call_expression') continue
    const callee = textOf(fieldOf(node, 'function') ?? node)
    if (/\.listen$/.test(callee) || (callee === 'serve' && /@hono\/node-server/.test(text))) return node.line
  }
  return undefined
}

/** The command names a file that is not there, or the framework only starts what was built. */
function needsBuild(component: Component, { file, command }: NodeStart, { paths }: NodeSurroundings): boolean {
  if (fullstack.has(component.framework)) return true
  if (command.argv[0] === 'sh' && /\btsc\b|\bbuild\b/.test(command.argv.join(' '))) return false
  if (file === undefined) return false
  return ![file, `${file}.js`, `${file}/index.js`].some((path) => paths.has(path))
}

/** The script of that name, as npm runs it. */
export function npmScript(name: string, scripts: Readonly<Record<string, string>>, folder: string): PlannedCommand {
  return { argv: ['sh', '-c', scripts[name] ?? name], cwd: folder }
}

/** The nearest folder at or above that has a package.json. */
export function nearestPackage(folder: string, { manifests }: Pick<NodeSurroundings, 'manifests'>): string | undefined {
  return manifests
    .filter(({ format, folder: own }) => format === 'package.json' && (own === folder || isInside(own, `${folder}/`)))
    .map(({ folder: own }) => own)
    .toSorted((one, other) => other.length - one.length)[0]
}

function portsOf(component: Component, around: NodeSurroundings): readonly number[] {
  const own = around.listeners.filter(({ file }) => isInside(component.path, file) && /\.[cm]?[jt]sx?$/.test(file))
  const asked = around.expectedPort === undefined ? [] : [around.expectedPort]
  return [...new Set([...own.map(({ port }) => port), ...asked, 3000])]
}

function shown({ argv }: PlannedCommand): string {
  return argv[0] === 'sh' ? (argv[2] ?? '') : argv.join(' ')
}

function lineOf(text: string, script: string): number | undefined {
  const index = text.indexOf(`"${script}":`)
  return index === -1 ? undefined : text.slice(0, index).split('\n').length
}

function isInside(folder: string, path: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`)
}
