import { expect, test } from 'vitest'
import type { Cell, MatrixRow } from '../../api/types.ts'
import { filterRows, findingsOf, placeOf } from './matrixRows.ts'

const none = { critical: 0, high: 0, medium: 0, low: 0, info: 0 }
const cell = (analyzer: string, change: Partial<Cell> = {}): Cell => ({
  analysisId: `${analyzer}-${change.repeat ?? 1}`,
  analyzer,
  repeat: 1,
  state: 'finished',
  outcome: 'completed',
  reason: null,
  durationMs: 10,
  cached: false,
  findings: none,
  coverage: null,
  ...change,
})
const row = (name: string, model: string | null, cells: Cell[]): MatrixRow => ({
  app: {
    id: name,
    name,
    model,
    spec: 'shop',
    sample: null,
    snapshot: 'sha256:0',
    files: 1,
    bytes: 1,
    lines: 1,
    stack: [],
    createdAt: '2026-11-20T08:00:00Z',
  },
  cells,
})
const rows = [
  row('hasty/app1', 'hasty', [cell('secrets'), cell('types', { outcome: 'error', reason: 'no pyright' })]),
  row('careful/app1', 'careful', [cell('secrets')]),
]
const names = (filter: Parameters<typeof filterRows>[1]) => filterRows(rows, filter).map(({ app }) => app.name)

test('rows are filtered by name or spec, model and failure', () => {
  expect(names({})).toEqual(['hasty/app1', 'careful/app1'])
  expect(names({ q: 'CARE' })).toEqual(['careful/app1'])
  expect(names({ q: 'shop', model: ['hasty'] })).toEqual(['hasty/app1'])
  expect(names({ problems: true })).toEqual(['hasty/app1'])
})

test('the repeat that failed speaks for its place', () => {
  const repeated = row('a', null, [cell('load'), cell('load', { repeat: 2, outcome: 'timed_out' })])
  expect(placeOf(repeated, 'load')).toMatchObject({ status: 'timed_out', lead: { repeat: 2 } })
  expect(placeOf(repeated, 'secrets')).toBeUndefined()
})

test('repeats do not add up', () => {
  expect(
    findingsOf([cell('x', { findings: { ...none, high: 2 } }), cell('x', { findings: { ...none, high: 3 } })]),
  ).toEqual({
    ...none,
    high: 3,
  })
})
