import { type DependencySource, type LockedPackage, type Manifest, normalisePythonName } from './manifest.ts'
import { isTable, LineFinder, parseToml, tableAt } from './toml.ts'

/**
 * Reads poetry.lock, uv.lock, pdm.lock and pylock.toml (PEP 751): all are lists of `package` (`packages`) tables.
 * @throws ManifestSyntaxError when it is not TOML
 */
export function parsePythonLock(path: string, folder: string, text: string): Manifest {
  const root = parseToml(text)
  const lines = new LineFinder(text)
  const locked: LockedPackage[] = []
  const packages = root['package'] ?? root['packages']
  let from = 1
  for (const entry of Array.isArray(packages) ? packages : []) {
    const { name, version } = isTable(entry) ? entry : {}
    if (typeof name !== 'string' || typeof version !== 'string') continue
    const source = sourceOf(tableAt(entry, 'source'))
    from = lines.containing(`name = "${name}"`, from)
    if (source === undefined) continue
    const category = isTable(entry)
      ? (entry['category'] ?? (Array.isArray(entry['groups']) ? entry['groups'][0] : 'main'))
      : 'main'
    locked.push({
      ecosystem: 'pypi',
      name: normalisePythonName(name),
      version,
      kind: category === 'main' || category === 'default' ? 'runtime' : 'dev',
      source,
      hoisted: true,
      file: path,
      line: from,
    })
  }
  return { path, folder, format: 'python-lock', ecosystem: 'pypi', declarations: [], locked, problems: [] }
}

/** Undefined for the project itself. */
function sourceOf(source: Readonly<Record<string, unknown>>): DependencySource | undefined {
  if (source['virtual'] === '.' || source['editable'] === '.') return undefined
  if (source['git'] !== undefined || source['type'] === 'git') return 'git'
  if (source['directory'] !== undefined || source['editable'] !== undefined || source['type'] === 'directory')
    return 'path'
  return source['type'] === 'url' || (source['url'] !== undefined && source['type'] !== 'legacy') ? 'url' : 'registry'
}
