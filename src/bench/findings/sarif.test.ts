import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newSince, parseBaseline } from './baseline.ts'
import { InvalidSarif } from './errors.ts'
import type { Exchange, Finding } from './finding.ts'
import { type SarifInput, toSarif } from './sarif.ts'
import { fromSarif } from './sarif-in.ts'

/** The schema is written for JSON Schema draft 4; it uses nothing that means something else in draft 7 but `id`. */
const {
  $schema: _draft,
  id: _id,
  ...schema
} = JSON.parse(readFileSync(new URL('fixtures/sarif-2.1.0-rtm.5.json', import.meta.url), 'utf8')) as Record<
  string,
  unknown
>
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
addFormats.default(ajv)
const validate = ajv.compile(schema)
const errorsOf = (log: unknown): unknown => (validate(log) ? [] : validate.errors)

const finding: Finding = {
  fingerprint: '0123456789abcdef0123456789abcdef:1',
  defect: 'sql-injection',
  rule: 'python-lint/S608',
  title: 'SQL built from user input',
  category: 'security',
  severity: 'critical',
  confidence: 'high',
  cwe: [89],
  owasp: 'A05:2025',
  location: {
    kind: 'file',
    path: 'src/ä b%20#?.py',
    region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 9 },
  },
  message: 'The query contains `name`.',
  why: 'Anyone reads <b>everything</b>.',
  fix: 'Use parameters.',
  help: 'https://example.org/S608',
  evidence: {
    snippet: 'query = name',
    related: [
      { location: { kind: 'file', path: 'app.py', region: { startLine: 1 } }, message: 'name comes in' },
      { location: { kind: 'file', path: 'app.py', region: { startLine: 2 } }, message: 'name is passed on' },
    ],
    path: [
      {
        kind: 'source',
        location: { kind: 'file', path: 'app.py', region: { startLine: 1 } },
        message: 'comes from the query string',
        depth: 0,
      },
      {
        kind: 'step',
        location: { kind: 'file', path: 'app.py', region: { startLine: 2, startColumn: 9 } },
        message: 'passed to this call',
        depth: 0,
      },
      {
        kind: 'sink',
        location: { kind: 'file', path: 'src/ä b%20#?.py', region: { startLine: 3, startColumn: 5 } },
        message: 'reaches execute',
        depth: 1,
      },
    ],
    facts: { sink: 'execute' },
  },
  witnesses: [{ analyzer: 'python-lint', version: '1', rule: 'S608' }],
  provenance: 'model',
}
const input: SarifInput = {
  version: '0.1.0',
  findings: [{ ...finding, app: 'm/app 1' }],
  analyses: [
    { app: 'm/app 1', analyzer: 'python-lint', version: '1', outcome: 'completed' },
    { app: 'm/app 1', analyzer: 'types', version: '2', outcome: 'timed_out', reason: 'after 60 s' },
    { app: 'm/app 1', analyzer: 'containers', version: '3', outcome: 'not_applicable', reason: 'no Dockerfile' },
  ],
}

