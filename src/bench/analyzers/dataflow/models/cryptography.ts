import { ciphers } from './ciphers.ts'
import { hashes } from './hashes.ts'
import type { Model } from './model.ts'
import { randomness } from './randomness.ts'

/** What is wrong with secrets and cryptography, for both languages. */
export const cryptography: readonly Model[] = [randomness, ciphers, hashes]
