import type { Severity } from '#bench/findings'
import type { OsvAffected, OsvRecord } from './osv-record.ts'

/** What an advisory says about how bad it is, and on what that rests. */
export interface AdvisorySeverity {
  readonly severity: Severity
  /** Base score 0 to 10, when a CVSS 3 vector gives one. */
  readonly score?: number
  readonly source: 'CVSS 3' | 'CVSS 4' | 'database' | 'none'
}

/**
 * The severity of an advisory: a CVSS 3 base score on the qualitative scale of its specification, else what the
 * database states, else a reading of a CVSS 4 vector, else `medium` because a known flaw is not nothing.
 */
export function severityOf(record: OsvRecord, entry?: OsvAffected): AdvisorySeverity {
  const vectors = [...(entry?.severity ?? []), ...(record.severity ?? [])]
  for (const { type, score: vector } of vectors) {
    const score = type === 'CVSS_V3' ? cvss3BaseScore(vector) : undefined
    if (score !== undefined) return { severity: qualitative(score), score, source: 'CVSS 3' }
  }
  const stated = [record.database_specific, entry?.database_specific, entry?.ecosystem_specific]
    .map((data) => (typeof data?.['severity'] === 'string' ? named[data['severity'].toUpperCase()] : undefined))
    .find((severity) => severity !== undefined)
  if (stated !== undefined) return { severity: stated, source: 'database' }
  for (const { type, score: vector } of vectors) {
    const severity = type === 'CVSS_V4' ? cvss4Severity(vector) : undefined
    if (severity !== undefined) return { severity, source: 'CVSS 4' }
  }
  return { severity: 'medium', source: 'none' }
}

const named: Readonly<Record<string, Severity | undefined>> = {
  CRITICAL: 'critical',
  HIGH: 'high',
  MODERATE: 'medium',
  MEDIUM: 'medium',
  LOW: 'low',
}

/** Table 14 of the CVSS 3.1 specification. */
export function qualitative(score: number): Severity {
  if (score >= 9) return 'critical'
  if (score >= 7) return 'high'
  if (score >= 4) return 'medium'
  return score > 0 ? 'low' : 'info'
}

const weights: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
}
const privileges: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  U: { N: 0.85, L: 0.62, H: 0.27 },
  C: { N: 0.85, L: 0.68, H: 0.5 },
}

/** The base score of a CVSS 3.0 or 3.1 vector (specification 3.1, section 7.1); undefined when it is malformed. */
export function cvss3BaseScore(vector: string): number | undefined {
  if (!/^CVSS:3\.[01]\//.test(vector)) return undefined
  const metrics = metricsOf(vector)
  const weight = (name: string) => weights[name]?.[metrics.get(name) ?? '']
  const scope = metrics.get('S') ?? ''
  const [av, ac, ui, c, i, a] = ['AV', 'AC', 'UI', 'C', 'I', 'A'].map(weight)
  const pr = privileges[scope]?.[metrics.get('PR') ?? '']
  if ([av, ac, ui, c, i, a, pr].includes(undefined)) return undefined
  const impactBase = 1 - (1 - (c ?? 0)) * (1 - (i ?? 0)) * (1 - (a ?? 0))
  const changed = scope === 'C'
  const impact = changed ? 7.52 * (impactBase - 0.029) - 3.25 * (impactBase - 0.02) ** 15 : 6.42 * impactBase
  if (impact <= 0) return 0
  const exploitability = 8.22 * (av ?? 0) * (ac ?? 0) * (pr ?? 0) * (ui ?? 0)
  return roundUp(Math.min((changed ? 1.08 : 1) * (impact + exploitability), 10))
}

/** Appendix A of the specification: to one decimal, upwards, without floating point accidents. */
function roundUp(value: number): number {
  const scaled = Math.round(value * 100_000)
  return scaled % 10_000 === 0 ? scaled / 100_000 : (Math.floor(scaled / 10_000) + 1) / 10
}

/**
 * A coarse reading of a CVSS 4.0 vector: its score comes from a table of 270 macro vectors, here only their first two
 * sets decide (how easily it is exploited, how bad it is for the vulnerable system).
 */
export function cvss4Severity(vector: string): Severity | undefined {
  if (!vector.startsWith('CVSS:4.0/')) return undefined
  const metrics = metricsOf(vector)
  const impacts = ['VC', 'VI', 'VA'].map((name) => metrics.get(name))
  if (impacts.includes(undefined) || !metrics.has('AV')) return undefined
  const high = impacts.filter((impact) => impact === 'H').length
  const easy =
    metrics.get('AV') === 'N' && metrics.get('AC') === 'L' && metrics.get('AT') === 'N' && metrics.get('PR') === 'N'
  if (high >= 2 && easy && metrics.get('UI') === 'N') return 'critical'
  if (high >= 1) return easy || high >= 2 ? 'high' : 'medium'
  return impacts.includes('L') ? 'medium' : 'low'
}

function metricsOf(vector: string): ReadonlyMap<string, string> {
  return new Map(
    vector.split('/').map((part) => {
      const colon = part.indexOf(':')
      return [part.slice(0, colon), part.slice(colon + 1)] as const
    }),
  )
}
