import { z } from 'zod'
import { outcomes } from '#bench/analyzers'
import { appSchema } from '#bench/collection'
import { severitySchema } from '#bench/findings'

const count = z.int().min(0)
export const outcomeSchema = z.enum(outcomes)

export const severityCountsSchema = z
  .object({ critical: count, high: count, medium: count, low: count, info: count })
  .meta({ id: 'SeverityCounts' })
export type SeverityCounts = z.infer<typeof severityCountsSchema>

export const outcomeCountsSchema = z
  .object({ completed: count, not_applicable: count, error: count, timed_out: count, cancelled: count })
  .meta({ id: 'OutcomeCounts' })
export type OutcomeCounts = z.infer<typeof outcomeCountsSchema>

export const studyStates = ['queued', 'running', 'completed', 'cancelled'] as const
export const analysisStates = ['queued', 'running', 'finished'] as const

export const progressSchema = z
  .object({
    total: count.describe('Analyses planned.'),
    finished: count,
    cached: count.describe('Of the finished, answered from the cache.'),
    byOutcome: outcomeCountsSchema,
    perAnalyzer: z.array(
      z.object({
        analyzer: z.string(),
        total: count,
        finished: count,
        active: count,
        medianMs: z.number().min(0).nullable(),
      }),
    ),
    throughputPerSecond: z.number().min(0).nullable(),
    etaSeconds: z.number().min(0).nullable(),
  })
  .meta({ id: 'Progress' })
export type Progress = z.infer<typeof progressSchema>

export const studySchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    question: z.string().nullable(),
    state: z.enum(studyStates),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    createdBy: z.string().describe('Name of the member.'),
    repeats: z.int().min(1),
    apps: count,
    analyzers: z.array(z.string()),
    models: z.array(z.string()),
    progress: progressSchema,
    findings: z.object({
      total: count.describe('Without those of low confidence.'),
      bySeverity: severityCountsSchema,
      lowConfidence: count.describe('Findings of low confidence, which do not count.'),
    }),
  })
  .meta({ id: 'Study' })
export type Study = z.infer<typeof studySchema>

const appIds = z.array(z.uuid()).min(1).max(10_000)

export const newStudySchema = z
  .object({
    name: z.string().trim().min(1).max(200),
    apps: appIds,
    analyzers: z
      .array(z.string().min(1))
      .min(1)
      .max(100)
      .optional()
      .describe('Ids; without it, all that need no running app.'),
    run: z
      .boolean()
      .optional()
      .describe('Also start the apps, in the sandbox, and use the analyzers that need them running; default false.'),
    repeats: z.int().min(1).max(100).optional().describe('How often every app is analysed; default 1.'),
    options: z.record(z.string(), z.record(z.string(), z.unknown())).optional().describe('Analyzer id → its options.'),
    question: z.string().trim().min(1).max(2000).optional(),
  })
  .meta({ id: 'NewStudy' })
export type NewStudy = z.infer<typeof newStudySchema>

export const moreAppsSchema = z.object({ apps: appIds })
export const retrySchema = z.object({
  outcomes: z
    .array(z.enum(['error', 'timed_out', 'cancelled']))
    .min(1)
    .optional(),
})

export const cellSchema = z
  .object({
    analysisId: z.uuid(),
    analyzer: z.string(),
    repeat: z.int().min(1),
    state: z.enum(analysisStates),
    outcome: outcomeSchema.nullable(),
    reason: z.string().nullable(),
    durationMs: z.number().min(0).nullable(),
    cached: z.boolean(),
    findings: severityCountsSchema,
    coverage: z.object({ analysed: count, total: count }).nullable(),
  })
  .meta({ id: 'Cell' })
export type Cell = z.infer<typeof cellSchema>

export const matrixSchema = z
  .object({
    analyzers: z.array(z.object({ id: z.string(), title: z.string(), category: z.string() })),
    rows: z.array(z.object({ app: appSchema, cells: z.array(cellSchema) })),
    next: z.string().nullable(),
  })
  .meta({ id: 'Matrix' })
export type Matrix = z.infer<typeof matrixSchema>

