import type { TokenStream } from './tokens.ts'

/** Shortest clone in tokens. */
export const minimumTokens = 50
/** Shortest clone in lines, of both copies. */
export const minimumLines = 6

/** A place a clone covers, lines inclusive. */
export interface ClonePlace {
  readonly path: string
  readonly startLine: number
  readonly endLine: number
}

/** A run of tokens that stands in two places. */
export interface Clone {
  readonly original: ClonePlace
  readonly copy: ClonePlace
  readonly tokens: number
}

/**
 * Finds runs of at least {@link minimumTokens} equal tokens over at least {@link minimumLines} lines that stand in two
 * places, longest from the first occurrence on. Rolling hash (Karp and Rabin 1987) of each window, every match verified;
 * linear in the number of tokens, because a matched run is skipped and only first occurrences are kept.
 */
export function findClones(streams: readonly TokenStream[]): Clone[] {
  const first = new Map<number, { readonly stream: TokenStream; readonly at: number }>()
  const clones: Clone[] = []
  for (const stream of streams) {
    const hashes = windowHashes(stream.ids)
    for (let at = 0; at < hashes.length; ) {
      const hash = hashes[at] ?? 0
      const known = first.get(hash)
      const length =
        known === undefined || isPeriodic(stream.ids, at) ? 0 : commonLength(known.stream, known.at, stream, at)
      if (known === undefined) first.set(hash, { stream, at })
      if (known === undefined || length < minimumTokens) {
        at += 1
        continue
      }
      const original = placeOf(known.stream, known.at, length)
      const copy = placeOf(stream, at, length)
      if (Math.min(linesOf(original), linesOf(copy)) >= minimumLines) clones.push({ original, copy, tokens: length })
      at += length
    }
  }
  return clones
}

/** Lines a place covers. */
export function linesOf(place: ClonePlace): number {
  return place.endLine - place.startLine + 1
}

/** Two 26-bit polynomial hashes in one number: below 2^52, so exact. */
function windowHashes(ids: readonly number[]): number[] {
  const modulus = 67_108_859
  const bases = [263, 4099] as const
  const count = ids.length - minimumTokens + 1
  if (count <= 0) return []
  const rolled = bases.map((base) => {
    let power = 1
    for (let index = 1; index < minimumTokens; index++) power = (power * base) % modulus
    const hashes: number[] = []
    let hash = 0
    ids.forEach((id, index) => {
      if (index >= minimumTokens)
        hash = (hash - (((ids[index - minimumTokens] ?? 0) * power) % modulus) + modulus) % modulus
      hash = (hash * base + id) % modulus
      if (index >= minimumTokens - 1) hashes.push(hash)
    })
    return hashes
  })
  return Array.from({ length: count }, (_, index) => (rolled[0]?.[index] ?? 0) * 67_108_864 + (rolled[1]?.[index] ?? 0))
}

function commonLength(a: TokenStream, fromA: number, b: TokenStream, fromB: number): number {
  const limit = a === b ? fromB - fromA : Number.POSITIVE_INFINITY
  let length = 0
  while (length < limit && fromB + length < b.ids.length && a.ids[fromA + length] === b.ids[fromB + length]) length += 1
  return length
}

/** Whether a window repeats a short pattern: rows of a table are data, not copied code. */
function isPeriodic(ids: readonly number[], at: number): boolean {
  for (let period = 1; period <= minimumTokens / 2; period++) {
    let index = 0
    while (index + period < minimumTokens && ids[at + index] === ids[at + index + period]) index += 1
    if (index + period === minimumTokens) return true
  }
  return false
}

function placeOf(stream: TokenStream, at: number, length: number): ClonePlace {
  return { path: stream.path, startLine: stream.lines[at] ?? 1, endLine: stream.lines[at + length - 1] ?? 1 }
}
