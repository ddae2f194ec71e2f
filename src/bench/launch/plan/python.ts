import { posix } from 'node:path'
import type { Component } from '#bench/apps'
import type { Listener, Source, Sources } from '#bench/interfaces'
import { fieldOf, nodesUnder, textOf } from '#bench/syntax'
import type { LaunchPart } from '../contract.ts'
import type { StartHint } from './hints.ts'
import type { PlannedCommand, PlannedServer } from './launch-plan.ts'
import { type PythonEntry, pythonEntry } from './python-entries.ts'

/** What is known besides the component itself. */
export interface PythonSurroundings {
  readonly sources: Sources
  readonly hints: readonly StartHint[]
  readonly listeners: readonly Listener[]
  /** The port other parts of the app expect a server at, if they name one. */
  readonly expectedPort: number | undefined
}

/** Names of files people start, the likeliest first. */
const entryNames = ['app', 'main', 'run', 'server', 'wsgi', 'asgi', 'api', 'index', '__main__', 'application', 'manage']
const defaultPorts: Readonly<Record<string, number>> = { flask: 5000, quart: 5000, bottle: 8080, tornado: 8888 }
const asgiFrameworks = /^(?:fastapi|starlette|quart|litestar)$/
const asgiClasses = /^(?:FastAPI|Starlette|Quart|Litestar)$/

/** How the Python server of a component is started; undefined when nothing in it starts or is an app. */
export function planPython(component: Component, around: PythonSurroundings): PlannedServer | undefined {
  const inside = around.sources.python.filter(({ path }) => isInside(component.path, path))
  if (component.framework === 'django') return planDjango(component, inside, around)
  if (component.framework === 'streamlit') return planStreamlit(component, around)
  const entries = inside.map(({ path, root }) => pythonEntry(path, root))
  const hints = around.hints.filter(({ folder }) => folder === component.path || folder === '')
  const ranked = entries
    .filter(({ runs, app, factory }) => runs !== undefined || app !== undefined || factory !== undefined)
    .toSorted(
      (one, other) => rank(one, component, hints) - rank(other, component, hints) || compare(one.path, other.path),
    )
  const best = ranked[0]
  const source = inside.find(({ path }) => path === best?.path)
  if (best === undefined || source === undefined) return undefined
  const port = portOf(component, around)
  const start = startOf(best, source, component, around.sources, port.chosen)
  const named = hints.find(({ command }) => command.includes(posix.basename(best.path)))
  const line = best.runs ?? best.app?.line ?? best.factory?.line
  const part: LaunchPart = {
    path: component.path,
    role: 'backend',
    framework: component.framework,
    command: start.argv.join(' '),
    hint: named?.hint ?? (best.runs === undefined ? 'framework' : 'convention'),
    evidence: { path: best.path, ...(line === undefined ? {} : { line }) },
  }
  return { part, runtime: 'python', before: [], start, environment: {}, ports: port.expected }
}

