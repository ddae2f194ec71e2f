import { describe, expect, it } from 'vitest'
import { newSince, parseBaseline, toBaseline } from './baseline.ts'
import { InvalidBaseline } from './errors.ts'
import type { Finding } from './finding.ts'

const finding = (fingerprint: string, path: string): Finding => ({
  fingerprint,
  rule: 'a/b',
  title: 't',
  category: 'quality',
  severity: 'low',
  confidence: 'high',
  cwe: [],
  location: { kind: 'file', path },
  message: 'm',
  why: 'w',
  fix: 'f',
  evidence: {},
  witnesses: [{ analyzer: 'a', version: '1', rule: 'b' }],
  provenance: 'model',
})
const old = [finding('bb:1', 'b.py'), finding('aa:1', 'a.py')]

describe('a baseline', () => {
  it('is sorted and hides what it knows, wherever it moved', () => {
    const baseline = toBaseline(old)
    expect(baseline.findings).toEqual([
      { fingerprint: 'aa:1', rule: 'a/b', path: 'a.py' },
      { fingerprint: 'bb:1', rule: 'a/b', path: 'b.py' },
    ])
    const added = finding('aa:2', 'a.py')
    expect(newSince(baseline, [finding('aa:1', 'moved.py'), added, ...old])).toEqual([added])
  })

  it('is read back from itself and from a JSON report', () => {
    expect(parseBaseline(JSON.stringify(toBaseline(old)))).toEqual(toBaseline(old))
    const report = { format: 'assay-report', version: 1, findings: old }
    expect(newSince(parseBaseline(JSON.stringify(report)), old)).toEqual([])
  })

  it.each(['', '{}', '[]', '{"format":"assay-baseline","version":2,"findings":[]}'])('is refused: %j', (text) => {
    expect(() => parseBaseline(text)).toThrow(InvalidBaseline)
  })

  it('is refused when SARIF carries no fingerprints of ours', () => {
    const sarif = { version: '2.1.0', runs: [{ results: [{ ruleId: 'x', message: { text: 'm' } }] }] }
    expect(() => parseBaseline(JSON.stringify(sarif))).toThrow(
      '1 of 1 results of the SARIF baseline have no assay/v1 fingerprint.',
    )
  })
})
