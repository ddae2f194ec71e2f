import { median } from '#bench/statistics'
import type { UsageSample } from './usage.ts'

/** How memory went: MiB a second, with a 95 % interval. */
export interface MemoryTrend {
  readonly slope: number
  readonly low: number
  readonly high: number
  /** MiB at the beginning and at the end of the trend line. */
  readonly from: number
  readonly to: number
  /** Seconds it was watched for. */
  readonly seconds: number
  readonly samples: number
}

/** With fewer samples the interval is wider than anything worth saying. */
const fewest = 8
/** The 97.5 % point of the normal distribution. */
const twoSided = 1.959964

/**
 * The median of the slopes between all pairs of samples, and its interval (Sen 1968, "Estimates of the Regression Coefficient
 * Based on Kendall's Tau", JASA 63): one collection of garbage does not bend it. The interval takes what scatters about the
 * line for independent, which memory is not quite: a garbage collector's saw teeth longer than the time watched look like growth.
 */
export function memoryTrend(samples: readonly UsageSample[]): MemoryTrend | undefined {
  const [first, last] = [samples[0], samples.at(-1)]
  if (first === undefined || last === undefined || samples.length < fewest) return undefined
  const slopes: number[] = []
  for (const [at, one] of samples.entries()) {
    for (const other of samples.slice(at + 1)) {
      if (other.at > one.at) slopes.push(((other.memory - one.memory) / (other.at - one.at)) * 1000)
    }
  }
  slopes.sort((a, b) => a - b)
  const n = samples.length
  const spread = twoSided * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)
  const slope = median(slopes)
  const intercept = median(samples.map(({ at, memory }) => memory - (slope * at) / 1000))
  return {
    slope,
    low: slopes[Math.max(0, Math.floor((slopes.length - spread) / 2))] ?? slope,
    high: slopes[Math.min(slopes.length - 1, Math.ceil((slopes.length + spread) / 2))] ?? slope,
    from: intercept + (slope * first.at) / 1000,
    to: intercept + (slope * last.at) / 1000,
    seconds: (last.at - first.at) / 1000,
    samples: n,
  }
}
