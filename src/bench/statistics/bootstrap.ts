import { normalCdf, normalQuantile } from './normal.ts'
import { type ResamplingPlan, resamplingPlan } from './resampling-plan.ts'

export interface BootstrapOptions {
  readonly seed: number
  /** 2,000 by default (Efron and Tibshirani ask for at least 1,000). */
  readonly resamples?: number
  /** 0.95 by default. */
  readonly level?: number
}

export const defaultResamples = 2_000
export const defaultLevel = 0.95

/**
 * An estimate and its interval. With fewer than two values there is none: `low` and `high` are null. When all values are
 * equal the interval is the one point: nothing varied in the sample, which says nothing about apps not in it.
 */
export interface Estimate {
  readonly estimate: number
  readonly low: number | null
  readonly high: number | null
  /** Values the estimate stands on. */
  readonly n: number
}

/** @throws RangeError when there are no values */
export function mean(values: ArrayLike<number>): number {
  if (values.length === 0) throw new RangeError('No values have no mean.')
  let sum = 0
  for (let at = 0; at < values.length; at += 1) sum += values[at] ?? 0
  return sum / values.length
}

/** The middle value, or the mean of the two in the middle. @throws RangeError when there are no values */
export function median(values: ArrayLike<number>): number {
  if (values.length === 0) throw new RangeError('No values have no median.')
  return middleOf(Float64Array.from(values).sort())
}

/** A bootstrap interval for the mean. @throws RangeError when there are no values */
export function meanInterval(values: readonly number[], options: BootstrapOptions, plan = planOf(options)): Estimate {
  return intervalOf(values, mean(values), () => meanReplicates(values, plan), meanInfluences, options)
}

/** A bootstrap interval for the median. @throws RangeError when there are no values */
export function medianInterval(values: readonly number[], options: BootstrapOptions, plan = planOf(options)): Estimate {
  return intervalOf(values, median(values), () => medianReplicates(values, plan), medianInfluences, options)
}

/** A bootstrap interval for any statistic of one sample; it is called once per resample and once per value. */
export function bootstrapInterval(
  values: readonly number[],
  statistic: (sample: ArrayLike<number>) => number,
  options: BootstrapOptions,
): Estimate {
  const replicates = (): Float64Array => {
    const { draws, resamples } = planOf(options)
    const drawn = draws(values.length)
    const sample = new Float64Array(values.length)
    return new Float64Array(resamples).map((_, row) => {
      for (let at = 0; at < sample.length; at += 1) sample[at] = values[drawn[row * sample.length + at] ?? 0] ?? 0
      return statistic(sample)
    })
  }
  return intervalOf(values, statistic(values), replicates, () => jackknifeInfluences(values, statistic), options)
}

function planOf({ seed, resamples = defaultResamples }: BootstrapOptions): ResamplingPlan {
  return resamplingPlan(seed, resamples)
}

function intervalOf(
  values: readonly number[],
  estimate: number,
  replicates: () => Float64Array,
  influences: (values: readonly number[]) => Float64Array,
  { level = defaultLevel }: BootstrapOptions,
): Estimate {
  const n = values.length
  if (n < 2) return { estimate, low: null, high: null, n }
  if (values.every((value) => value === values[0])) return { estimate, low: estimate, high: estimate, n }
  return { ...bcaInterval(estimate, replicates(), accelerationOf([influences(values)]), level), n }
}

/**
 * The bias-corrected and accelerated interval (Efron and Tibshirani 1993, An Introduction to the Bootstrap, section 14.3).
 * Replicates equal to the estimate count half for the bias correction, since medians of counts are often tied.
 *
 * @param replicates the statistic of each resample; sorted in place
 * @param acceleration from {@link accelerationOf}
 */
export function bcaInterval(
  estimate: number,
  replicates: Float64Array,
  acceleration: number,
  level: number,
): { readonly estimate: number; readonly low: number; readonly high: number } {
  const count = replicates.length
  let below = 0
  for (let at = 0; at < count; at += 1) {
    const replicate = replicates[at] ?? 0
    below += replicate < estimate ? 1 : replicate === estimate ? 0.5 : 0
  }
  const share = Math.min(Math.max(below / count, 1 / (count + 1)), count / (count + 1))
  const bias = normalQuantile(share)
  replicates.sort()
  const bound = (z: number): number => {
    const shifted = bias + z
    return quantileOf(replicates, normalCdf(bias + shifted / (1 - acceleration * shifted)))
  }
  const z = normalQuantile((1 + level) / 2)
  return { estimate, low: bound(-z), high: bound(z) }
}

