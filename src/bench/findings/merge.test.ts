import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Finding } from './finding.ts'
import { mergeFindings } from './merge.ts'

const finding = (more: Partial<Finding> & { at?: readonly number[]; analyzer?: string } = {}): Finding => {
  const { at = [3], analyzer = 'python-lint', ...rest } = more
  const [startLine = 3, startColumn, endLine, endColumn] = at
  return {
    fingerprint: 'aa:1',
    defect: 'sql-injection',
    rule: `${analyzer}/R1`,
    title: 'SQL injection',
    category: 'security',
    severity: 'high',
    confidence: 'medium',
    cwe: [89],
    owasp: 'A05:2025',
    location: {
      kind: 'file',
      path: 'app.py',
      region: {
        startLine,
        ...(startColumn !== undefined && { startColumn }),
        ...(endLine !== undefined && { endLine }),
        ...(endColumn !== undefined && { endColumn }),
      },
    },
    message: `seen by ${analyzer}`,
    why: 'w',
    fix: 'f',
    evidence: {},
    witnesses: [{ analyzer, version: '1', rule: 'R1' }],
    provenance: 'model',
    ...rest,
  }
}
const lint = finding()
const patterns = finding({ analyzer: 'patterns', confidence: 'high', severity: 'critical', cwe: [943, 89] })

describe('mergeFindings', () => {
  it('makes one finding of two witnesses, led by the more confident one', () => {
    expect(mergeFindings([lint, patterns])).toEqual([
      {
        ...patterns,
        cwe: [943, 89],
        witnesses: [
          { analyzer: 'patterns', version: '1', rule: 'R1' },
          { analyzer: 'python-lint', version: '1', rule: 'R1' },
        ],
      },
    ])
  })

  it('keeps the path of whichever tool knows it', () => {
    const path = (['source', 'sink'] as const).map((kind) => ({ kind, location: lint.location, message: kind }))
    const [merged] = mergeFindings([{ ...lint, evidence: { path } }, patterns])
    expect([merged?.rule, merged?.evidence.path]).toEqual([patterns.rule, path])
  })

  it('keeps apart other lines, other files, other defects and rules without a defect', () => {
    const others = [
      finding({ at: [4], analyzer: 'patterns' }),
      finding({ analyzer: 'patterns', location: { kind: 'file', path: 'b.py', region: { startLine: 3 } } }),
      finding({ analyzer: 'patterns', defect: 'command-injection' }),
      finding({ analyzer: 'patterns', defect: undefined }),
    ]
    for (const other of others) expect(mergeFindings([lint, other])).toHaveLength(2)
  })

  it('merges overlapping lines, and with an overlap to choose from takes the closest', () => {
    const wide = finding({ at: [1, 1, 5, 2] })
    expect(mergeFindings([wide, finding({ at: [5], analyzer: 'patterns' })])).toHaveLength(1)
    const one = finding({ at: [3, 1, 3, 5] })
    const two = finding({ at: [3, 20, 3, 30] })
    const merged = mergeFindings([one, two, finding({ at: [3, 21], analyzer: 'patterns' })])
    expect(merged.map(({ message, witnesses }) => [message, witnesses.length])).toEqual([
      ['seen by python-lint', 1],
      ['seen by patterns', 2],
    ])
  })

  it('does not merge two places of one line seen by one analyzer', () => {
    expect(mergeFindings([finding({ at: [3, 1] }), finding({ at: [3, 9] })])).toHaveLength(2)
  })

  it('merges endpoints by request, whatever the values', () => {
    const at = (analyzer: string, url: string) =>
      finding({ analyzer, location: { kind: 'endpoint', method: 'GET', url, parameter: 'q' } })
    expect(mergeFindings([at('probe', 'http://a/x/1?q=1'), at('fuzz', '/x/2?q=2')])).toHaveLength(1)
    expect(mergeFindings([at('probe', '/x'), at('fuzz', '/y')])).toHaveLength(2)
  })

  it('gives twins different fingerprints', () => {
    const merged = mergeFindings([lint, finding({ at: [9] }), finding({ at: [9], analyzer: 'patterns' })])
    expect(merged.map(({ fingerprint, witnesses }) => [fingerprint, witnesses.length])).toEqual([
      ['aa:1', 1],
      ['aa:2', 2],
    ])
  })

  it('sorts by severity, then path, line and rule', () => {
    const at = (path: string, line: number, severity: Finding['severity']) =>
      finding({ severity, defect: undefined, location: { kind: 'file', path, region: { startLine: line } } })
    const merged = mergeFindings([
      at('b.py', 1, 'low'),
      at('a.py', 9, 'low'),
      at('a.py', 2, 'low'),
      at('z.py', 1, 'high'),
    ])
    expect(
      merged.map(({ location }) => location.kind === 'file' && `${location.path}:${location.region?.startLine}`),
    ).toEqual(['z.py:1', 'a.py:2', 'a.py:9', 'b.py:1'])
  })

  const anyFinding = fc
    .record({
      analyzer: fc.constantFrom('one', 'two', 'three'),
      line: fc.integer({ min: 1, max: 4 }),
      column: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
      height: fc.nat(2),
      confidence: fc.constantFrom('high', 'medium', 'low'),
      severity: fc.constantFrom('critical', 'low'),
      defect: fc.constantFrom('xss', 'sql-injection', undefined),
      fingerprint: fc.constantFrom('aa:1', 'bb:1'),
    } as const)
    .map(({ analyzer, line, column, height, ...rest }) =>
      finding({
        ...rest,
        analyzer,
        location: {
          kind: 'file',
          path: 'a.py',
          region: { startLine: line, ...(column !== undefined && { startColumn: column }), endLine: line + height },
        },
      }),
    )

  it('does not depend on the order, is idempotent, loses no witness and never repeats a fingerprint', () => {
    fc.assert(
      fc.property(
        fc
          .array(anyFinding, { maxLength: 14 })
          .chain((list) =>
            fc.record({ list: fc.constant(list), shuffled: fc.shuffledSubarray(list, { minLength: list.length }) }),
          ),
        ({ list, shuffled }) => {
          const merged = mergeFindings(list)
          expect(mergeFindings(shuffled)).toEqual(merged)
          expect(mergeFindings(merged)).toEqual(merged)
          expect(new Set(merged.map((one) => one.fingerprint)).size).toBe(merged.length)
          const analyzers = (all: readonly Finding[]) =>
            new Set(all.flatMap((one) => one.witnesses.map((witness) => `${one.defect} ${witness.analyzer}`)))
          expect(analyzers(merged)).toEqual(analyzers(list))
        },
      ),
      { seed: 20_260_102, numRuns: 2_000 },
    )
  })

  it('merges 40,000 findings of one defect in one file', () => {
    const many = Array.from({ length: 20_000 }, (_, at) => [
      finding({ at: [at + 1] }),
      finding({ at: [at + 1], analyzer: 'patterns' }),
    ])
    expect(mergeFindings(many.flat())).toHaveLength(20_000)
  })
})
