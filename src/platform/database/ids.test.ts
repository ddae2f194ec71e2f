import fc from 'fast-check'
import { expect, test } from 'vitest'
import { digestId, newId } from './ids.ts'
import { jsonText, plainText } from './text.ts'

const uuid = (version: number) =>
  new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

test('ids carry their time, so that they sort by it', () => {
  expect(newId(0)).toMatch(/^00000000-0000-7/)
  // The example of RFC 9562, appendix A.6.
  expect(newId(Date.UTC(2022, 1, 22, 19, 22, 22))).toMatch(/^017f22e2-79b0-7/)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 48 - 2 }), fc.integer({ min: 1, max: 1000 }), (now, later) => {
      const after = Math.min(now + later, 2 ** 48 - 1)
      expect(newId(now)).toMatch(uuid(7))
      expect(newId(now) < newId(after)).toBe(true)
    }),
    { seed: 20_261_120 },
  )
})

test('ids of one moment are all different, and in order', () => {
  const ids = Array.from({ length: 100_000 }, () => newId(1))
  expect(new Set(ids).size).toBe(100_000)
  expect(ids.toSorted()).toEqual(ids)
})

test('an id of content is the same for the same parts, and tells where parts end', () => {
  expect(digestId('a', 'b')).toMatch(uuid(8))
  expect(digestId('a', 'b')).toBe(digestId('a', 'b'))
  expect(
    new Set([digestId('ab'), digestId('a', 'b'), digestId('', 'ab'), digestId('ab', ''), digestId('b', 'a')]).size,
  ).toBe(5)
})

test('text and JSON hold what PostgreSQL can hold', () => {
  expect(plainText('a\0b\ud800c\u{1f600}')).toBe('a\ufffdb\ufffdc\u{1f600}')
  expect(jsonText({ a: ['x\0', { b: '\udc00' }], n: 1 })).toBe('{"a":["x\ufffd",{"b":"\ufffd"}],"n":1}')
})
