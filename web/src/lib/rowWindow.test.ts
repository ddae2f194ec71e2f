import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextPage, pagesOf, pagesToForget } from './rowWindow.ts'

describe('pagesOf', () => {
  test.each([
    [0, 30, 200, 1000, { first: 0, last: 0 }],
    [190, 230, 200, 1000, { first: 0, last: 1 }],
    [950, 1200, 200, 1000, { first: 4, last: 4 }],
    [-5, 3, 200, 1000, { first: 0, last: 0 }],
    [0, 30, 200, 0, { first: 0, last: 0 }],
  ])('rows %i…%i by %i of %i', (first, last, size, total, range) => {
    expect(pagesOf(first, last, size, total)).toEqual(range)
  })
})

describe('nextPage', () => {
  test('nothing is missing', () =>
    expect(nextPage({ first: 0, last: 1 }, [null, 'b', 'c'], new Set([0, 1]))).toBeUndefined())
  test('a known page is asked for directly', () =>
    expect(nextPage({ first: 1, last: 1 }, [null, 'b'], new Set([0]))).toBe(1))
  test('a far page is walked to from the last known one', () =>
    expect(nextPage({ first: 90, last: 91 }, [null, 'b', 'c'], new Set([0, 1]))).toBe(2))

  test('walking always arrives, asking for each unknown page once', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (known, target) => {
        const cursors: (string | null)[] = Array.from({ length: known + 1 }, (_, page) =>
          page === 0 ? null : `c${page}`,
        )
        const loaded = new Set<number>()
        let asked = 0
        for (;;) {
          const page = nextPage({ first: target, last: target }, cursors, loaded)
          if (page === undefined) break
          asked += 1
          loaded.add(page)
          if (page === cursors.length - 1) cursors.push(`c${page + 1}`)
        }
        expect(asked).toBe(Math.max(1, target - known + 1))
      }),
      { seed: 11 },
    )
  })
})

test('pages far from the eye are forgotten', () => {
  expect(pagesToForget([0, 1, 5, 6, 7, 12], { first: 6, last: 6 }, 2)).toEqual([0, 1, 12])
})
