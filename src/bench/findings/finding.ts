import { z } from 'zod'
import { defects } from './defects.ts'

/** From worst to least. The table in docs/severity.md says what each means. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const
export const severitySchema = z.enum(severities)
export type Severity = z.infer<typeof severitySchema>

export const confidences = ['high', 'medium', 'low'] as const
export const confidenceSchema = z.enum(confidences)
export type Confidence = z.infer<typeof confidenceSchema>

/** Who put a defect there. Models are ranked on `model` only. */
export const provenances = ['model', 'scaffold', 'dependency'] as const
export const provenanceSchema = z.enum(provenances)
export type Provenance = z.infer<typeof provenanceSchema>

/** Life of a defect in one app across studies. `accepted` and `false_positive` are decided by a person, with a reason. */
export const findingStates = ['open', 'fixed', 'regressed', 'accepted', 'false_positive'] as const
export const findingStateSchema = z.enum(findingStates)
export type FindingState = z.infer<typeof findingStateSchema>

/** Lines and columns count from 1; the end is inclusive of the line and exclusive of the column (as SARIF has it). */
export const regionSchema = z.object({
  startLine: z.int().min(1),
  startColumn: z.int().min(1).optional(),
  endLine: z.int().min(1).optional(),
  endColumn: z.int().min(1).optional(),
})
export type Region = z.infer<typeof regionSchema>

/** Where a defect is: a place in a file (path relative to the app, `/` separators), or an endpoint of the running app. */
export const locationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: z.string().min(1), region: regionSchema.optional() }),
  z.object({
    kind: z.literal('endpoint'),
    method: z.string(),
    url: z.string(),
    parameter: z.string().optional(),
  }),
])
export type Location = z.infer<typeof locationSchema>

/** Further places that make a finding believable, in the order a reader should visit them. */
export const relatedLocationSchema = z.object({ location: locationSchema, message: z.string() })

export const pathStepKinds = ['source', 'step', 'sink'] as const

/** One place of the way a value takes through the program. */
export const pathStepSchema = z.object({
  /** `source`: where the value enters; `sink`: where it does harm; `step`: what lies between. */
  kind: z.enum(pathStepKinds),
  location: locationSchema,
  /** What happens to the value there, e.g. "passed to this call". */
  message: z.string(),
  /** How many calls deep the place is, from 0 for the outermost function of the path; left out where it is not known. */
  depth: z.int().min(0).optional(),
})
export type PathStep = z.infer<typeof pathStepSchema>

const headersSchema = z.array(z.tuple([z.string(), z.string()])).readonly()

/** One request to a running app and what came back. Bodies are text, cut to what shows the defect; secrets of Assay never occur in them. */
export const exchangeSchema = z.object({
  /** What this exchange is for: "signs in as the second user". */
  purpose: z.string(),
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers: headersSchema,
    body: z.string().optional(),
  }),
  /** Missing when the app did not answer; `failure` says how that showed. */
  response: z.object({ status: z.int(), headers: headersSchema, body: z.string(), truncated: z.boolean() }).optional(),
  failure: z.string().optional(),
  milliseconds: z.number().min(0),
})
export type Exchange = z.infer<typeof exchangeSchema>

export const evidenceSchema = z.object({
  /** The offending source lines as they stood when measured (at most a few lines). Secrets are masked. */
  snippet: z.string().optional(),
  related: z.array(relatedLocationSchema).optional(),
  /** The way of a value through the program in the order it is taken: the first step is its source, the last its sink. */
  path: z.array(pathStepSchema).min(2).optional(),
  /** What was sent to the running app and came back, in order: enough to do it again. */
  exchanges: z.array(exchangeSchema).optional(),
  /** What was seen inside the sandbox or the browser meanwhile, a sentence each: "python3 opened /canary/3f9a.txt". */
  observed: z.array(z.string()).optional(),
  /** Names of artifacts of the analysis that show the defect: a screenshot, a log. */
  artifacts: z.array(z.string()).optional(),
  /** Facts an analyzer wants kept, e.g. `{ package: 'flask-jwt', registry: 404 }`. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
})
export type Evidence = z.infer<typeof evidenceSchema>

/** What an analyzer reports. Everything that is true of every hit of the rule lives in the {@link Rule}, not here. */
export const rawFindingSchema = z.object({
  /** A key of the analyzer's rule catalogue, e.g. `S201`. */
  rule: z.string().min(1),
  /** One sentence about this very place, naming the things involved. */
  message: z.string().min(1),
  location: locationSchema,
  severity: severitySchema.optional(),
  confidence: confidenceSchema.optional(),
  evidence: evidenceSchema.optional(),
  /** How to fix this very place, when it can be said better than the rule's `fix`. */
  fix: z.string().optional(),
  /** What tells two hits of a rule apart besides the place (a package name, a variable). Part of the fingerprint. */
  subject: z.string().optional(),
})
export type RawFinding = z.infer<typeof rawFindingSchema>

export const ruleCategories = ['security', 'quality', 'conformance', 'performance', 'accessibility', 'review'] as const

/** What is true of every hit of one rule. */
export const ruleSchema = z.object({
  id: z.string().min(1),
  /** A noun phrase naming the defect: "Flask debug mode on". */
  title: z.string().min(1),
  category: z.enum(ruleCategories),
  severity: severitySchema,
  confidence: confidenceSchema,
  /** CWE numbers, the most specific first. Every security rule has at least one. */
  cwe: z.array(z.int()).readonly().optional(),
  /** Why it matters: what an attacker or user experiences. One or two sentences. */
  why: z.string().min(1),
  /** How to fix it. One or two sentences, imperative. */
  fix: z.string().min(1),
  help: z.url().optional(),
  /**
   * The kind of defect, shared by rules of different tools that see the same thing: findings of one defect at one
   * place are one finding with several witnesses. Without it, nothing is merged.
   */
  defect: z.enum(defects).optional(),
})
export type Rule = z.infer<typeof ruleSchema>

/** One analyzer that saw the finding, under which rule. */
export const witnessSchema = z.object({ analyzer: z.string(), version: z.string(), rule: z.string() })
export type Witness = z.infer<typeof witnessSchema>

/** A defect as Assay keeps it: normalised, fingerprinted, merged across tools, with its provenance. */
export const findingSchema = z.object({
  /** 32 hex digits for the defect and its code, `:`, and the occurrence among otherwise identical ones, from 1. */
  fingerprint: z.string(),
  /** The kind of defect, when the leading rule names one: what findings of several tools are merged by. */
  defect: z.enum(defects).optional(),
  /** `analyzer/rule` of the leading witness. */
  rule: z.string(),
  title: z.string(),
  category: z.enum(ruleCategories),
  severity: severitySchema,
  confidence: confidenceSchema,
  cwe: z.array(z.int()),
  /** OWASP Top 10:2025 category, e.g. `A05:2025`; only for security findings. */
  owasp: z.string().optional(),
  location: locationSchema,
  message: z.string(),
  why: z.string(),
  fix: z.string(),
  help: z.string().optional(),
  evidence: evidenceSchema,
  witnesses: z.array(witnessSchema),
  provenance: provenanceSchema,
})
export type Finding = z.infer<typeof findingSchema>
