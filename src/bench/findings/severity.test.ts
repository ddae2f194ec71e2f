import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { severities } from './finding.ts'
import { atLeast, countBySeverity, securityScore, severityMeaning, severityRank } from './severity.ts'

describe('severity', () => {
  it('is what docs/severity.md says', () => {
    const page = readFileSync(new URL('../../../docs/severity.md', import.meta.url), 'utf8')
    for (const severity of severities) {
      const { meaning, act } = severityMeaning[severity]
      expect(page).toContain(`| ${severity} | ${meaning} | ${act} |`)
    }
  })

  it('is ordered, worst first', () => {
    expect(severities.map(severityRank)).toEqual([0, 1, 2, 3, 4])
    expect(atLeast('critical', 'high')).toBe(true)
    expect(atLeast('high', 'high')).toBe(true)
    expect(atLeast('medium', 'high')).toBe(false)
  })

  it('is counted', () => {
    const found = (['low', 'low', 'high'] as const).map((severity) => ({ severity }))
    expect(countBySeverity(found)).toEqual({ critical: 0, high: 1, medium: 0, low: 2, info: 0 })
  })

  it('has a score that falls', () => {
    const scores = severities.map((severity) => Number(securityScore[severity]))
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
  })
})
