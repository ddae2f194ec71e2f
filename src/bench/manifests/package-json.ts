// Of the package's 47 modules, these need a dozen.
import valid from 'semver/functions/valid.js'
import maxSatisfying from 'semver/ranges/max-satisfying.js'
import validRange from 'semver/ranges/valid.js'
import { type JsonNode, memberOf, parseJson, plain, stringOf } from './json.ts'
import type { Declaration, DependencyKind, DependencySource, Manifest, ManifestProblem } from './manifest.ts'
import { Positions } from './positions.ts'

const sections: readonly (readonly [string, DependencyKind])[] = [
  ['dependencies', 'runtime'],
  ['devDependencies', 'dev'],
  ['optionalDependencies', 'optional'],
  ['peerDependencies', 'peer'],
]

/**
 * Reads a package.json.
 * @throws ManifestSyntaxError when it is not JSON
 */
export function parsePackageJson(path: string, folder: string, text: string): Manifest {
  const root = parseJson(text)
  const positions = new Positions(text)
  const declarations: Declaration[] = []
  const problems: ManifestProblem[] = []
  const problem = (offset: number, message: string) => problems.push({ file: path, ...positions.at(offset), message })
  if (root.kind !== 'object') problem(root.offset, 'a package.json holds one object')
  for (const [section, kind] of sections) {
    const node = memberOf(root, section)
    if (node === undefined) continue
    if (node.kind !== 'object') {
      problem(node.offset, `"${section}" must be an object of names and ranges`)
      continue
    }
    for (const [name, member] of node.members) {
      if (!isNpmName(name)) {
        problem(member.offset, `"${name}" is not a package name npm accepts`)
        continue
      }
      const range = stringOf(member.value)
      if (range === undefined) {
        problem(member.value.offset, `the range of "${name}" must be a string`)
        continue
      }
      const read = readNpmRange(name, range)
      if (read === undefined) {
        problem(member.value.offset, `"${range}" is no range npm understands (for "${name}")`)
        continue
      }
      declarations.push({ ecosystem: 'npm', ...read, kind, file: path, line: positions.lineAt(member.offset) })
    }
  }
  const ownName = stringOf(memberOf(root, 'name'))
  const ownLicence = stringOf(memberOf(root, 'license'))
  return {
    path,
    folder,
    format: 'package.json',
    ecosystem: 'npm',
    declarations,
    locked: [],
    problems,
    ...(ownName !== undefined && { ownName }),
    ...(ownLicence !== undefined && { ownLicence }),
    npm: npmPackageOf(root),
  }
}

function npmPackageOf(root: JsonNode): NonNullable<Manifest['npm']> {
  const main = stringOf(memberOf(root, 'main'))
  return {
    scripts: stringsOf(memberOf(root, 'scripts')),
    imports: Object.fromEntries(
      [...(objectOf(memberOf(root, 'imports')) ?? [])].map(([name, member]) => [name, plain(member.value)]),
    ),
    exports: plain(memberOf(root, 'exports')),
    ...(main !== undefined && { main }),
    module: stringOf(memberOf(root, 'type')) === 'module',
  }
}

function objectOf(node: JsonNode | undefined) {
  return node?.kind === 'object' ? node.members : undefined
}

function stringsOf(node: JsonNode | undefined): Record<string, string> {
  const entries: [string, string][] = []
  for (const [key, member] of objectOf(node) ?? []) {
    const value = stringOf(member.value)
    if (value !== undefined) entries.push([key, value])
  }
  return Object.fromEntries(entries)
}

/** Whether npm would accept the name (validate-npm-package-name, including the legacy upper case). */
export function isNpmName(name: string): boolean {
  return name.length <= 214 && /^(?:@[a-zA-Z0-9~-][\w.~-]*\/)?[a-zA-Z0-9~-][\w.~-]*$/.test(name)
}

interface NpmRange {
  readonly name: string
  readonly alias?: string
  readonly specifier: string
  readonly pinned?: string
  readonly source: DependencySource
}

/** What stands behind a name in a package.json; undefined when npm would refuse it. */
export function readNpmRange(name: string, written: string): NpmRange | undefined {
  const range = written.trim()
  // Besides npm's own: the protocols of Yarn and pnpm.
  if (/^(?:file|link|portal|workspace|catalog|patch|exec):/.test(range) || /^(?:\.{1,2}\/|~\/|\/)/.test(range)) {
    return { name, specifier: range, source: 'path' }
  }
  if (/^(?:git(?:\+\w+)?:|git@|github:|gitlab:|bitbucket:|gist:)/.test(range)) {
    return { name, specifier: range, source: 'git' }
  }
  if (/^https?:\/\//.test(range)) {
    return { name, specifier: range, source: /\.git(?:#|$)/.test(range) ? 'git' : 'url' }
  }
  if (range.startsWith('npm:')) {
    const at = range.indexOf('@', 5)
    const real = range.slice(4, at === -1 ? undefined : at)
    const inner = readNpmRange(real, at === -1 ? '' : range.slice(at + 1))
    return inner && isNpmName(real) ? { ...inner, alias: name } : undefined
  }
  if (/^[\w.-]+\/[\w.-]+(?:#.+)?$/.test(range)) return { name, specifier: range, source: 'git' }
  const version = valid(range)
  if (version !== null) return { name, specifier: range, pinned: version, source: 'registry' }
  if (validRange(range) !== null) return { name, specifier: range, source: 'registry' }
  // Anything else is a distribution tag: `latest`, `next`.
  return /^[a-z][\w.-]*$/i.test(range) ? { name, specifier: range, source: 'registry' } : undefined
}

/** The highest of the versions a range allows; undefined when it allows none of them. */
export function bestNpmVersion(versions: readonly string[], range: string): string | undefined {
  return maxSatisfying(versions, range === '' ? '*' : range) ?? undefined
}
