import { z } from 'zod'
import type { AppSnapshot } from '#bench/apps'
import { findingSchema } from '#bench/findings'
import type { Check, Coverage, Outcome } from '../contract.ts'

/** File descriptor of an analyzing process over which it is asked and answers, JSON line by line. */
export const channelFd = 3

/** What the parent asks of an analyzing process. */
export interface AnalysisRequest {
  readonly id: number
  readonly analyzer: string
  readonly app: AppSnapshot
  readonly options: Readonly<Record<string, unknown>>
  readonly scratch: string
  readonly cache: string
  readonly network: boolean
  readonly now: number
}

const coverageSchema = z.object({
  analysed: z.int().min(0),
  total: z.int().min(0),
  gaps: z.array(z.object({ path: z.string(), reason: z.string() })).readonly(),
})

const checkSchema = z.object({
  id: z.string(),
  title: z.string(),
  outcome: z.enum(['pass', 'fail', 'not_applicable', 'error']),
  reason: z.string().optional(),
})

/** What an analyzing process may answer. Anything else is garbage, and an error of the analyzer. */
export const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('log'), id: z.int(), message: z.string() }),
  z.object({
    kind: z.literal('completed'),
    id: z.int(),
    findings: z.array(findingSchema),
    metrics: z.record(z.string(), z.number()),
    coverage: coverageSchema,
    checks: z.array(checkSchema),
  }),
  z.object({ kind: z.literal('not_applicable'), id: z.int(), reason: z.string() }),
  z.object({ kind: z.literal('error'), id: z.int(), reason: z.string(), next: z.string().optional() }),
])
export type Answer = z.infer<typeof answerSchema>

/** One analysis as it ended. */
export interface AnalysisReport {
  readonly outcome: Outcome
  /** For every outcome but `completed`: why. */
  readonly reason?: string
  readonly findings: readonly z.infer<typeof findingSchema>[]
  readonly metrics: Readonly<Record<string, number>>
  /** Absent where nothing was measured. */
  readonly coverage?: Coverage
  readonly checks: readonly Check[]
  readonly log: readonly string[]
  readonly durationMs: number
}
