import { describe, expect, test } from 'vitest'
import { bindsLoopback, isLoopbackAddress } from './guard.ts'
import { admin, startTestServer } from './testing.ts'

test.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['10.0.0.1', false],
  ['::ffff:10.0.0.1', false],
  ['127.0.0.1.evil.example', false],
])('%s is loopback: %s', (address, expected) => {
  expect(isLoopbackAddress(address)).toBe(expected)
})

test.each([
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['assay.example.org', false],
])('binding %s stays on this machine: %s', (host, expected) => {
  expect(bindsLoopback(host)).toBe(expected)
})

describe('behind https', () => {
  test('only the public address is answered, cookies are Secure, and the proxy tells who asks', async () => {
    const server = await startTestServer({
      signIn: true,
      secure: true,
      server: { publicUrl: 'https://assay.example.org' },
    })
    try {
      const signIn = (headers: Record<string, string>): Promise<Response> =>
        server.ask('POST', '/api/auth/sign-in/email', { body: admin, headers })
      const response = await signIn({ origin: 'https://assay.example.org', 'x-forwarded-for': '203.0.113.9' })
      expect(response.status).toBe(200)
      expect(response.headers.getSetCookie()[0]).toMatch(
        /^__Secure-assay\.session_token=.*; HttpOnly; Secure; SameSite=Lax$/,
      )
      expect(response.headers.get('strict-transport-security')).toMatch(/^max-age=\d+/)
      expect((await signIn({ origin: 'https://evil.example' })).status).toBe(403)
      const { items } = await server.audit.list(server.identity.defaultWorkspace, { limit: 1 })
      expect(items).toMatchObject([{ action: 'session.sign-in', address: '203.0.113.9' }])
    } finally {
      await server[Symbol.asyncDispose]()
    }
  })
})
