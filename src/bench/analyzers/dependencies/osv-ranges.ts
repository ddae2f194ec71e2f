import { compare, valid } from 'semver'
import { comparePythonVersions, type Ecosystem, normalisePythonName, parsePythonVersion } from '#bench/manifests'
import type { OsvAffected, OsvEvent, OsvRecord } from './osv-record.ts'

export type AffectedAnswer =
  | { readonly affected: false }
  | { readonly affected: true; readonly fixed?: string; readonly entry: OsvAffected }

/**
 * Whether a version of a package is affected by an advisory, after the OSV schema's evaluation: listed in `versions`,
 * or inside a range whose events, sorted, say so last before or at the version. A withdrawn advisory affects nothing.
 *
 * @throws RangeError when the version cannot be ordered in its ecosystem
 */
export function isAffected(record: OsvRecord, ecosystem: Ecosystem, name: string, version: string): AffectedAnswer {
  if (record.withdrawn !== undefined) return { affected: false }
  const order = orderOf(ecosystem)
  const parsed = order.parse(version)
  if (parsed === undefined) throw new RangeError(`${version} is no ${ecosystem} version`)
  for (const entry of record.affected ?? []) {
    if (!isSamePackage(entry, ecosystem, name)) continue
    const fixes = fixedVersions(entry).filter((fixed) => order.compare(fixed, version) > 0)
    const [fixed] = fixes.sort(order.compare)
    const answer = { affected: true, entry, ...(fixed !== undefined && { fixed }) } as const
    if (entry.versions?.some((listed) => order.same(listed, version))) return answer
    const ranges = entry.ranges?.filter((range) => range.type === 'SEMVER' || range.type === 'ECOSYSTEM') ?? []
    if (ranges.some((range) => isInRange(range.events, version, order))) return answer
  }
  return { affected: false }
}

function isSamePackage({ package: of }: OsvAffected, ecosystem: Ecosystem, name: string): boolean {
  if (of === undefined || of.ecosystem.toLowerCase() !== (ecosystem === 'npm' ? 'npm' : 'pypi')) return false
  return ecosystem === 'npm' ? of.name === name : normalisePythonName(of.name) === name
}

function fixedVersions(entry: OsvAffected): string[] {
  return (entry.ranges ?? [])
    .filter((range) => range.type !== 'GIT')
    .flatMap((range) => range.events.flatMap((event) => (event.fixed === undefined ? [] : [event.fixed])))
}

interface Order {
  parse(version: string): unknown
  compare(a: string, b: string): number
  same(a: string, b: string): boolean
}

const npmOrder: Order = {
  parse: (version) => valid(version, { loose: true }) ?? undefined,
  // OSV writes "0" for "from the first version on", which semver has no version for.
  compare: (a, b) => {
    if (a === b) return 0
    if (a === '0') return -1
    if (b === '0') return 1
    const [left, right] = [valid(a, { loose: true }), valid(b, { loose: true })]
    if (left === null || right === null) throw new RangeError(`${left === null ? a : b} is no npm version`)
    return compare(left, right)
  },
  same: (a, b) =>
    a === b || (valid(a, { loose: true }) !== null && valid(a, { loose: true }) === valid(b, { loose: true })),
}

const pypiOrder: Order = {
  parse: parsePythonVersion,
  compare: (a, b) => {
    const [left, right] = [parsePythonVersion(a), parsePythonVersion(b)]
    if (left === undefined || right === undefined)
      throw new RangeError(`${left === undefined ? a : b} is no Python version`)
    return comparePythonVersions(left, right)
  },
  same: (a, b) => {
    const [left, right] = [parsePythonVersion(a), parsePythonVersion(b)]
    return a === b || (left !== undefined && right !== undefined && comparePythonVersions(left, right) === 0)
  },
}

function orderOf(ecosystem: Ecosystem): Order {
  return ecosystem === 'npm' ? npmOrder : pypiOrder
}

type Change = { readonly at: string; readonly kind: 'introduced' | 'fixed' | 'last_affected' }

/** Walks the sorted events; at one version, `introduced` counts before `fixed` and `last_affected` ends after it. */
function isInRange(events: readonly OsvEvent[], version: string, order: Order): boolean {
  const limit = events.find((event) => event.limit !== undefined && event.limit !== '*')?.limit
  if (limit !== undefined && order.compare(version, limit) >= 0) return false
  const changes = events.flatMap(changesOf).sort((a, b) => compareChanges(a, b, order))
  let vulnerable = false
  for (const { at, kind } of changes) {
    if (kind === 'introduced') {
      if (at === '0' || order.compare(version, at) >= 0) vulnerable = true
    } else if (kind === 'fixed' ? order.compare(version, at) >= 0 : order.compare(version, at) > 0) vulnerable = false
  }
  return vulnerable
}

function changesOf({ introduced, fixed, last_affected }: OsvEvent): Change[] {
  if (introduced !== undefined) return [{ at: introduced, kind: 'introduced' }]
  if (fixed !== undefined) return [{ at: fixed, kind: 'fixed' }]
  return last_affected === undefined ? [] : [{ at: last_affected, kind: 'last_affected' }]
}

const rank = { fixed: 0, introduced: 1, last_affected: 2 } as const

function compareChanges(a: Change, b: Change, order: Order): number {
  if (a.at === '0' || b.at === '0')
    return (a.at === '0' ? 0 : 1) - (b.at === '0' ? 0 : 1) || rank[a.kind] - rank[b.kind]
  return order.compare(a.at, b.at) || rank[a.kind] - rank[b.kind]
}
