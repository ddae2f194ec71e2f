import type { Check } from '../contract.ts'
import type { Measurement } from './course.ts'
import { checksOf } from './criteria.ts'
import type { LoadPlan } from './options.ts'

/** The criteria, whether the generator can be believed, and the knee. */
export function allChecks(measured: Measurement, plan: LoadPlan): readonly Check[] {
  const { main, died } = measured
  if (main === undefined) {
    return [
      { id: 'profile', title: 'The load profile was run', outcome: 'error', reason: `The app ended during ${died}.` },
    ]
  }
  return [...checksOf(plan.criteria, main), pace(measured), knee(measured, plan)]
}

/** Milliseconds the generator may be late at the 99th percentile before its part in the latencies is worth a word. */
const lateAllowed = 20

function pace({ main }: Measurement): Check {
  const check = { id: 'generator-pace', title: 'The load generator sent its requests on time' }
  if (main === undefined || main.lateness.count === 0) {
    return { ...check, outcome: 'not_applicable', reason: 'Users who wait for their answers have no times to keep.' }
  }
  const { p99 } = main.lateness
  if (p99 <= lateAllowed) return { ...check, outcome: 'pass' }
  return {
    ...check,
    outcome: 'error',
    reason: `One in a hundred was ${p99.toFixed(0)} ms late or more: this machine was too busy, and the latencies contain that.`,
  }
}

function knee({ knee: found, died }: Measurement, { kneeMaximum }: LoadPlan): Check {
  const check = { id: 'knee', title: 'The highest rate at which the criteria hold was found' }
  if (kneeMaximum === undefined) return { ...check, outcome: 'not_applicable', reason: 'It was not looked for.' }
  if (found === undefined) return { ...check, outcome: 'error', reason: `The app ended during ${died}.` }
  if (found.held === 0) return { ...check, outcome: 'fail', reason: 'They did not hold at any rate tried.' }
  const upTo =
    found.failed === undefined ? `no rate tried up to ${found.held} failed` : `${found.failed} a second failed twice`
  const bracketed = found.failed === undefined ? found.held === kneeMaximum : found.failed / found.held <= 1.3
  return bracketed
    ? { ...check, outcome: 'pass', reason: `${found.held} a second held, ${upTo}.` }
    : { ...check, outcome: 'error', reason: `The attempts were used up: ${found.held} a second held, ${upTo}.` }
}
