import { defineAgent } from '#agents/engine'
import { owaspTop10 } from '#bench/findings'
import { counted } from '#bench/reports'
import { asvsChapters } from './asvs-table.ts'
import { type CitedFinding, measure, planOf, pointsOf } from './measure.ts'
import { appTaskSchema, reportSchema } from './report.ts'
import { summaryOf } from './summary.ts'

/** Audits the security of an app against the OWASP Top 10:2025 and ASVS 5.0. */
export const infosec = defineAgent({
  id: 'infosec',
  version: '1',
  title: 'InfoSecAgent',
  purpose: 'Audits the security of an app and maps what it finds to the OWASP Top 10 and ASVS, with a plan to mend it.',
  tools: ['describe_app', 'list_analyzers', 'analyze'],
  task: appTaskSchema,
  result: reportSchema,
  async run(task, context) {
    const measurement = await measure(context, task, ({ category }) => category === 'security')
    const { app, measured, notMeasured, leftOut, notApplicable } = measurement
    const findings = measurement.findings.filter(({ finding }) => finding.category === 'security')
    const failures = notMeasured.length + leftOut.length
    const sections = owaspTop10.map(({ id, name }) => {
      const own = findings.filter(({ finding }) => finding.owasp === id)
      return { title: `${id} ${name}`, text: standing(own, failures), points: pointsOf(own) }
    })
    const rest = findings.filter(({ finding }) => finding.owasp === undefined)
    if (rest.length > 0) {
      sections.push({ title: 'Outside the Top 10', text: standing(rest, failures), points: pointsOf(rest) })
    }
    const summary = summaryOf({ ...measurement, findings })
    await context.note('summary', summary)
    await context.note('asvs', asvsLine(findings))
    return {
      app,
      summary: `${summary} ${asvsLine(findings)}`,
      sections,
      plan: planOf(pointsOf(findings)),
      measured,
      notMeasured,
      leftOut,
      notApplicable,
    }
  },
})

function standing(findings: readonly CitedFinding[], failed: number): string {
  if (findings.length === 0)
    return failed === 0
      ? 'Nothing found by the analyzers that ran. That is no proof that there is nothing.'
      : 'Nothing found, but not everything could be measured.'
  const chapters = chaptersOf(findings).map(({ id, name }) => `${id} ${name}`)
  return chapters.length === 0 ? 'Found:' : `Breaks ASVS 5.0 ${chapters.join(', ')}.`
}

function asvsLine(findings: readonly CitedFinding[]): string {
  const chapters = chaptersOf(findings)
  return chapters.length === 0
    ? 'No chapter of ASVS 5.0 is shown to be broken.'
    : `It breaks ${counted(chapters.length, 'chapter', 'chapters')} of ASVS 5.0: ${chapters.map(({ id }) => id).join(', ')}.`
}

function chaptersOf(findings: readonly CitedFinding[]) {
  const weaknesses = new Set(findings.flatMap(({ finding }) => finding.cwe))
  return asvsChapters.filter(({ cwe }) => cwe.some((number) => weaknesses.has(number)))
}
