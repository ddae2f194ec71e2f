/** The cookies of one visitor of one app, by name: enough where there is one origin. */
export class CookieJar {
  readonly #cookies = new Map<string, string>()

  /** Takes what an answer sets; a cookie that has expired is dropped. `Secure` ones are kept: localhost counts as secure. */
  take(headers: readonly (readonly [string, string])[]): void {
    for (const [name, value] of headers) {
      if (name.toLowerCase() !== 'set-cookie') continue
      const [pair = '', ...attributes] = value.split(';')
      const equals = pair.indexOf('=')
      if (equals <= 0) continue
      const key = pair.slice(0, equals).trim()
      if (attributes.some(isPast)) this.#cookies.delete(key)
      else this.#cookies.set(key, pair.slice(equals + 1).trim())
    }
  }

  copy(): CookieJar {
    const copy = new CookieJar()
    for (const [name, value] of this.#cookies) copy.#cookies.set(name, value)
    return copy
  }

  /** Name and value of each. */
  all(): readonly (readonly [name: string, value: string])[] {
    return [...this.#cookies]
  }

  get size(): number {
    return this.#cookies.size
  }

  get(name: string): string | undefined {
    return this.#cookies.get(name)
  }

  /** The value of the header `Cookie`, undefined when there is nothing to send. */
  header(): string | undefined {
    if (this.#cookies.size === 0) return undefined
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }
}

/** Whether an attribute takes the cookie away: `Max-Age` of nothing, or the beginning of time that servers write to delete. */
function isPast(attribute: string): boolean {
  const [name = '', value = ''] = attribute.split('=', 2).map((part) => part.trim().toLowerCase())
  if (name === 'max-age') return Number(value) <= 0
  return name === 'expires' && Date.parse(value) <= Date.UTC(1971, 0, 1)
}
