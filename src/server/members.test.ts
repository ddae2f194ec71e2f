import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditEntrySchema } from '#platform/audit'
import { type Page, page, problemSchema } from '#platform/http'
import { issuedKeySchema, keySchema, type Member, memberSchema, sessionSchema } from '#platform/identity'
import { testDatabases, titleOn } from '../platform/database/testing.ts'
import { read, startTestServer, type TestServer } from './testing.ts'

const day = 24 * 3600 * 1000

for (const kind of testDatabases()) {
  describe.skipIf(kind.missing !== undefined)(titleOn(kind, 'members and keys'), () => {
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

    test('a key works with its role until it is revoked', async () => {
      const key = await server.keyOf('admin')
      const issued = await server.ask('POST', '/api/v1/keys', { key, body: { name: 'ci', role: 'analyst' } })
      expect(issued.status).toBe(201)
      const { secret, id, start, ...rest } = await read(issued, issuedKeySchema)
      expect(secret).toMatch(/^assay_[\w-]{43}$/)
      expect(start).toBe(secret.slice(0, 12))
      expect(rest).toMatchObject({ name: 'ci', role: 'analyst', lastUsedAt: null, expiresAt: null })
      const session = await server.ask('GET', '/api/v1/session', { key: secret })
      expect(await session.json()).toMatchObject({ role: 'analyst' })
      const listed = await (await server.ask('GET', '/api/v1/keys', { key })).text()
      expect(listed).toContain(id)
      expect(listed).not.toContain(secret)
      expect(
        page(keySchema)
          .parse(JSON.parse(listed))
          .items.find((item) => item.id === id)?.lastUsedAt,
      ).not.toBeNull()
      expect((await server.ask('DELETE', `/api/v1/keys/${id}`, { key })).status).toBe(204)
      expect((await server.ask('GET', '/api/v1/session', { key: secret })).status).toBe(401)
      expect((await server.ask('DELETE', `/api/v1/keys/${id}`, { key })).status).toBe(404)
    })

    test('a key expires', async () => {
      const key = await server.keyOf('admin')
      const body = { name: 'short', role: 'viewer', expiresInDays: 2 }
      const { secret } = await read(await server.ask('POST', '/api/v1/keys', { key, body }), issuedKeySchema)
      clock += 2 * day - 1000
      expect((await server.ask('GET', '/api/v1/session', { key: secret })).status).toBe(200)
      clock += 2000
      expect((await server.ask('GET', '/api/v1/session', { key: secret })).status).toBe(401)
    })

    test('a key loses with its creator: demoted, then removed', async () => {
      const key = await server.keyOf('admin')
      const other = await server.keyOf('admin')
      const { user } = await read(await server.ask('GET', '/api/v1/session', { key: other }), sessionSchema)
      const { items } = await read(await server.ask('GET', '/api/v1/members?limit=500', { key }), page(memberSchema))
      const member = items.find(({ userId }) => userId === user.id)
      const path = `/api/v1/members/${member?.id}`
      expect((await server.ask('PATCH', path, { key, body: { role: 'viewer' } })).status).toBe(200)
      expect(await (await server.ask('GET', '/api/v1/session', { key: other })).json()).toMatchObject({
        role: 'viewer',
      })
      expect((await server.ask('DELETE', path, { key })).status).toBe(204)
      expect((await server.ask('GET', '/api/v1/session', { key: other })).status).toBe(401)
    })

    test('an address joins once, in whatever case', async () => {
      const key = await server.keyOf('admin')
      const body = { email: 'Grace@Example.org', name: 'Grace', role: 'analyst' }
      const added = await server.ask('POST', '/api/v1/members', { key, body })
      expect(await added.json()).toMatchObject({ email: 'grace@example.org', role: 'analyst' })
      const again = await server.ask('POST', '/api/v1/members', { key, body: { ...body, email: 'grace@example.org' } })
      expect([again.status, (await read(again, problemSchema)).code]).toEqual([409, 'conflict'])
    })

    test('an existing account keeps its password', async () => {
      const key = await server.keyOf('admin')
      const body = { email: 'ada@example.org', name: 'Eve', role: 'viewer', password: 'a new password' }
      expect((await server.ask('POST', '/api/v1/members', { key, body })).status).toBe(409)
    })

    test('the local owner and the last admin who can sign in stay', async () => {
      const fresh = await startTestServer({ signIn: true })
      try {
        const { members, defaultWorkspace } = fresh.identity
        const { items } = await members.list(defaultWorkspace, { limit: 10 })
        const ada = items.find(({ email }) => email === 'ada@example.org')
        const owner = items.find(({ email }) => email === 'owner@localhost')
        const author = { name: 'test' }
        for (const member of [ada, owner]) {
          const id = member?.id ?? ''
          await expect(members.remove(defaultWorkspace, id, author)).rejects.toMatchObject({ code: 'conflict' })
          await expect(members.changeRole(defaultWorkspace, id, 'viewer', author)).rejects.toMatchObject({
            status: 409,
          })
        }
      } finally {
        await fresh[Symbol.asyncDispose]()
      }
    })

    test('what changes something is in the audit log, done or refused', async () => {
      const key = await server.keyOf('admin')
      const path = '/api/v1/studies/01890000-0000-7000-8000-000000000001'
      await server.ask('POST', '/api/v1/apps/import?name=a', { key, body: { source: { kind: 'path', path: '/apps' } } })
      await server.ask('DELETE', path, { key: await server.keyOf('analyst') })
      const { items } = await read(await server.ask('GET', '/api/v1/audit', { key }), page(auditEntrySchema))
      const entries = items.map(({ action, subject, outcome }) => `${action} ${subject} ${outcome}`)
      expect(entries).toContain('app.import /apps/import?name=a done')
      expect(entries).toContain('study.delete /studies/01890000-0000-7000-8000-000000000001 refused')
      expect(entries.some((entry) => entry.startsWith('member.add admin-'))).toBe(true)
    })

    test('lists page to their end without repeating', async () => {
      const key = await server.keyOf('admin')
      const seen: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const query: string = cursor === '' ? '' : `&cursor=${cursor}`
        const path: string = `/api/v1/members?limit=2${query}`
        const { items: some, next }: Page<Member> = await read(
          await server.ask('GET', path, { key }),
          page(memberSchema),
        )
        seen.push(...some.map(({ id }) => id))
        cursor = next
      }
      const { items } = await read(await server.ask('GET', '/api/v1/members?limit=500', { key }), page(memberSchema))
      expect(seen).toEqual(items.map(({ id }) => id))
      expect(new Set(seen).size).toBe(seen.length)
    })

    test.each(['garbage', 'bnVsbA', 'eyJpZCI6IjEifQ'])('the foreign cursor %s is refused', async (cursor) => {
      const key = await server.keyOf('viewer')
      const response = await server.ask('GET', `/api/v1/members?cursor=${cursor}`, { key })
      expect([response.status, (await read(response, problemSchema)).code]).toEqual([400, 'invalid-input'])
    })
  })
}
