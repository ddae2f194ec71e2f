import { z } from 'zod'
import {
  confidences,
  exchangeSchema,
  findingSchema,
  findingStateSchema,
  findingStates,
  provenances,
  ruleCategories,
  severities,
} from '#bench/findings'
import { plainText } from '#platform/database'
import { pageQuery } from '#platform/http'
import { severityCountsSchema } from './resources.ts'

/** A finding in a list. */
export const findingItemSchema = findingSchema
  .extend({
    id: z.uuid(),
    studyId: z.uuid(),
    study: z.object({ id: z.uuid(), name: z.string() }),
    app: z.object({ id: z.uuid(), name: z.string(), model: z.string().nullable() }),
    state: findingStateSchema,
  })
  .meta({ id: 'Finding' })
export type FindingItem = z.infer<typeof findingItemSchema>

/** One finding opened: its history and the code around it. */
export const findingDetailSchema = findingItemSchema
  .extend({
    history: z.array(
      z.object({
        at: z.iso.datetime(),
        state: findingStateSchema,
        author: z.string().nullable(),
        reason: z.string().nullable(),
        study: z.string().nullable(),
      }),
    ),
    code: z
      .object({
        path: z.string(),
        startLine: z.int().min(1).describe('Number of the first of `lines`.'),
        lines: z.array(z.string()),
        highlight: z.object({ startLine: z.int().min(1), endLine: z.int().min(1) }),
      })
      .nullable()
      .describe('Null for findings that are not in a file.'),
  })
  .meta({ id: 'FindingDetail' })
export type FindingDetail = z.infer<typeof findingDetailSchema>

/** `high,critical` → its parts, each one of `values`. */
function oneOrMore<const Values extends readonly [string, ...string[]]>(values: Values, unasked = '') {
  return z
    .string()
    .max(500)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(values)).min(1))
    .optional()
    .describe(`One or more of ${values.join(', ')}, separated by commas. ${unasked}`.trim())
}

// As findings are kept: nothing else can match them.
const text = z.string().min(1).max(500).overwrite(plainText).optional()

/** What findings can be narrowed to; all given ones must hold. */
export const findingFilterQuery = {
  study: z.uuid().optional(),
  app: z.uuid().optional(),
  model: text,
  severity: oneOrMore(severities),
  analyzer: text,
  rule: text.describe('`analyzer/rule`.'),
  cwe: z.coerce.number().int().min(1).max(99_999).optional(),
  owasp: text.describe('`A05:2025`.'),
  state: oneOrMore(findingStates),
  provenance: oneOrMore(provenances),
  confidence: oneOrMore(confidences, 'Without it high and medium: what is of low confidence does not count.'),
  category: oneOrMore(ruleCategories),
  path: text.describe('Part of the path.'),
  q: text.describe('Part of the title, message, rule or path.'),
}

const findingFilterSchema = z.object(findingFilterQuery)
/** What findings are narrowed to. */
export type FindingFilter = z.infer<typeof findingFilterSchema>

export const findingSorts = ['severity', '-severity', 'path', 'rule', 'app'] as const

export const findingsQuerySchema = z.object({
  ...pageQuery,
  ...findingFilterQuery,
  sort: z.enum(findingSorts).default('-severity').describe('`-severity` begins with critical.'),
})
export type FindingsQuery = z.infer<typeof findingsQuerySchema>

export const findingGroupings = [
  'rule',
  'model',
  'app',
  'cwe',
  'owasp',
  'severity',
  'analyzer',
  'state',
  'provenance',
  'confidence',
] as const

export const findingGroupsQuerySchema = z.object({ ...findingFilterQuery, by: z.enum(findingGroupings) })
export type FindingGroupsQuery = z.infer<typeof findingGroupsQuerySchema>

export const findingGroupsSchema = z
  .object({
    items: z.array(
      z.object({ key: z.string(), label: z.string(), count: z.int().min(0), bySeverity: severityCountsSchema }),
    ),
  })
  .meta({ id: 'FindingGroups' })
export type FindingGroups = z.infer<typeof findingGroupsSchema>

/** A person's decision about a finding. */
export const triageSchema = z
  .object({
    state: z.enum(['accepted', 'false_positive', 'open']),
    reason: z.string().trim().min(1).max(2000),
  })
  .meta({ id: 'Triage' })
export type Triage = z.infer<typeof triageSchema>

/** What came of making the attack of a finding again. */
export const replaySchema = z
  .object({
    outcome: z
      .enum(['proven', 'not_proven', 'error'])
      .describe('`error`: the attack could not be made, which says nothing about the app.'),
    reason: z.string(),
    exchanges: z.array(exchangeSchema).describe('The requests and answers that prove it anew.'),
    observed: z.array(z.string()),
    durationMs: z.int().min(0),
  })
  .meta({ id: 'Replay' })
export type Replay = z.infer<typeof replaySchema>
