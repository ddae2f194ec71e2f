import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Codes } from './codes.ts'
import { compareValues, Dictionary } from './dictionary.ts'
import { Smallest } from './smallest.ts'

test('a value has one code as long as it is used, and its rank among the others', () => {
  const words = new Dictionary<string>()
  const [pear, apple] = [words.take('pear'), words.take('apple')]
  expect(words.take('pear')).toBe(pear)
  expect([words.ranks()[apple], words.ranks()[pear]]).toEqual([1, 3])
  expect(['a', 'apple', 'fig', 'pear', 'plum'].map((word) => words.rankOf(word))).toEqual([0, 1, 2, 3, 4])
  words.release(pear)
  expect(words.value(pear)).toBe('pear')
  words.release(pear)
  expect(() => words.value(pear)).toThrow()
  expect(words.take('fig')).toBe(pear)
  expect(words.value(pear)).toBe('fig')
})

test('texts are compared by code points', () => {
  const units = fc.string({ unit: 'binary', maxLength: 4 })
  fc.assert(
    fc.property(units, units, (a, b) => {
      expect(Math.sign(compareValues(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
    }),
  )
})

test('codes are kept, however large they become', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3000), fc.nat(100_000))), (pairs) => {
      const codes = new Codes()
      for (const [row, code] of pairs) codes.set(row, code)
      for (const [row, code] of new Map(pairs)) expect(codes.numbers[row]).toBe(code)
    }),
  )
})

test('the first few of many are those that sorting all would put first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.nat(20), (numbers, limit) => {
      const smallest = new Smallest(limit, (a, b) => a - b)
      for (const number of numbers) smallest.add(number)
      expect(smallest.inOrder()).toEqual(numbers.toSorted((a, b) => a - b).slice(0, limit))
    }),
  )
})
