import { defineAgent } from '#agents/engine'
import { measure, planOf, pointsOf } from './measure.ts'
import { appTaskSchema, reportSchema } from './report.ts'
import { summaryOf } from './summary.ts'

/** The parts of the report: the categories of the bench, each with what it asks of code. */
const standards = [
  ['security', 'Security', 'An attacker gains nothing: input is checked, secrets are kept, access is controlled.'],
  ['conformance', 'Conformance', 'The app is whole and does what was asked: parts fit together, nothing is left out.'],
  [
    'quality',
    'Quality',
    'The code is right and can be changed: types agree, nothing is dead, nothing is needlessly complex.',
  ],
  ['performance', 'Performance', 'It answers quickly and goes on answering under load.'],
  ['accessibility', 'Accessibility', 'Everybody can use it, by keyboard and by screen reader too.'],
  ['review', 'Review', 'What a reader notices.'],
] as const

/** Holds an app to the standards of the bench. */
export const inspector = defineAgent({
  id: 'inspector',
  version: '1',
  title: 'InspectorAgent',
  purpose: 'Measures an app with every analyzer and reports what falls short of the standards, with a plan to mend it.',
  tools: ['describe_app', 'list_analyzers', 'analyze'],
  task: appTaskSchema,
  result: reportSchema,
  async run(task, context) {
    const measurement = await measure(context, task, () => true)
    const { app, findings, measured, notMeasured, leftOut, notApplicable } = measurement
    const sections = standards.flatMap(([category, title, text]) => {
      const points = pointsOf(findings.filter(({ finding }) => finding.category === category))
      return points.length === 0 ? [] : [{ title, text, points }]
    })
    const summary = summaryOf(measurement)
    await context.note('summary', summary)
    return { app, summary, sections, plan: planOf(pointsOf(findings)), measured, notMeasured, leftOut, notApplicable }
  },
})
