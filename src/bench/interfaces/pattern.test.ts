import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinPaths, normalisePath, servesPath } from './pattern.ts'

test.each([
  ['/users/<int:user_id>', '/users/:user_id'],
  ['/files/<path:name>', '/files/*'],
  ['/users/{id}', '/users/:id'],
  ['/files/{rest:path}', '/files/*'],
  ['/users/:id(\\d+)/', '/users/:id'],
  ['/users/:id?', '/users/:id'],
  ['users//list', '/users/list'],
  ['/', '/'],
  ['', '/'],
])('%s is %s', (path, expected) => {
  expect(normalisePath(path)).toBe(expected)
})

test.each([
  ['', '/a', '/a'],
  ['/api', '/a', '/api/a'],
  ['/api/', 'a', '/api/a'],
  ['/api', '', '/api'],
])('%s and %s join to %s', (prefix, path, expected) => {
  expect(joinPaths(prefix, path)).toBe(expected)
})

const serves = (route: string, path: string, more: { baseUnknown?: true; openEnd?: true; prefixUnknown?: true } = {}) =>
  servesPath(
    { path: route, prefixUnknown: more.prefixUnknown ?? false },
    { path, baseUnknown: more.baseUnknown ?? false, openEnd: more.openEnd ?? false },
  )

test('parameters match one segment on either side', () => {
  expect(serves('/users/:id', '/users/7')).toBe(true)
  expect(serves('/users/:id', '/users/:')).toBe(true)
  expect(serves('/users/me', '/users/:')).toBe(true)
  expect(serves('/users/:id', '/users')).toBe(false)
  expect(serves('/users/:id', '/users/7/posts')).toBe(false)
  expect(serves('/users', '/accounts')).toBe(false)
  expect(serves('/files/:name.json', '/files/a.json')).toBe(true)
})

test('what is not known is matched by segments from the end', () => {
  expect(serves('/api/users', '/users', { baseUnknown: true })).toBe(true)
  expect(serves('/api/powerusers', '/users', { baseUnknown: true })).toBe(false)
  expect(serves('/users', '/api/users', { prefixUnknown: true })).toBe(true)
  expect(serves('/api/users', '/api/users', { openEnd: true })).toBe(true)
  expect(serves('/api/users/:id', '/api/users', { openEnd: true })).toBe(true)
  expect(serves('/api/posts', '/api/users', { openEnd: true })).toBe(false)
})

test('a normalised path stays as it is, and serves itself', () => {
  const path = fc
    .array(fc.constantFrom('users', ':id', 'a-b', 'x.json', '<int:n>', '{m}', '*'), { maxLength: 5 })
    .map((parts) => `/${parts.join('/')}`)
  fc.assert(
    fc.property(path, (each) => {
      const once = normalisePath(each)
      expect(normalisePath(once)).toBe(once)
      expect(serves(once, once.replace(/:\w+/g, ':'))).toBe(true)
    }),
    { seed: 3, numRuns: 500 },
  )
})
