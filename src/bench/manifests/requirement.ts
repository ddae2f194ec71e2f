import { type Declaration, type DependencySource, normalisePythonName } from './manifest.ts'
import { parsePythonSpecifier, pinnedPythonVersion } from './pep440.ts'

/** What one PEP 508 requirement says, without the place it stands in. */
export type Requirement = Pick<
  Declaration,
  'ecosystem' | 'name' | 'specifier' | 'pinned' | 'source' | 'extras' | 'marker'
>

export type RequirementResult =
  | { readonly kind: 'requirement'; readonly requirement: Requirement }
  | { readonly kind: 'malformed'; readonly column: number; readonly message: string }

/** Reads a requirement after PEP 508: `requests[socks]>=2.8; python_version < "3.12"`, `x @ git+https://…`. */
export function parseRequirement(text: string): RequirementResult {
  const name = /^\s*([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)/.exec(text)
  if (name === null || name[1] === undefined) {
    return { kind: 'malformed', column: text.length - text.trimStart().length + 1, message: 'expected a package name' }
  }
  let rest = text.slice(name[0].length)
  let consumed = name[0].length
  const take = (pattern: RegExp): string | undefined => {
    const match = pattern.exec(rest)
    if (match === null) return undefined
    rest = rest.slice(match[0].length)
    consumed += match[0].length
    return match[1] ?? ''
  }
  const extrasText = take(/^\s*\[([^\]]*)\]/)
  const extras = extrasText?.split(',').flatMap((extra) => (extra.trim() === '' ? [] : [extra.trim()]))
  const base = { ecosystem: 'pypi' as const, name: normalisePythonName(name[1]), ...(extras?.length && { extras }) }
  if (take(/^\s*@\s*/) !== undefined) {
    const url = take(/^(\S+)/)
    if (url === undefined) return { kind: 'malformed', column: consumed + 1, message: 'expected a URL after @' }
    const marker = take(/^\s*;(.*)$/s)?.trim()
    return {
      kind: 'requirement',
      requirement: { ...base, specifier: url, source: urlSource(url), ...(marker && { marker }) },
    }
  }
  const semicolon = rest.indexOf(';')
  const specifierText = (semicolon === -1 ? rest : rest.slice(0, semicolon)).trim()
  const marker = semicolon === -1 ? '' : rest.slice(semicolon + 1).trim()
  const specifier =
    specifierText.startsWith('(') && specifierText.endsWith(')') ? specifierText.slice(1, -1).trim() : specifierText
  const clauses = parsePythonSpecifier(specifier)
  if (clauses === undefined) {
    const column = consumed + rest.length - rest.trimStart().length + 1
    return { kind: 'malformed', column, message: `"${specifier.slice(0, 60)}" is no version specifier (PEP 440)` }
  }
  const pinned = pinnedPythonVersion(clauses)
  return {
    kind: 'requirement',
    requirement: {
      ...base,
      specifier,
      ...(pinned !== undefined && { pinned }),
      source: 'registry',
      ...(marker && { marker }),
    },
  }
}

/** How an address is fetched. */
export function urlSource(url: string): DependencySource {
  if (/^(?:git|hg|svn|bzr)\+|^git:/.test(url)) return 'git'
  return /^https?:/.test(url) ? 'url' : 'path'
}
