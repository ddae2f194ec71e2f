import { type SarifLog, toSarif } from '#bench/findings'
import type { Report } from './report.ts'

/** The report as a SARIF 2.1.0 log; paths are relative to the checked folder, in a study under the apps' names. */
export function toSarifReport({ kind, version, findings, analyses }: Report): SarifLog {
  return toSarif({ version, prefixApps: kind === 'study', findings, analyses })
}

/** The same as indented JSON text. */
export function renderSarif(report: Report): string {
  return `${JSON.stringify(toSarifReport(report), undefined, 2)}\n`
}
