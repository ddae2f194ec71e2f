import { nameOf } from '../analysis/call-arguments.ts'
import type { Verdict } from '../analysis/observer.ts'
import { isSettled, settle } from '../analysis/pending.ts'
import { onlyText, type Value } from '../analysis/value.ts'
import type { CallSite } from '../models/model.ts'
import { type Flags, flagOf, flagsIn, isDeletion, judgeFlags, sameSiteOf, worthOf } from './cookie-flags.ts'
import { heldIn, inProduction, isNamed, isSurely, methodPlace, namesOf, objectsOf } from './values.ts'

/** `response.set_cookie(key, value, max_age, expires, path, domain, secure, httponly, samesite)`, and its relatives. */
export const pythonCookie = inProduction((site: CallSite): Verdict | undefined => {
  const { args, call, frame, name } = site
  const at = (position: number, key: string): Value | undefined => args.positional[position] ?? args.named.get(key)
  const value = at(1, 'value')
  if (value === undefined || /client|browser|driver|jar/i.test(nameOf(call.receiver, frame))) return undefined
  if (isDeletion(value, [at(2, 'max_age'), at(3, 'expires')])) return undefined
  const isOpen = args.more !== undefined
  const own = /falcon/.test(frame.facts.module.text.slice(0, 2000)) ? ('on' as const) : undefined
  const isSigned = name.endsWith('set_signed_cookie')
  const flag = (position: number, key: string) =>
    flagOf(isSigned ? args.named.get(key) : at(position, key), isOpen || own !== undefined)
  const sameSite = isSigned ? args.named.get('samesite') : at(8, 'samesite')
  const flags: Flags = {
    secure: flag(6, 'secure'),
    httpOnly: flag(7, 'httponly'),
    // Starlette says Lax unless told otherwise.
    sameSite: sameSiteOf(
      sameSite,
      isOpen || /^\s*(?:from|import)\s+(?:fastapi|starlette)\b/m.test(frame.facts.module.text),
    ),
  }
  const key = onlyText(at(0, 'key') ?? args.named.get('name'))
  return placed(judgeFlags(key, worthOf(key, value), flags), site)
})

/** `app.add_middleware(SessionMiddleware, https_only=…)`. */
export const sessionMiddleware = inProduction(({ args, name }: CallSite): Verdict | undefined => {
  const isDirect = /SessionMiddleware$/.test(name)
  if (!isDirect && !args.positional.some((value) => isNamed(value, /\bSessionMiddleware$/))) return undefined
  const isOpen = args.more !== undefined
  const secure = flagOf(args.named.get('https_only'), isOpen)
  const sameSite = sameSiteOf(args.named.get('same_site'), true)
  if (secure === 'off') return { message: 'The session cookie may travel over plain HTTP: `https_only` is off.' }
  if (secure === 'missing')
    return { message: 'The session cookie may travel over plain HTTP: `https_only` is not set.', confidence: 'medium' }
  return sameSite === 'off'
    ? { message: 'Other sites may send the session cookie along.', confidence: 'medium' }
    : undefined
})

/** Where name, value and options stand in a call, and what is on when it is left out. */
interface Shape {
  readonly name: number
  readonly options: number
  readonly defaults?: Partial<Flags>
}

const plain: Shape = { name: 0, options: 2 }
const shapes: readonly (readonly [RegExp, Shape])[] = [
  [
    /^koa\.|^cookies\(\)/,
    { name: 0, options: 2, defaults: { httpOnly: 'on', secure: 'unknown', sameSite: 'unknown' } },
  ],
  [/^hono\/cookie\.setSignedCookie$/, { name: 1, options: 4 }],
  [/^(?:hono\/cookie|h3|nookies|nookies\.default)\.(?:setCookie|set)$/, { name: 1, options: 3 }],
  // A script cannot set HttpOnly at all.
  [/^js-cookie\b|^universal-cookie/, { name: 0, options: 2 }],
]

/** `res.cookie(name, value, options)`, `reply.setCookie(…)`, `cookies().set(…)`, `cookie.serialize(…)`. */
export const scriptCookie = inProduction((site: CallSite): Verdict | undefined => {
  const { args, frame, name } = site
  const shape = shapes.find(([pattern]) => pattern.test(name))?.[1] ?? plain
  let [key, value, options] = [
    args.positional[shape.name],
    args.positional[shape.name + 1],
    args.positional[shape.options],
  ]
  if (args.more !== undefined || key === undefined || !isCookieCall(site)) return undefined
  if (value === undefined) {
    // cookies().set({ name, value, httpOnly: true })
    if (objectsOf(key, frame).length === 0) return undefined
    options = key
    value = heldIn(key, 'value', frame).value
    key = heldIn(key, 'name', frame).value
  }
  const ages = ['maxAge', 'expires'].map((age) => heldIn(options, age, frame).value)
  if (isDeletion(value, ages) || ages.some((age) => isNamed(age, /^Date\(\)$/) && isSurely(value, [''])))
    return undefined
  const given = options === undefined ? noFlags : flagsIn(options, frame)
  const flags =
    name.endsWith('.setCookie') && isSettled('fastify cookie defaults', frame, site.engine)
      ? unsetAs(given, unknownFlags)
      : given
  const text = onlyText(key)
  return placed(judgeFlags(text, worthOf(text, value), unsetAs(flags, shape.defaults ?? {})), site)
})

