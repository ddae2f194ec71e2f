import { z } from 'zod'
import { messageOf } from '#platform/errors'
import { InvalidBaseline } from './errors.ts'
import type { Finding } from './finding.ts'
import { compare } from './fingerprint.ts'

const entrySchema = z.object({ fingerprint: z.string().min(1), rule: z.string(), path: z.string().optional() })

/** What was known of one app at some moment. Sorted, so that it can be kept in version control. */
export const baselineSchema = z.object({
  format: z.literal('assay-baseline'),
  version: z.literal(1),
  findings: z.array(entrySchema).readonly(),
})
export type Baseline = z.infer<typeof baselineSchema>

/** The baseline to write: every finding of the app. Rule and path are for people; only fingerprints are compared. */
export function toBaseline(findings: readonly Finding[]): Baseline {
  const entries = findings.map(({ fingerprint, rule, location }) => ({
    fingerprint,
    rule,
    ...(location.kind === 'file' && { path: location.path }),
  }))
  return {
    format: 'assay-baseline',
    version: 1,
    findings: entries.sort((a, b) => compare(a.path ?? '', b.path ?? '') || compare(a.fingerprint, b.fingerprint)),
  }
}

/** The findings a baseline does not know. */
export function newSince(baseline: Baseline, findings: readonly Finding[]): Finding[] {
  const known = new Set(baseline.findings.map(({ fingerprint }) => fingerprint))
  return findings.filter(({ fingerprint }) => !known.has(fingerprint))
}

const reportShape = z.object({
  format: z.literal('assay-report'),
  findings: z.array(
    z.object({
      fingerprint: z.string().min(1),
      rule: z.string(),
      location: z.object({ path: z.string().optional() }),
    }),
  ),
})

const sarifShape = z.object({
  version: z.literal('2.1.0'),
  runs: z.array(
    z.object({
      results: z
        .array(
          z.object({ ruleId: z.string().optional(), partialFingerprints: z.record(z.string(), z.string()).optional() }),
        )
        .nullish(),
    }),
  ),
})

/**
 * Reads a baseline: a baseline file, a JSON report of Assay's, or SARIF that Assay wrote.
 * @throws InvalidBaseline when the text is none of these, or SARIF whose results carry no `assay/v1` fingerprints
 */
export function parseBaseline(text: string): Baseline {
  const document = parsed(text)
  const own = baselineSchema.safeParse(document)
  if (own.success) return own.data
  const report = reportShape.safeParse(document)
  if (report.success) {
    return baselineOf(
      report.data.findings.map(({ fingerprint, rule, location: { path } }) => ({
        fingerprint,
        rule,
        ...(path && { path }),
      })),
    )
  }
  const sarif = sarifShape.safeParse(document)
  if (sarif.success) return fromSarif(sarif.data)
  throw new InvalidBaseline('The baseline is neither a baseline file nor a JSON or SARIF report of Assay.', { next })
}

const next = 'Write one with `assay check --format json --out baseline.json`.'
const baselineOf = (findings: Baseline['findings']): Baseline => ({ format: 'assay-baseline', version: 1, findings })

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InvalidBaseline(`The baseline is not JSON: ${messageOf(error)}`, { next, cause: error })
  }
}

function fromSarif({ runs }: z.infer<typeof sarifShape>): Baseline {
  const results = runs.flatMap((run) => run.results ?? [])
  const findings = results.flatMap(({ ruleId = '', partialFingerprints }) => {
    const fingerprint = partialFingerprints?.['assay/v1']
    return fingerprint === undefined ? [] : [{ fingerprint, rule: ruleId }]
  })
  if (findings.length < results.length) {
    const missing = results.length - findings.length
    throw new InvalidBaseline(
      `${missing} of ${results.length} results of the SARIF baseline have no assay/v1 fingerprint.`,
      { next },
    )
  }
  return baselineOf(findings)
}
