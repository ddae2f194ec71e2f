import type { Exchange } from '#bench/findings'
import { headersOf, jsonOf } from '../http/answer.ts'
import { CookieJar } from '../http/jar.ts'
import type { Person } from '../values.ts'

/** One person using the app, with what their client keeps: cookies, a bearer token, CSRF tokens. */
export class Visitor {
  readonly title: string
  readonly person: Person
  readonly jar: CookieJar
  bearer: string | undefined
  /** Signing in worked. */
  signedIn = false
  /** The request that signed them in and what came back. */
  readonly history: Exchange[] = []

  /** @param title for purposes: "the first user" */
  constructor(title: string, person: Person, jar = new CookieJar()) {
    this.title = title
    this.person = person
    this.jar = jar
  }

  /** Takes cookies and tokens of an answer. */
  take(exchange: Exchange): void {
    this.jar.take(headersOf(exchange, 'set-cookie'))
  }

  /** Takes a token for the Authorization header from an answer to signing in. */
  takeBearer(exchange: Exchange): void {
    this.bearer = bearerIn(jsonOf(exchange)) ?? this.bearer
  }

  /** The headers that say who it is. */
  headers(): [string, string][] {
    const cookie = this.jar.header()
    const xsrf = this.jar.all().find(({ name }) => /xsrf|csrf/i.test(name))
    return [
      ...(cookie === undefined ? [] : [['cookie', cookie] as [string, string]]),
      ...(this.bearer === undefined ? [] : [['authorization', `Bearer ${this.bearer}`] as [string, string]]),
      ...(xsrf === undefined
        ? []
        : [
            [
              /xsrf/i.test(xsrf.name) ? 'x-xsrf-token' : 'x-csrftoken',
              decodeURIComponent(xsrf.value.replace(/%(?![\da-f]{2})/gi, '%25')),
            ] as [string, string],
          ]),
    ]
  }

  /** The same person with the same keys in another client. */
  copy(): Visitor {
    const copy = new Visitor(this.title, this.person, this.jar.copy())
    copy.bearer = this.bearer
    copy.signedIn = this.signedIn
    return copy
  }
}

const tokenNames = [
  'access_token',
  'accessToken',
  'token',
  'jwt',
  'id_token',
  'idToken',
  'auth_token',
  'authToken',
  'session_token',
  'sessionToken',
  'api_key',
  'apiKey',
  'session',
  'sessionId',
  'session_id',
]

/** The token in an answer to signing in: by its usual names, at most three levels deep. */
export function bearerIn(json: unknown, depth = 0): string | undefined {
  if (typeof json !== 'object' || json === null || depth > 3) return undefined
  const fields = new Map<string, unknown>(Object.entries(json))
  for (const name of tokenNames) {
    const value = fields.get(name)
    if (typeof value === 'string' && value.length >= 8) return value.replace(/^Bearer\s+/i, '')
  }
  for (const value of fields.values()) {
    const inside = bearerIn(value, depth + 1)
    if (inside !== undefined) return inside
  }
  return undefined
}