const noFlags: Flags = { secure: 'missing', httpOnly: 'missing', sameSite: 'missing' }
const unknownFlags: Flags = { secure: 'unknown', httpOnly: 'unknown', sameSite: 'unknown' }

/** What is left out has another meaning here. */
function unsetAs(flags: Flags, defaults: Partial<Flags>): Flags {
  const one = (key: keyof Flags) => (flags[key] === 'missing' ? (defaults[key] ?? 'missing') : flags[key])
  return { secure: one('secure'), httpOnly: one('httpOnly'), sameSite: one('sameSite') }
}

/** A call of that name on a thing nothing is known of must look like one on a response. */
function isCookieCall({ name, call, frame }: CallSite): boolean {
  if (/^(?:express|fastify|koa|next|hono|h3|nookies|cookies?|js-cookie|cookies-next)\b/.test(name)) return true
  const receiver = nameOf(call.receiver, frame)
  if (call.method === 'set')
    return /^cookie(?:s|Store|Jar)?$/.test(receiver) && /['"]next\//.test(frame.facts.module.text)
  return /^(?:res|resp|response|reply|rep|ctx|c)$/.test(receiver)
}

/** The options of session middleware: where its cookie's are, and what is on when they are left out. */
const sessions: readonly (readonly [RegExp, string, Partial<Flags>])[] = [
  [/^express-session/, 'cookie', { httpOnly: 'on', sameSite: 'unknown' }],
  [/^cookie-session|^koa-session|^koa-generic-session/, '', { httpOnly: 'on', secure: 'unknown', sameSite: 'unknown' }],
  [/^@fastify\/session|^fastify-session/, 'cookie', { httpOnly: 'on', secure: 'on', sameSite: 'unknown' }],
  [/^@fastify\/secure-session|^@fastify\/cookie/, 'cookie', { sameSite: 'unknown' }],
  [/iron-session/, 'cookieOptions', { httpOnly: 'on', secure: 'on', sameSite: 'on' }],
  [
    /\.create(?:CookieSessionStorage|SessionStorage|MemorySessionStorage|FileSessionStorage)$/,
    'cookie',
    { sameSite: 'on' },
  ],
]

/** `session({ cookie: { secure: false } })`, `app.register(session, { … })`. */
export const scriptSession = inProduction((site: CallSite): Verdict | undefined => {
  const { args, frame, name, engine } = site
  const isRegister = /\.register$/.test(name)
  const plugin = isRegister ? (namesOf(args.positional[0])[0] ?? '') : name
  const options = isRegister ? args.positional[1] : args.positional.at(/iron-session/.test(name) ? -1 : 0)
  if (isRegister && /^@fastify\/cookie/.test(plugin)) {
    const defaults = heldIn(options, 'parseOptions', frame)
    if (defaults.value !== undefined || defaults.isOpen) settle('fastify cookie defaults', undefined, frame, engine)
    return undefined
  }
  const found = sessions.find(([pattern]) => pattern.test(plugin))
  if (found === undefined || args.more !== undefined) return undefined
  const [, where, defaults] = found
  if (options !== undefined && objectsOf(options, frame).length === 0) return undefined
  const held = where === '' ? { value: options, isOpen: false } : heldIn(options, where, frame)
  if (held.value === undefined ? held.isOpen : objectsOf(held.value, frame).length === 0) return undefined
  const flags = held.value === undefined ? noFlags : flagsIn(held.value, frame)
  const verdict = judgeFlags('session', 'session', unsetAs(flags, defaults))
  if (verdict === undefined) return undefined
  const isExplicit = flags.secure === 'off' || flags.httpOnly === 'off'
  return { ...verdict, ...(!isExplicit && verdict.confidence === undefined && { confidence: 'medium' as const }) }
})

function placed(verdict: Verdict | undefined, { call, frame }: CallSite): Verdict | undefined {
  return verdict === undefined ? undefined : { ...verdict, place: methodPlace(call, frame) }
}
