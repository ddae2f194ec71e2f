import { severities } from '#bench/findings'
import { counted } from '#bench/reports'
import type { Measurement } from './measure.ts'

/** One sentence: how bad it is, and how much was looked at. What was not measured is never left out. */
export function summaryOf({ app, findings, measured, notMeasured, leftOut }: Measurement): string {
  const counts = severities.flatMap((severity) => {
    const count = findings.filter(({ finding }) => finding.severity === severity).length
    return count === 0 ? [] : [`${count} ${severity}`]
  })
  const found =
    counts.length === 0 ? 'no findings' : `${counted(findings.length, 'finding', 'findings')} (${counts.join(', ')})`
  const missing =
    notMeasured.length === 0
      ? ''
      : ` ${counted(notMeasured.length, 'analyzer', 'analyzers')} could not measure it: what they look for may be there.`
  const gaps =
    leftOut.length === 0 ? '' : ` ${counted(leftOut.length, 'check or file', 'checks and files')} had to be left out.`
  return `${app.name}: ${found} by ${counted(measured.length, 'analyzer', 'analyzers')} in ${counted(app.lines, 'line', 'lines')}.${missing}${gaps}`
}
