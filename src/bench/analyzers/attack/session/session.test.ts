import { describe, expect, it } from 'vitest'
import { CookieJar } from '../http/jar.ts'
import type { Endpoint } from '../inventory/endpoint.ts'
import { valuesFor } from '../values.ts'
import { fieldsNamed } from './missing.ts'
import { accountRoutes } from './routes.ts'
import { bearerIn } from './visitor.ts'

const endpoint = (method: string, path: string, ...names: string[]): Endpoint => ({
  method,
  path,
  parameters: names.map((name) => ({ name, place: 'json', required: true })),
  origins: ['route'],
  open: false,
})

describe('validation messages name the fields that are missing', () => {
  it.each([
    ['{"error":"email and password are required"}', ['email', 'password']],
    ['{"error":"Missing required field: phone"}', ['phone']],
    ['{"detail":[{"type":"missing","loc":["body","full_name"],"msg":"Field required"}]}', ['full_name']],
    ['{"errors":{"username":["Required"]}}', ['username']],
    ['{"issues":[{"path":["terms"],"message":"Required"}]}', ['terms']],
    ['<p class="error">Please enter a username</p>', ['username']],
    ['{"error":"wrong name or password"}', []],
  ])('%s', (text, names) => {
    expect(fieldsNamed(text)).toEqual(names)
  })
})

it('routes of coming and going are recognised', () => {
  const routes = accountRoutes([
    endpoint('POST', '/api/users', 'email', 'password'),
    endpoint('POST', '/api/posts', 'title'),
    endpoint('POST', '/auth/login', 'email', 'password'),
    endpoint('POST', '/auth/reset-password', 'email'),
    endpoint('GET', '/logout'),
    endpoint('GET', '/api/me'),
  ])
  expect(Object.values(routes).map((some: readonly Endpoint[]) => some.map(({ path }) => path))).toEqual([
    ['/api/users'],
    ['/auth/login'],
    ['/logout'],
    ['/api/me'],
  ])
})

it('values suit the names and types of fields', () => {
  const person = { name: 'ada1', email: 'ada1@example.org', password: 'pass-1' }
  const values = valuesFor(
    endpoint('POST', '/orders/:id', 'email', 'confirmPassword', 'dueDate', 'quantity', 'title', 'isPublic'),
    person,
    'w',
    {
      idsOf: () => ['7'],
    },
  )
  expect(Object.fromEntries(values.fields)).toEqual({
    'json email': 'ada1@example.org',
    'json confirmPassword': 'pass-1',
    'json dueDate': '2031-05-17',
    'json quantity': 3,
    'json title': 'word w',
    'json isPublic': true,
  })
})

it('cookies are kept, replaced and removed as the app says', () => {
  const jar = new CookieJar()
  jar.take(['sid=1; Path=/; HttpOnly; SameSite=Lax', 'theme=dark'])
  jar.take(['sid=2; HttpOnly', 'theme=; Max-Age=0'])
  expect(jar.header()).toBe('sid=2')
  expect(jar.all()).toMatchObject([{ httpOnly: true, sameSite: undefined }])
})

it('tokens are found by their usual names', () => {
  expect(bearerIn({ data: { user: { id: 1 }, accessToken: 'Bearer abcdefghij' } })).toBe('abcdefghij')
  expect(bearerIn({ message: 'abcdefghijkl' })).toBeUndefined()
})
