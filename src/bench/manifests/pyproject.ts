import {
  type Declaration,
  type DependencyKind,
  type Manifest,
  type ManifestProblem,
  normalisePythonName,
} from './manifest.ts'
import { readPoetryDependency } from './poetry.ts'
import { parseRequirement } from './requirement.ts'
import { isTable, LineFinder, parseToml, tableAt, textsOf } from './toml.ts'

/**
 * Reads the dependencies of a pyproject.toml: PEP 621 `project`, PEP 735 `dependency-groups`, `tool.poetry`,
 * `tool.uv.dev-dependencies` and `tool.pdm.dev-dependencies`. Undefined when it declares none of them (it only
 * configures tools).
 * @throws ManifestSyntaxError when it is not TOML
 */
export function parsePyproject(path: string, folder: string, text: string): Manifest | undefined {
  const root = parseToml(text)
  const lines = new LineFinder(text)
  const declarations: Declaration[] = []
  const problems: ManifestProblem[] = []
  const project = tableAt(root, 'project')
  const poetry = tableAt(root, 'tool', 'poetry')
  const groups = tableAt(root, 'dependency-groups')

  const addAll = (requirements: readonly string[], kind: DependencyKind, from: number) => {
    for (const written of requirements) {
      const line = lines.containing(written, from)
      const result = parseRequirement(written)
      if (result.kind === 'malformed')
        problems.push({ file: path, line, column: 1, message: `"${written}": ${result.message}` })
      else declarations.push({ ...result.requirement, kind, file: path, line })
    }
  }
  addAll(textsOf(project['dependencies']), 'runtime', lines.heading('project'))
  const extras = lines.heading('project.optional-dependencies')
  for (const [extra, list] of Object.entries(tableAt(project, 'optional-dependencies'))) {
    addAll(textsOf(list), isDevelopmentGroup(extra) ? 'dev' : 'optional', extras)
  }
  for (const list of Object.values(groups)) addAll(textsOf(list), 'dev', lines.heading('dependency-groups'))
  addAll(textsOf(tableAt(root, 'tool', 'uv')['dev-dependencies']), 'dev', lines.heading('tool.uv'))
  for (const list of Object.values(tableAt(root, 'tool', 'pdm', 'dev-dependencies'))) {
    addAll(textsOf(list), 'dev', lines.heading('tool.pdm.dev-dependencies'))
  }

  const addPoetry = (section: string, table: unknown, kind: DependencyKind) => {
    if (!isTable(table)) return
    const heading = lines.heading(section)
    for (const [name, value] of Object.entries(table)) {
      if (name === 'python') continue
      const line = lines.key(name, heading)
      const read = readPoetryDependency(value)
      if (read === undefined) {
        problems.push({
          file: path,
          line,
          column: 1,
          message: `the constraint of "${name}" is none Poetry understands`,
        })
      } else {
        const optional = isTable(value) && value['optional'] === true
        declarations.push({
          ecosystem: 'pypi',
          name: normalisePythonName(name),
          ...read,
          kind: optional ? 'optional' : kind,
          file: path,
          line,
        })
      }
    }
  }
  addPoetry('tool.poetry.dependencies', poetry['dependencies'], 'runtime')
  addPoetry('tool.poetry.dev-dependencies', poetry['dev-dependencies'], 'dev')
  for (const [group, table] of Object.entries(tableAt(poetry, 'group'))) {
    addPoetry(
      `tool.poetry.group.${group}.dependencies`,
      tableAt(table, 'dependencies'),
      group === 'main' ? 'runtime' : 'dev',
    )
  }
  const declares = [project, poetry, groups].some((table) => Object.keys(table).length > 0)
  if (!declares && declarations.length === 0 && problems.length === 0) return undefined
  const ownName = project['name'] ?? poetry['name']
  const python = lowestPython(project['requires-python'] ?? tableAt(poetry, 'dependencies')['python'])
  const sources = poetry['source'] ?? tableAt(root, 'tool', 'uv')['index']
  const ownLicence = licenceOf(project['license'] ?? poetry['license'])
  return {
    path,
    folder,
    format: 'pyproject.toml',
    ecosystem: 'pypi',
    declarations,
    locked: [],
    problems,
    ...(typeof ownName === 'string' && { ownName: normalisePythonName(ownName) }),
    ...(ownLicence !== undefined && { ownLicence }),
    ...(python !== undefined && { python }),
    ...(textsOf(project['dynamic']).includes('dependencies') && { dynamic: 'dependencies are dynamic' }),
    ...(Array.isArray(sources) && sources.length > 0 && { otherIndex: true }),
  }
}

function isDevelopmentGroup(extra: string): boolean {
  return /^(?:dev|develop|development|tests?|testing|lint|docs?|ci)$/i.test(extra)
}

function licenceOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  const text = isTable(value) ? value['text'] : undefined
  return typeof text === 'string' ? text : undefined
}

/** The lower bound of `>=3.10,<4` or `^3.10`. */
export function lowestPython(specifier: unknown): string | undefined {
  if (typeof specifier !== 'string') return undefined
  return /(?:>=|\^|~=?|==)\s*(3\.\d+)/.exec(specifier)?.[1]
}