export const analysisSchema = z
  .object({
    id: z.uuid(),
    studyId: z.uuid(),
    app: appSchema,
    analyzer: z.string(),
    analyzerVersion: z.string(),
    repeat: z.int().min(1),
    state: z.enum(analysisStates),
    outcome: outcomeSchema.nullable(),
    reason: z.string().nullable(),
    cached: z.boolean(),
    durationMs: z.number().min(0).nullable(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    attempts: count,
    metrics: z.record(z.string(), z.number()),
    coverage: z
      .object({
        analysed: count,
        total: count,
        gaps: z.array(z.object({ path: z.string(), reason: z.string() })),
      })
      .nullable()
      .describe('Null until finished, and where nothing was measured.'),
    checks: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        outcome: z.enum(['pass', 'fail', 'not_applicable', 'error']),
        reason: z.string().optional(),
      }),
    ),
    log: z.array(z.string()),
    artifacts: z
      .array(z.object({ name: z.string(), title: z.string(), mediaType: z.string(), size: count }))
      .describe('What was kept besides; read at `/analyses/{id}/artifacts/{name}`.'),
  })
  .meta({ id: 'Analysis' })
export type Analysis = z.infer<typeof analysisSchema>

/** The events of `GET /studies/{id}/events` and of the WebSocket room `study:ID`. */
export const studyEventSchemas = {
  analysis: z
    .object({
      analysisId: z.uuid(),
      appId: z.uuid(),
      analyzer: z.string(),
      repeat: z.int().min(1),
      state: z.enum(analysisStates),
      outcome: outcomeSchema.nullable(),
      durationMs: z.number().min(0).nullable(),
      findings: severityCountsSchema,
    })
    .meta({ id: 'AnalysisEvent' }),
  progress: progressSchema,
  study: z.object({ state: z.enum(studyStates) }).meta({ id: 'StudyEvent' }),
}

const metricSummarySchema = z
  .object({
    median: z.number().nullable().describe('Null when no app of the model was fully measured.'),
    low: z.number().nullable(),
    high: z.number().nullable(),
    mean: z.number().nullable(),
    meanLow: z.number().nullable(),
    meanHigh: z.number().nullable(),
    n: count.describe('Apps behind the numbers.'),
    perApp: z.array(z.object({ appId: z.string(), name: z.string(), value: z.number() })).readonly(),
  })
  .meta({ id: 'MetricSummary' })

/** What a study says about its models. Rates count what the model wrote, per thousand lines. */
export const comparisonSchema = z
  .object({
    models: z
      .array(
        z.object({
          model: z.string(),
          apps: count,
          lines: count,
          analyses: z.object({ byOutcome: outcomeCountsSchema }),
          coverage: z
            .array(z.object({ analyzer: z.string(), analysed: count, total: count, completed: count, failed: count }))
            .readonly(),
          findings: z.object({ total: count, bySeverity: severityCountsSchema }),
          excludedApps: z
            .array(z.object({ appId: z.string(), name: z.string(), reason: z.string() }))
            .readonly()
            .describe('Apps that do not count, since a counted analyzer failed on them.'),
          perKloc: z.object({
            total: metricSummarySchema,
            critical: metricSummarySchema,
            high: metricSummarySchema,
            medium: metricSummarySchema,
            low: metricSummarySchema,
            info: metricSummarySchema,
          }),
        }),
      )
      .readonly(),
    differences: z
      .array(
        z.object({
          metric: z.enum(['total', ...severitySchema.options]),
          a: z.string(),
          b: z.string(),
          difference: z.number().nullable().describe('Mean of `a` minus mean of `b`.'),
          low: z.number().nullable(),
          high: z.number().nullable(),
          n: count,
          paired: z.boolean(),
          p: z.number(),
          adjustedP: z.number().describe("By Holm's method."),
          cliffsDelta: z.number(),
          magnitude: z.enum(['negligible', 'small', 'medium', 'large']),
          verdict: z.enum(['a_better', 'b_better', 'not_distinguishable']),
        }),
      )
      .readonly(),
    uncountedAnalyzers: z
      .array(z.object({ analyzer: z.string(), reason: z.string() }))
      .readonly()
      .describe('Analyzers that did not measure enough apps of some model.'),
    method: z.object({
      interval: z.literal('BCa'),
      random: z.string(),
      test: z.string(),
      resamples: count,
      seed: z.int(),
      level: z.number(),
    }),
  })
  .meta({ id: 'Comparison' })
export type Comparison = z.infer<typeof comparisonSchema>
