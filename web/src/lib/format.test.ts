import { describe, expect, test } from 'vitest'
import {
  ago,
  bytes,
  capital,
  count,
  density,
  duration,
  plural,
  probability,
  share,
  signed,
  timestamp,
  words,
} from './format.ts'

describe('numbers', () => {
  test.each([
    [0, '0'],
    [12_345, '12,345'],
  ])('count(%d) is %s', (value, text) => expect(count(value)).toBe(text))

  test('plural', () => {
    expect(plural(1, 'app')).toBe('1 app')
    expect(plural(0, 'app')).toBe('0 apps')
    expect(plural(2, 'analysis', 'analyses')).toBe('2 analyses')
  })

  test.each([
    [0, '0.00'],
    [9.994, '9.99'],
    [12.34, '12.3'],
  ])('density(%d) is %s', (value, text) => expect(density(value)).toBe(text))

  test.each([
    [-4.2, '−4.20'],
    [1.2, '+1.20'],
    [0, '0.00'],
  ])('signed(%d) is %s', (value, text) => expect(signed(value)).toBe(text))

  test.each([
    [0.0001, '<0.001'],
    [0.03, '0.030'],
    [0.3, '0.30'],
  ])('probability(%d) is %s', (value, text) => expect(probability(value)).toBe(text))

  test.each([
    [0, 0, '–'],
    [0, 10, '0 %'],
    [10, 10, '100 %'],
    [1, 1000, '<1 %'],
    [999, 1000, '>99 %'],
    [1, 3, '33 %'],
  ])('share(%d, %d) is %s', (part, total, text) => expect(share(part, total)).toBe(text))

  test.each([
    [512, '512 B'],
    [1536, '1.5 KiB'],
    [48.2 * 1024 * 1024, '48.2 MiB'],
  ])('bytes(%d) is %s', (value, text) => expect(bytes(value)).toBe(text))
})

describe('time', () => {
  test.each([
    [840, '840 ms'],
    [2_400, '2.4 s'],
    [59_960, '1 min'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [93_784_000, '1 d 2 h'],
  ])('duration(%d) is %s', (ms, text) => expect(duration(ms)).toBe(text))

  const now = Date.parse('2026-11-20T08:00:00Z')
  test.each([
    ['2026-11-20T08:00:30Z', 'now'],
    ['2026-11-20T07:59:30Z', '30 s ago'],
    ['2026-11-20T07:55:00Z', '5 min ago'],
    ['2026-11-20T03:00:00Z', '5 h ago'],
    ['2026-11-17T08:00:00Z', '3 d ago'],
  ])('ago(%s) is %s', (iso, text) => expect(ago(iso, now)).toBe(text))

  test('timestamp', () => expect(timestamp('2026-11-20T08:05:09.123Z')).toBe('2026-11-20 08:05 UTC'))
})

test('words', () => {
  expect(words('not_applicable')).toBe('not applicable')
  expect(capital('false_positive')).toBe('False positive')
})