/** Smaller is likelier. */
function rank(entry: PythonEntry, component: Component, hints: readonly StartHint[]): number {
  const name = posix.basename(entry.path, '.py')
  const module = posix.relative(component.path, entry.path).replace(/\.py$/, '').replaceAll('/', '.')
  const isNamed = hints.some(({ command }) => command.includes(posix.basename(entry.path)))
  const isModule = hints.some(({ command }) =>
    command.split(/[\s"'=]+/).some((word) => word === module || word.startsWith(`${module}:`)),
  )
  const known = entryNames.indexOf(name)
  return (
    (entry.runs === undefined ? 100 : 0) +
    (entry.app === undefined && entry.runs === undefined ? 50 : 0) +
    (isNamed || isModule ? -60 : 0) +
    10 * (entry.path.split('/').length - component.path.split('/').length) +
    (known === -1 ? entryNames.length : known)
  )
}

function startOf(
  entry: PythonEntry,
  source: Source,
  component: Component,
  sources: Sources,
  port: number,
): PlannedCommand {
  const base = importBase(source, sources, component.path)
  const own = folderOf(entry.path)
  const module = posix.relative(base, entry.path).replace(/\.py$/, '').replaceAll('/', '.')
  if (entry.runs !== undefined) {
    if (base !== own) return { argv: ['python3', '-m', module.replace(/\.__main__$/, '')], cwd: base }
    const cwd = isInside(component.path, entry.path) ? component.path : own
    return { argv: ['python3', posix.relative(cwd, entry.path)], cwd }
  }
  const made = entry.app?.made ?? entry.factory?.made ?? ''
  const place = module.replace(/\.__init__$/, '')
  const name = entry.app?.name ?? entry.factory?.name ?? 'app'
  if (asgiFrameworks.test(component.framework) || asgiClasses.test(made)) {
    const factory = entry.app === undefined ? ['--factory'] : []
    return {
      argv: ['python3', '-m', 'uvicorn', `${place}:${name}`, ...factory, '--host', '127.0.0.1', '--port', String(port)],
      cwd: base,
    }
  }
  return {
    argv: ['python3', '-m', 'flask', '--app', `${place}:${name}`, 'run', '--host', '127.0.0.1', '--port', String(port)],
    cwd: base,
  }
}

/**
 * The folder Python has to start in for the imports of a file to be found: its own, or one above it when the file is
 * part of a package.
 */
function importBase(source: Source, sources: Sources, component: string): string {
  const paths = new Set(sources.python.map(({ path }) => path))
  const own = folderOf(source.path)
  const holds = (folder: string, module: string) => {
    const stem = posix.join(folder, module)
    return paths.has(`${stem}.py`) || [...paths].some((path) => path.startsWith(`${stem}/`))
  }
  let outermost = own
  while (outermost !== '' && outermost !== component && paths.has(posix.join(outermost, '__init__.py')))
    outermost = folderOf(outermost)
  for (const node of nodesUnder(source.root)) {
    if (node.type !== 'import_from_statement' && node.type !== 'import_statement') continue
    const name = fieldOf(node, 'module_name') ?? fieldOf(node, 'name')
    const module = name === undefined ? '' : textOf(name)
    if (module.startsWith('.')) return outermost === own ? folderOf(own) : outermost
    const first = module.split(/[.\s]/)[0] ?? ''
    if (first === '' || holds(own, first)) continue
    for (let folder = own; folder !== '' && folder !== '.'; ) {
      folder = folderOf(folder)
      if (holds(folder, first)) return folder
    }
  }
  // A package's own `__init__.py` is imported by its name, from outside.
  return posix.basename(source.path) === '__init__.py' ? folderOf(own) : own
}

function planDjango(
  component: Component,
  inside: readonly Source[],
  around: PythonSurroundings,
): PlannedServer | undefined {
  const manage = inside
    .filter(({ path }) => posix.basename(path) === 'manage.py')
    .toSorted((one, other) => one.path.length - other.path.length)[0]
  if (manage === undefined) return undefined
  const cwd = folderOf(manage.path)
  const { chosen } = portOf(component, around)
  const start: PlannedCommand = {
    argv: ['python3', 'manage.py', 'runserver', '--noreload', `127.0.0.1:${chosen}`],
    cwd,
  }
  return {
    part: {
      path: component.path,
      role: 'backend',
      framework: 'django',
      command: start.argv.join(' '),
      hint: 'framework',
      evidence: { path: manage.path },
    },
    runtime: 'python',
    before: [{ argv: ['python3', 'manage.py', 'migrate', '--noinput'], cwd }],
    start,
    environment: {},
    ports: [chosen],
  }
}

function planStreamlit(component: Component, around: PythonSurroundings): PlannedServer {
  const cwd = component.path
  const file = posix.relative(cwd, component.evidence)
  const { chosen } = portOf(component, around)
  const options = ['--server.headless', 'true', '--server.address', '127.0.0.1', '--server.port', String(chosen)]
  const start: PlannedCommand = { argv: ['python3', '-m', 'streamlit', 'run', file, ...options], cwd }
  return {
    part: {
      path: cwd,
      role: 'backend',
      framework: 'streamlit',
      command: start.argv.join(' '),
      hint: 'framework',
      evidence: { path: component.evidence },
    },
    runtime: 'python',
    before: [],
    start,
    environment: {},
    ports: [chosen],
  }
}

/** The port a server gets when it lets others choose, and those it may be found at. */
function portOf(component: Component, around: PythonSurroundings): { chosen: number; expected: readonly number[] } {
  const own = around.listeners.filter(({ file }) => isInside(component.path, file) && file.endsWith('.py'))
  const explicit = own.filter((listener) => listener.explicit).map(({ port }) => port)
  const fallback = component.framework === 'streamlit' ? 8501 : (defaultPorts[component.framework] ?? 8000)
  const chosen = explicit[0] ?? around.expectedPort ?? fallback
  return { chosen, expected: [...new Set([...explicit, chosen, ...own.map(({ port }) => port), fallback])] }
}

function isInside(folder: string, path: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`)
}

function folderOf(path: string): string {
  const folder = posix.dirname(path)
  return folder === '.' ? '' : folder
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
