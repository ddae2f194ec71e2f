/** Names and values, as pairs. */
type Headers = readonly (readonly string[])[]

interface Request {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body?: string | undefined
}

interface Response {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** A request as it went over the wire (RFC 9112): request line, headers, empty line, body. */
export const requestText = ({ method, url, headers, body }: Request): string =>
  message(`${method} ${targetOf(url)} HTTP/1.1`, headers, body)

/** An answer as it came, its JSON indented so that it can be read. */
export const responseText = ({ status, headers, body }: Response): string =>
  message(`HTTP/1.1 ${status}`, headers, readable(body))

const message = (first: string, headers: Headers, body: string | undefined): string =>
  [first, ...headers.map((pair) => pair.join(': ')), ...(body ? ['', body] : [])].join('\n')

const targetOf = (url: string): string =>
  /^https?:\/\/[^/?#]*(.*)$/s.exec(url)?.[1] || (/^https?:/.test(url) ? '/' : url)

const readable = (body: string): string => {
  if (!/^\s*[[{]/.test(body)) return body
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    // Cut, or only looks like JSON: shown as it is.
    return body
  }
}
