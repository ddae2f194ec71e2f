import { z } from 'zod'
import { findingSchema, findingStateSchema } from '#bench/findings'

export const reportAppSchema = z.object({
  /** Unique in the report: `model/app1`, or the folder's name. */
  name: z.string().min(1),
  model: z.string().nullable(),
  spec: z.string().nullable(),
  /** Lines of source code. */
  lines: z.int().min(0),
})
export type ReportApp = z.infer<typeof reportAppSchema>

export const reportAnalysisSchema = z.object({
  /** The `name` of the app. */
  app: z.string(),
  analyzer: z.string(),
  version: z.string(),
  repeat: z.int().min(1).optional(),
  outcome: z.enum(['completed', 'not_applicable', 'error', 'timed_out', 'cancelled']),
  /** For all outcomes but `completed`. */
  reason: z.string().optional(),
  durationMs: z.number().min(0).optional(),
  coverage: z
    .object({
      analysed: z.int().min(0),
      total: z.int().min(0),
      gaps: z.array(z.object({ path: z.string(), reason: z.string() })).readonly(),
    })
    .optional(),
  /** Assertions apart from findings, for example whether a registry has a package. */
  checks: z
    .array(
      z.object({
        id: z.string(),
        title: z.string(),
        outcome: z.enum(['pass', 'fail', 'not_applicable', 'error']),
        reason: z.string().optional(),
      }),
    )
    .readonly()
    .optional(),
})
export type ReportAnalysis = z.infer<typeof reportAnalysisSchema>

export const reportFindingSchema = findingSchema.extend({
  /** The `name` of the app. */
  app: z.string(),
  state: findingStateSchema.optional(),
})
export type ReportFinding = z.infer<typeof reportFindingSchema>

/** Everything a report says: one checked project, or a study of many apps. */
export interface Report {
  /** `check`: one app, paths are relative to it. `study`: paths are prefixed with the app's name. */
  readonly kind: 'check' | 'study'
  /** The checked folder's or the study's name. */
  readonly name: string
  /** Assay's version. */
  readonly version: string
  /** UTC ISO-8601. */
  readonly createdAt: string
  readonly apps: readonly ReportApp[]
  readonly analyses: readonly ReportAnalysis[]
  readonly findings: readonly ReportFinding[]
}

/** The outcomes that leave something unmeasured. */
export function isUnmeasured(analysis: ReportAnalysis): boolean {
  return analysis.outcome !== 'completed' && analysis.outcome !== 'not_applicable'
}

/** The checks of completed analyses that could not be made: what they look for may be there. */
export function unmadeChecks({ outcome, checks }: ReportAnalysis): NonNullable<ReportAnalysis['checks']> {
  return outcome === 'completed' ? (checks ?? []).filter((check) => check.outcome === 'error') : []
}

/** The path of a file as this report writes it: relative to the app, and in a study under the app's name. */
export function pathInReport(report: Pick<Report, 'kind'>, app: string, path: string): string {
  return report.kind === 'study' ? `${app}/${path}` : path
}

/** `app.py:12:5`, `app.py`, or `POST /login (password)`. */
export function placeOf(report: Pick<Report, 'kind'>, finding: ReportFinding): string {
  const { location } = finding
  if (location.kind === 'endpoint') {
    const parameter = location.parameter === undefined ? '' : ` (${location.parameter})`
    const place = `${location.method} ${location.url}${parameter}`
    return report.kind === 'study' ? `${finding.app} ${place}` : place
  }
  const { region } = location
  const column = region?.startColumn === undefined ? '' : `:${region.startColumn}`
  const line = region === undefined ? '' : `:${region.startLine}${column}`
  return `${pathInReport(report, finding.app, location.path)}${line}`
}
