import { createHash, getRandomValues } from 'node:crypto'

/** Ids of one millisecond count up from a random number, so that they sort in the order they were made. */
const counterBits = 26
let last = { time: -1, counter: 0 }

/**
 * A UUIDv7 (RFC 9562 § 5.7): sorts by the time it was made, and within a millisecond by the order (§ 6.2, method 1).
 * @param now epoch milliseconds
 */
export function newId(now: number = Date.now()): string {
  const bytes = getRandomValues(new Uint8Array(16))
  // Half of the numbers are left to count up through.
  const fresh = new DataView(bytes.buffer).getUint32(6) >>> (32 - counterBits + 1)
  last = { time: now, counter: now === last.time ? (last.counter + 1) % 2 ** counterBits : fresh }
  let time = now
  for (let index = 5; index >= 0; index--) {
    bytes[index] = time % 256
    time = Math.floor(time / 256)
  }
  const { counter } = last
  bytes[6] = counter >>> 22
  bytes[7] = counter >>> 14
  bytes[8] = counter >>> 8
  bytes[9] = counter
  return format(bytes, 0x70)
}

/** A UUIDv8 (RFC 9562 § 5.8) made of a SHA-256 digest: the same parts always give the same id. */
export function digestId(...parts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length}:${part}`)
  return format(hash.digest().subarray(0, 16), 0x80)
}

function format(bytes: Uint8Array, version: number): string {
  const octets = Uint8Array.from(bytes)
  octets[6] = ((octets[6] ?? 0) & 0x0f) | version
  octets[8] = ((octets[8] ?? 0) & 0x3f) | 0x80
  const hex = Buffer.from(octets).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
