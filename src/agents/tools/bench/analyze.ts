import { z } from 'zod'
import { type AnalysisReport, analyzerById, analyzers, nothingMeasured, outcomes } from '#bench/analyzers'
import { findingSchema } from '#bench/findings'
import { NotFound } from '#platform/errors'
import { defineTool, type Tool } from '../contract.ts'
import { type BenchServices, snapshotOf } from './services.ts'

/** Longer than any analyzer may take: the pool's own limit is the one that counts. */
const timeout = 30 * 60 * 1000

export const analysisSchema = z.object({
  analyzer: z.string(),
  version: z.string(),
  outcome: z.enum(outcomes),
  reason: z.string().nullable(),
  findings: z.array(findingSchema),
  /** Single checks that could not be made although the analysis completed, with the reason. */
  notChecked: z.array(z.object({ title: z.string(), reason: z.string() })),
  coverage: z
    .object({
      analysed: z.number(),
      total: z.number(),
      gaps: z.array(z.object({ path: z.string(), reason: z.string() })).readonly(),
    })
    .nullable(),
})
export type ToolAnalysis = z.infer<typeof analysisSchema>

/** Tools that measure an app with the analyzers of the bench. */
export function analysisTools(services: BenchServices): readonly Tool[] {
  return [
    defineTool({
      name: 'list_analyzers',
      description: 'Lists the analyzers there are, what each measures and what it needs.',
      effects: 'none',
      input: z.strictObject({}),
      output: z.object({
        analyzers: z.array(
          z.object({
            id: z.string(),
            title: z.string(),
            category: z.string(),
            description: z.string(),
            running: z.boolean(),
          }),
        ),
      }),
      run: async () => ({
        analyzers: analyzers.map(({ id, title, category, description, needs }) => ({
          id,
          title,
          category,
          description,
          running: needs.running === true,
        })),
      }),
    }),
    defineTool({
      name: 'analyze',
      description:
        'Measures an app with one analyzer. Findings come with evidence; what could not be measured says why.',
      // An app that is started runs in the sandbox: nothing outside is touched, and it may be done again.
      effects: 'reads',
      timeout,
      input: z.strictObject({ app: z.uuid().describe('The id of the app.'), analyzer: z.string() }),
      output: analysisSchema,
      async run(input, { workspace, signal }) {
        const analyzer = analyzerById(input.analyzer)
        if (analyzer === undefined)
          throw new NotFound(
            `There is no analyzer ${input.analyzer}; there are ${analyzers.map(({ id }) => id).join(', ')}.`,
          )
        const app = await snapshotOf(services, workspace, input.app)
        const applies = analyzer.applies(app)
        if (!applies.applies) {
          return toOutput(analyzer, { ...nothingMeasured, outcome: 'not_applicable', reason: applies.reason })
        }
        const canary = await services.canaries.verify(analyzer, signal)
        if (canary.state === 'failed') {
          return toOutput(analyzer, {
            ...nothingMeasured,
            outcome: 'error',
            reason: `Its canary failed: ${canary.reason}`,
          })
        }
        const options = services.options[analyzer.id] ?? {}
        return toOutput(analyzer, await services.pool.run(analyzer, app, options, signal))
      },
    }),
  ]
}

function toOutput(analyzer: { readonly id: string; readonly version: string }, report: AnalysisReport): ToolAnalysis {
  return {
    analyzer: analyzer.id,
    version: analyzer.version,
    outcome: report.outcome,
    reason: report.reason ?? null,
    findings: [...report.findings],
    notChecked: report.checks
      .filter(({ outcome }) => outcome === 'error')
      .map(({ title, reason }) => ({ title, reason: reason ?? 'no reason given' })),
    coverage: report.coverage ?? null,
  }
}
