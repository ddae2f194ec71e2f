import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cliffsDelta, magnitudeOf } from './effect-size.ts'
import { holm, pairedPermutationTest, permutationTest } from './permutation.ts'
import { randomOf } from './random.ts'
import { resamplingPlan } from './resampling-plan.ts'

/** Fisher 1935, section 21: Darwin's maize, differences in eighths of an inch. */
const darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
/** Efron and Tibshirani 1993, table 2.1: survival of mice. */
const treated = [94, 197, 16, 38, 99, 141, 23]
const control = [52, 104, 146, 10, 51, 30, 40, 27, 46]

describe('permutation tests', () => {
  it("agree with Fisher's own count: 2 × 863 of 32,768 arrangements", () => {
    expect(pairedPermutationTest(darwin, resamplingPlan(1, 0))).toBe(1_726 / 32_768)
  })

  it('agree with the published level of the mouse data, 0.13 one-sided', () => {
    const exact = permutationTest(treated, control, resamplingPlan(1, 0))
    expect(exact / 2).toBeGreaterThan(0.12)
    expect(exact / 2).toBeLessThan(0.15)
    expect(permutationTest(control, treated, resamplingPlan(1, 0))).toBeCloseTo(exact, 12)
  })

  it('come close to the exact value by drawing', () => {
    const doubled = [...darwin, ...darwin.map((value) => value / 2)]
    const few = pairedPermutationTest(doubled, resamplingPlan(1, 2_000))
    const many = pairedPermutationTest(doubled, resamplingPlan(2, 200_000))
    expect(Math.abs(few - many)).toBeLessThan(0.01)
    const groups = [Array.from({ length: 12 }, (_, at) => at * 1.5), Array.from({ length: 14 }, (_, at) => at)] as const
    expect(
      Math.abs(
        permutationTest(...groups, resamplingPlan(3, 2_000)) - permutationTest(...groups, resamplingPlan(4, 200_000)),
      ),
    ).toBeLessThan(0.03)
  })

  it('never give 0, and 1 when nothing differs', () => {
    const far = Array.from({ length: 30 }, (_, at) => 100 + at)
    expect(pairedPermutationTest(far, resamplingPlan(1, 999))).toBe(1 / 1_000)
    expect(
      permutationTest(
        far,
        far.map((value) => -value),
        resamplingPlan(1, 999),
      ),
    ).toBe(1 / 1_000)
    expect(pairedPermutationTest([0, 0, 0], resamplingPlan(1, 999))).toBe(1)
    expect(permutationTest([1, 1], [1, 1], resamplingPlan(1, 999))).toBe(1)
    expect(permutationTest([], [1], resamplingPlan(1, 999))).toBe(1)
  })

  it('reject true hypotheses as often as they say', () => {
    const random = randomOf(20_260_104)
    const plan = resamplingPlan(1, 300)
    let rejected = 0
    for (let trial = 0; trial < 1_000; trial += 1) {
      const group = (): number[] => Array.from({ length: 20 }, () => random.unit() ** 3)
      if (permutationTest(group(), group(), plan) <= 0.05) rejected += 1
    }
    expect(rejected / 1_000).toBeGreaterThan(0.03)
    expect(rejected / 1_000).toBeLessThan(0.07)
  })
})

describe('holm', () => {
  it('steps down and keeps the order', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02])
    expect(holm([0.9, 0.8])).toEqual([1, 1])
    expect(holm([])).toEqual([])
  })

  it('never lowers a p-value and keeps their ranking', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (pValues) => {
        const adjusted = holm(pValues)
        for (const [at, p] of pValues.entries()) {
          expect(adjusted[at]).toBeGreaterThanOrEqual(p)
          for (const [other, q] of pValues.entries())
            if (p < q) expect(adjusted[at]).toBeLessThanOrEqual(adjusted[other] ?? 0)
        }
      }),
      { seed: 1 },
    )
  })
})

describe("Cliff's delta", () => {
  it.each([
    [[1, 2, 3], [4, 5, 6], -1],
    [[4, 5, 6], [1, 2, 3], 1],
    [[1, 2], [1, 2], 0],
    [[1, 3], [2, 3], -0.25],
    [[], [1], 0],
  ])('of %j and %j is %d', (a, b, delta) => {
    expect(cliffsDelta(a, b)).toBe(delta)
  })

  it('has magnitudes', () => {
    expect([0.1, -0.2, 0.4, -0.9].map(magnitudeOf)).toEqual(['negligible', 'small', 'medium', 'large'])
  })
})
