import { expect, test } from 'vitest'
import type { Rule } from './finding.ts'
import { toFindings } from './normalize.ts'

const rule: Rule = {
  id: 'evaluated',
  title: 'Text evaluated as code',
  category: 'security',
  severity: 'high',
  confidence: 'medium',
  cwe: [95],
  why: 'It runs.',
  fix: 'Parse it.',
}

function severityAt(path: string, of: Partial<Rule> = {}): string | undefined {
  const [finding] = toFindings(
    { id: 'patterns', version: '1', rule: () => ({ ...rule, ...of }) },
    { findings: [{ rule: rule.id, message: 'Here.', location: { kind: 'file', path } }] },
    () => 'eval(x)\n',
  )
  return finding?.severity
}

test.each([
  ['src/app.js', 'high'],
  ['examples/server.js', 'low'],
  ['packages/core/benchmarks/run.js', 'low'],
  ['tests/app.test.js', 'low'],
  ['src/demo.js', 'high'],
  ['src/testimonials/list.js', 'high'],
])('a finding in %s is %s', (path, severity) => {
  expect(severityAt(path)).toBe(severity)
})

test('beside the app a mild finding stays as mild, and a written-down credential as bad', () => {
  expect(severityAt('examples/a.js', { severity: 'info' })).toBe('info')
  expect(severityAt('examples/a.js', { defect: 'hard-coded-credential' })).toBe('high')
})
