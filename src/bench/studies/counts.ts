import { type Finding, isCounted, type Severity, severities } from '#bench/findings'
import type { OutcomeCounts, SeverityCounts } from './resources.ts'

export const noFindings: SeverityCounts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 }
export const noOutcomes: OutcomeCounts = { completed: 0, not_applicable: 0, error: 0, timed_out: 0, cancelled: 0 }

/** The findings that count, by severity: see {@link isCounted}. */
export function countBySeverity(findings: readonly Pick<Finding, 'severity' | 'confidence'>[]): SeverityCounts {
  const counts = { ...noFindings }
  for (const finding of findings) if (isCounted(finding)) counts[finding.severity] += 1
  return counts
}

/** 0 critical … 4 info. */
export function rankOf(severity: Severity): number {
  return severities.indexOf(severity)
}

/** The severity of a rank. */
export function severityOf(rank: number): Severity {
  return severities[rank] ?? 'info'
}
