import { type Random, randomOf, seedFor } from './random.ts'

/**
 * The random choices of a whole comparison, made once for each size of sample and used for every sample of that size
 * (common random numbers): each result is a proper resampling, and comparing many groups costs additions only.
 */
export interface ResamplingPlan {
  readonly resamples: number
  /** `resamples` rows of `size` draws with replacement from 0 … size − 1. */
  draws(size: number): Uint32Array
  /** `resamples` rows of `size` random signs, 1 or −1. */
  signs(size: number): Int8Array
  /** `resamples` rows of `chosen` different numbers from 0 … size − 1. */
  subsets(size: number, chosen: number): Uint32Array
}

/** @param seed decides everything; the order of the calls does not */
export function resamplingPlan(seed: number, resamples: number): ResamplingPlan {
  const draws = new Map<string, Uint32Array>()
  const signs = new Map<string, Int8Array>()
  const subsets = new Map<string, Uint32Array>()
  return {
    resamples,
    draws: (size) => made(draws, `draws ${size}`, (random) => randomDraws(size, resamples, random)),
    signs: (size) => made(signs, `signs ${size}`, (random) => randomSigns(size, resamples, random)),
    subsets: (size, chosen) =>
      made(subsets, `subsets ${size} ${chosen}`, (random) => randomSubsets(size, chosen, resamples, random)),
  }

  function made<T>(known: Map<string, T>, name: string, make: (random: Random) => T): T {
    const present = known.get(name)
    if (present !== undefined) return present
    const fresh = make(randomOf(seedFor(seed, name)))
    known.set(name, fresh)
    return fresh
  }
}

function randomDraws(size: number, resamples: number, random: Random): Uint32Array {
  return new Uint32Array(size * resamples).map(() => random.below(size))
}

function randomSigns(size: number, resamples: number, random: Random): Int8Array {
  const signs = new Int8Array(size * resamples)
  let bits = 0
  for (let at = 0; at < signs.length; at += 1) {
    if (at % 32 === 0) bits = random.next()
    signs[at] = (bits & 1) === 1 ? 1 : -1
    bits >>>= 1
  }
  return signs
}

/** The start of a Fisher–Yates shuffle of what the previous row left: every row is a uniform choice. */
function randomSubsets(size: number, chosen: number, resamples: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: size }, (_, at) => at)
  const subsets = new Uint32Array(chosen * resamples)
  for (let row = 0; row < resamples; row += 1) {
    for (let at = 0; at < chosen; at += 1) {
      const other = at + random.below(size - at)
      const value = order[other] ?? 0
      order[other] = order[at] ?? 0
      order[at] = value
      subsets[row * chosen + at] = value
    }
  }
  return subsets
}
