import {
  accelerationOf,
  type BootstrapOptions,
  bcaInterval,
  defaultLevel,
  type Estimate,
  mean,
  meanInfluences,
  meanInterval,
  meanReplicates,
} from './bootstrap.ts'
import { pairedPermutationTest, permutationTest } from './permutation.ts'
import type { ResamplingPlan } from './resampling-plan.ts'

/** The difference of two means (first minus second) with its interval and the p-value of no difference at all. */
export interface Difference extends Estimate {
  readonly p: number
}

/** One group's values with the means of its resamples, computed once for all the comparisons it takes part in. */
export interface ResampledGroup {
  readonly values: readonly number[]
  readonly replicates: Float64Array
}

/**
 * @param plan not the plan of the group it will be compared with: the two must vary independently
 */
export function resampledGroup(values: readonly number[], plan: ResamplingPlan): ResampledGroup {
  return { values, replicates: values.length < 2 ? new Float64Array(0) : meanReplicates(values, plan) }
}

/** For two independent groups. @throws RangeError when a group is empty */
export function independentDifference(
  a: ResampledGroup,
  b: ResampledGroup,
  { level = defaultLevel }: Pick<BootstrapOptions, 'level'>,
  plan: ResamplingPlan,
): Difference {
  const n = a.values.length + b.values.length
  const estimate = mean(a.values) - mean(b.values)
  const p = permutationTest(a.values, b.values, plan)
  if (a.values.length < 2 || b.values.length < 2) return { estimate, low: null, high: null, n, p }
  const replicates = a.replicates.map((replicate, at) => replicate - (b.replicates[at] ?? 0))
  const influences = [meanInfluences(a.values), meanInfluences(b.values).map((influence) => -influence)]
  return { ...bcaInterval(estimate, replicates, accelerationOf(influences), level), n, p }
}

/** For matched pairs, from the difference of each. @throws RangeError when there are none */
export function pairedDifference(
  differences: readonly number[],
  options: BootstrapOptions,
  plan: ResamplingPlan,
): Difference {
  return { ...meanInterval(differences, options, plan), p: pairedPermutationTest(differences, plan) }
}
