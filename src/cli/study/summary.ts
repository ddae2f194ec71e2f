import { type Severity, severities } from '#bench/findings'
import { counted, outcomeLabels, visible, wrap } from '#bench/reports'
import type { Comparison, Study } from '#bench/studies'
import { grouped, severityStyles } from '../output.ts'
import { type Cell, type Column, fitsIn, renderTable, styled } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import type { StudyResult, Unmeasured } from './result.ts'

type Model = Comparison['models'][number]
type Difference = Comparison['differences'][number]

/** Lines of one kind that are written out; the rest is counted. */
const shownPairs = 40
const shownReasons = 12

/** What a study says, for a terminal: the models, their differences in words, what was not measured. */
export function renderSummary(result: StudyResult, terminal: Terminal): string {
  const { study, comparison, unmeasured } = result
  const width = Math.min(terminal.width, 120)
  const parts = [
    comparison.models.length > 0 ? modelTable(comparison, terminal) : '',
    differenceLines(comparison, width, terminal),
    uncountedLines(comparison, width, terminal),
    unmeasuredLines(unmeasured, width, terminal),
    `${verdict(study)}\n`,
  ]
  return parts.filter((part) => part !== '').join('\n')
}

/** `Findings: 2 critical, 5 high. 90 analyses completed, 12 do not apply, 1 failed.` */
export function verdict({ findings, progress }: Pick<Study, 'findings' | 'progress'>): string {
  const { completed, not_applicable, error, timed_out, cancelled } = progress.byOutcome
  const failed = error + timed_out
  const counts = severities
    .filter((severity) => findings.bySeverity[severity] > 0)
    .map((severity) => `${grouped(findings.bySeverity[severity])} ${severity}`)
  const left = progress.total - progress.finished
  const analyses = [
    `${counted(completed, 'analysis', 'analyses')} completed`,
    ...(not_applicable > 0 ? [`${grouped(not_applicable)} not applicable`] : []),
    ...(failed > 0 ? [`${grouped(failed)} could not be measured`] : []),
    ...(cancelled > 0 ? [`${grouped(cancelled)} cancelled`] : []),
    ...(left > 0 ? [`${grouped(left)} not finished`] : []),
  ].join(', ')
  const found = counts.length === 0 ? 'No findings' : `Findings: ${counts.join(', ')}`
  const folded = findings.lowConfidence > 0 ? ` (${grouped(findings.lowConfidence)} of low confidence not counted)` : ''
  return `${found}${folded}. ${analyses}.`
}

const rate = (title: string): Column => ({ title, align: 'right' })
const modelColumns: readonly Column[] = [
  { title: 'model', flexible: true },
  rate('apps'),
  rate('KLOC'),
  rate('coverage'),
  rate('all'),
  ...severities.map(rate),
  rate('unmeasured'),
]

function modelTable({ models, method }: Comparison, terminal: Terminal): string {
  const rows = models.map((model): Cell[] => {
    const analysed = sum(model.coverage, ({ analysed }) => analysed)
    const total = sum(model.coverage, ({ total }) => total)
    const { error, timed_out, cancelled } = model.analyses.byOutcome
    const errors = error + timed_out + cancelled
    return [
      model.model,
      model.apps,
      (model.lines / 1000).toFixed(1),
      total === 0 ? 'none' : percent(analysed, total),
      summaryCell(model, 'total'),
      ...severities.map((severity): Cell => {
        const text = summaryCell(model, severity)
        const loud = (severity === 'critical' || severity === 'high') && (model.perKloc[severity].median ?? 0) > 0
        return loud ? { text, style: severityStyles[severity] } : text
      }),
      errors > 0 ? { text: String(errors), style: 'red' } : '0',
    ]
  })
  const level = `${Math.round(method.level * 100)} %`
  const caption = `Findings per 1,000 lines the model wrote: median [${level} interval]`
  const table = fitsIn(modelColumns, rows, terminal.width)
    ? { columns: modelColumns, rows }
    : turned(modelColumns, rows)
  return `${styled('bold', caption, terminal)}\n${renderTable(table.columns, table.rows, terminal)}`
}

/** The table with a column for each row: a few models side by side need less room than a dozen measures. */
function turned(columns: readonly Column[], rows: readonly (readonly Cell[])[]): { columns: Column[]; rows: Cell[][] } {
  const [first, ...others] = columns
  return {
    columns: [{ title: first?.title ?? '' }, ...rows.map(([name = '']) => rate(plainText(name)))],
    rows: others.map(({ title }, at) => [title, ...rows.map((row) => row[at + 1] ?? '')]),
  }
}

