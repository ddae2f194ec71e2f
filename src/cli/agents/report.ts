import type { AgentReport, Point } from '#agents/roster'
import { counted, visible, wrap } from '#bench/reports'
import { severityStyles } from '../output.ts'
import { styled } from '../table.ts'
import type { Terminal } from '../terminal.ts'

/** Places of one point that are written out. */
const places = 5

/** What an agent reported on an app, for a terminal. Every assertion names the steps it rests on: `[3, 5]`. */
export function renderReport(report: AgentReport, terminal: Terminal): string {
  const width = Math.max(40, Math.min(terminal.width, 120))
  const lines = [...wrap(visible(report.summary), width), '']
  for (const { title, text, points } of report.sections) {
    lines.push(styled('bold', visible(title), terminal), ...wrap(visible(text), width), '')
    for (const point of points) lines.push(...pointLines(point, width, terminal), '')
  }
  if (report.plan.length > 0) {
    lines.push(styled('bold', 'Plan', terminal))
    for (const [index, { action, settles, cites }] of report.plan.entries()) {
      const text = `${visible(action)} (settles ${settles}) ${marks(cites)}`
      lines.push(...hanging(`${index + 1}. `, text, width))
    }
    lines.push('')
  }
  if (report.notMeasured.length > 0) {
    lines.push(styled('bold', 'Not measured', terminal))
    for (const { analyzer, outcome, reason, cites } of report.notMeasured)
      lines.push(...hanging('  ', `${analyzer} ${outcome}: ${visible(reason)} ${marks(cites)}`, width))
    lines.push('')
  }
  if (report.leftOut.length > 0) {
    lines.push(styled('bold', 'Left out', terminal))
    for (const { analyzer, what, reason, cites } of report.leftOut)
      lines.push(...hanging('  ', `${analyzer}, ${visible(what)}: ${visible(reason)} ${marks(cites)}`, width))
    lines.push('')
  }
  return `${lines.join('\n')}\n`
}

function pointLines(
  { title, severity, cwe, fix, why, places: all, cites }: Point,
  width: number,
  terminal: Terminal,
): string[] {
  const weaknesses = cwe.map((number) => `CWE-${number}`).join(', ')
  const head = `${styled(severityStyles[severity], severity, terminal)}  ${visible(title)}${weaknesses && ` (${weaknesses})`}`
  const rest = all.length - places
  return [
    `  ${head} ${marks(cites)}`,
    ...hanging('    why  ', visible(why), width),
    ...hanging('    fix  ', visible(fix), width),
    ...all
      .slice(0, places)
      .flatMap(({ place, message }) => hanging('    ', `${visible(place)}  ${visible(message)}`, width)),
    ...(rest > 0 ? [`    … and in ${counted(rest, 'more place', 'more places')}`] : []),
  ]
}

function marks(cites: readonly number[]): string {
  return `[${cites.join(', ')}]`
}

function hanging(label: string, text: string, width: number): string[] {
  return wrap(text, width - label.length).map((line, at) => `${at === 0 ? label : ' '.repeat(label.length)}${line}`)
}
