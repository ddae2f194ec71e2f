import { randomOf } from '#bench/statistics'

/** A stretch of a profile: over `seconds`, the rate (requests a second) or the number of users goes straight from `from` to `to`. */
export interface Stretch {
  readonly seconds: number
  readonly from: number
  readonly to: number
}

/** How arrivals lie around their rate: evenly, or as independent visitors come (a Poisson process). */
export type ArrivalOrder = 'poisson' | 'uniform'

/** Seconds a profile lasts. */
export function durationOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { seconds }) => sum + seconds, 0)
}

/** Requests due in a profile of rates: the area under it. With Poisson arrivals the expectation. */
export function expectedArrivals(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { seconds, from, to }) => sum + (seconds * (from + to)) / 2, 0)
}

/** The rate or number of users at a moment (seconds since the start); 0 outside the profile. */
export function levelAt(stretches: readonly Stretch[], second: number): number {
  let begin = 0
  for (const { seconds, from, to } of stretches) {
    if (second >= begin && second < begin + seconds) return from + ((to - from) * (second - begin)) / seconds
    begin += seconds
  }
  return 0
}

/**
 * The moments at which requests are due, ascending, in milliseconds since the start: fixed before the first one is sent, so
 * that nothing the app does can move them. A process of varying rate is one of rate 1 in stretched time (time rescaling,
 * e.g. Daley and Vere-Jones 2003, "An Introduction to the Theory of Point Processes", 7.4): arrivals are laid out over the
 * area under the profile and mapped back.
 */
export function arrivals(stretches: readonly Stretch[], order: ArrivalOrder, seed: number): Float64Array {
  const random = randomOf(seed)
  const gap = order === 'uniform' ? () => 1 : () => -Math.log(1 - random.unit())
  const moments: number[] = []
  let begin = 0
  let areaBefore = 0
  // The first of evenly spaced arrivals is half a gap from the start, the last half a gap from the end.
  let next = order === 'uniform' ? 0.5 : gap()
  for (const stretch of stretches) {
    const area = (stretch.seconds * (stretch.from + stretch.to)) / 2
    for (; next < areaBefore + area; next += gap()) moments.push((begin + timeOf(stretch, next - areaBefore)) * 1000)
    areaBefore += area
    begin += stretch.seconds
  }
  return Float64Array.from(moments)
}

/** Seconds into the stretch at which the area under it reaches `area`: from·t + slope·t²/2 = area, in the form that loses no digits. */
function timeOf({ seconds, from, to }: Stretch, area: number): number {
  const slope = (to - from) / seconds
  const root = Math.sqrt(Math.max(0, from * from + 2 * slope * area))
  return Math.min(seconds, (2 * area) / (from + root))
}
