import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(scrypt)
const SALT_BYTES = 16
const KEY_BYTES = 64

/** Of the form `salt:key`, both in hex. */
export async function protect(password) {
  const salt = randomBytes(SALT_BYTES)
  const key = await derive(password, salt, KEY_BYTES)
  return `${salt.toString('hex')}:${key.toString('hex')}`
}

/** Whether `password` is the one `stored` was made from. */
export async function matches(password, stored) {
  const [salt, key] = stored.split(':').map((part) => Buffer.from(part, 'hex'))
  const derived = await derive(password, salt, KEY_BYTES)
  return timingSafeEqual(derived, key)
}
