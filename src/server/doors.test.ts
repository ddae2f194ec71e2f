import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineRoute, problemSchema } from '#platform/http'
import { mountRoutes } from './mount.ts'
import { read, startTestServer, type TestServer } from './testing.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** `fetch` does not let Host be chosen. */
function ask(
  headers: Record<string, string>,
  method = 'GET',
  path = '/api/v1/session',
  body?: string,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(server.url + path, { method, headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

describe('hosts', () => {
  test.each([
    ['evil.example', 421],
    ['localhost.evil.example', 421],
    ['127.0.0.1.evil.example:7420', 421],
    ['10.0.0.5', 421],
    ['localhost', 200],
    ['LOCALHOST:7420', 200],
    ['127.0.0.1:7420', 200],
    ['[::1]:7420', 200],
  ])('%s → %i', async (host, status) => {
    expect(await ask({ host })).toBe(status)
  })
})

describe('the local owner', () => {
  test('is signed in as admin', async () => {
    const session = await (await server.ask('GET', '/api/v1/session')).json()
    expect(session).toMatchObject({ role: 'admin', mode: 'local', user: { email: 'owner@localhost' } })
  })

  test.each(['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'])('is nobody behind a proxy (%s)', async (header) => {
    expect(await ask({ [header]: '127.0.0.1' })).toBe(401)
  })

  test('is not what a wrong key falls back to', async () => {
    expect((await server.ask('GET', '/api/v1/session', { key: 'assay_wrong' })).status).toBe(401)
  })
})

describe('requests that change something', () => {
  const body = JSON.stringify({ name: 'k', role: 'viewer' })
  const json = { 'content-type': 'application/json' }

  test.each([
    ['a foreign origin', { ...json, origin: 'https://evil.example' }, 403],
    ['another port of this machine', { ...json, origin: 'http://127.0.0.1:1' }, 403],
    ['no origin at all (null)', { ...json, origin: 'null' }, 403],
    ['cross-site by fetch metadata', { ...json, 'sec-fetch-site': 'cross-site' }, 403],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', { 'content-type': 'text/plain' }, 415],
    ['an archive where none is taken', { 'content-type': 'application/zip' }, 415],
    ['a program without an origin', json, 201],
  ])('%s', async (_, headers, status) => {
    expect(await ask(headers, 'POST', '/api/v1/keys', body)).toBe(status)
  })

  test('from the own origin', async () => {
    expect(await ask({ ...json, origin: server.url }, 'POST', '/api/v1/keys', body)).toBe(201)
  })
})

describe('answers', () => {
  test('carry a weak ETag, and 304 for those who have it', async () => {
    const first = await server.ask('GET', '/api/v1/studies')
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^W\/"[\w-]+"$/)
    const second = await server.ask('GET', '/api/v1/studies', { headers: { 'if-none-match': `"other", ${etag}` } })
    expect([second.status, await second.text()]).toEqual([304, ''])
  })

  test('carry a strict policy', async () => {
    const { headers } = await server.ask('GET', '/api/v1/health')
    expect(headers.get('content-security-policy')).toContain("script-src 'self';")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-powered-by')).toBeNull()
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  test('tell every refused field', async () => {
    const response = await server.ask('POST', '/api/v1/studies', { body: { name: ' ', apps: ['x'], repeats: 0 } })
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    const problem = await read(response, problemSchema)
    expect(problem).toMatchObject({ type: 'urn:assay:error:refused-input', status: 400, code: 'refused-input' })
    expect(problem.errors?.map(({ path }) => path)).toEqual(['body.name', 'body.apps.0', 'body.repeats'])
    expect(problem.requestId).toBe(response.headers.get('x-request-id'))
  })

  test.each([
    ['{', 'invalid-json'],
    ['{"__proto__":{"x":1}}', 'invalid-json'],
    ['{"name":"a\\u0000b"}', 'invalid-input'],
  ])('refuse the body %s', async (body, code) => {
    const response = await fetch(`${server.url}/api/v1/studies`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect([response.status, (await read(response, problemSchema)).code]).toEqual([400, code])
  })

  test('refuse what is too large before reading it', async () => {
    const response = await server.ask('POST', '/api/v1/studies', { body: { name: 'x'.repeat(3 * 1024 * 1024) } })
    expect([response.status, (await read(response, problemSchema)).code]).toEqual([413, 'payload-too-large'])
  })

  test('name a download safely', async () => {
    const response = await server.ask('GET', '/api/v1/studies/01890000-0000-7000-8000-000000000001/export?format=csv')
    expect(response.headers.get('content-disposition')).toBe(
      'attachment; filename="St_rter_1_.csv"; filename*=UTF-8\'\'St%C3%A4rter%20%221%22.csv',
    )
    expect(await response.text()).toBe('a,b\n1,2\n')
  })

  test('take an archive as a stream', async () => {
    const response = await fetch(`${server.url}/api/v1/apps/import?name=apps.zip`, {
      method: 'POST',
      headers: { 'content-type': 'application/zip' },
      body: new Uint8Array(5_000_000),
    })
    expect(await response.json()).toEqual({ apps: [], skipped: [{ path: 'apps.zip', reason: '5000000 bytes' }] })
  })

  test('hide what should not have failed, and log it', async () => {
    const failing = await startTestServer({
      services: { system: { describe: fail, analyzers: fail, checks: async () => ({ database: 'failing' }) } },
    })
    try {
      const response = await failing.ask('GET', '/api/v1/analyzers')
      const text = await response.text()
      expect([response.status, JSON.parse(text).code]).toEqual([500, 'internal'])
      expect(text).not.toContain('secret detail')
      expect(failing.log.join('\n')).toContain('secret detail')
      const ready = await failing.ask('GET', '/api/v1/ready')
      expect([ready.status, (await read(ready, problemSchema)).detail]).toEqual([503, 'Not ready: database.'])
    } finally {
      await failing[Symbol.asyncDispose]()
    }
  })

  test('count requests for Prometheus', async () => {
    await server.ask('GET', '/api/v1/studies')
    const text = await (await server.ask('GET', '/metrics')).text()
    expect(text).toMatch(
      /assay_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/studies",status="200"\} [1-9]/,
    )
  })

  test('stop for those who ask too much', async () => {
    const busy = await startTestServer({ signIn: true, server: { requestsPerMinute: 3 } })
    try {
      const statuses = []
      for (let asked = 0; asked < 4; asked++) statuses.push((await busy.ask('GET', '/api/v1/health')).status)
      expect(statuses).toEqual([200, 200, 200, 429])
      const response = await busy.ask('GET', '/api/v1/health')
      expect((await read(response, problemSchema)).code).toBe('too-many-requests')
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    } finally {
      await busy[Symbol.asyncDispose]()
    }
  })
})

describe('starting', () => {
  test('refuses another address without sign-in, and says what to set', async () => {
    await expect(startTestServer({ server: { host: '0.0.0.0' } })).rejects.toMatchObject({
      code: 'invalid-input',
      next: expect.stringContaining('ASSAY_SECRET'),
    })
  })

  test('takes another address with sign-in', async () => {
    const open = await startTestServer({ signIn: true, server: { host: '0.0.0.0' } })
    expect((await open.ask('GET', '/api/v1/session')).status).toBe(401)
    await open[Symbol.asyncDispose]()
  })

  test('says when the port is taken', async () => {
    const port = server.running.port
    await expect(startTestServer({ server: { port } })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    })
  })

  test('refuses a route that does not say which role it needs', () => {
    const route = defineRoute({
      method: 'GET',
      path: '/open',
      role: 'viewer',
      summary: 'Show',
      tags: ['x'],
      response: z.object({}),
      handle: () => ({}),
    })
    const { role: _, ...without } = route
    const mount = () => Reflect.apply(mountRoutes, undefined, [{}, [without], {}])
    expect(mount).toThrow('GET /open does not say which role it needs.')
  })
})

async function fail(): Promise<never> {
  throw new Error('a secret detail of the database')
}
