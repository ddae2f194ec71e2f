import { calleeName, destinationsOf, functionName, labelNames, originNames } from '../analysis/names.ts'
import type { Value } from '../analysis/value.ts'
import type { CallSite } from './model.ts'
import { isHashedPasswordName, isPasswordName, madeByName, secrecyOf, snakeCase } from './secret-names.ts'

/** What a digest is for. */
export interface HashUse {
  readonly kind: 'password' | 'security' | 'harmless' | 'unknown'
  /** The name that says so. */
  readonly name: string
  readonly unsure: boolean
}

/** Uses in which nobody gains by a second text with the same digest. */
const harmless =
  /(?:^|_)(?:checksum|e_?tag|cached?|cache_key|gravatar|avatar|fingerprint|dedup\w*|files?|filename|content|contents|chunk|integrity|colou?r|shard|bucket|version|revision|blob|assets?|static|identicon|slug|short|thumb\w*|image|upload|websocket|accept\w*|partition|ring|node|git|commit|tree|bloom|seed|duplicates?|diff|snapshot|manifest|uuid|guid|pwned|breach\w*|hibp|range|md5sum|sha1sum|payload_hash|row_hash|object_hash|lru|memo\w*)(?:_|$)/
const security =
  /(?:^|_)(?:signature|sign|signed|signer|sig|hmac|mac|token|secret|session|auth\w*|credential|nonce|csrf|otp|licen[cs]e|certificate|cert|api_?key|verif\w*|reset|tamper\w*|webhook|unsubscribe)(?:_|$)/
const slow = /bcrypt|argon2|scrypt|pbkdf2|hashpw|password_hasher/i
const breached = /pwned|breach|hibp/i

/** Reads the use of a digest from the names around the call: what goes in, what becomes of it, who makes it. */
export function usesOfHash(site: CallSite, values: readonly Value[]): HashUse {
  const { call, frame, engine } = site
  const { facts } = frame
  const ahead = destinationsOf(call.dst, facts, engine.program)
  const given = [...call.arguments.map(({ value }) => value), ...ahead.inputs]
  const inputs = new Set(given.flatMap((temp) => originNames(temp, facts)))
  for (const value of values)
    for (const label of value.labels) for (const name of labelNames(label, engine)) inputs.add(name)
  const maker = functionName(facts, engine.program)
  const outputs = [...ahead.names, maker]
  const passedOn = ahead.calls.some((name) => slow.test(name))
  const isBreachCheck =
    breached.test(`${outputs.join(' ')} ${facts.module.path}`) || /pwnedpasswords/.test(facts.module.text)
  const password =
    [...inputs].find(isPasswordName) ??
    outputs.find((name) => isHashedPasswordName(name) || isPasswordName(madeByName(name)))
  if (password !== undefined && !passedOn && !isBreachCheck) {
    const compared = ahead.calls.some((name) =>
      /compare_digest|timingSafeEqual|constant_time|safe_?compare/i.test(name),
    )
    return { kind: 'password', name: password, unsure: compared && !outputs.some(isHashedPasswordName) }
  }
  if (isBreachCheck || passedOn) return { kind: 'harmless', name: '', unsure: false }
  const said = outputs.map(snakeCase)
  const isHarmless =
    said.some((words) => harmless.test(words)) || ahead.calls.some((name) => harmless.test(snakeCase(name)))
  const made = said.find((words) => security.test(words))
  if (made !== undefined) return { kind: 'security', name: made, unsure: isHarmless }
  if (isHarmless) return { kind: 'harmless', name: '', unsure: false }
  const secret = [...inputs].find((name) => secrecyOf(name) === 'clear' && name !== calleeName(call, facts))
  if (secret !== undefined) return { kind: 'security', name: secret, unsure: true }
  return {
    kind: [...inputs].some((name) => harmless.test(snakeCase(name))) ? 'harmless' : 'unknown',
    name: '',
    unsure: false,
  }
}
