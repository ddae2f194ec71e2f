import { z } from 'zod'
import type { AppSnapshot } from '#bench/apps'
import { findingSchema } from '#bench/findings'
import type { RunnerId } from '#bench/sandbox'
import type { Artifact, Check, Coverage, Outcome } from '../contract.ts'

/** File descriptor of an analyzing process over which it is asked and answers, JSON line by line. */
export const channelFd = 3

/** What the parent asks of an analyzing process. */
export interface AnalysisRequest {
  readonly id: number
  readonly analyzer: string
  readonly app: AppSnapshot
  readonly options: Readonly<Record<string, unknown>>
  readonly scratch: string
  /** Folder for the artifacts it keeps. */
  readonly artifacts: string
  readonly cache: string
  readonly network: boolean
  readonly now: number
  readonly runner: RunnerId | 'auto'
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

/** A name for an artifact: a file name without anything a file system or an address could take amiss. */
export const artifactName = /^[a-z0-9][a-z0-9._-]{0,99}$/
/** Bytes of one artifact, and artifacts of one analysis. */
export const artifactLimits = { bytes: 16 * 1024 * 1024, count: 64 }

const artifactSchema = z.object({
  name: z.string().regex(artifactName),
  title: z.string().min(1).max(200),
  mediaType: z.string().regex(/^[a-z]+\/[a-z0-9.+-]+$/),
})

/** What an analyzing process may answer. Anything else is garbage, and an error of the analyzer. */
export const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('log'), id: z.int(), message: z.string() }),
  z.object({ kind: z.literal('artifact'), id: z.int(), artifact: artifactSchema }),
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

/** An artifact where it is kept. */
export interface KeptArtifact extends Artifact {
  /** Bytes. */
  readonly size: number
  /** Key of the blob, or path of the file. */
  readonly key: string
}

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
  /** What was kept besides, however it ended. */
  readonly artifacts: readonly KeptArtifact[]
  readonly log: readonly string[]
  readonly durationMs: number
}

/** The parts of a report on an analysis that measured nothing; its outcome and reason are the caller's. */
export const nothingMeasured = {
  findings: [],
  metrics: {},
  checks: [],
  artifacts: [],
  log: [],
  durationMs: 0,
} as const satisfies Partial<AnalysisReport>