function plainText(cell: Cell): string {
  return visible(typeof cell === 'object' ? cell.text : String(cell))
}

function summaryCell(model: Model, metric: 'total' | Severity): string {
  const { median, low, high } = model.perKloc[metric]
  if (median === null) return 'not measured'
  if (low === null || high === null) return rateText(median)
  return low === high ? rateText(median) : `${rateText(median)} [${rateText(low)}–${rateText(high)}]`
}

function differenceLines({ differences }: Comparison, width: number, terminal: Terminal): string {
  const pairs = [...Map.groupBy(differences, ({ a, b }) => JSON.stringify([a, b])).values()]
  if (pairs.length === 0) return ''
  const lines = pairs.slice(0, shownPairs).flatMap((pair) => wrapped(`${pairText(pair)}`, width))
  if (pairs.length > shownPairs) lines.push(`  … and ${pairs.length - shownPairs} more pairs: see --json`)
  return `${styled('bold', 'Differences', terminal)}\n${lines.join('\n')}\n`
}

/** `careful has fewer than careless: all (−5.2 [−9.0–−1.1]), high (…); not distinguishable: critical, low.` */
function pairText(pair: readonly Difference[]): string {
  const [first] = pair
  if (first === undefined) return ''
  const a = visible(first.a)
  const b = visible(first.b)
  const evidence = ({ metric, difference, low, high }: Difference): string =>
    `${name(metric)}${difference === null || low === null || high === null ? '' : ` by ${rateText(Math.abs(difference))} per KLOC [${signed(low)}, ${signed(high)}]`}`
  const better = pair.filter(({ verdict }) => verdict === 'a_better')
  const worse = pair.filter(({ verdict }) => verdict === 'b_better')
  const unclear = pair.filter(({ verdict }) => verdict === 'not_distinguishable')
  if (unclear.length === pair.length) return `${a} and ${b} are not distinguishable (${appsText(first)}).`
  return [
    ...(better.length > 0 ? [`${a} has fewer findings than ${b}: ${better.map(evidence).join(', ')}`] : []),
    ...(worse.length > 0 ? [`${a} has more findings than ${b}: ${worse.map(evidence).join(', ')}`] : []),
    ...(unclear.length > 0 ? [`not distinguishable: ${unclear.map(({ metric }) => name(metric)).join(', ')}`] : []),
  ]
    .join('; ')
    .concat(` (${appsText(first)}).`)
}

function appsText({ n, paired }: Difference): string {
  return paired ? `${counted(n, 'pair', 'pairs')} of apps` : counted(n, 'app', 'apps')
}

function uncountedLines({ uncountedAnalyzers }: Comparison, width: number, terminal: Terminal): string {
  if (uncountedAnalyzers.length === 0) return ''
  const lines = uncountedAnalyzers.flatMap(({ analyzer, reason }) => wrapped(visible(`${analyzer}: ${reason}`), width))
  return `${styled('bold', 'Left out of the comparison', terminal)}\n${lines.join('\n')}\n`
}

function unmeasuredLines(groups: readonly Unmeasured[], width: number, terminal: Terminal): string {
  if (groups.length === 0) return ''
  const lines = groups.slice(0, shownReasons).flatMap(({ analyzer, outcome, reason, apps }) => {
    const [first = ''] = apps
    const where = apps.length === 1 ? first : `${apps.length} apps`
    return wrapped(visible(`${analyzer}, ${where}: ${outcomeLabels[outcome]}: ${reason}`), width)
  })
  if (groups.length > shownReasons) lines.push(`  … and ${groups.length - shownReasons} more reasons: see --json`)
  return `${styled('red', 'Not measured', terminal)}\n${lines.join('\n')}\n`
}

/** Indented, the following lines more than the first. */
function wrapped(text: string, width: number): string[] {
  return wrap(text, width - 4).map((line, at) => `${at === 0 ? '  ' : '    '}${line}`)
}

function name(metric: Difference['metric']): string {
  return metric === 'total' ? 'all' : metric
}

/** Three significant digits at most. */
function rateText(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2).replace(/\.00$/, '')
}

function signed(value: number): string {
  return value < 0 ? `−${rateText(-value)}` : `+${rateText(value)}`
}

/** Never 100 % while something is missing. */
function percent(part: number, whole: number): string {
  const value = Math.floor((part / whole) * 1000) / 10
  return `${value === 100 ? '100' : value.toFixed(1)} %`
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}