describe('toSarif', () => {
  const [run] = toSarif(input).runs
  const [result] = run?.results ?? []

  it('is valid SARIF 2.1.0, also when empty', () => {
    expect(errorsOf(toSarif(input))).toEqual([])
    expect(errorsOf(toSarif({ version: '1', findings: [], analyses: [] }))).toEqual([])
    expect(errorsOf({ ...toSarif(input), version: '2.0.0' })).not.toEqual([])
  })

  it('encodes relative paths and puts a study under the names of its apps', () => {
    expect(result?.locations[0]?.physicalLocation?.artifactLocation).toEqual({
      uri: 'src/%C3%A4%20b%2520%23%3F.py',
      uriBaseId: 'SRCROOT',
    })
    const study = toSarif({ ...input, prefixApps: true }).runs[0]?.results[0]
    expect(study?.locations[0]?.physicalLocation?.artifactLocation.uri).toBe('m/app%201/src/%C3%A4%20b%2520%23%3F.py')
  })

  it('names the weakness, its category and its score', () => {
    const rule = run?.tool.driver.rules[0]
    expect(rule?.properties).toMatchObject({
      tags: ['security', 'external/cwe/cwe-089', 'OWASP A05:2025'],
      'security-severity': '9.5',
    })
    expect(rule?.help.markdown).toBe('Anyone reads &lt;b\\>everything&lt;/b\\>.\n\n**Fix:** Use parameters.')
    expect(run?.taxonomies[0]?.taxa).toEqual([
      {
        id: '89',
        helpUri: 'https://cwe.mitre.org/data/definitions/89.html',
        shortDescription: { text: 'SQL injection' },
      },
    ])
  })

  it('draws the path of the data as a code flow that ends at the sink', () => {
    const steps = result?.codeFlows?.[0]?.threadFlows[0]?.locations
    expect(
      steps?.map(({ location: { physicalLocation: place, message }, ...rest }) => [
        place?.artifactLocation.uri,
        place?.region?.startLine,
        message?.text,
        rest,
      ]),
    ).toEqual([
      ['app.py', 1, 'comes from the query string', { importance: 'essential', nestingLevel: 0, kinds: ['source'] }],
      ['app.py', 2, 'passed to this call', { importance: 'important', nestingLevel: 0, kinds: ['taint'] }],
      [
        'src/%C3%A4%20b%2520%23%3F.py',
        3,
        'reaches execute',
        { importance: 'essential', nestingLevel: 1, kinds: ['sink'] },
      ],
    ])
    expect(result?.relatedLocations).toHaveLength(2)
  })

  it('does not take places that are merely related for a path', () => {
    const { path: _path, ...evidence } = finding.evidence
    const [only] = toSarif({ ...input, findings: [{ ...finding, evidence }] }).runs[0]?.results ?? []
    expect([only?.relatedLocations?.length, only?.codeFlows]).toEqual([2, undefined])
  })

  it('is not a successful execution when an analysis was not completed', () => {
    expect(run?.invocations[0]).toEqual({
      executionSuccessful: false,
      toolExecutionNotifications: [
        {
          descriptor: { id: 'not-measured', index: 0 },
          level: 'error',
          message: { text: 'types on m/app 1: timed out: after 60 s' },
          properties: { analyzer: 'types', version: '2', outcome: 'timed_out', app: 'm/app 1' },
        },
        {
          descriptor: { id: 'not-applicable', index: 1 },
          level: 'note',
          message: { text: 'containers on m/app 1: not applicable: no Dockerfile' },
          properties: { analyzer: 'containers', version: '3', outcome: 'not_applicable', app: 'm/app 1' },
        },
      ],
    })
    const finished = toSarif({ ...input, analyses: input.analyses.filter(({ outcome }) => outcome !== 'timed_out') })
    expect(finished.runs[0]?.invocations[0].executionSuccessful).toBe(true)
  })

  it('marks what a person decided as suppressed', () => {
    const log = toSarif({ ...input, findings: [{ ...finding, state: 'false_positive' }] })
    expect(log.runs[0]?.results[0]?.suppressions).toEqual([
      { kind: 'external', status: 'accepted', justification: 'false positive' },
    ])
    expect(errorsOf(log)).toEqual([])
  })

  it('is a baseline', () => {
    const baseline = parseBaseline(JSON.stringify(toSarif(input)))
    expect(newSince(baseline, [finding, { ...finding, fingerprint: 'x:1' }])).toEqual([
      { ...finding, fingerprint: 'x:1' },
    ])
  })
})

