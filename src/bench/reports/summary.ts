import { countBySeverity, type SeverityCounts, severities } from '#bench/findings'
import { type Report, type ReportAnalysis, unmadeChecks } from './report.ts'

export type OutcomeCounts = Record<ReportAnalysis['outcome'], number>

export interface Summary {
  readonly findings: number
  readonly bySeverity: SeverityCounts
  readonly analyses: OutcomeCounts
}

/** The counts every format shows. */
export function summaryOf(report: Pick<Report, 'findings' | 'analyses'>): Summary {
  const analyses: OutcomeCounts = { completed: 0, not_applicable: 0, error: 0, timed_out: 0, cancelled: 0 }
  for (const { outcome } of report.analyses) analyses[outcome] += 1
  return { findings: report.findings.length, bySeverity: countBySeverity(report.findings), analyses }
}

/** One sentence that never calls an unmeasured app clean. */
export function verdictOf(report: Pick<Report, 'findings' | 'analyses'>): string {
  const { findings, bySeverity, analyses } = summaryOf(report)
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
