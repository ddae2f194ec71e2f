import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyIntMap, type IntMap, intMapChanges, intMapGet, intMapMerge, intMapSet } from './int-map.ts'

interface Box {
  readonly n: number
}
const entries = fc.array(fc.tuple(fc.nat(5000), fc.nat(9)), { maxLength: 60 })

function mapOf(pairs: readonly (readonly [number, number])[]): IntMap<Box> {
  return pairs.reduce((map, [key, n]) => intMapSet(map, key, { n }), emptyIntMap<Box>())
}

test('behaves like a map, also when a merge keeps one side or joins both', () => {
  fc.assert(
    fc.property(entries, entries, (first, second) => {
      const left = mapOf(first)
      const right = mapOf(second)
      const merged = intMapMerge(left, right, (a, b) =>
        a === undefined || b === undefined ? (a ?? b) : { n: a.n + b.n },
      )
      const lefts = new Map(first)
      const rights = new Map(second)
      for (const key of new Set([...lefts.keys(), ...rights.keys(), 1, 4999])) {
        const a = lefts.get(key)
        const b = rights.get(key)
        expect(intMapGet(left, key)?.n).toBe(a)
        expect(intMapGet(merged, key)?.n).toBe(a === undefined ? b : b === undefined ? a : a + b)
      }
    }),
    { seed: 11, numRuns: 200 },
  )
})

test('a merge that adds nothing is the first map, and changes name exactly the differing keys', () => {
  const map = mapOf([
    [3, 1],
    [900, 2],
  ])
  const more = intMapSet(map, 70_000, { n: 5 })
  expect(intMapMerge(more, map, (a, b) => a ?? b)).toBe(more)
  expect(intMapChanges(map, more)).toEqual([{ key: 70_000, value: { n: 5 } }])
  expect(intMapChanges(more, intMapSet(more, 3, undefined))).toEqual([{ key: 3, value: undefined }])
})
