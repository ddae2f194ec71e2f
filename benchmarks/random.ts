/** A seeded source of choices: the same seed makes the same choices on every machine. */
export interface Choices {
  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number
  /** True with the given probability. */
  chance(probability: number): boolean
  /** The items in another order; the given list is left alone. */
  shuffle<T>(items: readonly T[]): T[]
}

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, enough for material of benchmarks. */
export function choices(seed: number): Choices {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const integer = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    integer,
    chance: (probability) => next() < probability,
    shuffle(items) {
      const left = [...items]
      const shuffled = []
      while (left.length > 0) shuffled.push(...left.splice(integer(0, left.length - 1), 1))
      return shuffled
    },
  }
}
