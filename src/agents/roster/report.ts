import { z } from 'zod'
import { confidenceSchema, severitySchema } from '#bench/findings'

const cites = z.array(z.int().min(1)).min(1).describe('Numbers of the steps it comes from.')

/** One defect, or one kind of defect in several places. */
export const pointSchema = z.object({
  title: z.string(),
  severity: severitySchema,
  confidence: confidenceSchema,
  rule: z.string(),
  cwe: z.array(z.int()),
  why: z.string(),
  fix: z.string(),
  places: z.array(z.object({ place: z.string(), message: z.string() })).min(1),
  cites,
})
export type Point = z.infer<typeof pointSchema>

/** What an agent that measures an app answers. Everything asserted names the steps it comes from. */
export const reportSchema = z.object({
  app: z.object({ id: z.uuid(), name: z.string(), lines: z.int(), stack: z.array(z.string()) }),
  /** One sentence: how bad it is, and how much was looked at. */
  summary: z.string(),
  sections: z.array(
    z.object({
      title: z.string(),
      /** What the section is about, or why it is empty. */
      text: z.string(),
      points: z.array(pointSchema),
    }),
  ),
  /** What to do, the most urgent first. */
  plan: z.array(z.object({ action: z.string(), settles: z.int().describe('Findings it settles.'), cites })),
  measured: z.array(
    z.object({
      analyzer: z.string(),
      version: z.string(),
      analysed: z.int(),
      total: z.int(),
      findings: z.int(),
      cites,
    }),
  ),
  /** What could not be measured: there may be defects of these kinds. */
  notMeasured: z.array(z.object({ analyzer: z.string(), outcome: z.string(), reason: z.string(), cites })),
  /** Single checks, and files, that completed analyses had to leave out. */
  leftOut: z.array(z.object({ analyzer: z.string(), what: z.string(), reason: z.string(), cites })),
  notApplicable: z.array(z.object({ analyzer: z.string(), reason: z.string(), cites })),
})
export type AgentReport = z.infer<typeof reportSchema>

/** The task of agents that look at one app. */
export const appTaskSchema = z.strictObject({
  app: z.uuid().describe('The id of the app.'),
  run: z.boolean().default(false).describe('Also start the app, in the sandbox, and test it while it runs.'),
})
