import { describe, expect, it } from 'vitest'
import {
  accelerationOf,
  bootstrapInterval,
  jackknifeInfluences,
  mean,
  meanInterval,
  median,
  medianInterval,
} from './bootstrap.ts'
import { normalQuantile } from './normal.ts'
import { randomOf } from './random.ts'

/** Efron and Tibshirani 1993, table 14.1, "spatial test data", column A. */
const spatial = [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41]

function variance(values: ArrayLike<number>): number {
  const centre = mean(values)
  return mean(Float64Array.from(values, (value) => (value - centre) ** 2))
}

describe('the BCa interval', () => {
  it('agrees with the published example: variance 171.5, 90 % interval (115.8, 259.6)', () => {
    const { estimate, low, high } = bootstrapInterval(spatial, variance, { seed: 1, resamples: 40_000, level: 0.9 })
    expect(estimate).toBeCloseTo(171.5, 1)
    expect(Math.abs((low ?? 0) - 115.8)).toBeLessThan(3)
    expect(Math.abs((high ?? 0) - 259.6)).toBeLessThan(5)
  })

  it('agrees with the published acceleration 0.061', () => {
    expect(accelerationOf([jackknifeInfluences(spatial, variance)])).toBeCloseTo(0.061, 3)
  })

  it('has no ends for one value and is a point for equal values', () => {
    expect(medianInterval([3], { seed: 1 })).toEqual({ estimate: 3, low: null, high: null, n: 1 })
    expect(meanInterval([2, 2, 2], { seed: 1 })).toEqual({ estimate: 2, low: 2, high: 2, n: 3 })
    expect(() => medianInterval([], { seed: 1 })).toThrow(RangeError)
  })

  it('is the same for the same seed, holds its estimate, and knows no more than the sample', () => {
    const one = medianInterval(spatial, { seed: 4 })
    expect(medianInterval(spatial, { seed: 4 })).toEqual(one)
    expect(meanInterval(spatial, { seed: 5 })).not.toEqual(meanInterval(spatial, { seed: 4 }))
    expect(one.estimate).toBe(median(spatial))
    expect(one.low).toBeGreaterThanOrEqual(Math.min(...spatial))
    expect(one.high).toBeLessThanOrEqual(Math.max(...spatial))
    expect(one.low).toBeLessThan(one.estimate)
    expect(one.high).toBeGreaterThan(one.estimate)
  })

  it('finds medians by ranks as by sorting', () => {
    for (const values of [spatial, spatial.slice(1), [1, 2], [1, 1, 2]]) {
      const fast = medianInterval(values, { seed: 9, resamples: 500 })
      expect(bootstrapInterval(values, median, { seed: 9, resamples: 500 })).toEqual(fast)
    }
  })

  const samples = {
    normal: {
      draw: (unit: () => number) => normalQuantile(Math.min(Math.max(unit(), 1e-9), 1 - 1e-9)),
      mean: 0,
      median: 0,
    },
    exponential: { draw: (unit: () => number) => -Math.log(1 - unit()), mean: 1, median: Math.LN2 },
  }
  it.each([
    ['normal', 'mean'],
    ['normal', 'median'],
    ['exponential', 'mean'],
    ['exponential', 'median'],
  ] as const)('covers the truth of a %s sample (%s, n = 20) in 90 to 98 %% of cases', (name, parameter) => {
    const random = randomOf(20_260_103)
    const { draw, [parameter]: truth } = samples[name]
    const trials = 600
    let covered = 0
    for (let trial = 0; trial < trials; trial += 1) {
      const values = Array.from({ length: 20 }, () => draw(random.unit))
      const interval = parameter === 'mean' ? meanInterval : medianInterval
      const { low, high } = interval(values, { seed: trial, resamples: 1_000 })
      if (low !== null && high !== null && low <= truth && truth <= high) covered += 1
    }
    expect(covered / trials).toBeGreaterThanOrEqual(0.9)
    expect(covered / trials).toBeLessThanOrEqual(0.98)
  })
})

describe('the random stream', () => {
  it('is xoshiro128** and depends on the seed only', () => {
    const one = randomOf(1)
    const two = randomOf(1)
    const first = Array.from({ length: 5 }, one.next)
    expect(Array.from({ length: 5 }, two.next)).toEqual(first)
    expect(new Set([...first, ...Array.from({ length: 5 }, randomOf(2).next)]).size).toBe(10)
  })

  it('is uniform below a limit (chi-squared with 29 degrees of freedom under its 99.9 % point)', () => {
    const random = randomOf(77)
    const counts = new Array<number>(30).fill(0)
    for (let draw = 0; draw < 300_000; draw += 1) {
      const value = random.below(30)
      counts[value] = (counts[value] ?? 0) + 1
    }
    const chi = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
    expect(chi).toBeLessThan(58.3)
  })
})
