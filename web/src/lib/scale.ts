/** A straight scale from values to positions, with round ticks, for the small plots. */
export interface Scale {
  readonly low: number
  readonly high: number
  readonly ticks: readonly number[]
  /** Position of a value in 0…1; values outside are clipped to the edge. */
  readonly at: (value: number) => number
}

/** A scale that holds all values and, when asked, zero; `ticks` is a wish, round steps of 1, 2 or 5 decide. */
export const scaleOver = (values: readonly number[], { zero = true, ticks = 4 } = {}): Scale => {
  const finite = values.filter(Number.isFinite)
  const low = Math.min(...finite, ...(zero || finite.length === 0 ? [0] : []))
  const high = Math.max(...finite, ...(zero ? [0] : []), low + Number.MIN_VALUE)
  const step = roundStep((high - low) / ticks)
  const from = Math.floor(low / step) * step
  const to = Math.max(from + step, Math.ceil(high / step) * step)
  const steps = Math.round((to - from) / step)
  return {
    low: from,
    high: to,
    ticks: Array.from({ length: steps + 1 }, (_, index) => tidy(from + index * step)),
    at: (value) => Math.min(1, Math.max(0, (value - from) / (to - from))),
  }
}

const roundStep = (raw: number): number => {
  if (!(raw > 1e-12)) return 1
  const power = 10 ** Math.floor(Math.log10(raw))
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= raw * 0.999) ?? 10
  return factor * power
}

/** Removes the dust of binary fractions: 0.30000000000000004 → 0.3. */
const tidy = (value: number): number => Number(value.toPrecision(12))
