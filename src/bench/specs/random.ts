import { createHash } from 'node:crypto'
import type { RandomKind } from './format.ts'

/**
 * A value of a kind that the same seed always gives and another never: `seed` names the run, the flow and the variable.
 * Emails lie in a domain that cannot exist (RFC 2606), passwords satisfy the usual rules.
 */
export function randomValue(kind: RandomKind, seed: string): string {
  const digest = createHash('sha256').update(`${kind}\n${seed}`).digest()
  const hex = digest.toString('hex')
  switch (kind) {
    case 'email':
      return `${wordOf(digest)}.${hex.slice(0, 6)}@example.com`
    case 'word':
      return wordOf(digest)
    case 'text':
      return [0, 6, 12, 18].map((from) => wordOf(digest.subarray(from))).join(' ')
    case 'number':
      return String(1000 + (digest.readUInt32BE(0) % 9000))
    case 'uuid':
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
    case 'password':
      return `Aa1!${wordOf(digest)}-${hex.slice(0, 8)}`
  }
}

const consonants = 'bdfgklmnprstvz'
const vowels = 'aeiou'

/** Eight letters that can be spoken and are no word. */
function wordOf(digest: Uint8Array): string {
  return Array.from({ length: 8 }, (_, at) => {
    const letters = at % 2 === 0 ? consonants : vowels
    return letters[(digest[at] ?? 0) % letters.length] ?? ''
  }).join('')
}
