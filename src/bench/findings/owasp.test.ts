import { describe, expect, it } from 'vitest'
import { cweName, owaspName, owaspOf } from './owasp.ts'
import { owaspTop10 } from './owasp-table.ts'

describe('the OWASP Top 10:2025', () => {
  it('maps as many CWEs as the score table of each category says', () => {
    const sizes = owaspTop10.map(({ id, mapped }) => [id, Object.keys(mapped).length])
    expect(sizes).toEqual([
      ['A01:2025', 40],
      ['A02:2025', 16],
      ['A03:2025', 6],
      ['A04:2025', 32],
      ['A05:2025', 37],
      ['A06:2025', 39],
      ['A07:2025', 36],
      ['A08:2025', 14],
      ['A09:2025', 5],
      ['A10:2025', 24],
    ])
  })

  it('has every CWE once', () => {
    const all = owaspTop10.flatMap(({ mapped, assigned }) => [...Object.keys(mapped), ...Object.keys(assigned)])
    expect(new Set(all).size).toBe(all.length)
  })

  it.each([
    [[89], 'A05:2025'],
    [[918], 'A01:2025'],
    [[611, 20], 'A02:2025'],
    [[99_999, 1395], 'A03:2025'],
    [[327], 'A04:2025'],
    [[434], 'A06:2025'],
    [[798], 'A07:2025'],
    [[1321], 'A08:2025'],
    [[117], 'A09:2025'],
    [[1333], 'A10:2025'],
    [[99_999], undefined],
    [[], undefined],
  ])('%j → %s', (cwe, category) => {
    expect(owaspOf(cwe)).toBe(category)
  })

  it('has names', () => {
    expect(owaspName('A08:2025')).toBe('Software or Data Integrity Failures')
    expect(cweName(89)).toBe('SQL injection')
  })
})
