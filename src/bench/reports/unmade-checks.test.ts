import { expect, test } from 'vitest'
import { renderMarkdown, renderPretty, renderSarif, verdictOf } from './index.ts'
import type { Report } from './report.ts'

const report: Report = {
  kind: 'check',
  name: 'shop',
  version: '0.1.0',
  createdAt: '2026-11-20T00:00:00.000Z',
  apps: [{ name: 'shop', model: null, spec: null, lines: 100 }],
  analyses: [
    {
      app: 'shop',
      analyzer: 'dependencies',
      version: '1',
      outcome: 'completed',
      coverage: { analysed: 1, total: 1, gaps: [] },
      checks: [
        { id: 'manifests', title: 'Manifests can be read', outcome: 'pass' },
        { id: 'advisories', title: 'Known advisories', outcome: 'error', reason: 'OSV cannot be reached' },
      ],
    },
  ],
  findings: [],
}

test('a check that could not be made is never part of a clean result', () => {
  expect(verdictOf(report)).toBe('No findings, but 1 check could not be made: this is not a clean result.')
})

test('every format names the check and the reason', () => {
  expect(renderPretty(report, { color: false, width: 100 })).toContain(
    'Measured in part\n  dependencies  not checked: Known advisories (OSV cannot be reached)\n',
  )
  expect(renderMarkdown(report)).toContain('| dependencies | Known advisories | OSV cannot be reached |')
  const [run] = JSON.parse(renderSarif(report)).runs
  expect(run.invocations[0].toolExecutionNotifications).toEqual([
    {
      descriptor: { id: 'not-measured', index: 0 },
      level: 'warning',
      message: { text: 'dependencies on shop: not checked: Known advisories (OSV cannot be reached)' },
      properties: { analyzer: 'dependencies', version: '1', outcome: 'completed', app: 'shop' },
    },
  ])
})
