import { describe, expect, it } from 'vitest'
import type { Finding } from './finding.ts'
import { mergeFindings } from './merge.ts'
import { handlerMessage } from './proofs.ts'

const base: Omit<Finding, 'rule' | 'confidence' | 'location' | 'message' | 'evidence' | 'witnesses'> = {
  fingerprint: 'aa:1',
  defect: 'sql-injection',
  title: 'SQL injection',
  category: 'security',
  severity: 'high',
  cwe: [89],
  why: 'w',
  fix: 'f',
  provenance: 'model',
}

const inCode = (line: number, more: Partial<Finding> = {}): Finding => ({
  ...base,
  rule: 'dataflow/sql-injection',
  confidence: 'medium',
  location: { kind: 'file', path: 'app.py', region: { startLine: line } },
  message: 'The query parameter name reaches execute.',
  evidence: { facts: { input: 'the query parameter name' } },
  witnesses: [{ analyzer: 'dataflow', version: '1', rule: 'sql-injection' }],
  ...more,
})

const proof = (more: Partial<Finding> = {}): Finding => ({
  ...base,
  fingerprint: 'bb:1',
  severity: 'critical',
  rule: 'attack/sql-injection',
  confidence: 'high',
  location: { kind: 'endpoint', method: 'GET', url: '/users', parameter: 'name' },
  message: 'A condition steers the answer.',
  evidence: {
    exchanges: [
      {
        purpose: 'sends a condition that holds',
        request: { method: 'GET', url: 'http://localhost/users?name=x', headers: [] },
        milliseconds: 3,
      },
    ],
    observed: ['The statement holds the quotes as sent.'],
    related: [
      { location: { kind: 'file', path: 'app.py', region: { startLine: 10, endLine: 20 } }, message: handlerMessage },
    ],
  },
  witnesses: [{ analyzer: 'attack', version: '1', rule: 'sql-injection' }],
  ...more,
})

describe('a proof on the running app', () => {
  it('confirms what was found in the code that answers, which stays itself', () => {
    const merged = mergeFindings([proof(), inCode(12)])
    expect(merged).toHaveLength(1)
    expect(merged[0]).toMatchObject({
      fingerprint: 'aa:1',
      rule: 'dataflow/sql-injection',
      severity: 'critical',
      confidence: 'high',
      location: { kind: 'file', path: 'app.py', region: { startLine: 12 } },
      evidence: {
        exchanges: [{ purpose: 'sends a condition that holds' }],
        observed: ['The statement holds the quotes as sent.'],
        related: [
          {
            location: { kind: 'endpoint', method: 'GET', url: '/users', parameter: 'name' },
            message: 'proven on the running app: A condition steers the answer.',
          },
        ],
      },
    })
    expect(merged[0]?.witnesses.map(({ analyzer }) => analyzer)).toEqual(['dataflow', 'attack'])
  })

  it('finds it by the path of the value too, when the sink is in another file', () => {
    const elsewhere = inCode(3, {
      location: { kind: 'file', path: 'db.py', region: { startLine: 3 } },
      evidence: {
        path: [
          {
            kind: 'source',
            location: { kind: 'file', path: 'app.py', region: { startLine: 11 } },
            message: 'comes from it',
          },
          { kind: 'sink', location: { kind: 'file', path: 'db.py', region: { startLine: 3 } }, message: 'reaches it' },
        ],
      },
    })
    expect(mergeFindings([elsewhere, proof()]).map(({ rule, confidence }) => [rule, confidence])).toEqual([
      ['dataflow/sql-injection', 'high'],
    ])
  })

  it('prefers the finding that names the parameter', () => {
    const other = inCode(15, {
      fingerprint: 'a0:1',
      evidence: {},
      message: 'The query parameter order reaches execute.',
    })
    const merged = mergeFindings([other, inCode(12), proof()])
    expect(merged.map(({ message, confidence }) => [message, confidence])).toEqual([
      ['The query parameter name reaches execute.', 'high'],
      ['The query parameter order reaches execute.', 'medium'],
    ])
  })

  it('stays on its own beside other code, other defects, and without known code', () => {
    expect(mergeFindings([proof(), inCode(30)])).toHaveLength(2)
    expect(mergeFindings([proof(), inCode(12, { defect: 'xss' })])).toHaveLength(2)
    expect(mergeFindings([proof({ evidence: {} }), inCode(12)])).toHaveLength(2)
  })

  it('changes nothing when merged again, in whatever order', () => {
    const once = mergeFindings([proof(), inCode(12), inCode(14, { fingerprint: 'cc:1' })])
    expect(mergeFindings(once.toReversed())).toEqual(once)
    expect(mergeFindings([inCode(14, { fingerprint: 'cc:1' }), inCode(12), proof()])).toEqual(once)
  })
})
