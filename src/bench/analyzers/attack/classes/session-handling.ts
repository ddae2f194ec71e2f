import { succeeded } from '../http/answer.ts'
import { CookieJar, parseCookie } from '../http/jar.ts'
import type { Endpoint } from '../inventory/endpoint.ts'
import type { Lab } from '../lab.ts'
import { personOf } from '../lab.ts'
import type { AttackClass, Proof, Trial } from '../proof.ts'
import { signIn, signUpAndIn } from '../session/accounts.ts'
import { Visitor } from '../session/visitor.ts'
import { gateOf } from './gate.ts'
import { tokenOf } from './jwt-forgery.ts'

/** Demands that a session planted before signing in, or kept after signing out, opens what is closed to nobody. */
export const sessionHandling: AttackClass = {
  id: 'session-handling',
  async attack(lab): Promise<Trial> {
    const { first } = lab.visitors
    if (first === undefined)
      return { proofs: [], tried: 0, unmade: { outcome: 'not_applicable', reason: 'Nobody could be signed in.' } }
    const gate = await gateOf(lab)
    if (gate === undefined)
      return {
        proofs: [],
        tried: 0,
        unmade: { outcome: 'error', reason: 'No endpoint was found that demands a session.' },
      }
    const proofs = [readable(lab, first), await planted(lab, gate, first), await kept(lab, gate)].filter(
      (proof) => proof !== undefined,
    )
    return { proofs, tried: 3 }
  },
}

/** A session cookie that scripts may read. */
function readable(lab: Lab, first: Visitor): Proof | undefined {
  const cookie = sessionCookie(first)
  const signedIn = first.history.findLast(
    ({ response }) =>
      response?.headers.some(([, value]) => cookie !== undefined && value.startsWith(`${cookie.name}=`)) === true,
  )
  const [login] = [...lab.accounts.login, ...lab.accounts.register]
  if (cookie === undefined || cookie.httpOnly || signedIn === undefined || login === undefined) return undefined
  return {
    rule: 'insecure-cookie',
    endpoint: login,
    message: `The session cookie ${cookie.name} is set without HttpOnly${cookie.sameSite === undefined ? ' and without SameSite' : ''}.`,
    exchanges: [signedIn],
    shows: cookie.name,
  }
}

/** Signs in with a session id chosen beforehand, then uses that id alone. */
async function planted(lab: Lab, gate: Endpoint, first: Visitor): Promise<Proof | undefined> {
  const cookie = sessionCookie(first)
  const [login] = lab.accounts.login
  if (cookie === undefined || login === undefined || selfContained(cookie.value)) return undefined
  const before = new Visitor('a visitor', first.person)
  await lab.parts.client.send(
    { method: 'GET', path: login.page ?? '/', headers: [] },
    { purpose: 'comes to the app', visitor: before },
  )
  const offered = before.jar.all().find(({ name }) => name === cookie.name)?.value
  for (const value of [offered, lab.word()].filter((candidate) => candidate !== undefined)) {
    const chosen = parseCookie(`${cookie.name}=${value}`)
    if (chosen === undefined) continue
    const victim = new Visitor('the first user', first.person, new CookieJar([chosen]))
    if ((await signIn(lab.parts.client, lab.accounts, victim)) === undefined) continue
    const attacker = new Visitor('who planted the session', first.person, new CookieJar([chosen]))
    const seen = await lab.submit(gate, 'uses the planted session', { keep: false }, attacker)
    if (!succeeded(seen)) continue
    const [entering] = victim.history.slice(-1)
    return {
      rule: 'session-fixation',
      endpoint: login,
      message: `The session ${cookie.name}=${value}, known before signing in, belongs to the user afterwards.`,
      exchanges: [...(entering ? [entering] : []), seen],
      shows: value,
      family: value === offered ? 'offered' : 'chosen',
    }
  }
  return undefined
}

/** Signs out and goes on with what was kept. */
async function kept(lab: Lab, gate: Endpoint): Promise<Proof | undefined> {
  const [logout] = lab.accounts.logout.toSorted(
    (one, other) => Number(other.method === 'POST') - Number(one.method === 'POST'),
  )
  if (logout === undefined) return undefined
  const someone = await signUpAndIn(lab.parts.client, lab.accounts, 'a third user', personOf(lab.word()))
  if (someone === undefined) return undefined
  const copy = someone.copy()
  const out = await lab.parts.client.send(
    { method: logout.method, path: logout.path, headers: [], ...(logout.method !== 'GET' && { body: '' }) },
    { purpose: 'signs out', visitor: someone },
  )
  if (!succeeded(out)) return undefined
  const seen = await lab.submit(gate, 'goes on with the session kept from before', { keep: false }, copy)
  if (!succeeded(seen)) return undefined
  const key = copy.bearer ?? sessionCookie(copy)?.value ?? ''
  return {
    rule: 'session-survives-logout',
    endpoint: logout,
    message: selfContained(key)
      ? 'The session is contained in what the browser keeps: signing out does not end it for whoever has a copy.'
      : 'A session kept from before signing out still works afterwards.',
    exchanges: [out, seen],
    ...(selfContained(key) && { severity: 'info' as const }),
  }
}

function sessionCookie(visitor: Visitor) {
  const cookies = visitor.jar.all().filter(({ name }) => !/csrf|xsrf/i.test(name))
  return cookies.find(({ name }) => /sess|sid|auth|token|jwt/i.test(name)) ?? cookies[0]
}

/** A token that carries its data: signed JSON, as JWT and Flask's sessions are. */
export function selfContained(value: string): boolean {
  if (tokenOf(value) !== undefined) return true
  const [first = ''] = value.replace(/^\.|^s%3A/i, '').split('.')
  return value.includes('.') && (value.startsWith('.eJ') || /^[[{]/.test(Buffer.from(first, 'base64url').toString()))
}
