import { countBySeverity, isCounted, type SeverityCounts, severities } from '#bench/findings'
import { type Report, type ReportAnalysis, unmadeChecks } from './report.ts'

export type OutcomeCounts = Record<ReportAnalysis['outcome'], number>

export interface Summary {
  readonly findings: number
  readonly bySeverity: SeverityCounts
  /** Findings of low confidence left out of these counts. */
  readonly lowConfidence: number
  readonly analyses: OutcomeCounts
}

export interface SummaryOptions {
  /** Whether findings of low confidence count; they do not unless somebody asked for them. */
  readonly lowConfidence?: boolean
}

/** The counts every format shows. */
export function summaryOf(
  report: Pick<Report, 'findings' | 'analyses'>,
  { lowConfidence = false }: SummaryOptions = {},
): Summary {
  const analyses: OutcomeCounts = { completed: 0, not_applicable: 0, error: 0, timed_out: 0, cancelled: 0 }
  for (const { outcome } of report.analyses) analyses[outcome] += 1
  const counting = lowConfidence ? report.findings : report.findings.filter(isCounted)
  return {
    findings: counting.length,
    bySeverity: countBySeverity(counting),
    lowConfidence: report.findings.length - counting.length,
    analyses,
  }
}

/** One sentence, of all findings the report was given, that never calls an unmeasured app clean. */
export function verdictOf(report: Pick<Report, 'findings' | 'analyses'>): string {
  const { findings, bySeverity, analyses } = summaryOf(report, { lowConfidence: true })
  const unmeasured = analyses.error + analyses.timed_out + analyses.cancelled
  const measured = `${counted(analyses.completed, 'analysis', 'analyses')} completed`
  const unmade = report.analyses.reduce((sum, one) => sum + unmadeChecks(one).length, 0)
  const missing = [
    ...(unmeasured > 0 ? [`${counted(unmeasured, 'analysis', 'analyses')} could not be completed`] : []),
    ...(unmade > 0 ? [`${counted(unmade, 'check', 'checks')} could not be made`] : []),
  ].join(' and ')
  if (findings > 0) {
    const parts = severities.filter((severity) => bySeverity[severity] > 0).map((one) => `${bySeverity[one]} ${one}`)
    const tail = missing !== '' ? `; ${missing}` : ''
    return `${counted(findings, 'finding', 'findings')}: ${parts.join(', ')}. ${measured}${tail}.`
  }
  if (missing !== '') return `No findings, but ${missing}: this is not a clean result.`
  if (analyses.completed === 0) return 'Nothing was measured: no analysis applies.'
  return `No findings. ${measured}.`
}

/** `1 finding`, `2 findings`. */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

/** How each outcome reads in a sentence or a table. */
export const outcomeLabels: Readonly<Record<ReportAnalysis['outcome'], string>> = {
  completed: 'completed',
  not_applicable: 'not applicable',
  error: 'error',
  timed_out: 'timed out',
  cancelled: 'cancelled',
}
