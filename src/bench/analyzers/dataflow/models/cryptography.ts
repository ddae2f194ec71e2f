import { ciphers } from './ciphers.ts'
import { comparisons } from './comparisons.ts'
import { credentials } from './credentials.ts'
import { hashes } from './hashes.ts'
import type { Model } from './model.ts'
import { passwordCosts } from './password-costs.ts'
import { plainPasswords } from './plain-passwords.ts'
import { randomness } from './randomness.ts'

/** What is wrong with secrets and cryptography, for both languages. */
export const cryptography: readonly Model[] = [
  randomness,
  ciphers,
  hashes,
  passwordCosts,
  plainPasswords,
  comparisons,
  credentials,
]