describe('fromSarif', () => {
  it('reads what another tool wrote', () => {
    const log = {
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'Other',
              version: '7',
              rules: [
                {
                  id: 'js/xss',
                  shortDescription: { text: 'Cross-site scripting' },
                  fullDescription: { text: 'Writing input to a page is dangerous.' },
                  help: { text: 'Escape it.' },
                  properties: {
                    tags: ['security', 'external/cwe/cwe-079'],
                    precision: 'very-high',
                    'security-severity': '6.1',
                  },
                  messageStrings: { default: { text: 'Value from {0} reaches {1}.' } },
                },
              ],
            },
          },
          invocations: [
            {
              executionSuccessful: false,
              toolExecutionNotifications: [{ level: 'error', message: { text: 'crashed' } }],
            },
          ],
          results: [
            {
              ruleIndex: 0,
              message: { id: 'default', arguments: ['q', 'innerHTML'] },
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: './src/a%20b.js' },
                    region: { startLine: 3, startColumn: 0, endLine: 2 },
                  },
                },
              ],
            },
            { ruleId: 'js/xss', kind: 'pass', message: { text: 'fine' } },
            { ruleId: 'js/xss', message: { text: 'old' }, suppressions: [{ kind: 'inSource' }] },
          ],
        },
      ],
    }
    expect(fromSarif(JSON.stringify(log))).toEqual([
      {
        tool: { name: 'Other', version: '7' },
        rules: [
          {
            id: 'js/xss',
            title: 'Cross-site scripting',
            category: 'security',
            severity: 'medium',
            confidence: 'high',
            cwe: [79],
            why: 'Writing input to a page is dangerous.',
            fix: 'Escape it.',
          },
        ],
        findings: [
          {
            rule: 'js/xss',
            message: 'Value from q reaches innerHTML.',
            location: { kind: 'file', path: 'src/a b.js', region: { startLine: 3 } },
            evidence: {},
          },
        ],
        failures: ['crashed'],
      },
    ])
  })

  it('reads a path whose steps are kept apart, and leaves out those that are in no file', () => {
    const at = (uri: string, text: string) => ({
      location: { physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } }, message: { text } },
    })
    const locations = [
      { index: 0 },
      { location: { message: { text: 'in the air' } } },
      { ...at('b.py', 'end'), nestingLevel: 2 },
    ]
    const run = {
      tool: { driver: { name: 'Other' } },
      threadFlowLocations: [at('a.py', 'begin')],
      results: [{ ruleId: 'x', message: { text: 'm' }, codeFlows: [{ threadFlows: [{ locations }] }] }],
    }
    const [report] = fromSarif(JSON.stringify({ version: '2.1.0', runs: [run] }))
    const file = (path: string) => ({ kind: 'file', path, region: { startLine: 1 } })
    expect(report?.findings[0]?.evidence?.path).toEqual([
      { kind: 'source', location: file('a.py'), message: 'begin' },
      { kind: 'sink', location: file('b.py'), message: 'end', depth: 2 },
    ])
  })

  it.each(['', '[]', '{"version":"2.0.0","runs":[]}', '{"version":"2.1.0","runs":[{}]}'])('refuses %j', (text) => {
    expect(() => fromSarif(text)).toThrow(InvalidSarif)
  })

  const segment = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 6 })
    .filter((one) => !/[/\\\u0000]/.test(one) && one !== '.' && one !== '..')
  const headers = fc.array(fc.tuple(fc.constantFrom('set-cookie', 'x-a'), fc.string()), { maxLength: 3 })
  const anyExchange: fc.Arbitrary<Exchange> = fc.record(
    {
      purpose: fc.string(),
      request: fc.record({ method: fc.constantFrom('GET', 'POST'), url: fc.webUrl(), headers }),
      response: fc.record({
        status: fc.integer({ min: 100, max: 599 }),
        headers,
        body: fc.string(),
        truncated: fc.boolean(),
      }),
      milliseconds: fc.integer({ min: 0, max: 1000 }),
    },
    { requiredKeys: ['purpose', 'request', 'milliseconds'] },
  )
  const anyFinding: fc.Arbitrary<Finding> = fc
    .record({
      rule: fc.constantFrom('a/one', 'a/two', 'b/one'),
      severity: fc.constantFrom('critical', 'high', 'medium', 'low', 'info'),
      confidence: fc.constantFrom('high', 'medium', 'low'),
      message: fc.string({ minLength: 1 }),
      fix: fc.constantFrom('Fix this.', 'Fix that.'),
      path: fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
      line: fc.integer({ min: 1, max: 10_000 }),
      endpoint: fc.boolean(),
      exchanges: fc.option(fc.array(anyExchange, { minLength: 1, maxLength: 2 }), { nil: undefined }),
    } as const)
    .map(({ path, line, endpoint, exchanges, ...rest }) => ({
      ...finding,
      ...rest,
      evidence: { ...finding.evidence, ...(exchanges && { exchanges, observed: ['The app opened a file.'] }) },
      location: endpoint
        ? { kind: 'endpoint' as const, method: 'POST', url: `/x/${line}`, parameter: 'q' }
        : { kind: 'file' as const, path, region: { startLine: line } },
    }))

  it('gives back what toSarif was given', () => {
    fc.assert(
      fc.property(fc.array(anyFinding, { maxLength: 6 }), (findings) => {
        const log = toSarif({ version: '1', findings, analyses: [] })
        expect(errorsOf(log)).toEqual([])
        const [report] = fromSarif(JSON.stringify(log))
        const rules = new Map(report?.rules.map((rule) => [rule.id, rule]))
        const back = report?.findings.map((raw) => {
          const rule = rules.get(raw.rule)
          return [
            raw.rule,
            raw.message,
            raw.location,
            raw.severity ?? rule?.severity,
            raw.confidence ?? rule?.confidence,
            raw.fix ?? rule?.fix,
            rule?.cwe,
            rule?.defect,
            raw.evidence?.related,
            raw.evidence?.path,
            raw.evidence?.facts,
            raw.evidence?.exchanges,
            raw.evidence?.observed,
          ]
        })
        expect(back).toEqual(
          findings.map((one) => [
            one.rule,
            one.message,
            one.location,
            one.severity,
            one.confidence,
            one.fix,
            one.cwe,
            one.defect,
            one.evidence.related,
            one.evidence.path,
            one.evidence.facts,
            one.evidence.exchanges,
            one.evidence.observed,
          ]),
        )
      }),
      { seed: 11, numRuns: 300 },
    )
  })
})
