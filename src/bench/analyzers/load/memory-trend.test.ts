import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryTrend } from './memory-trend.ts'
import type { UsageSample } from './usage.ts'

/** One sample every quarter of a second. */
function samplesOf(memory: readonly number[]): UsageSample[] {
  return memory.map((mib, at) => ({ at: at * 250, cpuSeconds: 0, memory: mib }))
}

test('a straight line is its slope, for certain', () => {
  expect(memoryTrend(samplesOf([10, 12, 14, 16, 18, 20, 22, 24, 26]))).toEqual({
    slope: 8,
    low: 8,
    high: 8,
    from: 10,
    to: 26,
    seconds: 2,
    samples: 9,
  })
})

test('one collection of garbage does not bend the line', () => {
  const { slope = 0, low = 0 } = memoryTrend(samplesOf([10, 12, 14, 16, 2, 20, 22, 24, 26, 28, 30, 32])) ?? {}
  expect(slope).toBeCloseTo(8, 5)
  expect(low).toBeGreaterThan(0)
})

test('saw teeth are no growth', () => {
  const { low = 0, high = 0 } = memoryTrend(samplesOf([10, 20, 30, 10, 20, 30, 10, 20, 30, 10, 20, 30])) ?? {}
  expect(low).toBeLessThanOrEqual(0)
  expect(high).toBeGreaterThan(0)
})

test('a few samples say nothing', () => {
  expect(memoryTrend(samplesOf([1, 2, 3, 4, 5, 6, 7]))).toBeUndefined()
})

test('the interval holds the slope, and both move with it', () => {
  const noise = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 8, maxLength: 40 })
  fc.assert(
    fc.property(noise, fc.integer({ min: -50, max: 50 }), (values, more) => {
      const flat = memoryTrend(samplesOf(values))
      const tilted = memoryTrend(samplesOf(values.map((value, at) => value + (more * at) / 4)))
      if (flat === undefined || tilted === undefined) throw new Error('no trend')
      expect(flat.low).toBeLessThanOrEqual(flat.slope)
      expect(flat.high).toBeGreaterThanOrEqual(flat.slope)
      expect(tilted.slope).toBeCloseTo(flat.slope + more, 6)
      expect(tilted.low).toBeCloseTo(flat.low + more, 6)
      expect(tilted.high).toBeCloseTo(flat.high + more, 6)
    }),
  )
})
