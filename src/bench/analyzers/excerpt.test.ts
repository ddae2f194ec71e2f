import { describe, expect, it } from 'vitest'
import { textLines } from './excerpt.ts'

describe('textLines', () => {
  const lines = textLines('first\r\nsecond\nthird\rfourth')

  it('finds lines whatever their ends', () => {
    expect([1, 2, 3, 4, 5].map((number) => lines.line(number))).toEqual(['first', 'second', 'third', 'fourth', ''])
    expect(lines.count).toBe(4)
  })

  it('turns offsets into lines and columns from 1', () => {
    expect(lines.region(7, 13)).toEqual({ startLine: 2, startColumn: 1, endLine: 2, endColumn: 7 })
    expect(lines.region(0, 15)).toEqual({ startLine: 1, startColumn: 1, endLine: 3, endColumn: 2 })
  })

  it('turns lines and columns back into offsets', () => {
    expect([lines.offset(1, 1), lines.offset(2, 3), lines.offset(9, 1)]).toEqual([0, 9, 26])
  })

  it('shows at most four lines, long ones shortened', () => {
    expect(lines.excerpt({ startLine: 2, endLine: 3 })).toBe('second\nthird')
    expect(textLines('a\n'.repeat(50)).excerpt({ startLine: 1, endLine: 40 })).toBe('a\na\na\na')
    expect(textLines('x'.repeat(1000)).excerpt({ startLine: 1 })).toHaveLength(240)
  })
})
