import { dirname, join } from 'node:path/posix'
import { type AppFiles, ancestorsOf, joinInside } from './app-files.ts'
import type { Resolution } from './resolution.ts'
import { providersOf } from './tables/python-distributions.ts'
import { standardLibrary } from './tables/python-standard-library.ts'

export interface PythonContext {
  readonly files: AppFiles
  /** Component roots and other folders put on the path. */
  readonly roots: readonly string[]
  /** Whether a distribution that may provide the module is declared. */
  declares(module: string): boolean
}

/** Modules written by a build step, not by hand. */
export const generatedModule = /(?:^|\.)(?:\w+_pb2(?:_grpc)?|_version|__generated__)(?:\.|$)/

/** Resolves a Python module as written in `from`: `.models`, `app.models`, `flask_sqlalchemy`. */
export function resolvePython(module: string, from: string, context: PythonContext): Resolution {
  if (generatedModule.test(module)) return { kind: 'external', reason: 'generated code' }
  if (module.startsWith('.')) return resolveRelative(module, from, context.files)
  const top = module.split('.')[0] ?? module
  if (top === '_typeshed') return { kind: 'external', reason: 'known to type checkers only' }
  const places = searchPlaces(from, context)
  // A module never imports itself by its own name: celery/backends/redis.py means the package redis.
  const found = places
    .map((place) => ({ place, kind: portionKind(place, top, context.files) }))
    .filter(({ place }) => join(place, `${top}.py`) !== from && !isNamesake(place, top, from, context))
  const regular = found.filter(({ kind }) => kind === 'module')
  const standard = standardLibrary(top)
  if (standard !== undefined && regular.length === 0) return { kind: 'standard-library', ...standard }
  for (const { place } of regular) {
    const target = findModule(join(place, ...module.split('.')), context.files)
    if (target !== undefined) return standard === undefined ? { kind: 'local', file: target } : { kind: 'local' }
  }
  if (standard !== undefined) return { kind: 'standard-library', ...standard }
  if (regular.length > 0) {
    return context.declares(module) || providersOf(module).known
      ? packageOf(module)
      : missing(join(regular[0]?.place ?? '', ...module.split('.')), context.files)
  }
  // A folder without __init__.py yields to an installed package of that name.
  const portions = found.filter(({ kind }) => kind === 'namespace')
  if (portions.length > 0 && !context.declares(module) && !providersOf(module).known) {
    for (const { place } of portions) {
      const path = join(place, ...module.split('.'))
      const target = findModule(path, context.files)
      if (target !== undefined) return { kind: 'local', file: target }
      if (context.files.folderHolds(path, '.py')) return { kind: 'local' }
    }
    return missing(join(portions[0]?.place ?? '', ...module.split('.')), context.files)
  }
  const isPackage = context.declares(module) || providersOf(module).known
  const wrongCase = isPackage ? undefined : caseMismatch(module, places, context.files)
  if (wrongCase) return wrongCase
  return packageOf(module)
}

/** A package's own part that is named after the library it adapts: flask_session/redis/redis.py means the library by `redis`. */
function isNamesake(place: string, top: string, from: string, { files, declares }: PythonContext): boolean {
  if (!from.startsWith(`${join(place, top)}/`) || !files.has(join(place, '__init__.py'))) return false
  return declares(top) || providersOf(top).known || from.endsWith(`/${top}/${top}.py`)
}

/** The folder whose modules `from .x import y` names; undefined above the app. */
export function relativeBase(module: string, from: string): string | undefined {
  const dots = /^\.+/.exec(module)?.[0].length ?? 0
  const base = joinInside(dirname(from), ...Array<string>(dots - 1).fill('..'))
  return base
}

function resolveRelative(module: string, from: string, files: AppFiles): Resolution {
  const base = relativeBase(module, from)
  const rest = module.replace(/^\.+/, '')
  if (base === undefined) return { kind: 'unresolved', looked: `${module} (above the app)` }
  if (rest === '') {
    const init = join(base, '__init__.py')
    return files.has(init) ? { kind: 'local', file: init } : { kind: 'local' }
  }
  const path = join(base, ...rest.split('.'))
  const target = findModule(path, files)
  if (target !== undefined) return { kind: 'local', file: target }
  if (files.folderHolds(path, '.py')) return { kind: 'local' }
  return missing(path, files)
}

/**
 * Folders Python may search: those above the file, their `src`, and the roots. Folders that are packages come last: they
 * are searched only when the app is started from inside one.
 */
function searchPlaces(from: string, { roots, files }: PythonContext): readonly string[] {
  const above = ancestorsOf(from)
  const all = [...new Set([...above, ...above.map((folder) => join(folder, 'src')), ...roots])]
  const isPackage = (folder: string) => files.has(join(folder, '__init__.py'))
  return [...all.filter((folder) => !isPackage(folder)), ...all.filter(isPackage)]
}

function portionKind(place: string, top: string, files: AppFiles): 'module' | 'namespace' | undefined {
  const path = join(place, top)
  if (findModule(path, files) !== undefined) return 'module'
  return files.folderHolds(path, '.py') ? 'namespace' : undefined
}

const endings = ['.py', '/__init__.py', '.pyi', '/__init__.pyi', '.pyx', '.so', '.pyd']

function findModule(path: string, files: AppFiles): string | undefined {
  for (const ending of endings) if (files.has(`${path}${ending}`)) return `${path}${ending}`
  return undefined
}

function missing(path: string, files: AppFiles): Resolution {
  if (files.isExcluded(path) || files.isExcluded(`${path}.py`))
    return { kind: 'external', reason: 'left out of the snapshot' }
  const otherCase = endings.map((ending) => files.otherCase(`${path}${ending}`)).find((found) => found !== undefined)
  return { kind: 'unresolved', looked: `${path}.py`, ...(otherCase !== undefined && { otherCase }) }
}

/** `import Models` where only models.py is there: found on macOS and Windows only. */
function caseMismatch(module: string, places: readonly string[], files: AppFiles): Resolution | undefined {
  for (const place of places) {
    const path = join(place, ...module.split('.'))
    for (const ending of endings) {
      const otherCase = files.otherCase(`${path}${ending}`)
      if (otherCase !== undefined) return { kind: 'unresolved', looked: `${path}.py`, otherCase }
    }
  }
  return undefined
}

function packageOf(module: string): Resolution {
  const { distributions, known } = providersOf(module)
  const [name, ...alternatives] = distributions
  return { kind: 'package', name, alternatives, known }
}
