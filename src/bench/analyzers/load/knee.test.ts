import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findKnee, type Knee } from './knee.ts'

/** The search on an app that holds every rate up to its capacity. */
function search(capacity: number, start: number, attempts = 12): Promise<Knee> {
  const attempt = async (rate: number) => ({ rate, held: rate <= capacity })
  return findKnee({ start, lowest: 1, highest: 5000, attempts, attempt })
}

test('strides to the first rate that fails, then narrows the bracket; a failure is tried twice', async () => {
  expect(await search(150, 100)).toEqual({
    held: 142,
    failed: 160,
    attempts: [
      { rate: 100, held: true },
      { rate: 160, held: false },
      { rate: 160, held: false },
      { rate: 126, held: true },
      { rate: 142, held: true },
    ],
  })
})

test('strides down when it began too high', async () => {
  const { held, failed } = await search(40, 100)
  expect([held, failed]).toEqual([39.1, 43.9])
})

test('an app that holds everything has no upper end', async () => {
  expect(await search(1e9, 3000)).toMatchObject({ held: 5000, failed: undefined })
})

test('an app that holds nothing holds 0', async () => {
  expect(await search(0, 3)).toMatchObject({ held: 0, failed: 1 })
})

test('one hiccup is not the limit', async () => {
  let hiccups = 1
  const attempt = async (rate: number) => ({ rate, held: rate <= 1000 && hiccups-- <= 0 })
  const { held } = await findKnee({ start: 500, lowest: 1, highest: 5000, attempts: 12, attempt })
  expect(held).toBeGreaterThan(500)
})

test('whatever the capacity, it lies within the bracket, and the attempts are kept to', async () => {
  const capacity = fc.double({ min: 1, max: 4999, noNaN: true })
  const start = fc.double({ min: 0, max: 20_000, noNaN: true })
  await fc.assert(
    fc.asyncProperty(capacity, start, fc.integer({ min: 1, max: 30 }), async (limit, from, budget) => {
      const { held, failed, attempts } = await search(limit, from, budget)
      expect(attempts.length).toBeLessThanOrEqual(budget)
      expect(held).toBeLessThanOrEqual(limit)
      expect(failed ?? Number.POSITIVE_INFINITY).toBeGreaterThan(limit)
      if (attempts.length < budget) expect((failed ?? 0) / held).toBeLessThanOrEqual(1.15)
    }),
  )
})
