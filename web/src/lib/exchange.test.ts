import { expect, test } from 'vitest'
import { requestText, responseText } from './exchange.ts'

test('a request reads as it went over the wire', () => {
  const request = {
    method: 'POST',
    url: 'http://localhost:5000/login?next=/',
    headers: [['content-type', 'application/json']],
    body: '{"name":"a"}',
  }
  expect(requestText(request)).toBe('POST /login?next=/ HTTP/1.1\ncontent-type: application/json\n\n{"name":"a"}')
  expect(requestText({ method: 'GET', url: 'http://localhost', headers: [] })).toBe('GET / HTTP/1.1')
  expect(requestText({ method: 'GET', url: '/../x', headers: [] })).toBe('GET /../x HTTP/1.1')
})

test('JSON in an answer is indented, all else is left alone', () => {
  expect(responseText({ status: 200, headers: [], body: '{"a":1}' })).toBe('HTTP/1.1 200\n\n{\n  "a": 1\n}')
  expect(responseText({ status: 500, headers: [['x', 'y']], body: '{cut' })).toBe('HTTP/1.1 500\nx: y\n\n{cut')
})
