/** A cookie as the app set it. */
export interface Cookie {
  readonly name: string
  readonly value: string
  readonly httpOnly: boolean
  readonly secure: boolean
  readonly sameSite: 'strict' | 'lax' | 'none' | undefined
  /** As it came, for evidence. */
  readonly header: string
}

/** The cookies of one visitor. There is one origin, so paths and domains do not matter. */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>()

  constructor(cookies: Iterable<Cookie> = []) {
    for (const cookie of cookies) this.#cookies.set(cookie.name, cookie)
  }

  /** Takes `Set-Cookie` headers of an answer; expired ones are removed. */
  take(headers: readonly string[]): void {
    for (const header of headers) {
      const cookie = parseCookie(header)
      if (cookie === undefined) continue
      if (cookie.value === '' || expired(header)) this.#cookies.delete(cookie.name)
      else this.#cookies.set(cookie.name, cookie)
    }
  }

  /** The `Cookie` header, undefined when there are none. */
  header(): string | undefined {
    return this.#cookies.size === 0
      ? undefined
      : [...this.#cookies.values()].map(({ name, value }) => `${name}=${value}`).join('; ')
  }

  all(): Cookie[] {
    return [...this.#cookies.values()]
  }

  copy(): CookieJar {
    return new CookieJar(this.all())
  }
}

/** One `Set-Cookie` header (RFC 6265, section 5.2); undefined when it names no cookie. */
export function parseCookie(header: string): Cookie | undefined {
  const [pair = '', ...attributes] = header.split(';')
  const equals = pair.indexOf('=')
  if (equals < 1) return undefined
  const flags = new Map(
    attributes.map((attribute) => {
      const [name = '', value = ''] = attribute.split('=')
      return [name.trim().toLowerCase(), value.trim().toLowerCase()] as const
    }),
  )
  const sameSite = flags.get('samesite')
  return {
    name: pair.slice(0, equals).trim(),
    value: pair.slice(equals + 1).trim(),
    httpOnly: flags.has('httponly'),
    secure: flags.has('secure'),
    sameSite: sameSite === 'strict' || sameSite === 'lax' || sameSite === 'none' ? sameSite : undefined,
    header,
  }
}

function expired(header: string): boolean {
  if (/;\s*max-age\s*=\s*(?:0|-\d+)\s*(?:;|$)/i.test(header)) return true
  return /;\s*expires\s*=[^;]*\b19[67]\d\b/i.test(header)
}
