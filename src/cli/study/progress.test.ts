import { describe, expect, it } from 'vitest'
import type { Progress } from '#bench/studies'
import { overallLine, progressBlock } from './progress.ts'

const progress: Progress = {
  total: 1200,
  finished: 345,
  cached: 12,
  byOutcome: { completed: 330, not_applicable: 10, error: 4, timed_out: 1, cancelled: 0 },
  perAnalyzer: [
    { analyzer: 'patterns', total: 600, finished: 300, active: 2, medianMs: 45.4 },
    { analyzer: 'types', total: 600, finished: 45, active: 0, medianMs: 2300 },
  ],
  throughputPerSecond: 12.34,
  etaSeconds: 91,
}

describe('progressBlock', () => {
  it('gives each analyzer a line, and one to all', () => {
    expect(progressBlock(progress, 61_000, 80, 20)).toEqual([
      'patterns  ████████████░░░░░░░░░░░░      300/600     45 ms  2 running',
      'types     █░░░░░░░░░░░░░░░░░░░░░░░       45/600     2.3 s',
      '345 of 1,200 analyses, 12.3/s, about 2 min left, 12 from cache, 5 failed, 1 min 1 s so far',
    ])
  })

  it('shows the analyzers at work first where there is no room for all', () => {
    const many = {
      ...progress,
      perAnalyzer: ['a', 'b', 'c', 'd'].map((analyzer, at) => ({
        analyzer,
        total: 3,
        finished: at < 2 ? 3 : 1,
        active: at === 3 ? 1 : 0,
        medianMs: null,
      })),
    }
    const lines = progressBlock(many, 0, 60, 5)
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['d', 'c', '…', '345'])
  })
})

describe('overallLine', () => {
  it('claims no estimate it does not have', () => {
    const start = { ...progress, finished: 0, cached: 0, throughputPerSecond: null, etaSeconds: null }
    expect(overallLine({ ...start, byOutcome: { ...start.byOutcome, error: 0, timed_out: 0 } }, 900)).toBe(
      '0 of 1,200 analyses, no estimate yet, 0 s so far',
    )
  })

  it('says what is done after the last analysis', () => {
    expect(overallLine({ ...progress, finished: 1200, etaSeconds: 0 }, 5000)).toContain('putting findings together')
  })
})
