import { memberOf, parseJson, stringOf } from './json.ts'
import {
  type Declaration,
  type LockedPackage,
  type Manifest,
  type ManifestProblem,
  normalisePythonName,
} from './manifest.ts'
import { readPoetryDependency } from './poetry.ts'
import { Positions } from './positions.ts'
import { isTable, LineFinder, parseToml, tableAt } from './toml.ts'

/**
 * Reads a Pipfile.
 * @throws ManifestSyntaxError when it is not TOML
 */
export function parsePipfile(path: string, folder: string, text: string): Manifest {
  const root = parseToml(text)
  const lines = new LineFinder(text)
  const declarations: Declaration[] = []
  const problems: ManifestProblem[] = []
  for (const [section, kind] of [
    ['packages', 'runtime'],
    ['dev-packages', 'dev'],
  ] as const) {
    const heading = lines.heading(section)
    for (const [name, value] of Object.entries(tableAt(root, section))) {
      const line = lines.key(name, heading)
      const read = readPoetryDependency(value)
      if (read === undefined) {
        problems.push({
          file: path,
          line,
          column: 1,
          message: `the constraint of "${name}" is none Pipenv understands`,
        })
      } else declarations.push({ ecosystem: 'pypi', name: normalisePythonName(name), ...read, kind, file: path, line })
    }
  }
  const sources = root['source']
  const otherIndex =
    Array.isArray(sources) &&
    sources.some((source) => isTable(source) && !/\/\/pypi\.(?:org|python\.org)\//.test(String(source['url'])))
  const python = tableAt(root, 'requires')['python_version']
  return {
    path,
    folder,
    format: 'Pipfile',
    ecosystem: 'pypi',
    declarations,
    locked: [],
    problems,
    ...(otherIndex && { otherIndex }),
    ...(typeof python === 'string' && { python }),
  }
}

/**
 * Reads a Pipfile.lock.
 * @throws ManifestSyntaxError when it is not JSON
 */
export function parsePipfileLock(path: string, folder: string, text: string): Manifest {
  const root = parseJson(text)
  const positions = new Positions(text)
  const locked: LockedPackage[] = []
  for (const [section, kind] of [
    ['default', 'runtime'],
    ['develop', 'dev'],
  ] as const) {
    const packages = memberOf(root, section)
    if (packages?.kind !== 'object') continue
    for (const [name, member] of packages.members) {
      const version = stringOf(memberOf(member.value, 'version'))?.replace(/^==/, '')
      if (version === undefined) continue
      const line = positions.lineAt(member.offset)
      locked.push({
        ecosystem: 'pypi',
        name: normalisePythonName(name),
        version,
        kind,
        source: 'registry',
        hoisted: true,
        file: path,
        line,
      })
    }
  }
  return { path, folder, format: 'Pipfile.lock', ecosystem: 'pypi', declarations: [], locked, problems: [] }
}
