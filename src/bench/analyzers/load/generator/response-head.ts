/** What came back is not an answer of HTTP/1. */
export class MalformedResponse extends Error {
  override readonly name = 'MalformedResponse'
}

/** Bytes of a head beyond which it counts as malformed. */
export const maximalHead = 64 * 1024

/** What a head says of the answer it opens. */
export interface Framing {
  readonly status: number
  readonly keepAlive: boolean
  /** Bytes of the body; `interim`: another head follows (1xx). */
  readonly body: number | 'chunked' | 'until-close' | 'interim'
}

/**
 * Reads status and framing from a head without its blank line, by RFC 9112, sections 4, 5, 6.3 and 9.3.
 * @param bodyless the answer to HEAD
 * @throws MalformedResponse
 */
export function framingOf(head: string, bodyless: boolean): Framing {
  const { status, minor, firstField } = statusLine(head)
  if (status === 101) throw new MalformedResponse('The app switches protocols without being asked.')
  if (status < 200) return { status, keepAlive: true, body: 'interim' }
  const { length, coding, connection } = framingFields(head, firstField)
  const persistent = minor === 1 ? !/\bclose\b/.test(connection) : /\bkeep-alive\b/.test(connection)
  if (bodyless || status === 204 || status === 304) return { status, keepAlive: persistent, body: 0 }
  if (coding !== '') {
    // A length beside a coding is what request smuggling is made of: believe the coding, and the connection no more.
    const body = /(?:^|,)\s*chunked$/.test(coding) ? 'chunked' : 'until-close'
    return { status, keepAlive: persistent && length === undefined, body }
  }
  return { status, keepAlive: persistent, body: length ?? 'until-close' }
}

function statusLine(head: string): { status: number; minor: number; firstField: number } {
  const status = Number(head.slice(9, 12))
  const minor = head.charCodeAt(7) - 48
  const isLine =
    head.startsWith('HTTP/1.') &&
    (minor === 0 || minor === 1) &&
    head.charCodeAt(8) === 32 &&
    /^\d{3}(?:[ \r]|$)/.test(head.slice(9, 13))
  if (!isLine || status < 100) throw new MalformedResponse('The answer does not begin with a status line of HTTP/1.')
  const end = head.indexOf('\r\n')
  return { status, minor, firstField: end === -1 ? head.length : end + 2 }
}

interface FramingFields {
  length: number | undefined
  coding: string
  connection: string
}

function framingFields(head: string, from: number): FramingFields {
  const fields: FramingFields = { length: undefined, coding: '', connection: '' }
  for (let at = from; at < head.length; ) {
    const found = head.indexOf('\r\n', at)
    const end = found === -1 ? head.length : found
    const first = head.charCodeAt(at)
    // A line that begins with a blank continues the one before (RFC 9112, 5.2).
    if (first === 32 || first === 9)
      return framingFields(head.slice(0, from) + head.slice(from).replaceAll(/\r\n[ \t]+/g, ' '), from)
    const colon = head.indexOf(':', at)
    if (colon <= at || colon > end) throw new MalformedResponse('A header field has no name.')
    readField(fields, head, at, colon, end)
    at = end + 2
  }
  return fields
}

/** Only the three fields that frame an answer are cut out; their names tell by their length. */
function readField(fields: FramingFields, head: string, at: number, colon: number, end: number): void {
  const size = colon - at
  if (size !== 14 && size !== 17 && size !== 10) return
  const name = head.slice(at, colon).toLowerCase()
  const value = head
    .slice(colon + 1, end)
    .trim()
    .toLowerCase()
  if (name === 'content-length') fields.length = lengthOf(value, fields.length)
  else if (name === 'transfer-encoding') fields.coding = fields.coding === '' ? value : `${fields.coding},${value}`
  else if (name === 'connection') fields.connection += ` ${value}`
}

function lengthOf(value: string, before: number | undefined): number {
  if (before === undefined && /^\d{1,15}$/.test(value)) return Number(value)
  const lengths = new Set(value.split(',').map((one) => (/^\s*\d{1,15}\s*$/.test(one) ? Number(one) : Number.NaN)))
  const [length = Number.NaN] = lengths
  if (lengths.size !== 1 || Number.isNaN(length) || (before !== undefined && before !== length)) {
    throw new MalformedResponse('Content-Length is no number, or two that differ.')
  }
  return length
}
