import { severities } from '#bench/findings'
import { pathPlaces } from './path.ts'
import { proofLines } from './proof.ts'
import { isUnmeasured, placeOf, type Report, type ReportAnalysis, type ReportFinding, unmadeChecks } from './report.ts'
import { counted, outcomeLabels, summaryOf, verdictOf } from './summary.ts'
import { visible } from './text.ts'

export interface MarkdownOptions {
  /** Findings written out; the rest is counted. GitHub refuses comments of more than 65,536 characters. 50 by default. */
  readonly limit?: number
}

/**
 * A report as GitHub-flavoured Markdown for a comment: the verdict, a table of the worst findings, why and how to fix
 * each rule, and what was not measured. Text from the code under test cannot become HTML, links, mentions or structure.
 */
export function renderMarkdown(report: Report, { limit = 50 }: MarkdownOptions = {}): string {
  const findings = severities.flatMap((severity) => report.findings.filter((finding) => finding.severity === severity))
  const shown = findings.slice(0, limit)
  const out = [`## Assay: ${escaped(report.name)}`, '', escaped(verdictOf(report)), '']
  if (shown.length > 0) out.push(...findingTable(report, shown), '')
  if (shown.length < findings.length)
    out.push(`${counted(findings.length - shown.length, 'finding', 'findings')} not shown.`, '')
  if (shown.length > 0) out.push(...ruleDetails(shown), '')
  out.push(...analysisTable(report))
  return `${out.join('\n').trimEnd()}\n`
}

function findingTable(report: Report, findings: readonly ReportFinding[]): string[] {
  const rows = findings.map((finding) => {
    const seen = [...new Set(finding.witnesses.map(({ analyzer }) => analyzer))].join(', ')
    const path = pathPlaces(report, finding).map(code).join(' → ')
    const below = [path, ...proofLines(finding).map(escaped)].filter((line) => line !== '')
    const what = `**${escaped(finding.title)}**: ${[escaped(finding.message), ...below].join('<br>')}`
    return `| ${finding.severity} | ${code(placeOf(report, finding))} | ${what} | ${escaped(seen)} |`
  })
  return ['| Severity | Where | What | Seen by |', '| --- | --- | --- | --- |', ...rows]
}

function ruleDetails(findings: readonly ReportFinding[]): string[] {
  const rules = new Map(findings.map((finding) => [`${finding.rule} ${finding.fix}`, finding]))
  const entries = [...rules.values()].flatMap(({ title, rule, cwe, owasp, why, fix }) => {
    const marks = [code(rule), ...cwe.map((number) => `CWE-${number}`), ...(owasp ? [owasp] : [])].join(', ')
    return [`- **${escaped(title)}** (${marks})`, `  - Why: ${escaped(why)}`, `  - Fix: ${escaped(fix)}`]
  })
  return ['<details><summary>Why it matters and how to fix it</summary>', '', ...entries, '', '</details>']
}

function analysisTable(report: Report): string[] {
  const failed = report.analyses.filter(isUnmeasured)
  const skipped = summaryOf(report).analyses.not_applicable
  const row = (one: ReportAnalysis): string =>
    `| ${report.kind === 'study' ? `${escaped(one.app)} ` : ''}${escaped(one.analyzer)} | ${outcomeLabels[one.outcome]} | ${escaped(one.reason ?? 'no reason given')} |`
  const unmade = report.analyses.flatMap((one) =>
    unmadeChecks(one).map(
      ({ title, reason }) =>
        `| ${report.kind === 'study' ? `${escaped(one.app)} ` : ''}${escaped(one.analyzer)} | ${escaped(title)} | ${escaped(reason ?? 'no reason given')} |`,
    ),
  )
  return [
    ...(unmade.length > 0
      ? ['### Not checked', '', '| Analysis | Check | Reason |', '| --- | --- | --- |', ...unmade, '']
      : []),
    ...(failed.length > 0
      ? ['### Not measured', '', '| Analysis | Outcome | Reason |', '| --- | --- | --- |', ...failed.map(row), '']
      : []),
    ...(skipped > 0 ? [`${counted(skipped, 'analysis does', 'analyses do')} not apply.`] : []),
  ]
}

/** Characters that mean something inside a line of Markdown or HTML. */
const meaningful = /[\\`*_{}[\]<>#|~&@^$]/g

/**
 * Untrusted text as one line of plain text, for the middle of a line. What has a meaning becomes a character reference,
 * which Markdown shows but does not interpret (CommonMark 0.31, section 2.5); a word joiner keeps GitHub from linking what
 * looks like a mention, a reference, an address or an emoji code.
 */
function escaped(text: string): string {
  return visible(text)
    .replaceAll(/[@#:](?=\S)|\bwww(?=\.)/gi, (mark) => `${mark}\u2060`)
    .replaceAll(meaningful, (char) => `&#${char.charCodeAt(0)};`)
}

/** Untrusted text as a code span, also inside a table; the fence is longer than any in the text. */
function code(text: string): string {
  const shown = visible(text).replaceAll('|', '\\|')
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const space = shown.startsWith('`') || shown.endsWith('`') ? ' ' : ''
  return `${fence}${space}${shown}${space}${fence}`
}
