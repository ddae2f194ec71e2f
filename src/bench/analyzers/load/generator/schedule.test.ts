import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arrivals, durationOf, expectedArrivals, levelAt, type Stretch } from './schedule.ts'

const steady: readonly Stretch[] = [{ seconds: 2, from: 2, to: 2 }]

describe('uniform arrivals', () => {
  test('lie a gap apart, half a gap from both ends', () => {
    expect([...arrivals(steady, 'uniform', 1)]).toEqual([250, 750, 1250, 1750])
  })

  test('come closer together as the rate goes up', () => {
    // Under the ramp 0 → 8 the area is 4t²: the halves 0.5, 1.5, … are reached at √(0.5/4), √(1.5/4), …
    const [first, second, ...rest] = arrivals([{ seconds: 1, from: 0, to: 8 }], 'uniform', 1)
    expect(first).toBeCloseTo(353.55, 2)
    expect(second).toBeCloseTo(612.37, 2)
    expect(rest.map((moment) => Math.round(moment))).toEqual([791, 935])
  })

  test('go on through a change of the rate without a burst or a hole', () => {
    const stretches = [
      { seconds: 0.6, from: 1, to: 1 },
      { seconds: 1, from: 2, to: 2 },
    ]
    expect([...arrivals(stretches, 'uniform', 1)].map((moment) => Math.round(moment))).toEqual([500, 1050, 1550])
  })

  test('of a rate of nothing there are none', () => {
    expect(arrivals([{ seconds: 5, from: 0, to: 0 }], 'uniform', 1)).toHaveLength(0)
  })
})

describe('Poisson arrivals', () => {
  test('are the same for the same seed, and others for another', () => {
    expect(arrivals(steady, 'poisson', 7)).toEqual(arrivals(steady, 'poisson', 7))
    expect(arrivals(steady, 'poisson', 7)).not.toEqual(arrivals(steady, 'poisson', 8))
  })

  test('have gaps as varied as they are long', () => {
    const moments = arrivals([{ seconds: 100, from: 100, to: 100 }], 'poisson', 1)
    const gaps = [...moments.slice(1)].map((moment, at) => moment - (moments[at] ?? 0))
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length)
    expect(deviation / mean).toBeCloseTo(1, 1)
  })
})

const level = fc.double({ min: 0, max: 500, noNaN: true })
const profile = fc.array(fc.record({ seconds: fc.double({ min: 0.1, max: 5, noNaN: true }), from: level, to: level }), {
  minLength: 1,
  maxLength: 5,
})

test('whatever the profile, arrivals ascend within it and are as many as the area under it', () => {
  fc.assert(
    fc.property(profile, fc.integer(), (stretches, seed) => {
      const expected = expectedArrivals(stretches)
      for (const order of ['uniform', 'poisson'] as const) {
        const moments = arrivals(stretches, order, seed)
        expect(moments.every((moment, at) => moment >= (moments[at - 1] ?? 0))).toBe(true)
        expect(moments.at(-1) ?? 0).toBeLessThanOrEqual(durationOf(stretches) * 1000 + 1e-6)
        // A Poisson count is its expectation give or take a few of its square roots.
        const slack = order === 'uniform' ? 1 : 1 + 8 * Math.sqrt(expected + 1)
        expect(Math.abs(moments.length - expected)).toBeLessThanOrEqual(slack)
      }
    }),
  )
})

test('whatever the profile, uniform arrivals never stray from the area under it by more than one', () => {
  fc.assert(
    fc.property(profile, fc.double({ min: 0, max: 1, noNaN: true }), (stretches, share) => {
      const until = durationOf(stretches) * share
      const area = areaUntil(stretches, until)
      const come = arrivals(stretches, 'uniform', 1).filter((moment) => moment < until * 1000).length
      expect(Math.abs(come - area)).toBeLessThanOrEqual(1)
    }),
  )
})

/** The area by adding up thin slices: another way than the one tested. */
function areaUntil(stretches: readonly Stretch[], until: number): number {
  const slices = 20_000
  let area = 0
  for (let slice = 0; slice < slices; slice += 1) {
    area += (levelAt(stretches, ((slice + 0.5) * until) / slices) * until) / slices
  }
  return area
}

test('the level goes straight from one end of a stretch to the other', () => {
  const stretches = [
    { seconds: 10, from: 0, to: 20 },
    { seconds: 5, from: 3, to: 3 },
  ]
  expect([-1, 0, 2.5, 10, 14.9, 15].map((second) => levelAt(stretches, second))).toEqual([0, 0, 5, 3, 3, 0])
})
