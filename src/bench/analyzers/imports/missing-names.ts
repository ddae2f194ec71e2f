import type { AppFiles } from './app-files.ts'
import type { Resolution } from './resolution.ts'
import { generatedModule, relativeBase } from './resolve-python.ts'
import type { ImportedName, ImportSite } from './site.ts'
import type { SourceFile } from './sources.ts'
import { isOneEdit } from './tables/popular.ts'

export interface MissingName {
  readonly name: ImportedName
  /** A name the module does have that may have been meant. */
  readonly meant?: string
}

export interface NameContext {
  readonly sources: ReadonlyMap<string, SourceFile>
  readonly files: AppFiles
  resolve(module: string, from: string): Resolution
}

/**
 * The names an import takes from a module of the app that the module does not have. None where the module's names cannot
 * be known: star imports from elsewhere, computed names, syntax errors.
 */
export function missingNames(
  site: ImportSite,
  target: string | undefined,
  context: NameContext,
): readonly MissingName[] {
  const wanted = site.names.filter((name) => name.name !== '*')
  if (wanted.length === 0) return []
  if (target === undefined) return site.module.startsWith('.') ? missingSubmodules(site, wanted, context.files) : []
  if (hasDeclarations(target, context.files)) return []
  const offered = namesOf(target, context, new Set())
  if (offered === undefined) return []
  const isPython = target.endsWith('.py')
  return wanted.flatMap((name) => {
    if (offered.has(name.name) || (isPython && isPythonExtra(name.name, target, context.files))) return []
    if (!isPython && interoperates(site, name, offered)) return []
    const meant = closest(name.name, offered)
    return [{ name, ...(meant !== undefined && { meant }) }]
  })
}

/** A script with a declaration file beside it offers types, too. */
function hasDeclarations(target: string, files: AppFiles): boolean {
  const script = /^(.*)\.([cm]?)jsx?$/.exec(target)
  return script !== null && files.has(`${script[1]}.d.${script[2]}ts`)
}

/** Every name of a module with those it passes on; undefined when they cannot be known. */
function namesOf(file: string, context: NameContext, seen: Set<string>): ReadonlySet<string> | undefined {
  if (seen.has(file)) return new Set()
  seen.add(file)
  const facts = context.sources.get(file)?.facts
  if (facts === undefined || facts.exports.dynamic !== undefined || facts.brokenAt !== undefined) return undefined
  if (facts.exports.stars.length === 0) return facts.exports.names
  const names = new Set(facts.exports.names)
  for (const star of facts.exports.stars) {
    const resolution = context.resolve(star, file)
    const inner = resolution.kind === 'local' && resolution.file ? namesOf(resolution.file, context, seen) : undefined
    if (inner === undefined) return undefined
    for (const name of inner) names.add(name)
  }
  return names
}

const moduleAttributes = new Set(['__name__', '__file__', '__doc__', '__version__', '__path__', '__dict__', '__all__'])

/** A submodule beside the package's own names, or what every module has. */
function isPythonExtra(name: string, target: string, files: AppFiles): boolean {
  if (moduleAttributes.has(name)) return true
  if (!target.endsWith('/__init__.py') && target !== '__init__.py') return false
  const folder = target.slice(0, -'__init__.py'.length)
  return hasModule(`${folder}${name}`, files)
}

function hasModule(path: string, files: AppFiles): boolean {
  if (generatedModule.test(path.slice(path.lastIndexOf('/') + 1))) return true
  return ['.py', '.pyi', '.so', '.pyx'].some((ending) => files.has(`${path}${ending}`)) || files.hasFolder(path)
}

/** `from . import x` in a folder without __init__.py: only modules can be taken from it. */
function missingSubmodules(site: ImportSite, wanted: readonly ImportedName[], files: AppFiles): readonly MissingName[] {
  if (!/^\.+$/.test(site.module) || !site.file.endsWith('.py')) return []
  const base = relativeBase(site.module, site.file)
  if (base === undefined) return []
  return wanted
    .filter((name) => !hasModule(base === '' ? name.name : `${base}/${name.name}`, files))
    .map((name) => ({ name }))
}

/** A default import of a CommonJS module is the whole of it; a module that exports nothing may be run for its effects. */
function interoperates(site: ImportSite, name: ImportedName, offered: ReadonlySet<string>): boolean {
  if (site.form === 'require') return name.name === 'default' || (offered.has('default') && offered.size === 1)
  return name.name === 'default' && offered.size === 0
}

/** A name that differs in case or by one edit. */
export function closest(name: string, offered: Iterable<string>): string | undefined {
  const lower = name.toLowerCase()
  for (const candidate of offered) {
    const other = candidate.toLowerCase()
    if (other === lower || (name.length > 2 && isOneEdit(lower, other))) return candidate
  }
  return undefined
}
