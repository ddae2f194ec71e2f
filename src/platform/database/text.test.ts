import { expect, test } from 'vitest'
import { jsonText, plainText } from './text.ts'

test('what PostgreSQL cannot hold becomes U+FFFD, wherever it stands', () => {
  expect(plainText('a\0b\ud800c')).toBe('a\ufffdb\ufffdc')
  expect(jsonText({ a: ['x\0', { b: '\udfff' }] })).toBe('{"a":["x\ufffd",{"b":"\ufffd"}]}')
})

test('everything else is written as it is', () => {
  const value = { path: 'C:\\u0000', pair: '😀', newline: '\n', high: '\ue000', nothing: null, count: 1.5 }
  expect(JSON.parse(jsonText(value))).toEqual(value)
})
