import { severities } from '#bench/findings'
import { defaultLevel, defaultResamples, meanInterval, medianInterval } from './bootstrap.ts'
import { independentDifference, pairedDifference, type ResampledGroup, resampledGroup } from './difference.ts'
import { cliffsDelta, type Magnitude, magnitudeOf } from './effect-size.ts'
import {
  type AppValues,
  type ComparisonInput,
  type Measurement,
  measuredApps,
  type UncountedAnalyzer,
} from './measurement.ts'
import { holm } from './permutation.ts'
import { seedFor } from './random.ts'
import { type ResamplingPlan, resamplingPlan } from './resampling-plan.ts'

/** Findings per thousand lines, of all severities and of each. */
export const metrics = ['total', ...severities] as const
export type Metric = (typeof metrics)[number]

export type Verdict = 'a_better' | 'b_better' | 'not_distinguishable'

/** One metric of one model: the median of its apps with its interval, the mean with its own, and what they stand on. */
export interface MetricSummary {
  /** Null when no app of the model was fully measured. */
  readonly median: number | null
  readonly low: number | null
  readonly high: number | null
  readonly mean: number | null
  readonly meanLow: number | null
  readonly meanHigh: number | null
  /** Apps behind the numbers. */
  readonly n: number
  readonly perApp: readonly { readonly appId: string; readonly name: string; readonly value: number }[]
}

export interface ModelSummary extends Omit<Measurement, 'values'> {
  readonly perKloc: Readonly<Record<Metric, MetricSummary>>
}

/** Two models on one metric. Positive: `a` has more findings. */
export interface ModelDifference {
  readonly metric: Metric
  readonly a: string
  readonly b: string
  /** Mean of `a` minus mean of `b`, over matched pairs when `paired`; null when one of them was not measured. */
  readonly difference: number | null
  readonly low: number | null
  readonly high: number | null
  /** Matched pairs, or apps of both models together. */
  readonly n: number
  readonly paired: boolean
  /** Of the permutation test. */
  readonly p: number
  /** The same, adjusted by Holm's method for all pairs of models on this metric. */
  readonly adjustedP: number
  readonly cliffsDelta: number
  readonly magnitude: Magnitude
  readonly verdict: Verdict
}

export interface Comparison {
  readonly models: readonly ModelSummary[]
  readonly differences: readonly ModelDifference[]
  /** Analyzers whose findings are not counted, since they did not measure enough apps of some model. */
  readonly uncountedAnalyzers: readonly UncountedAnalyzer[]
  readonly method: {
    readonly interval: 'BCa'
    readonly random: 'xoshiro128**'
    readonly test: 'permutation, Holm'
    readonly resamples: number
    readonly seed: number
    readonly level: number
  }
}

/** With fewer matched pairs than this, or than half of the smaller group, all apps are compared as independent groups. */
const fewestPairs = 5

/**
 * Compares models on the findings they wrote (provenance `model`, not judged false positives), per thousand lines.
 *
 * Summaries are medians and means over apps with BCa intervals. Differences are of means: over matched pairs (same spec and
 * sample) when there are at least five that cover half of the smaller model's apps, else over independent groups. A
 * verdict needs both: an interval without 0, and a permutation test that is significant after Holm's correction.
 * Otherwise the models are not distinguishable on these apps. See docs/statistics.md.
 *
 * The result depends on the input and the seed only, not on the order of apps, analyses or findings.
 */
export function compareModels(input: ComparisonInput): Comparison {
  const { seed = 1, resamples = defaultResamples, level = defaultLevel } = input.options ?? {}
  const plans = new Map<string, ResamplingPlan>()
  const planOfModel = (model: string): ResamplingPlan => {
    const plan = plans.get(model) ?? resamplingPlan(seedFor(seed, model), resamples)
    plans.set(model, plan)
    return plan
  }
  const options: Options = { seed, resamples, level, plan: resamplingPlan(seed, resamples), planOfModel }
  const { measurements, uncounted } = measuredApps(input)
  return {
    models: measurements.map(({ values, ...measurement }) => ({
      ...measurement,
      perKloc: perKlocOf(values, options),
    })),
    differences: metrics.flatMap((metric) => differencesOn(metric, measurements, options)),
    uncountedAnalyzers: uncounted,
    method: { interval: 'BCa', random: 'xoshiro128**', test: 'permutation, Holm', resamples, seed, level },
  }
}

