/** A stream of random numbers that depends on its seed only: the same on every machine and release. */
export interface Random {
  /** Uniform over 0 … 2³² − 1. */
  next(): number
  /** Uniform over 0 … limit − 1. For limits up to 2²⁰ the bias is below 0.03 %. */
  below(limit: number): number
  /** Uniform over [0, 1). */
  unit(): number
}

/**
 * xoshiro128** 1.1 (Blackman and Vigna 2021, "Scrambled Linear Pseudorandom Number Generators", ACM TOMS 47:4), seeded
 * through SplitMix32 as its authors advise. Not for secrets.
 *
 * @param seed a 32-bit integer
 */
export function randomOf(seed: number): Random {
  let mixer = seed | 0
  const mixed = (): number => {
    mixer = (mixer + 0x9e3779b9) | 0
    let word = mixer ^ (mixer >>> 16)
    word = Math.imul(word, 0x21f0aaad)
    word ^= word >>> 15
    word = Math.imul(word, 0x735a2d97)
    return word ^ (word >>> 15)
  }
  let a = mixed()
  let b = mixed()
  let c = mixed()
  let d = mixed()
  const next = (): number => {
    const five = Math.imul(b, 5)
    const result = Math.imul((five << 7) | (five >>> 25), 9)
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return result >>> 0
  }
  return {
    next,
    below: (limit) => Math.floor(next() * limit * 2 ** -32),
    unit: () => next() * 2 ** -32,
  }
}

/** The seed of an independent stream for a named part of a computation, so that adding a part changes no other (FNV-1a). */
export function seedFor(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) | 0
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
