import { isMap, isSeq } from 'yaml'
import { type Declaration, type Manifest, type ManifestProblem, normalisePythonName } from './manifest.ts'
import { parseRequirement } from './requirement.ts'
import { pairsOf, parseYaml, scalarText } from './yaml.ts'

/**
 * Reads a conda environment.yml: conda packages (`numpy=1.26`) and those under `pip:`. Conda's names are mostly those
 * of PyPI; Python itself and system libraries are left out by whoever resolves imports.
 * @throws ManifestSyntaxError when it is not YAML
 */
export function parseEnvironmentYml(path: string, folder: string, text: string): Manifest | undefined {
  const { root, lineOf } = parseYaml(text)
  const list = root.get('dependencies', true)
  if (!isSeq(list)) return undefined
  const declarations: Declaration[] = []
  const problems: ManifestProblem[] = []
  let python: string | undefined
  for (const item of list.items) {
    if (isMap(item)) {
      for (const pair of pairsOf(item)) {
        if (pair.key !== 'pip' || !isSeq(pair.value)) continue
        for (const entry of pair.value.items) addPip(entry)
      }
      continue
    }
    const written = scalarText(item)
    const match = /^(?:[\w.-]+::)?([A-Za-z0-9][\w.-]*)\s*(?:([=<>!~]=?)\s*([\w.*,<>=!]+))?/.exec(written ?? '')
    const line = lineOf(item)
    if (match === null || match[1] === undefined) {
      problems.push({ file: path, line, column: 1, message: `"${written ?? ''}" is no conda package` })
      continue
    }
    const [, name, operator = '', version = ''] = match
    if (name === 'python') python = /3\.\d+/.exec(version)?.[0]
    if (name === 'python' || name === 'pip') continue
    const exact = operator.startsWith('=') && /^\d+(\.\d+){2,}$/.test(version)
    declarations.push({
      ecosystem: 'pypi',
      name: normalisePythonName(name),
      specifier: `${operator}${version}`,
      kind: 'runtime',
      ...(exact && { pinned: version }),
      source: 'url',
      file: path,
      line,
    })
  }
  function addPip(entry: unknown): void {
    const written = scalarText(entry) ?? ''
    if (written.startsWith('-')) return
    const result = parseRequirement(written)
    const line = lineOf(entry)
    if (result.kind === 'malformed') problems.push({ file: path, line, column: 1, message: result.message })
    else declarations.push({ ...result.requirement, kind: 'runtime', file: path, line })
  }
  return {
    path,
    folder,
    format: 'environment.yml',
    ecosystem: 'pypi',
    declarations,
    locked: [],
    problems,
    ...(python !== undefined && { python }),
  }
}
