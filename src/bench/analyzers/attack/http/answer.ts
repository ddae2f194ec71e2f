import type { Exchange } from '#bench/findings'

/** 0 when there was no answer. */
export function statusOf({ response }: Exchange): number {
  return response?.status ?? 0
}

/** The body of the answer, `''` when there was none. */
export function bodyOf({ response }: Exchange): string {
  return response?.body ?? ''
}

/** A header of the answer, whatever the case of its name; the first of several. */
export function headerOf({ response }: Exchange, name: string): string | undefined {
  return response?.headers.find(([header]) => header.toLowerCase() === name)?.[1]
}

/** Every value of a header of the answer. */
export function headersOf({ response }: Exchange, name: string): string[] {
  return (response?.headers ?? []).filter(([header]) => header.toLowerCase() === name).map(([, value]) => value)
}

/** Whether a browser would show the answer as a page. */
export function isPage(exchange: Exchange): boolean {
  const type = headerOf(exchange, 'content-type')
  if (type === undefined)
    return headerOf(exchange, 'x-content-type-options') !== 'nosniff' && /^\s*</.test(bodyOf(exchange))
  return /^(?:text\/html|application\/xhtml\+xml|image\/svg\+xml)/i.test(type)
}

/** The JSON the answer holds, undefined when it holds none. */
export function jsonOf(exchange: Exchange): unknown {
  const body = bodyOf(exchange).trim()
  if (!/^[[{"]/.test(body)) return undefined
  try {
    return JSON.parse(body)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** The app did as asked: 2xx, or a redirect that does not lead to signing in. */
export function succeeded(exchange: Exchange): boolean {
  const status = statusOf(exchange)
  return (status >= 200 && status < 300) || (status >= 300 && status < 400 && !toSignIn(exchange))
}

/** The app demands that somebody signs in, or says that this one may not. */
export function refused(exchange: Exchange): boolean {
  const status = statusOf(exchange)
  return status === 401 || status === 403 || toSignIn(exchange)
}

function toSignIn(exchange: Exchange): boolean {
  const status = statusOf(exchange)
  return status >= 300 && status < 400 && /log-?in|sign-?in|auth/i.test(headerOf(exchange, 'location') ?? '')
}

/** Where an answer sends on, resolved like a browser does it; undefined when it does not. */
export function redirectOf(exchange: Exchange): URL | undefined {
  const status = statusOf(exchange)
  const location = headerOf(exchange, 'location')
  if (status < 300 || status >= 400 || location === undefined) return undefined
  return URL.canParse(location, exchange.request.url) ? new URL(location, exchange.request.url) : undefined
}

/** Characters of a body kept as evidence. */
const kept = 3000

/** The exchange as evidence: bodies cut around `shows`, or from the beginning. */
export function asEvidence(exchange: Exchange, shows = ''): Exchange {
  const { request, response } = exchange
  return {
    ...exchange,
    request: request.body === undefined ? request : { ...request, body: cut(request.body, '').text },
    ...(response && { response: { ...response, ...shortened(response, shows) } }),
  }
}

function shortened(response: NonNullable<Exchange['response']>, shows: string) {
  const { text, whole } = cut(response.body, shows)
  return { body: text, truncated: response.truncated || !whole }
}

function cut(text: string, shows: string) {
  if (text.length <= kept) return { text, whole: true }
  const at = shows === '' ? 0 : Math.max(0, text.indexOf(shows) - kept / 3)
  return { text: text.slice(at, at + kept), whole: false }
}
