import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Latencies } from './latencies.ts'

function latenciesOf(values: readonly number[]): Latencies {
  const latencies = new Latencies()
  for (const value of values) latencies.record(value)
  return latencies
}

test('of a hundred latencies', () => {
  const { p50, p90, p95, p99, p999, max, count } = latenciesOf(Array.from({ length: 100 }, (_, at) => at + 1)).summary()
  expect({ count, max }).toEqual({ count: 100, max: 100 })
  expect([p50, p90, p95, p99, p999].map(Math.round)).toEqual([50, 90, 95, 99, 100])
})

test('of none there is nothing', () => {
  expect(new Latencies().summary()).toEqual({ count: 0, p50: 0, p90: 0, p95: 0, p99: 0, p999: 0, max: 0 })
})

test('more than an hour is an hour, and counted', () => {
  expect(latenciesOf([1, 5_000_000]).summary()).toMatchObject({ count: 2, max: 3_600_000, p99: 3_600_000 })
})

test('starts anew after a reset', () => {
  const latencies = latenciesOf([1000])
  latencies.reset()
  latencies.record(1)
  expect(latencies.summary()).toMatchObject({ count: 1, max: 1 })
})

const milliseconds = fc.oneof(
  fc.double({ min: 0, max: 5, noNaN: true }),
  fc.double({ min: 0, max: 60_000, noNaN: true }),
  fc.constantFrom(0, 0.0005, 2.047, 2.048, 3_600_000),
)
const several = fc.array(milliseconds, { minLength: 1, maxLength: 300 })
const percent = fc.double({ min: 0.1, max: 100, noNaN: true })

test('a percentile is the one found by sorting, at most 0.1 % or a microsecond over it', () => {
  fc.assert(
    fc.property(several, percent, (values, percentage) => {
      const sorted = values.toSorted((a, b) => a - b)
      const rank = Math.max(1, Math.ceil((percentage / 100) * values.length - 1e-9))
      const exact = sorted[rank - 1] ?? Number.NaN
      const found = latenciesOf(values).percentile(percentage)
      // Rounded to microseconds first.
      expect(found).toBeGreaterThanOrEqual(exact - 0.000_501)
      expect(found).toBeLessThanOrEqual(exact * 1.001 + 0.001)
    }),
    { numRuns: 500 },
  )
})

test('what two counted together is what one would have counted', () => {
  fc.assert(
    fc.property(several, several, (one, other) => {
      const merged = latenciesOf(one)
      merged.add(latenciesOf(other))
      expect(merged.summary()).toEqual(latenciesOf([...one, ...other]).summary())
    }),
  )
})
