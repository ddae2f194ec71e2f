import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scaleOver } from './scale.ts'

test('round ticks around the values', () => {
  expect(scaleOver([0.3, 11.8]).ticks).toEqual([0, 5, 10, 15])
  expect(scaleOver([-4.2, -6.1, 1]).ticks).toEqual([-8, -6, -4, -2, 0, 2])
  expect(scaleOver([0.1, 0.3]).ticks).toEqual([0, 0.1, 0.2, 0.3])
})

test('nothing measured, and all zero', () => {
  expect(scaleOver([]).ticks).toEqual([0, 1])
  expect(scaleOver([0, 0]).at(0)).toBe(0)
})

test('every value lies on its scale', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 }),
      (values) => {
        const scale = scaleOver(values)
        for (const value of values) {
          expect(value).toBeGreaterThanOrEqual(scale.low - 1e-6)
          expect(value).toBeLessThanOrEqual(scale.high + 1e-6)
        }
        expect(scale.ticks.length).toBeLessThan(12)
      },
    ),
    { seed: 3 },
  )
})
