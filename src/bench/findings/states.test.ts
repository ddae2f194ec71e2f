import { describe, expect, it } from 'vitest'
import type { FindingState } from './finding.ts'
import { type NewAnalysis, nextState, type Observation, observe } from './states.ts'

describe('nextState', () => {
  const table: [FindingState | undefined, Observation, FindingState | undefined][] = [
    [undefined, 'seen', 'open'],
    [undefined, 'gone', undefined],
    [undefined, 'unmeasured', undefined],
    ['open', 'seen', 'open'],
    ['open', 'gone', 'fixed'],
    ['open', 'unmeasured', 'open'],
    ['fixed', 'seen', 'regressed'],
    ['fixed', 'gone', 'fixed'],
    ['fixed', 'unmeasured', 'fixed'],
    ['regressed', 'seen', 'regressed'],
    ['regressed', 'gone', 'fixed'],
    ['regressed', 'unmeasured', 'regressed'],
    ['accepted', 'seen', 'accepted'],
    ['accepted', 'gone', 'accepted'],
    ['accepted', 'unmeasured', 'accepted'],
    ['false_positive', 'seen', 'false_positive'],
    ['false_positive', 'gone', 'false_positive'],
    ['false_positive', 'unmeasured', 'false_positive'],
  ]
  it.each(table)('%s, %s → %s', (previous, observation, next) => {
    expect(nextState(previous, observation)).toBe(next)
  })
})

describe('observe', () => {
  const known = {
    fingerprint: 'aa:1',
    location: { kind: 'file' as const, path: 'app.py' },
    witnesses: [
      { analyzer: 'lint', version: '1', rule: 'a' },
      { analyzer: 'patterns', version: '1', rule: 'b' },
    ],
  }
  const ended = (
    lint: NewAnalysis['outcome'],
    patterns: NewAnalysis['outcome'],
    gaps: string[] = [],
  ): NewAnalysis[] => [
    { analyzer: 'lint', outcome: lint, gaps },
    { analyzer: 'patterns', outcome: patterns },
    { analyzer: 'other', outcome: 'error' },
  ]

  it.each<[string, ReadonlySet<string>, NewAnalysis[], Observation]>([
    ['seen again', new Set(['aa:1']), ended('error', 'error'), 'seen'],
    ['both witnesses looked', new Set(['bb:1']), ended('completed', 'completed'), 'gone'],
    ['one has nothing to look at any more', new Set(), ended('completed', 'not_applicable'), 'gone'],
    ['one failed', new Set(), ended('completed', 'error'), 'unmeasured'],
    ['one timed out', new Set(), ended('timed_out', 'completed'), 'unmeasured'],
    ['one was cancelled', new Set(), ended('completed', 'cancelled'), 'unmeasured'],
    ['one was not run', new Set(), ended('completed', 'completed').slice(0, 1), 'unmeasured'],
    ['the file could not be read', new Set(), ended('completed', 'completed', ['app.py']), 'unmeasured'],
    ['another file could not be read', new Set(), ended('completed', 'completed', ['b.py']), 'gone'],
    [
      'a repeat completed',
      new Set(),
      [...ended('error', 'completed'), { analyzer: 'lint', outcome: 'completed' }],
      'gone',
    ],
  ])('%s', (_, seen, analyses, observation) => {
    expect(observe(known, seen, analyses)).toBe(observation)
  })
})
