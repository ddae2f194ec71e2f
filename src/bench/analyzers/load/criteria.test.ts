import { expect, test } from 'vitest'
import { allHeld, type Criteria, checksOf } from './criteria.ts'
import type { LoadReport } from './generator/generate.ts'

const none = { count: 0, p50: 0, p90: 0, p95: 0, p99: 0, p999: 0, max: 0 }

function reportOf(changes: Partial<LoadReport>): LoadReport {
  return {
    due: 1000,
    succeeded: 995,
    statuses: { 200: 995, 500: 5 },
    failures: {},
    errorRate: 0.005,
    latency: { count: 1000, p50: 5, p90: 20, p95: 40, p99: 200, p999: 700, max: 900 },
    each: [],
    seconds: [],
    milliseconds: 10_000,
    throughput: 99.5,
    growth: 0,
    lateness: none,
    connectionsOpened: 1,
    clientCpuSeconds: 0.1,
    ...changes,
  }
}

function judged(criteria: Criteria, changes: Partial<LoadReport> = {}): readonly (string | undefined)[] {
  return checksOf(criteria, reportOf(changes)).flatMap(({ id, outcome, reason }) => [`${id}: ${outcome}`, reason])
}

test('what holds passes', () => {
  expect(judged({ p50: 5, p99: 250, errorRate: 0.01, throughput: 90 })).toEqual([
    'criterion-p50: pass',
    undefined,
    'criterion-p99: pass',
    undefined,
    'criterion-error-rate: pass',
    undefined,
    'criterion-throughput: pass',
    undefined,
  ])
})

test('what does not fails, with the figure', () => {
  expect(judged({ p95: 30, max: 800, errorRate: 0.001, throughput: 100 })).toEqual([
    'criterion-p95: fail',
    'It was 40 ms.',
    'criterion-max: fail',
    'It was 900 ms.',
    'criterion-error-rate: fail',
    '5 of 1000 failed (0.5 %).',
    'criterion-throughput: fail',
    'It was 99.5 a second.',
  ])
})

test('too few requests are not applicable to a percentile that needs more', () => {
  expect(judged({ p999: 100, p99: 100 }, { due: 500 })).toEqual([
    'criterion-p999: not_applicable',
    '500 requests are too few; it takes 1000.',
    'criterion-p99: fail',
    'It was 200 ms.',
  ])
  expect(judged({ errorRate: 0 }, { due: 0 })).toEqual(['criterion-error-rate: not_applicable', 'No request was due.'])
})

test('a limit crossed by no more than the generator was late is nobody’s fault that is known', () => {
  expect(judged({ p95: 30 }, { lateness: { ...none, max: 15 } })).toEqual([
    'criterion-p95: error',
    'It was 40 ms, but the load generator itself was up to 15 ms late: this machine was too busy to say.',
  ])
})

test('all held, or not', () => {
  expect(allHeld({ p95: 50, p999: 1 }, reportOf({ due: 500 }))).toBe(true)
  expect(allHeld({ p95: 50, errorRate: 0 }, reportOf({}))).toBe(false)
  expect(allHeld({ p95: 30 }, reportOf({ lateness: { ...none, max: 15 } }))).toBe(false)
})
