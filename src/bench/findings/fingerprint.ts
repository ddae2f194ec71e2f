import { createHash } from 'node:crypto'
import type { CodeContext } from './code-context.ts'
import type { Finding, RawFinding, Rule } from './finding.ts'

/** Defects whose code holds a secret: the value takes no part in the fingerprint, so that it cannot be guessed from it. */
const secretive = new Set<string | undefined>(['hard-coded-credential', 'container-secret'])

/** Whether the code of a finding may hold a secret. */
export function holdsSecret(rule: Pick<Rule, 'defect'>): boolean {
  return secretive.has(rule.defect)
}

/**
 * What stays the same of a defect when lines move, files are renamed and code is reformatted: 32 hex digits over the
 * kind of defect, the subject, the normalised code and the name of the function around it, or over the endpoint.
 * Neither path nor line takes part. Rules of different tools that name one `defect` share it.
 */
export function identityOf(analyzer: string, rule: Rule, raw: RawFinding, context: CodeContext): string {
  const kind = rule.defect ?? `${analyzer}/${rule.id}`
  const place =
    raw.location.kind === 'endpoint'
      ? [raw.location.method.toUpperCase(), urlPattern(raw.location.url), raw.location.parameter ?? '']
      : [context.enclosing, ...codeOf(context, holdsSecret(rule))]
  const parts = ['assay/v1', kind, raw.subject ?? '', raw.location.kind, ...place]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

function codeOf(context: CodeContext, secret: boolean): string[] {
  if (!secret) return context.tokens.map((token) => token.text)
  const assigned = context.tokens.findIndex((token) => token.text === '=' || token.text === ':')
  const end = assigned < 0 ? context.tokens.length : assigned
  return context.tokens.slice(0, end).map((token) => (token.kind === 'word' ? token.text : token.kind))
}

/**
 * A URL without what differs between two requests to one endpoint: origin, query values, fragment; numbers, UUIDs and
 * long hexadecimal ids in the path become `{id}`. Query parameter names are kept, sorted.
 */
export function urlPattern(url: string): string {
  const local = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
  const [beforeFragment = ''] = local.split('#', 1)
  const [path = '', ...queries] = beforeFragment.split('?')
  const segments = path.split('/').map((segment) => (isId(segment) ? '{id}' : segment))
  const names = queries
    .join('&')
    .split('&')
    .map((pair) => pair.split('=', 1)[0] ?? '')
    .filter((name) => name !== '')
  while (segments.length > 1 && segments.at(-1) === '') segments.pop()
  const pattern = segments.join('/') || '/'
  return names.length === 0 ? pattern : `${pattern}?${[...new Set(names)].sort().join('&')}`
}

function isId(segment: string): boolean {
  return /^(?:\d+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,}|:\w+|<[^>]*>|\{[^}]*\})$/i.test(
    segment,
  )
}

/**
 * Numbers findings that are otherwise identical, from 1, in the order of their places: `identity:occurrence`. A further
 * twin takes the next number, so the set of fingerprints of the others stays as it was.
 *
 * @param findings of one app, in any order; each `fingerprint` may carry an earlier number
 */
export function numberOccurrences(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, number>()
  return findings.toSorted(byPlace).map((finding) => {
    const [identity = ''] = finding.fingerprint.split(':', 1)
    const occurrence = (seen.get(identity) ?? 0) + 1
    seen.set(identity, occurrence)
    return { ...finding, fingerprint: `${identity}:${occurrence}` }
  })
}

/** Compares by path, then position, then rule and message; endpoints follow files. A total order but for equal findings. */
export function byPlace(a: Finding, b: Finding): number {
  const [one, two] = [placeOf(a), placeOf(b)]
  return (
    compare(one.text, two.text) ||
    one.line - two.line ||
    one.column - two.column ||
    compare(a.rule, b.rule) ||
    compare(a.message, b.message) ||
    compare(JSON.stringify(a), JSON.stringify(b))
  )
}

function placeOf({ location }: Finding): { text: string; line: number; column: number } {
  if (location.kind === 'endpoint') {
    return { text: `\uffff${location.url} ${location.method} ${location.parameter ?? ''}`, line: 0, column: 0 }
  }
  return { text: location.path, line: location.region?.startLine ?? 0, column: location.region?.startColumn ?? 0 }
}

/** Order by UTF-16 code unit: the same on every machine, unlike `localeCompare`. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
