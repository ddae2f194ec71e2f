import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditEntrySchema } from '#platform/audit'
import { page, problemSchema } from '#platform/http'
import { testDatabases, titleOn } from '../platform/database/testing.ts'
import { admin, read, startTestServer, type TestServer } from './testing.ts'

const minute = 60_000

for (const kind of testDatabases()) {
  describe.skipIf(kind.missing !== undefined)(titleOn(kind, 'sign-in'), () => {
    let server: TestServer
    let clock = Date.parse('2026-11-20T10:00:00Z')

    beforeAll(async () => {
      server = await startTestServer({
        signIn: true,
        now: () => clock,
        database: kind,
      })
    })
    afterAll(async () => {
      await server[Symbol.asyncDispose]()
    })

    const signIn = (email: string, password: string): Promise<Response> =>
      server.ask('POST', '/api/auth/sign-in/email', { body: { email, password } })
    const auditOf = async (cookie: string): Promise<string[]> => {
      const response = await server.ask('GET', '/api/v1/audit', { headers: { cookie } })
      const { items } = await read(response, page(auditEntrySchema))
      return items.map(({ actor, action, outcome }) => `${actor} ${action} ${outcome}`)
    }

    test('the first admin signs in, is known by the cookie, and signs out', async () => {
      const response = await signIn('Ada@Example.org', admin.password)
      expect(response.status).toBe(200)
      expect(await response.json()).toEqual({ status: 'signed-in' })
      const [cookie = ''] = response.headers.getSetCookie()
      expect(cookie).toMatch(/^assay\.session_token=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/)
      const session = await server.ask('GET', '/api/v1/session', { headers: { cookie } })
      expect(await session.json()).toMatchObject({
        user: { email: admin.email },
        workspace: { name: 'Default' },
        role: 'admin',
        mode: 'signed-in',
      })
      const left = await server.ask('POST', '/api/auth/sign-out', { headers: { cookie }, body: {} })
      expect(left.status).toBe(200)
      expect(left.headers.getSetCookie()[0]).toContain('Max-Age=0')
      expect((await server.ask('GET', '/api/v1/session', { headers: { cookie } })).status).toBe(401)
    })

    test('a forged cookie is nobody', async () => {
      const cookie = 'assay.session_token=abc.def'
      expect((await server.ask('GET', '/api/v1/session', { headers: { cookie } })).status).toBe(401)
    })

    test('a wrong password and an unknown address are told alike', async () => {
      const wrong = await signIn(admin.email, 'not the password')
      const unknown = await signIn('nobody@example.org', 'not the password')
      expect([wrong.status, unknown.status]).toEqual([401, 401])
      const [first, second] = [await read(wrong, problemSchema), await read(unknown, problemSchema)]
      expect(first).toMatchObject({ code: 'unauthenticated', detail: 'The email address or the password is wrong.' })
      expect({ ...first, requestId: '' }).toEqual({ ...second, requestId: '' })
    })

    test('failures block, even the right password, longer each time, and are in the audit log', async () => {
      const email = 'bob@example.org'
      const password = 'a password for bob'
      const member = { email, name: 'Bob', role: 'viewer' as const, password }
      await server.identity.members.add(server.identity.defaultWorkspace, member, { name: 'test' })
      const statuses = []
      for (let tried = 0; tried < 6; tried++) statuses.push((await signIn(email, `wrong ${tried}`)).status)
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
      const blocked = await signIn(email, password)
      expect(blocked.status).toBe(429)
      expect(blocked.headers.get('retry-after')).toBe('15')
      clock += 16_000
      expect((await signIn(email, 'wrong again')).status).toBe(401)
      const longer = await signIn(email, password)
      expect([longer.status, longer.headers.get('retry-after')]).toEqual([429, '30'])
      clock += minute
      expect((await signIn(email, password)).status).toBe(200)
      expect((await signIn(email, 'a slip')).status).toBe(401)
      expect((await signIn(email, password)).status).toBe(200)
      const [cookie = ''] = (await signIn(admin.email, admin.password)).headers.getSetCookie()
      const entries = await auditOf(cookie)
      expect(entries).toContain(`${email} session.sign-in refused`)
      expect(entries).toContain(`${email} session.sign-in-blocked refused`)
      expect(entries).toContain(`${email} session.sign-in done`)
    })

    test('parallel guesses do not slip past the limit', async () => {
      const guesses = Array.from({ length: 12 }, (_, index) => signIn('carol@example.org', `guess ${index}`))
      const statuses = (await Promise.all(guesses)).map(({ status }) => status)
      expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(5)
    })

    test.each(['sign-up/email', 'update-user', 'organization/update-member-role', 'api-key/create', 'change-password'])(
      'better-auth %s is not reachable',
      async (path) => {
        const response = await server.ask('POST', `/api/auth/${path}`, { body: { email: 'eve@example.org' } })
        expect(response.status).toBe(404)
      },
    )

    test('passwords and cookies reach neither log nor answers', () => {
      const text = server.log.join('\n')
      expect(text).toContain('/api/auth/sign-in/email')
      expect(text).not.toContain(admin.password)
      expect(text).not.toContain('session_token=')
    })
  })
}
