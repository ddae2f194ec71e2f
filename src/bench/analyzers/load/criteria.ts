import { z } from 'zod'
import type { Check } from '../contract.ts'
import type { LoadReport } from './generator/generate.ts'

const milliseconds = z.number().positive().max(600_000)
/** What has to hold under the load. */
export const criteriaSchema = z
  .strictObject({
    p50: milliseconds.exactOptional(),
    p90: milliseconds.exactOptional(),
    p95: milliseconds.exactOptional(),
    p99: milliseconds.exactOptional(),
    p999: milliseconds.exactOptional(),
    max: milliseconds.exactOptional(),
    /** Highest share of requests without an answer or with one of 4xx or 5xx, 0 to 1. */
    errorRate: z.number().min(0).max(1).exactOptional(),
    /** Successful answers a second, at least. */
    throughput: z.number().positive().exactOptional(),
  })
  .refine((criteria) => Object.keys(criteria).length > 0, 'must name at least one criterion')
export type Criteria = z.infer<typeof criteriaSchema>

/** Half a second is where a page begins to feel slow; one request in a hundred may fail. */
export const defaultCriteria: Criteria = { p95: 500, errorRate: 0.01 }

const percents = { p50: 50, p90: 90, p95: 95, p99: 99, p999: 99.9 } as const
type Percentile = keyof typeof percents
type Name = keyof Criteria

/** One check for each criterion given. */
export function checksOf(criteria: Criteria, report: LoadReport): readonly Check[] {
  return (Object.keys(criteria) as Name[]).flatMap((name): Check[] => {
    const limit = criteria[name]
    if (limit === undefined) return []
    const id = `criterion-${name === 'errorRate' ? 'error-rate' : name}`
    return [{ id, title: titleOf(name, limit), ...judged(name, limit, report) }]
  })
}

/** Whether all of them held; a criterion that could not be judged did not. */
export function allHeld(criteria: Criteria, report: LoadReport): boolean {
  return checksOf(criteria, report).every(({ outcome }) => outcome === 'pass' || outcome === 'not_applicable')
}

function titleOf(name: Name, limit: number): string {
  if (name === 'errorRate') return `At most ${share(limit)} of the requests fail`
  if (name === 'throughput') return `At least ${limit} successful answers a second`
  if (name === 'max') return `Every request is answered within ${limit} ms`
  return `${percents[name]} % of the requests are answered within ${limit} ms`
}

type Judgement = Pick<Check, 'outcome' | 'reason'>

function judged(name: Name, limit: number, report: LoadReport): Judgement {
  if (report.due === 0) return { outcome: 'not_applicable', reason: 'No request was due.' }
  if (name === 'errorRate') {
    const failed = `${report.due - report.succeeded} of ${report.due} failed (${share(report.errorRate)}).`
    return report.errorRate <= limit ? { outcome: 'pass' } : { outcome: 'fail', reason: failed }
  }
  if (name === 'throughput') {
    const reached = `It was ${report.throughput.toFixed(1)} a second.`
    return report.throughput >= limit ? { outcome: 'pass' } : { outcome: 'fail', reason: reached }
  }
  return name === 'max' ? latencyJudged(report.latency.max, limit, report) : percentileJudged(name, limit, report)
}

function percentileJudged(name: Percentile, limit: number, report: LoadReport): Judgement {
  // With fewer, the percentile would be the slowest request, or nothing at all.
  const needed = Math.ceil(100 / (100 - percents[name]) - 1e-9)
  if (report.due < needed) {
    return { outcome: 'not_applicable', reason: `${report.due} requests are too few; it takes ${needed}.` }
  }
  return latencyJudged(report.latency[name], limit, report)
}

function latencyJudged(measured: number, limit: number, { lateness }: LoadReport): Judgement {
  if (measured <= limit) return { outcome: 'pass' }
  if (measured - lateness.max <= limit) {
    const late = `the load generator itself was up to ${lateness.max.toFixed(0)} ms late`
    return {
      outcome: 'error',
      reason: `It was ${measured.toFixed(0)} ms, but ${late}: this machine was too busy to say.`,
    }
  }
  return { outcome: 'fail', reason: `It was ${measured.toFixed(0)} ms.` }
}

function share(value: number): string {
  return `${Number((value * 100).toFixed(2))} %`
}
