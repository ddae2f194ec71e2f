import type { Declaration, DependencySource } from './manifest.ts'
import { parsePythonSpecifier, pinnedPythonVersion } from './pep440.ts'
import { urlSource } from './requirement.ts'
import { isTable, textsOf } from './toml.ts'

type Read = Pick<Declaration, 'specifier' | 'pinned' | 'source' | 'extras' | 'marker'>

/**
 * What stands behind a name in a Poetry or Pipenv table: a constraint, or a table with `version`, `git`, `url`, `path`.
 * The specifier is kept as written. Undefined when it is malformed.
 */
export function readPoetryDependency(value: unknown): Read | undefined {
  if (typeof value === 'string') return readConstraint(value)
  if (Array.isArray(value)) return value.length === 0 ? undefined : readPoetryDependency(value[0])
  if (!isTable(value)) return undefined
  const extras = textsOf(value['extras'])
  const markers = value['markers']
  const more = { ...(extras.length > 0 && { extras }), ...(typeof markers === 'string' && { marker: markers }) }
  for (const [key, source] of addresses) {
    const address = value[key]
    if (typeof address === 'string') return { specifier: address, source, ...more }
  }
  const file = value['file']
  if (typeof file === 'string') return { specifier: file, source: urlSource(file), ...more }
  if (value['editable'] === true && value['version'] === undefined) return { specifier: '.', source: 'path', ...more }
  const version = value['version'] ?? '*'
  const read = typeof version === 'string' ? readConstraint(version) : undefined
  return read && { ...read, ...more }
}

const addresses: readonly (readonly [string, DependencySource])[] = [
  ['git', 'git'],
  ['url', 'url'],
  ['path', 'path'],
]

/** Poetry knows, besides PEP 440: `*`, `^1.2`, `~1.2`, a bare version (exact) and `||`. */
function readConstraint(written: string): Read | undefined {
  const specifier = written.trim()
  if (specifier === '*' || specifier === '')
    return { specifier: specifier === '*' ? '' : specifier, source: 'registry' }
  const bare = /^=?\s*(\d[\w.!+-]*)$/.exec(specifier)?.[1]
  if (bare !== undefined && parsePythonSpecifier(`==${bare}`)) return { specifier, pinned: bare, source: 'registry' }
  for (const alternative of specifier.split(/\|\|?/)) {
    for (const clause of alternative.split(/,|\s+(?=[<>=!~^])/)) {
      const part = clause
        .trim()
        .replace(/^\^|^~(?!=)/, '>=')
        .replace(/^(>=|<=|<|>)(.*)\.\*$/, '$1$2')
      const asClause = /^[\d]/.test(part) ? `==${part}` : part
      if (parsePythonSpecifier(asClause) === undefined) return undefined
    }
  }
  const clauses = specifier.includes('|') ? undefined : parsePythonSpecifier(specifier)
  const pinned = clauses && pinnedPythonVersion(clauses)
  return { specifier, ...(pinned !== undefined && { pinned }), source: 'registry' }
}
