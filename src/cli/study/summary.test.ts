import { describe, expect, it } from 'vitest'
import type { App } from '#bench/collection'
import type { Cell, Comparison, Study } from '#bench/studies'
import { groupUnmeasured } from './result.ts'
import { renderSummary } from './summary.ts'

const none = { critical: 0, high: 0, medium: 0, low: 0, info: 0 }
const outcomes = { completed: 5, not_applicable: 1, error: 2, timed_out: 0, cancelled: 0 }
const rate = (median: number | null, low = median, high = median) => ({
  ...{ median, low, high, mean: median, meanLow: low, meanHigh: high },
  ...{ n: 3, perApp: [] },
})
const model = (name: string, total: ReturnType<typeof rate>): Comparison['models'][number] => ({
  model: name,
  apps: 3,
  lines: 1234,
  analyses: { byOutcome: outcomes },
  coverage: [{ analyzer: 'patterns', analysed: 1999, total: 2000, completed: 3, failed: 0 }],
  findings: { total: 0, bySeverity: none },
  excludedApps: [],
  perKloc: { total, critical: rate(0), high: rate(null), medium: rate(0), low: rate(0), info: rate(0) },
})
const difference = (
  metric: Comparison['differences'][number]['metric'],
  verdict: Comparison['differences'][number]['verdict'],
) => ({
  ...{ metric, verdict, a: 'one', b: 'two', difference: -5.25, low: -9, high: -1.5, n: 3, paired: true },
  ...{ p: 0.01, adjustedP: 0.02, cliffsDelta: -1, magnitude: 'large' as const },
})
const study: Study = {
  ...{ id: '01890a5d-ac96-774b-bcce-b302099a8057', name: 'first look', question: null, state: 'completed' },
  ...{ createdAt: '2026-01-01T00:00:00Z', startedAt: null, finishedAt: null, createdBy: 'Ada', repeats: 1 },
  ...{ apps: 6, analyzers: ['patterns'], models: ['one', 'two'] },
  progress: {
    ...{ total: 8, finished: 8, cached: 0, byOutcome: outcomes, perAnalyzer: [] },
    ...{ throughputPerSecond: null, etaSeconds: null },
  },
  findings: { total: 1234, bySeverity: { ...none, low: 1234 }, lowConfidence: 12 },
}
const comparison: Comparison = {
  models: [model('one', rate(1.5, 0.25, 120.4)), model('two', rate(30))],
  differences: [difference('total', 'a_better'), difference('critical', 'not_distinguishable')],
  uncountedAnalyzers: [{ analyzer: 'types', reason: 'it failed on most apps of two' }],
  method: { interval: 'BCa', random: 'x', test: 'permutation', resamples: 1, seed: 1, level: 0.95 },
}
const unmeasured = [
  { analyzer: 'imports', outcome: 'error' as const, reason: 'no \x1b network', apps: ['one/app1', 'b'] },
]

describe('renderSummary', () => {
  it('shows models, differences in words, and what was not measured, in that order', () => {
    const text = renderSummary({ study, apps: [], comparison, unmeasured }, { color: false, width: 140 })
    expect(text).toBe(`Findings per 1,000 lines the model wrote: median [95 % interval]
model  apps  KLOC  coverage              all  critical          high  medium  low  info  unmeasured
one       3   1.2    99.9 %  1.50 [0.25–120]         0  not measured       0    0     0           2
two       3   1.2    99.9 %             30.0         0  not measured       0    0     0           2

Differences
  one has fewer findings than two: all by 5.25 per KLOC [−9, −1.50]; not distinguishable: critical (3 pairs of apps).

Left out of the comparison
  types: it failed on most apps of two

Not measured
  imports, 2 apps: error: no \\u001b network

Findings: 1,234 low (12 of low confidence not counted). 5 analyses completed, 1 not applicable, 2 could not be measured.
`)
  })

  it('turns the table in a narrow window', () => {
    const text = renderSummary({ study, apps: [], comparison, unmeasured: [] }, { color: false, width: 60 })
    expect(text).toContain(`model                   one           two
apps                      3             3
KLOC                    1.2           1.2
coverage             99.9 %        99.9 %
all         1.50 [0.25–120]          30.0
`)
  })

  it('says so when nothing tells two models apart', () => {
    const same = { ...comparison, differences: [difference('total', 'not_distinguishable')] }
    const text = renderSummary({ study, apps: [], comparison: same, unmeasured: [] }, { color: false, width: 100 })
    expect(text).toContain('  one and two are not distinguishable (3 pairs of apps).\n')
  })
})

describe('groupUnmeasured', () => {
  it('puts analyses of one reason together, the most frequent first', () => {
    const app = (name: string): App => ({
      ...{ id: name, name, model: null, spec: null, sample: null, snapshot: '', files: 1, bytes: 1, lines: 1 },
      ...{ stack: [], createdAt: '' },
    })
    const cell = (analyzer: string, outcome: Cell['outcome'], reason: string | null): Cell => ({
      ...{ analysisId: '', analyzer, repeat: 1, state: 'finished', outcome, reason, durationMs: 1, cached: false },
      ...{ findings: none, coverage: null },
    })
    const rows = [
      { app: app('a'), cells: [cell('types', 'timed_out', 'slow'), cell('imports', 'error', 'offline')] },
      { app: app('b'), cells: [cell('types', 'completed', null), cell('imports', 'error', 'offline')] },
    ]
    expect(groupUnmeasured(rows)).toEqual([
      { analyzer: 'imports', outcome: 'error', reason: 'offline', apps: ['a', 'b'] },
      { analyzer: 'types', outcome: 'timed_out', reason: 'slow', apps: ['a'] },
    ])
  })
})
