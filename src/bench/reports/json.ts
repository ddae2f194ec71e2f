import { z } from 'zod'
import { type Report, reportAnalysisSchema, reportAppSchema, reportFindingSchema } from './report.ts'
import { type SummaryOptions, summaryOf } from './summary.ts'

const count = z.int().min(0)

/**
 * The JSON report. `version` is raised when a field changes its meaning or goes away; new fields may come any time.
 * docs/report-json.md describes it for users.
 */
export const jsonReportSchema = z.object({
  format: z.literal('assay-report'),
  version: z.literal(1),
  tool: z.object({ name: z.literal('assay'), version: z.string() }),
  kind: z.enum(['check', 'study']),
  name: z.string(),
  createdAt: z.iso.datetime(),
  summary: z.object({
    /** Without those of low confidence, unless they were asked for. */
    findings: count,
    bySeverity: z.object({ critical: count, high: count, medium: count, low: count, info: count }),
    /** Findings of low confidence, listed but not counted above. */
    lowConfidence: count,
    analyses: z.object({ completed: count, not_applicable: count, error: count, timed_out: count, cancelled: count }),
  }),
  apps: z.array(reportAppSchema).readonly(),
  analyses: z.array(reportAnalysisSchema).readonly(),
  findings: z.array(reportFindingSchema).readonly(),
})
export type JsonReport = z.infer<typeof jsonReportSchema>

/** The report as plain data, in the shape of {@link jsonReportSchema}. */
export function toJsonReport(report: Report, options: SummaryOptions = {}): JsonReport {
  return {
    format: 'assay-report',
    version: 1,
    tool: { name: 'assay', version: report.version },
    kind: report.kind,
    name: report.name,
    createdAt: report.createdAt,
    summary: summaryOf(report, options),
    apps: report.apps,
    analyses: report.analyses,
    findings: report.findings,
  }
}

/** The report as indented JSON text. */
export function renderJson(report: Report, options: SummaryOptions = {}): string {
  return `${JSON.stringify(toJsonReport(report, options), undefined, 2)}\n`
}
