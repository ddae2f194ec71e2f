import { isUnmeasured, type Report, type ReportAnalysis, type ReportFinding } from './report.ts'

/** The columns, in order. Names stay; new ones are added at the end. */
export const csvColumns = [
  'record',
  'app',
  'model',
  'severity',
  'confidence',
  'rule',
  'title',
  'category',
  'cwe',
  'owasp',
  'path',
  'line',
  'column',
  'method',
  'url',
  'parameter',
  'message',
  'why',
  'fix',
  'analyzers',
  'provenance',
  'state',
  'fingerprint',
  'outcome',
  'reason',
] as const
type Row = Partial<Record<(typeof csvColumns)[number], string | number | null | undefined>>

/**
 * A report as CSV (RFC 4180, UTF-8, CR LF), one `finding` record per finding, then one `analysis` record for each analysis
 * that was not completed, so that a failed analysis does not look like no findings. Spreadsheets take text that begins
 * with `=`, `+`, `-`, `@`, tab or CR for a formula: such cells get a leading apostrophe (OWASP, CSV Injection).
 */
export function renderCsv(report: Report): string {
  const models = new Map(report.apps.map(({ name, model }) => [name, model]))
  const rows: Row[] = [
    ...report.findings.map((finding) => findingRow(finding, models)),
    ...report.analyses.filter(isUnmeasured).map((analysis) => analysisRow(analysis, models)),
  ]
  const lines = [csvColumns.join(','), ...rows.map((row) => csvColumns.map((column) => cell(row[column])).join(','))]
  return `${lines.join('\r\n')}\r\n`
}

function findingRow(finding: ReportFinding, models: ReadonlyMap<string, string | null>): Row {
  const { location } = finding
  const place: Row =
    location.kind === 'file'
      ? { path: location.path, line: location.region?.startLine, column: location.region?.startColumn }
      : { method: location.method, url: location.url, parameter: location.parameter }
  return {
    record: 'finding',
    app: finding.app,
    model: models.get(finding.app),
    severity: finding.severity,
    confidence: finding.confidence,
    rule: finding.rule,
    title: finding.title,
    category: finding.category,
    cwe: finding.cwe.map((cwe) => `CWE-${cwe}`).join(' '),
    owasp: finding.owasp,
    ...place,
    message: finding.message,
    why: finding.why,
    fix: finding.fix,
    analyzers: [...new Set(finding.witnesses.map(({ analyzer }) => analyzer))].join(' '),
    provenance: finding.provenance,
    state: finding.state,
    fingerprint: finding.fingerprint,
  }
}

function analysisRow(analysis: ReportAnalysis, models: ReadonlyMap<string, string | null>): Row {
  return {
    record: 'analysis',
    app: analysis.app,
    model: models.get(analysis.app),
    analyzers: analysis.analyzer,
    outcome: analysis.outcome,
    reason: analysis.reason,
  }
}

function cell(value: Row['record']): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