/**
 * The acceleration from the influence values of one or more independent samples (Davison and Hinkley 1997, Bootstrap Methods
 * and their Application, section 5.3.2). 0 when nothing has influence, as with the median of tied values: then the
 * interval is the bias-corrected one.
 */
export function accelerationOf(influences: readonly Float64Array[]): number {
  let cubes = 0
  let squares = 0
  for (const sample of influences) {
    for (const influence of sample) {
      const scaled = influence / sample.length
      cubes += scaled ** 3
      squares += scaled ** 2
    }
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5)
}

/** Jackknife influence values (equation 14.15): how much each value moves the statistic, centred. */
export function jackknifeInfluences(
  values: readonly number[],
  statistic: (sample: ArrayLike<number>) => number,
): Float64Array {
  return influencesOf(Float64Array.from(values, (_, at) => statistic(values.toSpliced(at, 1))))
}

/** @param without the statistic without each value in turn */
function influencesOf(without: Float64Array): Float64Array {
  const centre = mean(without)
  return without.map((value) => (without.length - 1) * (centre - value))
}

/** The jackknife influence of a value on the mean is its distance from it. */
export function meanInfluences(values: readonly number[]): Float64Array {
  const centre = mean(values)
  return Float64Array.from(values, (value) => value - centre)
}

/** In the order of the sorted values; taking out one value moves the middle by at most one rank. */
function medianInfluences(values: readonly number[]): Float64Array {
  const sorted = Float64Array.from(values).sort()
  const rest = sorted.length - 1
  const [lower, upper] = [Math.floor((rest - 1) / 2), Math.floor(rest / 2)]
  const rankWithout = (gone: number, rank: number): number => sorted[rank < gone ? rank : rank + 1] ?? 0
  return influencesOf(sorted.map((_, gone) => (rankWithout(gone, lower) + rankWithout(gone, upper)) / 2))
}

/** The mean of each resample. */
export function meanReplicates(values: readonly number[], { draws, resamples }: ResamplingPlan): Float64Array {
  const sample = Float64Array.from(values)
  const size = sample.length
  const drawn = draws(size)
  const replicates = new Float64Array(resamples)
  for (let row = 0, at = 0; row < resamples; row += 1) {
    let sum = 0
    for (const end = at + size; at < end; at += 1) sum += sample[drawn[at] ?? 0] ?? 0
    replicates[row] = sum / size
  }
  return replicates
}

/** The median of each resample, by counting how often each rank is drawn: no sorting per resample. */
function medianReplicates(values: readonly number[], { draws, resamples }: ResamplingPlan): Float64Array {
  const sorted = Float64Array.from(values).sort()
  const size = sorted.length
  const drawn = draws(size)
  const [lower, upper] = [Math.floor((size - 1) / 2), Math.floor(size / 2)]
  const counts = new Uint32Array(size)
  const replicates = new Float64Array(resamples)
  for (let row = 0, at = 0; row < resamples; row += 1) {
    counts.fill(0)
    for (const end = at + size; at < end; at += 1) {
      const rank = drawn[at] ?? 0
      counts[rank] = (counts[rank] ?? 0) + 1
    }
    let rank = 0
    let seen = counts[0] ?? 0
    while (seen <= lower) seen += counts[++rank] ?? 1
    const low = sorted[rank] ?? 0
    while (seen <= upper) seen += counts[++rank] ?? 1
    replicates[row] = (low + (sorted[rank] ?? 0)) / 2
  }
  return replicates
}

function middleOf(sorted: Float64Array): number {
  const upper = Math.floor(sorted.length / 2)
  const high = sorted[upper] ?? 0
  return sorted.length % 2 === 1 ? high : ((sorted[upper - 1] ?? 0) + high) / 2
}

/** The quantile at position `(count + 1) p` of sorted replicates, between neighbours linearly. */
function quantileOf(sorted: Float64Array, p: number): number {
  const position = Math.min(Math.max((sorted.length + 1) * p - 1, 0), sorted.length - 1)
  const below = Math.floor(position)
  const low = sorted[below] ?? 0
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? 0
  return low + (high - low) * (position - below)
}
