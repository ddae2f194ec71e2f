import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MalformedResponse } from './response-head.ts'
import { ResponseParser } from './response-parser.ts'

/** What becomes of an answer that comes in pieces of this many bytes, and of the connection's end after it. */
function parsed(text: string, { piece = text.length, bodyless = false } = {}): string {
  const parser = new ResponseParser()
  parser.begin(bodyless)
  const bytes = Buffer.from(text, 'latin1')
  let complete = false
  try {
    for (let at = 0; at < bytes.length; at += Math.max(1, piece)) {
      complete = parser.feed(bytes.subarray(at, at + Math.max(1, piece)))
    }
  } catch (error) {
    if (error instanceof MalformedResponse) return 'malformed'
    throw error
  }
  const state = complete ? 'complete' : `${parser.end()} at the end`
  return `${parser.status} ${state}${parser.keepAlive ? ', kept' : ''}`
}

const ok = 'HTTP/1.1 200 OK\r\n'

describe.each<[string, string, string, { bodyless?: boolean }?]>([
  ['a length', `${ok}Content-Length: 5\r\n\r\nhello`, '200 complete, kept'],
  ['no body', `${ok}content-length:0\r\n\r\n`, '200 complete, kept'],
  ['no fields', `${ok}\r\nwhatever`, '200 complete at the end'],
  ['no reason', 'HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n', '404 complete, kept'],
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n', '204 complete, kept'],
  ['304 with a length', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 900\r\n\r\n', '304 complete, kept'],
  ['HEAD', `${ok}Content-Length: 900\r\n\r\n`, '200 complete, kept', { bodyless: true }],
  ['HEAD, chunked', `${ok}Transfer-Encoding: chunked\r\n\r\n`, '200 complete, kept', { bodyless: true }],
  ['close', `${ok}Content-Length: 1\r\nConnection: close\r\n\r\nx`, '200 complete'],
  ['close among others', `${ok}Content-Length: 1\r\nConnection: foo, Close\r\n\r\nx`, '200 complete'],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx', '200 complete'],
  ['HTTP/1.0, kept', 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: Keep-Alive\r\n\r\nx', '200 complete, kept'],
  [
    'chunks',
    `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1a;x=y\r\n${'z'.repeat(26)}\r\n0\r\n\r\n`,
    '200 complete, kept',
  ],
  [
    'chunks with trailers',
    `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\nA: b\r\nC: d\r\n\r\n`,
    '200 complete, kept',
  ],
  ['chunks and a length', `${ok}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, '200 complete'],
  ['another coding', `${ok}Transfer-Encoding: gzip\r\n\r\nabc`, '200 complete at the end'],
  [
    'an interim answer',
    `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${ok}Content-Length: 1\r\n\r\nx`,
    '200 complete, kept',
  ],
  ['a folded field', `${ok}X: a\r\n b:c\r\nContent-Length:\r\n\t2\r\n\r\nxx`, '200 complete, kept'],
  ['the same length twice', `${ok}Content-Length: 2\r\nContent-Length: 2, 2\r\n\r\nxx`, '200 complete, kept'],
  ['cut in the body', `${ok}Content-Length: 5\r\n\r\nhell`, '200 cut at the end, kept'],
  ['cut in a chunk', `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhel`, '200 cut at the end, kept'],
  ['cut before the last chunk', `${ok}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n`, '200 cut at the end, kept'],
  ['cut in the head', 'HTTP/1.1 200 OK\r\nContent', '0 cut at the end'],
  ['nothing', '', '0 silent at the end'],
  ['garbage', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 'malformed'],
  ['HTTP/2', 'HTTP/2 200 OK\r\n\r\n', 'malformed'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n', 'malformed'],
  ['a status below 100', 'HTTP/1.1 099 OK\r\n\r\n', 'malformed'],
  ['an unasked switch', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n', 'malformed'],
  ['a field without a name', `${ok}nonsense\r\n\r\n`, 'malformed'],
  ['a length that is none', `${ok}Content-Length: five\r\n\r\nhello`, 'malformed'],
  ['a negative length', `${ok}Content-Length: -1\r\n\r\n`, 'malformed'],
  ['two lengths', `${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx`, 'malformed'],
  ['a chunk size that is none', `${ok}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`, 'malformed'],
  ['a chunk longer than it says', `${ok}Transfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n0\r\n\r\n`, 'malformed'],
  ['more than the length', `${ok}Content-Length: 1\r\n\r\nxy`, 'malformed'],
  ['a body where none may be', 'HTTP/1.1 204 No Content\r\n\r\nbody', 'malformed'],
])('%s', (_, text, expected, { bodyless = false } = {}) => {
  test('at once', () => expect(parsed(text, { bodyless })).toBe(expected))
  test('byte by byte', () => expect(parsed(text, { bodyless, piece: 1 })).toBe(expected))
  test('in pieces of any size', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), (piece) => parsed(text, { bodyless, piece }) === expected))
  })
})

test('a head without end is malformed, whatever it promises', () => {
  expect(parsed(`${ok}X: ${'a'.repeat(70_000)}`, { piece: 1000 })).toBe('malformed')
})

test('a line of a chunked body without end is malformed', () => {
  expect(parsed(`${ok}Transfer-Encoding: chunked\r\n\r\n${'1'.repeat(9000)}`, { piece: 1000 })).toBe('malformed')
})

test('one answer after the other', () => {
  const parser = new ResponseParser()
  for (const [text, status] of [
    [`${ok}Content-Length: 2\r\n\r\nab`, 200],
    ['HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n', 500],
    ['HTTP/1.1 204 No Content\r\n\r\n', 204],
  ] as const) {
    parser.begin(false)
    expect(parser.feed(Buffer.from(text))).toBe(true)
    expect(parser.status).toBe(status)
  }
})

test('any bytes at all are an answer, part of one, or malformed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 1, max: 50 }), (text, piece) => {
      expect(parsed(`HTTP/1.1 200 OK\r\n${text}`, { piece })).toMatch(/^(malformed|\d+ (complete|cut|silent))/)
    }),
  )
})
