export {
  type BootstrapOptions,
  bootstrapInterval,
  type Estimate,
  mean,
  meanInterval,
  median,
  medianInterval,
} from './bootstrap.ts'
export {
  type Comparison,
  compareModels,
  type Metric,
  type MetricSummary,
  type ModelDifference,
  type ModelSummary,
  metrics,
  type Verdict,
} from './comparison.ts'
export { type Difference, independentDifference, pairedDifference, resampledGroup } from './difference.ts'
export { cliffsDelta, type Magnitude, magnitudeOf } from './effect-size.ts'
export type { ComparisonInput, UncountedAnalyzer } from './measurement.ts'
export { holm, pairedPermutationTest, permutationTest } from './permutation.ts'
export { type Random, randomOf, seedFor } from './random.ts'
export { type ResamplingPlan, resamplingPlan } from './resampling-plan.ts'
