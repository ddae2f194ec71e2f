import { describe, expect, it } from 'vitest'
import type { Exchange } from '#bench/findings'
import { traceIn } from '../classes/error-detail.ts'
import { crack, tokenOf } from '../classes/jwt-forgery.ts'
import { leadsTo } from '../classes/open-redirect.ts'
import { selfContained } from '../classes/session-handling.ts'
import { statementIn } from '../classes/sql-injection.ts'
import { elementNames } from '../classes/xml-external-entities.ts'
import { signature, tellsApart } from './differential.ts'
import { injectedAs } from './markup.ts'
import { doseResponse, growsFast } from './timing.ts'

const answer = (status: number, body: string, headers: [string, string][] = []): Exchange => ({
  purpose: 'asks',
  request: { method: 'GET', url: 'http://localhost:5000/x', headers: [] },
  response: { status, headers, body, truncated: false },
  milliseconds: 1,
})

const timed = (dose: number, ...times: number[]) => times.map((took) => ({ dose, took }))

describe('a time that follows the dose', () => {
  it('is proven by interleaved answers', () => {
    const answers = [
      ...timed(0, 5, 7, 6, 9, 8),
      ...timed(1000, 1006, 1010, 1004, 1031, 1008),
      ...timed(2000, 2012, 2009, 2003, 2040, 2011),
    ]
    expect(doseResponse(answers)).toMatchObject({ proven: true })
  })

  it('is not proven by an app that is slow at random, slow always, or slower each time', () => {
    const random = [
      ...timed(0, 5, 2100, 6, 900),
      ...timed(1000, 1006, 10, 1900, 31),
      ...timed(2000, 12, 2009, 300, 2040),
    ]
    const always = [
      ...timed(0, 2005, 2007, 2006, 2009),
      ...timed(1000, 2006, 2010, 2004, 2031),
      ...timed(2000, 2012, 2009, 2003, 2040, 2011),
    ]
    const tiring = [
      ...timed(0, 100, 400, 700, 1000),
      ...timed(1000, 200, 500, 800, 1100),
      ...timed(2000, 300, 600, 900, 1200),
    ]
    expect([random, always, tiring].map((answers) => doseResponse(answers).proven)).toEqual([false, false, false])
  })

  it('needs three doses and the dose nothing', () => {
    expect(doseResponse([...timed(0, 5, 7, 6, 9, 8), ...timed(1000, 1006, 1010, 1004, 1031, 1008)]).proven).toBe(false)
  })
})

it('growth counts when it is steep and harmless text is quick', () => {
  const harmless = [...timed(20, 2), ...timed(22, 3), ...timed(24, 2)]
  expect(growsFast([...timed(20, 60), ...timed(22, 240), ...timed(24, 960)], harmless)).toBe(true)
  // In proportion to the length, and slow for anything.
  expect(growsFast([...timed(10_000, 300), ...timed(20_000, 600), ...timed(40_000, 1200)], harmless)).toBe(false)
  expect(growsFast([...timed(20, 60), ...timed(22, 240), ...timed(24, 960)], timed(24, 900))).toBe(false)
})

it('answers are compared without what was sent and what differs by itself', () => {
  const one = answer(200, '<p>No 17=17 &#39;x&#39; at 2026-01-02T10:11:12Z</p>')
  const other = answer(200, '<p>No 17=18 &#39;x&#39; at 2026-01-02T10:11:15Z</p>')
  expect(signature(one, ["17=17 'x'"])).toBe(signature(other, ["17=18 'x'"]))
  expect(tellsApart(['a', 'a'], ['b', 'b'])).toBe(true)
  expect(tellsApart(['a', 'a'], ['b', 'a'])).toBe(false)
})

describe('markup of ours', () => {
  it.each([
    ['<p><word></p>', 'element'],
    ['<input value="a" word="1">', 'attribute'],
    ['<a href="javascript:word">x</a>', 'address'],
    ["<script>var a = 'a';word//'</script>", 'script'],
    ['<button onclick="go(\'\');word">', 'script'],
  ])('counts in %s', (html, as) => {
    expect(injectedAs(html, 'word')).toBe(as)
  })

  it.each([
    '<p>&lt;word&gt;</p>',
    '<textarea><word></textarea>',
    '<!-- <word> -->',
    '<input value="a\' word=\'1">',
    '<script>var a = "a\';word//"</script>',
    '<script type="application/json">word</script>',
    '<p title="<word>">word</p>',
  ])('does not count in %s', (html) => {
    expect(injectedAs(html, 'word')).toBeUndefined()
  })
})

it('a redirect counts by the host a browser ends up at', () => {
  const to = (location: string) => leadsTo(answer(302, '', [['location', location]]))
  expect([to('https://evil.example/'), to('//evil.example'), to('/\\evil.example')]).toEqual(
    Array(3).fill('evil.example'),
  )
  expect([to('/login?next=https://evil.example'), to('javascript:alert(1)')]).toEqual(['localhost', undefined])
})

it('traces are told from talk about them', () => {
  expect(traceIn('{"error":"Traceback\\n  File \\"/app/app.py\\", line 12, in show"}')).toBe(
    'File \\"/app/app.py\\", line 12',
  )
  expect(traceIn('Error: x\n    at show (/app/server.js:12:5)')).toBe('at show (/app/server.js:12:5)')
  expect(traceIn('Please look at line 12 of the file.')).toBeUndefined()
})

it('tokens are taken apart, cracked, and told from session ids', () => {
  // HS256, {"sub":"ada"}, signed with "secret".
  const token = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZGEifQ.8ctPVbvPgkbp0JUnuGKVSHiWxHaZlo1WQKTw9hXn2yA'
  const parts = tokenOf(token)
  expect(parts?.payload).toEqual({ sub: 'ada' })
  expect(parts === undefined ? undefined : crack({ ...parts, signature: 'wrong' })).toBeUndefined()
  expect(['6f1c1e0a-6a0e-4d53', token, 'eyJhIjoxfQ.aBcDeF.sig'].map(selfContained)).toEqual([false, true, true])
})

it('values beside a statement are not the statement', () => {
  expect(statementIn('SELECT 1 WHERE a = ? -- ["x\'||\'z"]')).toBe('SELECT 1 WHERE a = ?')
})

it('the elements a parser asks for are known from its code', () => {
  expect(elementNames("doc.find('title'); /<author>([^<]*)/")).toEqual(['data', 'title', 'author', 'name'])
})
