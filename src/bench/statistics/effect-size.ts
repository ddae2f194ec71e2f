export type Magnitude = 'negligible' | 'small' | 'medium' | 'large'

/**
 * Cliff's delta: how much more often a value of `a` is above one of `b` than below, from −1 to 1 (Cliff 1993,
 * Psychological Bulletin 114:3). 0 when either sample is empty.
 */
export function cliffsDelta(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) return 0
  const sorted = Float64Array.from(b).sort()
  let above = 0
  for (const value of a) above += countBelow(sorted, value, false) - (sorted.length - countBelow(sorted, value, true))
  return above / (a.length * b.length)
}

/** Thresholds 0.147, 0.33 and 0.474: Romano, Kromrey, Coraggio and Skowronek 2006. */
export function magnitudeOf(delta: number): Magnitude {
  const size = Math.abs(delta)
  return size < 0.147 ? 'negligible' : size < 0.33 ? 'small' : size < 0.474 ? 'medium' : 'large'
}

function countBelow(sorted: Float64Array, value: number, orEqual: boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    const at = sorted[middle] ?? 0
    if (orEqual ? at <= value : at < value) low = middle + 1
    else high = middle
  }
  return low
}
