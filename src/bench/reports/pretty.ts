import { styleText } from 'node:util'
import { type Severity, severities } from '#bench/findings'
import { pathPlaces } from './path.ts'
import { proofLines } from './proof.ts'
import { isUnmeasured, placeOf, type Report, type ReportAnalysis, type ReportFinding, unmadeChecks } from './report.ts'
import { counted, outcomeLabels, verdictOf } from './summary.ts'
import { columnsOf, padded, visible, wrap } from './text.ts'

export interface PrettyOptions {
  /** Whether severity words and outcomes are coloured. Meaning never hangs on colour alone. */
  readonly color: boolean
  /** Columns of the terminal. */
  readonly width: number
}

/** Colours a person with any colour vision can tell from the word beside them. */
const severityStyles: Readonly<Record<Severity, Parameters<typeof styleText>[0]>> = {
  critical: ['bold', 'red'],
  high: 'red',
  medium: 'yellow',
  low: 'blue',
  info: 'dim',
}

/**
 * A report for a terminal: findings by severity and rule, each with its place, why it matters and how to fix it; then
 * every analysis that was not completed, with the reason; then one sentence. Untrusted text cannot reach the terminal
 * as control characters.
 */
export function renderPretty(report: Report, { color, width }: PrettyOptions): string {
  const style = (format: Parameters<typeof styleText>[0], text: string): string =>
    color ? styleText(format, text, { validateStream: false }) : text
  const columns = Math.max(40, Math.min(width, 140))
  const out: string[] = []
  for (const severity of severities) {
    const findings = report.findings.filter((finding) => finding.severity === severity)
    if (findings.length === 0) continue
    out.push(
      `${style(severityStyles[severity], severity.toUpperCase())}  ${counted(findings.length, 'finding', 'findings')}`,
      '',
    )
    for (const group of groupsOf(findings)) out.push(...groupLines(report, group, columns, style), '')
  }
  out.push(...outcomeLines(report, columns, style))
  out.push(...wrap(verdictOf(report), columns))
  return `${out.join('\n')}\n`
}

type Style = (format: Parameters<typeof styleText>[0], text: string) => string
type Group = [ReportFinding, ...ReportFinding[]]

/** Findings that say the same of several places are written once. */
function groupsOf(findings: readonly ReportFinding[]): Group[] {
  const groups = new Map<string, Group>()
  for (const finding of findings) {
    const key = JSON.stringify([finding.rule, finding.title, finding.why, finding.fix])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [finding])
    else group.push(finding)
  }
  return [...groups.values()]
}

function groupLines(report: Report, group: Group, columns: number, style: Style): string[] {
  const [first] = group
  const source = [...new Set(group.flatMap((one) => one.witnesses.map(({ analyzer, rule }) => `${analyzer}/${rule}`)))]
  const marks = [...first.cwe.map((cwe) => `CWE-${cwe}`), ...(first.owasp ? [first.owasp] : []), ...source]
  return [
    ...wrap(visible(first.title), columns - 2).map((line) => `  ${style('bold', line)}`),
    ...wrap(marks.map(visible).join(', '), columns - 4).map((line) => `    ${style('dim', line)}`),
    ...labelled('why', first.why, columns),
    ...labelled('fix', first.fix, columns),
    ...placeLines(report, group, columns, style),
  ]
}

function labelled(label: string, text: string, columns: number): string[] {
  return wrap(visible(text), columns - 9).map((line, at) => `    ${padded(at === 0 ? label : '', 5)}${line}`)
}

/**
 * Places in one column, messages beside them and under each the path to it and its proof; a place too long for the column gets a line of
 * its own.
 */
function placeLines(report: Report, group: Group, columns: number, style: Style): string[] {
  const rows = group.map((finding) => ({
    place: visible(placeOf(report, finding)),
    text: messageOf(finding),
    below: [pathPlaces(report, finding).join(' → '), ...proofLines(finding)].filter((line) => line !== '').map(visible),
  }))
  const limit = Math.floor(columns * 0.4)
  const column = Math.min(limit, widest(rows.map(({ place }) => place)))
  return rows.flatMap(({ place, text, below }) => {
    const dim = below.flatMap((line) => wrap(line, columns - column - 6))
    const lines = wrap(text, columns - column - 6)
    const fits = columnsOf(place) <= column
    const own = fits ? [] : wrap(place, columns - 4).map((line) => `    ${line}`)
    return [
      ...own,
      ...lines.map((line, at) => `    ${padded(fits && at === 0 ? place : '', column)}  ${line}`),
      ...dim.map((line) => `    ${padded('', column)}  ${style('dim', line)}`),
    ]
  })
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, columnsOf(text)), 0)
}

function messageOf(finding: ReportFinding): string {
  const notes = [
    ...(finding.provenance === 'model' ? [] : [finding.provenance]),
    ...(finding.state === undefined || finding.state === 'open' ? [] : [finding.state.replace('_', ' ')]),
  ]
  return `${visible(finding.message)}${notes.length === 0 ? '' : ` [${notes.join(', ')}]`}`
}

function outcomeLines(report: Report, columns: number, style: Style): string[] {
  const failed = report.analyses.filter(isUnmeasured)
  const skipped = report.analyses.filter(({ outcome }) => outcome === 'not_applicable')
  const partial = report.analyses.filter(
    (one) => one.outcome === 'completed' && (hasGaps(one.coverage) || unmadeChecks(one).length > 0),
  )
  return [
    ...section(
      'Not measured',
      failed,
      (one) => `${outcomeLabels[one.outcome]}: ${one.reason ?? 'no reason given'}`,
      'red',
    ),
    ...section('Measured in part', partial, partText, 'yellow'),
    ...section('Not applicable', skipped, (one) => one.reason ?? 'no reason given', 'dim'),
  ]

  function section(
    title: string,
    analyses: readonly ReportAnalysis[],
    text: (one: ReportAnalysis) => string,
    format: Parameters<typeof styleText>[0],
  ): string[] {
    if (analyses.length === 0) return []
    const names = analyses.map((one) => visible(report.kind === 'study' ? `${one.app} ${one.analyzer}` : one.analyzer))
    const column = Math.min(Math.floor(columns * 0.4), widest(names))
    const lines = analyses.flatMap((one, at) => {
      const name = names[at] ?? ''
      const own = columnsOf(name) > column ? [`  ${name}`] : []
      const rest = wrap(visible(text(one)), columns - column - 4)
      return [...own, ...rest.map((line, i) => `  ${padded(own.length === 0 && i === 0 ? name : '', column)}  ${line}`)]
    })
    return [style(format, title), ...lines, '']
  }
}

function hasGaps(coverage: ReportAnalysis['coverage']): boolean {
  return coverage !== undefined && (coverage.analysed < coverage.total || coverage.gaps.length > 0)
}

function partText(one: ReportAnalysis): string {
  const unmade = unmadeChecks(one).map(({ title, reason }) => `not checked: ${title} (${reason ?? 'no reason given'})`)
  return [...(hasGaps(one.coverage) ? [gapsText(one)] : []), ...unmade].join('; ')
}

function gapsText({ coverage }: ReportAnalysis): string {
  if (coverage === undefined) return ''
  const [first] = coverage.gaps
  const example = first === undefined ? '' : `; ${first.path}: ${first.reason}`
  const more = coverage.gaps.length > 1 ? ` (and ${coverage.gaps.length - 1} more)` : ''
  return `${coverage.analysed} of ${counted(coverage.total, 'file', 'files')}${example}${more}`
}
