import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderPretty } from './pretty.ts'
import { sampleFinding, sampleReport } from './report.fixture.ts'
import { columnsOf } from './text.ts'

describe('renderPretty', () => {
  it('shows findings by severity and rule, then what was not measured, then the verdict', () => {
    expect(renderPretty(sampleReport(), { color: false, width: 80 })).toBe(`HIGH  2 findings

  SQL built from user input
    CWE-89, A05:2025, python-lint/S608
    why  Whoever sends the value can read and change the whole database.
    fix  Pass the value as a parameter.
    app.py:12:5       The query contains \`name\`.
    views/admin.py:7  The query contains \`name\`.

LOW  1 finding

  Long function
    complexity/long-function
    why  Nobody reads it to the end.
    fix  Split it.
    app.py:12:5  main has 200 lines.

Not measured
  dependencies  error: api.osv.dev does not answer.

Not applicable
  containers  no Dockerfile

3 findings: 2 high, 1 low. 1 analysis completed; 1 analysis could not be
completed.
`)
  })

  it('never calls an unmeasured app clean', () => {
    const text = renderPretty(sampleReport({ findings: [] }), { color: false, width: 100 })
    expect(text).toContain('No findings, but 1 analysis could not be completed: this is not a clean result.')
  })

  it('says what was measured in part', () => {
    const [analysis] = sampleReport().analyses
    if (analysis === undefined) throw new Error('The sample has analyses.')
    const coverage = { analysed: 1, total: 2, gaps: [{ path: 'bad.py', reason: 'not Python' }] }
    const text = renderPretty(sampleReport({ findings: [], analyses: [{ ...analysis, coverage }] }), {
      color: false,
      width: 100,
    })
    expect(text).toBe(
      'Measured in part\n  python-lint  1 of 2 files; bad.py: not Python\n\nNo findings. 1 analysis completed.\n',
    )
  })

  it('prefixes paths with the app in a study, and names provenance and state', () => {
    const findings = [sampleFinding({ app: 'm/app1', provenance: 'scaffold', state: 'false_positive' })]
    const text = renderPretty(sampleReport({ kind: 'study', findings }), { color: false, width: 100 })
    expect(text).toContain('m/app1/app.py:12:5  The query contains `name`. [scaffold, false positive]')
  })

  it('colours only when told to, and colour adds no words', () => {
    const plain = renderPretty(sampleReport(), { color: false, width: 80 })
    const coloured = renderPretty(sampleReport(), { color: true, width: 80 })
    expect(plain).not.toContain('\u001b')
    expect(coloured).toContain('\u001b[31mHIGH')
    expect(stripVTControlCharacters(coloured)).toBe(plain)
  })

  it('shows control characters of untrusted text instead of sending them', () => {
    const findings = [
      sampleFinding({ message: 'a\u001b[2Jb\u202ec\nd', location: { kind: 'file', path: 'x\u0007.py' } }),
    ]
    const text = renderPretty(sampleReport({ findings }), { color: false, width: 100 })
    expect(text).toContain('x\\u0007.py  a\\u001b[2Jb\\u202ec d')
  })

  it('keeps to the width, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 40, max: 120 }), (text, width) => {
        const findings = [
          sampleFinding({
            message: text || 'm',
            why: text || 'w',
            title: text || 't',
            location: { kind: 'file', path: text || 'p' },
          }),
        ]
        const lines = renderPretty(sampleReport({ findings }), { color: false, width }).split('\n')
        for (const line of lines) {
          expect(columnsOf(line)).toBeLessThanOrEqual(width)
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/)
        }
      }),
      { seed: 3, numRuns: 500 },
    )
  })
})
