import type { Frame } from '../analysis/engine.ts'
import { outsideKinds } from '../analysis/kinds.ts'
import type { Verdict } from '../analysis/observer.ts'
import { allConstants, onlyText, type Value } from '../analysis/value.ts'
import { heldIn, isSurely, namesOf } from './values.ts'

/** How a protection is set; `unknown` where it cannot be told or depends on something. */
export type Flag = 'on' | 'off' | 'missing' | 'unknown'

export interface Flags {
  readonly secure: Flag
  readonly httpOnly: Flag
  readonly sameSite: Flag
}

/** What a cookie is worth: signing in, something of the visitor, a token scripts must read, a setting, not known. */
export type Worth = 'session' | 'personal' | 'readable' | 'preference' | 'unknown'

const signingIn =
  /sess|token|auth|jwt|^sid$|[._-]sid$|\.sid\b|credential|passw|secret|api_?key|remember|login|refresh|access|bearer|otp/i
const ofTheVisitor = /user|^uid$|uid$|account|e?mail|role|admin|member|customer|identity|profile|cart|basket|^id$/i
const forScripts = /csrf|xsrf/i
const setting =
  /theme|lang|locale|i18n|consent|banner|dark|colou?r|mode$|sidebar|layout|currency|time_?zone|^tz$|seen|dismiss|visit|view|tour|promo|utm|refer|filter|sort|tab$|last_?(?:page|seen|view)|polic|gdpr|font|size|country|region|popup|newsletter|variant|experiment|ab_?test|flash|preference|prefs?$|notice|welcome|counter?$/i
const secretMakers =
  /token_(?:urlsafe|hex|bytes)|uuid4|randomUUID|randomBytes|nanoid|uuid\.v4|\.encode\(\)$|jsonwebtoken\.sign|SignJWT|create_access_token|create_refresh_token|\.sign\(\)$|create_session/

/** What a cookie is worth by its name and by what is put into it. */
export function worthOf(name: string | undefined, value: Value | undefined): Worth {
  if (name !== undefined) {
    if (forScripts.test(name)) return 'readable'
    if (signingIn.test(name)) return 'session'
    if (setting.test(name)) return 'preference'
    if (ofTheVisitor.test(name)) return 'personal'
  }
  if (namesOf(value).some((made) => secretMakers.test(made))) return 'session'
  return value?.labels.some(({ kinds }) => (kinds & outsideKinds) !== 0) === true ? 'personal' : 'unknown'
}

/** A protection that is on or off. */
export function flagOf(value: Value | undefined, isOpen: boolean): Flag {
  if (value === undefined) return isOpen ? 'unknown' : 'missing'
  if (isSurely(value, [false, null, 0, ''])) return 'off'
  if (isSurely(value, [undefined])) return 'missing'
  return isSurely(value, [true, 1, 'auto']) ? 'on' : 'unknown'
}

/** `SameSite`: off when other sites may send the cookie along. */
export function sameSiteOf(value: Value | undefined, isOpen: boolean): Flag {
  if (value === undefined) return isOpen ? 'unknown' : 'missing'
  const known = allConstants(value)
  if (known === undefined || value.labels.length > 0) return 'unknown'
  const texts = known.map((constant) => String(constant).toLowerCase())
  if (texts.every((text) => text === 'none' || text === 'false')) return known.includes(null) ? 'missing' : 'off'
  return texts.every((text) => text === 'undefined' || text === 'null') ? 'missing' : 'on'
}

/** The protections an object of options spells out: `{ secure: true, httpOnly: true }`. */
export function flagsIn(options: Value | undefined, frame: Frame): Flags {
  const read = (path: string) => heldIn(options, path, frame)
  const [secure, httpOnly, sameSite] = [read('secure'), read('httpOnly'), read('sameSite')]
  const lower = httpOnly.value === undefined ? read('httponly') : httpOnly
  const small = sameSite.value === undefined ? read('samesite') : sameSite
  return {
    secure: flagOf(secure.value, secure.isOpen),
    httpOnly: flagOf(lower.value, lower.isOpen),
    sameSite: sameSiteOf(small.value, small.isOpen),
  }
}

/** What is wrong with a cookie of this worth, undefined when it is protected enough. */
export function judgeFlags(name: string | undefined, worth: Worth, flags: Flags): Verdict | undefined {
  const wrong: string[] = []
  let sureness = 0
  const raise = (to: 'high' | 'medium'): void => {
    sureness = Math.max(sureness, to === 'high' ? 2 : 1)
  }
  for (const [attribute, flag] of [
    ['Secure', flags.secure],
    ['HttpOnly', flags.httpOnly],
  ] as const) {
    if (flag !== 'off' && flag !== 'missing') continue
    const isForScripts = worth === 'readable' || worth === 'preference'
    if (isForScripts && (attribute === 'HttpOnly' || flag === 'missing')) continue
    wrong.push(attribute)
    if (worth === 'session') raise('high')
    else if (worth === 'personal' || (worth === 'unknown' && flag === 'off')) raise('medium')
  }
  if (worth === 'session' || worth === 'personal') {
    if (flags.sameSite === 'off') raise('medium')
    if (flags.sameSite === 'off' || flags.sameSite === 'missing') wrong.push('SameSite')
  }
  if (wrong.length === 0) return undefined
  const which = name === undefined ? 'A cookie' : `The cookie \`${name}\``
  return {
    message: `${which} is set without ${wrong.join(', ')}.`,
    ...(sureness < 2 && { confidence: sureness === 1 ? ('medium' as const) : ('low' as const) }),
  }
}

/** Whether a cookie is being deleted: no text, or no time left. */
export function isDeletion(value: Value | undefined, ages: readonly (Value | undefined)[]): boolean {
  if (isSurely(value, ['', null, undefined, 'deleted'])) return true
  return ages.some((age) => isSurely(age, [0, -1, '0', '']) || /^Thu, 01[ -]Jan[ -]1970/.test(onlyText(age) ?? ''))
}
