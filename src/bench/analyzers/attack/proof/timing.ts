import { permutationTest, resamplingPlan } from '#bench/statistics'

/** One measured request: which dose was asked for and how long the answer took, both in milliseconds. */
export interface TimedAnswer {
  readonly dose: number
  readonly took: number
}

export interface DoseResponse {
  /** The time follows the dose and nothing else explains it. */
  readonly proven: boolean
  /** Of the smallest against the largest dose, two-sided. */
  readonly pValue: number
  /** Median milliseconds by dose, ascending. */
  readonly medians: readonly { readonly dose: number; readonly took: number }[]
}

/** How sure a timing proof has to be. */
const level = 0.02

/**
 * Whether answers take longer because they were asked to. A slow app is not accused: every dose must slow the answer by at
 * least 60 % and at most 300 % of what was asked for, doses must separate completely (the quickest answer of a dose is slower than
 * the slowest of the next smaller one), and the permutation test of the smallest against the largest dose must reject.
 *
 * @param answers interleaved in time, at least five for each of at least three doses, the smallest being 0
 */
export function doseResponse(answers: readonly TimedAnswer[]): DoseResponse {
  const groups = [...Map.groupBy(answers, ({ dose }) => dose)]
    .toSorted(([one], [other]) => one - other)
    .map(([dose, group]) => ({ dose, times: group.map(({ took }) => took).toSorted((one, other) => one - other) }))
  const medians = groups.map(({ dose, times }) => ({ dose, took: times[Math.floor(times.length / 2)] ?? 0 }))
  const smallest = groups.at(0)
  const largest = groups.at(-1)
  if (smallest === undefined || largest === undefined || groups.length < 3 || smallest.dose !== 0)
    return { proven: false, pValue: 1, medians }
  const pValue = permutationTest(smallest.times, largest.times, resamplingPlan(1, 2000))
  const base = medians[0]?.took ?? 0
  const follows = medians.slice(1).every(({ dose, took }) => took - base >= 0.6 * dose && took - base <= 3 * dose)
  const apart = groups.every(({ times }, at) => at === 0 || (times[0] ?? 0) > (groups[at - 1]?.times.at(-1) ?? 0))
  return { proven: pValue < level && follows && apart, pValue, medians }
}

/**
 * Whether time grows much faster than the length of what was sent, while text of the same lengths that the pattern refuses at
 * once stays quick.
 *
 * @param slow milliseconds by length, ascending, of the text under suspicion
 * @param quick the same for harmless text of the same lengths
 */
export function growsFast(slow: readonly TimedAnswer[], quick: readonly TimedAnswer[]): boolean {
  const first = slow.at(0)
  const last = slow.at(-1)
  if (first === undefined || last === undefined || slow.length < 3) return false
  const harmless = Math.max(1, ...quick.map(({ took }) => took))
  const rising = slow.every(({ took }, at) => at === 0 || took > (slow[at - 1]?.took ?? 0))
  const longer = last.dose / first.dose
  return (
    rising && last.took > 400 && last.took > 20 * harmless && last.took / Math.max(1, first.took) > 1.5 * longer ** 1.5
  )
}