interface Options {
  readonly seed: number
  readonly resamples: number
  readonly level: number
  readonly plan: ResamplingPlan
  /** One for each model: two groups that shared one would not vary independently. */
  readonly planOfModel: (model: string) => ResamplingPlan
}

function perKlocOf(values: readonly AppValues[], options: Options): Record<Metric, MetricSummary> {
  const summary = (metric: Metric): MetricSummary => {
    const numbers = values.map((app) => app.perKloc[metric])
    const perApp = values.map(({ appId, name, perKloc }) => ({ appId, name, value: perKloc[metric] }))
    if (numbers.length === 0) {
      return { median: null, low: null, high: null, mean: null, meanLow: null, meanHigh: null, n: 0, perApp }
    }
    const middle = medianInterval(numbers, options, options.plan)
    const average = meanInterval(numbers, options, options.plan)
    return {
      median: middle.estimate,
      low: middle.low,
      high: middle.high,
      mean: average.estimate,
      meanLow: average.low,
      meanHigh: average.high,
      n: middle.n,
      perApp,
    }
  }
  return {
    total: summary('total'),
    critical: summary('critical'),
    high: summary('high'),
    medium: summary('medium'),
    low: summary('low'),
    info: summary('info'),
  }
}

function differencesOn(metric: Metric, measurements: readonly Measurement[], options: Options): ModelDifference[] {
  const groups = measurements.map(({ model, values }) => ({
    model,
    values,
    group: resampledGroup(
      values.map((app) => app.perKloc[metric]),
      options.planOfModel(model),
    ),
  }))
  const raw = groups.flatMap((a, at) =>
    groups.slice(at + 1).map((b) => ({ metric, a: a.model, b: b.model, ...differenceOf(a, b, metric, options) })),
  )
  const adjusted = holm(raw.map(({ p }) => p))
  return raw.map((one, at) => {
    const adjustedP = adjusted[at] ?? 1
    return { ...one, adjustedP, verdict: verdictOf(one, adjustedP, options.level) }
  })
}

interface Side {
  readonly values: readonly AppValues[]
  readonly group: ResampledGroup
}

function differenceOf(
  a: Side,
  b: Side,
  metric: Metric,
  options: Options,
): Omit<ModelDifference, 'metric' | 'a' | 'b' | 'adjustedP' | 'verdict'> {
  const delta = cliffsDelta(a.group.values, b.group.values)
  const effect = { cliffsDelta: delta, magnitude: magnitudeOf(delta) }
  if (a.values.length === 0 || b.values.length === 0) {
    return { difference: null, low: null, high: null, n: 0, paired: false, p: 1, ...effect }
  }
  const pairs = pairsOf(a.values, b.values)
  const paired = pairs.length >= fewestPairs && pairs.length * 2 >= Math.min(a.values.length, b.values.length)
  const { estimate, low, high, n, p } = paired
    ? pairedDifference(
        pairs.map(([one, two]) => one.perKloc[metric] - two.perKloc[metric]),
        options,
        options.plan,
      )
    : independentDifference(a.group, b.group, options, options.plan)
  return { difference: estimate, low, high, n, paired, p, ...effect }
}

/** Apps of both models that answer the same spec as the same sample. */
function pairsOf(a: readonly AppValues[], b: readonly AppValues[]): [AppValues, AppValues][] {
  const byUnit = new Map(b.flatMap((app) => (app.unit === null ? [] : [[app.unit, app]])))
  return a.flatMap((app): [AppValues, AppValues][] => {
    const other = app.unit === null ? undefined : byUnit.get(app.unit)
    return other === undefined ? [] : [[app, other]]
  })
}

/** Fewer findings are better. */
function verdictOf({ low, high }: Pick<ModelDifference, 'low' | 'high'>, adjustedP: number, level: number): Verdict {
  if (low === null || high === null || adjustedP > 1 - level) return 'not_distinguishable'
  if (high < 0) return 'a_better'
  return low > 0 ? 'b_better' : 'not_distinguishable'
}
