import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { defects, provenanceSchema, severitySchema } from '#bench/findings'

/** A kind of defect, or `analyzer/name` for a flaw that no two tools share. */
const kindSchema = z.union([z.enum(defects), z.string().regex(/^[a-z-]+\/[\w/-]+$/)])

const placeSchema = z.strictObject({
  /** `{variant}/app{n}`. */
  app: z.string(),
  file: z.string(),
  line: z.int().min(1),
  /** A part of that line. */
  text: z.string().min(1),
  note: z.string().min(1),
})

const labelSchema = placeSchema.extend({
  defect: kindSchema,
  /** Kinds that are equally true of the place. */
  also: z.array(kindSchema).default([]),
  /** Analyzers whose job it is to see the flaw; empty when no static analyzer is asked to. */
  analyzers: z.array(z.string()),
  severityAtLeast: severitySchema,
  /** Any line of the file will do. */
  anywhere: z.literal(true).optional(),
  /** So many lines after `line` will do. */
  within: z.int().optional(),
  /** Lines of the same file where what does harm enters (several when each is as true), and where it does harm. */
  path: z.strictObject({ source: z.union([z.int(), z.array(z.int())]), sink: z.int() }).optional(),
  provenance: provenanceSchema.optional(),
})

const nearMissSchema = placeSchema.extend({ mustNot: z.array(kindSchema).min(1) })

const corpusSchema = z.strictObject({
  version: z.literal(1),
  labels: z.array(labelSchema),
  correct: z.array(nearMissSchema),
})

/** A planted flaw of the starter corpus. */
export type Label = z.infer<typeof labelSchema>
/** A place of the starter corpus that looks wrong and is right. */
export type NearMiss = z.infer<typeof nearMissSchema>

/** The starter corpus. */
export const examples = join(import.meta.dirname, '..', '..', 'examples')

/** What is true of the starter corpus; see examples/README.md. */
export function readExpected(): z.infer<typeof corpusSchema> {
  return corpusSchema.parse(JSON.parse(readFileSync(join(examples, 'expected.json'), 'utf8')))
}
