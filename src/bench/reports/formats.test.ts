import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvColumns, renderCsv } from './csv.ts'
import { jsonReportSchema, renderJson } from './json.ts'
import { renderMarkdown } from './markdown.ts'
import { sampleFinding, sampleReport } from './report.fixture.ts'
import { toSarifReport } from './sarif.ts'
import { summaryOf, verdictOf } from './summary.ts'

describe('renderJson', () => {
  it('follows its schema and loses nothing', () => {
    const report = sampleReport()
    const parsed = jsonReportSchema.parse(JSON.parse(renderJson(report)))
    expect(parsed.findings).toEqual(JSON.parse(JSON.stringify(report.findings)))
    expect(parsed.analyses).toEqual(report.analyses)
    expect(parsed.summary).toEqual({
      findings: 3,
      bySeverity: { critical: 0, high: 2, medium: 0, low: 1, info: 0 },
      lowConfidence: 0,
      analyses: { completed: 1, not_applicable: 1, error: 1, timed_out: 0, cancelled: 0 },
    })
  })
})

/** A strict RFC 4180 reader, to read back what was written. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  let field = ''
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (quoted && char === '"' && text[at + 1] === '"') {
      field += '"'
      at += 1
    } else if (char === '"') quoted = !quoted
    else if (!quoted && (char === ',' || text.startsWith('\r\n', at))) {
      rows.at(-1)?.push(field)
      field = ''
      if (char !== ',') {
        rows.push([])
        at += 1
      }
    } else field += char
  }
  return rows.slice(0, -1)
}

describe('renderCsv', () => {
  const at = (row: string[] | undefined, column: (typeof csvColumns)[number]): string | undefined =>
    row?.[csvColumns.indexOf(column)]

  it('has one record per finding, and one per analysis that was not completed', () => {
    const report = sampleReport({ apps: [{ name: 'shop', model: 'careful', spec: null, lines: 4 }] })
    const rows = parseCsv(renderCsv(report))
    expect(rows[0]).toEqual([...csvColumns])
    expect(
      rows
        .slice(1)
        .map((row) => [at(row, 'record'), at(row, 'model'), at(row, 'path'), at(row, 'line'), at(row, 'outcome')]),
    ).toEqual([
      ['finding', 'careful', 'app.py', '12', ''],
      ['finding', 'careful', 'views/admin.py', '7', ''],
      ['finding', 'careful', 'app.py', '12', ''],
      ['analysis', 'careful', '', '', 'error'],
    ])
  })

  it.each(['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])(
    'keeps %j from being a formula',
    (message) => {
      const rows = parseCsv(renderCsv(sampleReport({ findings: [sampleFinding({ message })] })))
      expect(at(rows[1], 'message')).toBe(`'${message}`)
    },
  )

  it('is read back as it was, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', ' ', '=', "'"), minLength: 1 }),
        (message) => {
          const rows = parseCsv(renderCsv(sampleReport({ findings: [sampleFinding({ message })], analyses: [] })))
          expect(rows.map((row) => row.length)).toEqual([csvColumns.length, csvColumns.length])
          expect(at(rows[1], 'message')).toBe(/^[=\r]/.test(message) ? `'${message}` : message)
        },
      ),
      { seed: 4, numRuns: 500 },
    )
  })
})

describe('renderMarkdown', () => {
  it('is a comment with the verdict, the findings and what was not measured', () => {
    expect(renderMarkdown(sampleReport())).toBe(`## Assay: shop

3 findings: 2 high, 1 low. 1 analysis completed; 1 analysis could not be completed.

| Severity | Where | What | Seen by |
| --- | --- | --- | --- |
| high | \`app.py:12:5\` | **SQL built from user input**: The query contains &#96;name&#96;. | python-lint |
| high | \`views/admin.py:7\` | **SQL built from user input**: The query contains &#96;name&#96;. | python-lint |
| low | \`app.py:12:5\` | **Long function**: main has 200 lines. | complexity |

<details><summary>Why it matters and how to fix it</summary>

- **SQL built from user input** (\`python-lint/S608\`, CWE-89, A05:2025)
  - Why: Whoever sends the value can read and change the whole database.
  - Fix: Pass the value as a parameter.
- **Long function** (\`complexity/long-function\`)
  - Why: Nobody reads it to the end.
  - Fix: Split it.

</details>

### Not measured

| Analysis | Outcome | Reason |
| --- | --- | --- |
| dependencies | error | api.osv.dev does not answer. |

1 analysis does not apply.
`)
  })

  it('writes worst findings first and counts the rest', () => {
    const text = renderMarkdown(sampleReport(), { limit: 1 })
    expect(text).toContain('| high | `app.py:12:5` |')
    expect(text).not.toContain('views/admin.py')
    expect(text).toContain('2 findings not shown.')
  })

  it('does not let text become HTML, links, mentions, cells or code', () => {
    const message = '<img src=x onerror=alert(1)> [a](http://b) ![c](d) @admin #1 | x\n\n# h `c` **b** www.evil.test'
    const findings = [sampleFinding({ message, location: { kind: 'file', path: 'a`|`b``.py' } })]
    const row = renderMarkdown(sampleReport({ findings }))
      .split('\n')
      .find((line) => line.startsWith('| high'))
    expect(row).toBe(
      '| high | ```a`\\|`b``.py``` | **SQL built from user input**: &#60;img src=x onerror=alert(1)&#62; &#91;a&#93;(http:\u2060//b) !&#91;c&#93;(d) &#64;\u2060admin &#35;\u20601 &#124; x &#35; h &#96;c&#96; &#42;&#42;b&#42;&#42; www\u2060.evil.test | python-lint |',
    )
  })
})

describe('toSarifReport', () => {
  it('is not a clean execution when an analysis failed, and prefixes apps in a study', () => {
    const [run] = toSarifReport(sampleReport({ kind: 'study' })).runs
    expect(run?.invocations[0].executionSuccessful).toBe(false)
    expect(run?.results[0]?.locations[0]?.physicalLocation?.artifactLocation.uri).toBe('shop/app.py')
  })
})

describe('verdictOf', () => {
  it.each([
    [{ findings: [], analyses: [] }, 'Nothing was measured: no analysis applies.'],
    [sampleReport({ findings: [] }), 'No findings, but 1 analysis could not be completed: this is not a clean result.'],
    [
      { findings: [], analyses: sampleReport().analyses.filter(({ outcome }) => outcome !== 'error') },
      'No findings. 1 analysis completed.',
    ],
  ])('%#', (report, verdict) => {
    expect(verdictOf(report)).toBe(verdict)
  })

  it('counts, without what is of low confidence unless that was asked for', () => {
    const findings = [...sampleReport().findings, sampleFinding({ confidence: 'low' })]
    const report = sampleReport({ findings })
    expect(summaryOf(report)).toMatchObject({ findings: 3, bySeverity: { high: 2 }, lowConfidence: 1 })
    expect(summaryOf(report, { lowConfidence: true })).toMatchObject({
      findings: 4,
      bySeverity: { high: 3 },
      lowConfidence: 0,
    })
  })
})
