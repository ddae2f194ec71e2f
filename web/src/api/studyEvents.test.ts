import { expect, test } from 'vitest'
import { patchMatrix } from './studyEvents.ts'
import type { App, Cell, Matrix } from './types.ts'

const none = { critical: 0, high: 0, medium: 0, low: 0, info: 0 }
const app = (id: string): App => ({
  id,
  name: id,
  model: null,
  spec: null,
  sample: null,
  snapshot: 'sha256:0',
  files: 1,
  bytes: 1,
  lines: 1,
  stack: [],
  createdAt: '2026-11-20T08:00:00Z',
})
const queued = (analysisId: string, analyzer: string): Cell => ({
  analysisId,
  analyzer,
  repeat: 1,
  state: 'queued',
  outcome: null,
  reason: null,
  durationMs: null,
  cached: false,
  findings: none,
  coverage: null,
})
const matrix: Matrix = {
  analyzers: [],
  rows: [
    { app: app('a'), cells: [queued('1', 'secrets'), queued('2', 'imports')] },
    { app: app('b'), cells: [queued('3', 'secrets')] },
  ],
  next: null,
}

test('an event fills its cell and touches nothing else', () => {
  const patched = patchMatrix(matrix, [
    {
      analysisId: '2',
      appId: 'a',
      analyzer: 'imports',
      repeat: 1,
      state: 'finished',
      outcome: 'completed',
      durationMs: 41,
      findings: { ...none, high: 2 },
    },
  ])
  expect(patched.rows[0]?.cells[1]).toMatchObject({
    state: 'finished',
    outcome: 'completed',
    durationMs: 41,
    findings: { high: 2 },
  })
  expect(patched.rows[0]?.cells[0]).toBe(matrix.rows[0]?.cells[0])
  expect(patched.rows[1]).toBe(matrix.rows[1])
})
