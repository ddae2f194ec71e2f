import { expect, test } from 'vitest'
import { latencyChart } from './chart.ts'

const calm = { due: 20, succeeded: 20, failed: 0, p50: 1, p95: 10, p99: 100, max: 200 }
const seconds = [
  { second: 0, ...calm },
  // Nothing came to an end in this one.
  { second: 1, ...calm, succeeded: 0, p50: 0, p95: 0, p99: 0, max: 0 },
  { second: 2, ...calm, succeeded: 18, failed: 2 },
]

test('each percentile is a line through the seconds in which requests ended', () => {
  const points = [...latencyChart(seconds).matchAll(/<polyline points="([^"]+)"/g)].map(([, line]) => line)
  // 1 ms is the foot at 246, 100 ms the top at 28.
  expect(points).toEqual(['164.7,246.0 599.3,246.0', '164.7,137.0 599.3,137.0', '164.7,28.0 599.3,28.0'])
})

test('the scale goes by powers of ten', () => {
  const labels = [...latencyChart(seconds).matchAll(/>([\d.]+ m?s)</g)].map(([, label]) => label)
  expect(labels).toEqual(['1 ms', '10 ms', '100 ms', '0 s', '3 s'])
})

test('a second in which requests failed has a mark', () => {
  expect(latencyChart(seconds).match(/<title>[^<]+/g)).toEqual(['<title>2 failed in second 2'])
})

test('of nothing there is an empty picture', () => {
  expect(latencyChart([])).not.toMatch(/NaN|Infinity/)
})
