import type { Finding, Region, Witness } from './finding.ts'
import { byPlace, compare, numberOccurrences, urlPattern } from './fingerprint.ts'
import { withProofs } from './proofs.ts'
import { confidenceRank, severityRank } from './severity.ts'

/**
 * One finding per defect of an app, whoever saw it: findings that name the same `defect` at the same place (overlapping
 * lines of one file, or one endpoint) become one with all witnesses. Two findings of one analyzer are merged only when
 * their regions overlap. Title, severity, message, place and fingerprint are those of the leading witness: the one of
 * higher confidence, then worse severity, then narrower region, then first by analyzer and rule name; CWEs are united.
 * Findings without a `defect` are merged only with equals. What was proven on the running app then joins what was found in the code
 * that answers there: {@link withProofs}.
 *
 * The result does not depend on the order of the input, has unique fingerprints and is sorted by severity, path, line
 * and rule. Merging a result again changes nothing.
 *
 * @param findings of one app, from any number of analyses, as {@link toFindings} gives them
 */
export function mergeFindings(findings: readonly Finding[]): Finding[] {
  const merged: Finding[] = []
  for (const group of Map.groupBy(findings, placeKey).values()) {
    const clusters = clustersOf(group.toSorted(byLead))
    merged.push(...clusters.map(united))
  }
  return numberOccurrences(withProofs(merged)).sort(bySeverity)
}

/** Worst first; then by path, line and rule. */
export function bySeverity(a: Finding, b: Finding): number {
  return severityRank(a.severity) - severityRank(b.severity) || byPlace(a, b)
}

/** Only findings that share this may be one. */
function placeKey(finding: Finding): string {
  const { location } = finding
  const what = finding.defect ?? `${finding.rule} ${JSON.stringify([location, finding.message])}`
  if (location.kind === 'file') return JSON.stringify(['file', what, location.path])
  return JSON.stringify(['endpoint', what, location.method.toUpperCase(), urlPattern(location.url), location.parameter])
}

function byLead(a: Finding, b: Finding): number {
  return (
    confidenceRank(a.confidence) - confidenceRank(b.confidence) ||
    severityRank(a.severity) - severityRank(b.severity) ||
    height(a) - height(b) ||
    compare(a.rule, b.rule) ||
    byPlace(a, b)
  )
}

/** Members of one cluster are one defect; the first member leads. */
type Cluster = [Finding, ...Finding[]]

/**
 * Overlapping regions first, then those that only share lines, so that the finding of a tool which knows no columns goes
 * to the closest place that is left.
 */
function clustersOf(ordered: readonly Finding[]): Cluster[] {
  const overlapping = new ClusterIndex()
  for (const finding of ordered) {
    const cluster = overlapping.near(finding).find(([leader]) => distanceOf(finding, leader) === 0)
    if (cluster === undefined) overlapping.add([finding])
    else cluster.push(finding)
  }
  const clusters = new ClusterIndex()
  for (const candidate of overlapping.all) {
    const cluster = closest(candidate, clusters.near(candidate[0]))
    if (cluster === undefined) clusters.add(candidate)
    else cluster.push(...candidate)
  }
  return clusters.all
}

/** Leaders of more lines than this are few; they are looked at for every finding instead of being filed under each line. */
const tallest = 100

/** Finds the clusters whose leader may share a line with a finding, without looking at all of a file of 100,000 findings. */
class ClusterIndex {
  readonly all: Cluster[] = []
  readonly #byLine = new Map<number, Cluster[]>()
  readonly #tall: Cluster[] = []

  add(cluster: Cluster): void {
    this.all.push(cluster)
    const lines = linesOf(cluster[0])
    if (lines === undefined) this.#tall.push(cluster)
    for (const line of lines ?? []) {
      const known = this.#byLine.get(line)
      if (known === undefined) this.#byLine.set(line, [cluster])
      else known.push(cluster)
    }
  }

  near(finding: Finding): Cluster[] {
    const lines = linesOf(finding)
    if (lines === undefined) return this.all
    return [...new Set([...this.#tall, ...lines.flatMap((line) => this.#byLine.get(line) ?? [])])]
  }
}

/** The lines of a finding; undefined for tall regions and for what is at no line at all. */
function linesOf(finding: Finding): number[] | undefined {
  if (finding.location.kind === 'endpoint' || finding.location.region === undefined) return undefined
  const count = height(finding) + 1
  const { startLine } = finding.location.region
  return count > tallest ? undefined : Array.from({ length: count }, (_, at) => startLine + at)
}

function closest(candidate: Cluster, clusters: readonly Cluster[]): Cluster | undefined {
  let best: Cluster | undefined
  let bestDistance = Number.POSITIVE_INFINITY
  for (const cluster of clusters) {
    const distance = distanceOf(candidate[0], cluster[0])
    if (distance >= bestDistance || sharesAnalyzer(cluster, candidate)) continue
    best = cluster
    bestDistance = distance
  }
  return best
}

/** 0: the regions overlap; finite: they share a line; infinite: different places. */
function distanceOf(a: Finding, b: Finding): number {
  if (a.location.kind === 'endpoint' || b.location.kind === 'endpoint') return 0
  const [one, two] = [a.location.region, b.location.region]
  if (one === undefined || two === undefined) return one === two ? 0 : Number.POSITIVE_INFINITY
  if (one.startLine > lastLine(two) || two.startLine > lastLine(one)) return Number.POSITIVE_INFINITY
  if (one.startLine !== two.startLine || one.startColumn === undefined || two.startColumn === undefined) {
    const sameStart = one.startLine === two.startLine && one.startColumn === two.startColumn
    return sameStart ? 0 : 1 + Math.abs(one.startLine - two.startLine)
  }
  if (one.startColumn < endColumn(two) && two.startColumn < endColumn(one)) return 0
  return 1 - 1 / (1 + Math.abs(one.startColumn - two.startColumn))
}

function lastLine(region: Region): number {
  return region.endLine ?? region.startLine
}

/** Exclusive; without an end, a region is the one character it starts at. */
function endColumn(region: Region): number {
  if (lastLine(region) > region.startLine) return Number.POSITIVE_INFINITY
  return region.endColumn ?? (region.startColumn ?? 1) + 1
}

function height({ location }: Finding): number {
  return location.kind === 'file' && location.region ? lastLine(location.region) - location.region.startLine : 0
}

function sharesAnalyzer(a: Cluster, b: Cluster): boolean {
  const analyzers = new Set(a.flatMap((finding) => finding.witnesses.map((witness) => witness.analyzer)))
  return b.some((finding) => finding.witnesses.some((witness) => analyzers.has(witness.analyzer)))
}

function united(members: Cluster): Finding {
  const [leader, ...others] = members
  if (others.length === 0) return leader
  const related = members.find((member) => (member.evidence.related?.length ?? 0) > 0)?.evidence.related
  const path = members.find((member) => member.evidence.path !== undefined)?.evidence.path
  const facts = Object.assign({}, ...members.toReversed().map((member) => member.evidence.facts ?? {}))
  return {
    ...leader,
    cwe: [...new Set(members.flatMap((member) => member.cwe))],
    evidence: {
      ...leader.evidence,
      ...(related && { related }),
      ...(path && { path }),
      ...(Object.keys(facts).length > 0 && { facts }),
    },
    witnesses: uniqueWitnesses(members.flatMap((member) => member.witnesses)),
  }
}

function uniqueWitnesses(witnesses: readonly Witness[]): Witness[] {
  return [...new Map(witnesses.map((witness) => [`${witness.analyzer}/${witness.rule}`, witness])).values()]
}
