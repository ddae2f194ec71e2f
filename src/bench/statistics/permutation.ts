import type { ResamplingPlan } from './resampling-plan.ts'

/** Up to this many arrangements all are looked at; beyond it, as many random ones as the plan has. */
const exactLimit = 32_768

/**
 * The two-sided p-value of the mean of paired differences under random signs (Fisher 1935, The Design of Experiments,
 * section 21). Exact up to 15 pairs, else Monte Carlo with the observed arrangement counted in, so that it is never 0
 * (Phipson and Smyth 2010, "Permutation p-values should never be zero").
 */
export function pairedPermutationTest(differences: readonly number[], plan: ResamplingPlan): number {
  const moving = Float64Array.from(differences.filter((difference) => difference !== 0))
  if (moving.length === 0) return 1
  const observed = Math.abs(sumOf(moving)) - tolerance(moving)
  return 2 ** moving.length <= exactLimit ? exactSigns(moving, observed) : randomSigns(moving, observed, plan)
}

/** Gray code: every next arrangement differs in one sign. */
function exactSigns(moving: Float64Array, observed: number): number {
  const arrangements = 2 ** moving.length
  const signs = new Int8Array(moving.length).fill(1)
  let sum = sumOf(moving)
  let extreme = Math.abs(sum) >= observed ? 1 : 0
  for (let step = 1; step < arrangements; step += 1) {
    const flipped = 31 - Math.clz32(step & -step)
    const sign = signs[flipped] ?? 1
    signs[flipped] = -sign
    sum -= 2 * sign * (moving[flipped] ?? 0)
    if (Math.abs(sum) >= observed) extreme += 1
  }
  return extreme / arrangements
}

function randomSigns(moving: Float64Array, observed: number, { signs, resamples }: ResamplingPlan): number {
  const size = moving.length
  const drawn = signs(size)
  let extreme = 1
  for (let row = 0, at = 0; row < resamples; row += 1) {
    let sum = 0
    for (let pair = 0; pair < size; pair += 1, at += 1) sum += (drawn[at] ?? 0) * (moving[pair] ?? 0)
    if (Math.abs(sum) >= observed) extreme += 1
  }
  return extreme / (resamples + 1)
}

/**
 * The two-sided p-value of the difference of the means of two independent samples under random assignment to the groups.
 * Exact up to 32,768 assignments, else Monte Carlo as in {@link pairedPermutationTest}.
 */
export function permutationTest(a: readonly number[], b: readonly number[], plan: ResamplingPlan): number {
  if (a.length === 0 || b.length === 0) return 1
  const pooled = Float64Array.from([...a, ...b])
  if (pooled.every((value) => value === pooled[0])) return 1
  const total = sumOf(pooled)
  // The difference of the means depends on the sum of the first group alone.
  const expected = (total * a.length) / pooled.length
  const observed = Math.abs(sumOf(Float64Array.from(a)) - expected) - tolerance(pooled)
  return assignments(pooled.length, a.length) <= exactLimit
    ? exactGroups(pooled, a.length, expected, observed)
    : randomGroups(pooled, a.length, expected, observed, plan)
}

function exactGroups(pooled: Float64Array, size: number, expected: number, observed: number): number {
  let extreme = 0
  let all = 0
  const choose = (from: number, left: number, sum: number): void => {
    if (left === 0) {
      all += 1
      if (Math.abs(sum - expected) >= observed) extreme += 1
      return
    }
    for (let at = from; at <= pooled.length - left; at += 1) choose(at + 1, left - 1, sum + (pooled[at] ?? 0))
  }
  choose(0, size, 0)
  return extreme / all
}

/** The smaller group is drawn, since either decides the other. */
function randomGroups(
  pooled: Float64Array,
  size: number,
  expected: number,
  observed: number,
  { subsets, resamples }: ResamplingPlan,
): number {
  const count = pooled.length
  const chosen = Math.min(size, count - size)
  const drawn = subsets(count, chosen)
  const centre = chosen === size ? expected : sumOf(pooled) - expected
  let extreme = 1
  for (let row = 0, at = 0; row < resamples; row += 1) {
    let sum = 0
    for (const end = at + chosen; at < end; at += 1) sum += pooled[drawn[at] ?? 0] ?? 0
    if (Math.abs(sum - centre) >= observed) extreme += 1
  }
  return extreme / (resamples + 1)
}

/** Holm 1979: adjusted p-values of a family of tests, in the order given; strong control of the family-wise error. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((p, at) => ({ p, at })).sort((one, two) => one.p - two.p)
  const adjusted = new Array<number>(pValues.length).fill(1)
  let highest = 0
  for (const [rank, { p, at }] of order.entries()) {
    highest = Math.max(highest, Math.min(1, p * (pValues.length - rank)))
    adjusted[at] = highest
  }
  return adjusted
}

function sumOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

/** Sums of the same numbers in another order differ by rounding: arrangements that close are as extreme. */
function tolerance(values: Float64Array): number {
  let size = 0
  for (const value of values) size += Math.abs(value)
  return size * 1e-12
}

function assignments(count: number, size: number): number {
  let ways = 1
  for (let at = 1; at <= Math.min(size, count - size) && ways <= exactLimit; at += 1)
    ways = (ways * (count - at + 1)) / at
  return Math.round(ways)
}
