import type { Report, ReportFinding } from './report.ts'

/** A finding for tests, with only what differs said. */
export function sampleFinding(more: Partial<ReportFinding> = {}): ReportFinding {
  return {
    app: 'shop',
    fingerprint: '0123456789abcdef0123456789abcdef:1',
    defect: 'sql-injection',
    rule: 'python-lint/S608',
    title: 'SQL built from user input',
    category: 'security',
    severity: 'high',
    confidence: 'medium',
    cwe: [89],
    owasp: 'A05:2025',
    location: { kind: 'file', path: 'app.py', region: { startLine: 12, startColumn: 5 } },
    message: 'The query contains `name`.',
    why: 'Whoever sends the value can read and change the whole database.',
    fix: 'Pass the value as a parameter.',
    help: 'https://docs.astral.sh/ruff/rules/S608',
    evidence: { snippet: 'query = f"SELECT {name}"' },
    witnesses: [{ analyzer: 'python-lint', version: '1', rule: 'S608' }],
    provenance: 'model',
    ...more,
  }
}

/** A report for tests: two findings of one rule, one of another, one failed analysis, one not applicable. */
export function sampleReport(more: Partial<Report> = {}): Report {
  return {
    kind: 'check',
    name: 'shop',
    version: '0.1.0',
    createdAt: '2026-01-02T03:04:05.000Z',
    apps: [{ name: 'shop', model: null, spec: null, lines: 400 }],
    analyses: [
      {
        app: 'shop',
        analyzer: 'python-lint',
        version: '1',
        outcome: 'completed',
        coverage: { analysed: 2, total: 2, gaps: [] },
      },
      { app: 'shop', analyzer: 'dependencies', version: '1', outcome: 'error', reason: 'api.osv.dev does not answer.' },
      { app: 'shop', analyzer: 'containers', version: '1', outcome: 'not_applicable', reason: 'no Dockerfile' },
    ],
    findings: [
      sampleFinding(),
      sampleFinding({
        fingerprint: '0123456789abcdef0123456789abcdef:2',
        location: { kind: 'file', path: 'views/admin.py', region: { startLine: 7 } },
      }),
      sampleFinding({
        fingerprint: 'fedcba9876543210fedcba9876543210:1',
        defect: undefined,
        rule: 'complexity/long-function',
        title: 'Long function',
        category: 'quality',
        severity: 'low',
        cwe: [],
        owasp: undefined,
        message: 'main has 200 lines.',
        why: 'Nobody reads it to the end.',
        fix: 'Split it.',
        help: undefined,
        witnesses: [{ analyzer: 'complexity', version: '1', rule: 'long-function' }],
      }),
    ],
    ...more,
  }
}
