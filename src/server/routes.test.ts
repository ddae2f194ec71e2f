import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '#platform/http'
import { roles } from '#platform/http'
import { testDatabases, titleOn } from '../platform/database/testing.ts'
import { declaredRoutes } from './describe.ts'
import { startTestServer, type TestServer } from './testing.ts'

const routes = declaredRoutes('0.0.0')
/** Stands for every id in a path. */
const someId = '01890000-0000-7000-8000-0000000000ff'

test('every route says what it is for and what it answers', () => {
  for (const route of routes) {
    const name = `${route.method} ${route.path}`
    expect(route.summary, name).toMatch(/^[A-Z].*[^.]$/)
    expect(route.tags.length, name).toBeGreaterThan(0)
    if (route.kind === 'json') expect(route.response, name).toBeDefined()
    if (route.path.includes('{')) expect(route.params, name).toBeDefined()
  }
})

test('every route that changes something is audited, by its room or by the door', () => {
  const recordedByRoom = new Set(['members', 'keys'])
  for (const route of routes) {
    const changes = route.method !== 'GET' && !recordedByRoom.has(route.tags[0])
    expect(route.audit !== undefined, `${route.method} ${route.path}`).toBe(changes)
  }
})

test('only health and readiness are public', () => {
  const open = routes.filter(({ role }) => role === 'public').map(({ path }) => path)
  expect(open).toEqual(['/health', '/ready'])
})

for (const kind of testDatabases()) {
  describe.skipIf(kind.missing !== undefined)(titleOn(kind, 'roles'), () => {
    let server: TestServer
    const keys = new Map<Role, string>()

    beforeAll(async () => {
      server = await startTestServer({
        signIn: true,
        database: kind,
      })
      for (const role of roles) keys.set(role, await server.keyOf(role))
    })
    afterAll(async () => {
      await server[Symbol.asyncDispose]()
    })

    const closed = routes.filter(({ role }) => role !== 'public')
    test.each(closed.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', async (_, route) => {
      const path = `/api/v1${route.path.replaceAll(/\{\w+\}/g, someId)}`
      const statusFor = async (key?: string): Promise<number> => {
        const response = await server.ask(route.method, path, key === undefined ? {} : { key })
        await response.body?.cancel()
        return response.status
      }
      expect(await statusFor()).toBe(401)
      expect(await statusFor(`assay_${'x'.repeat(43)}`)).toBe(401)
      const enough = [...roles, 'public'].indexOf(route.role)
      for (const role of roles.slice(0, enough)) expect(await statusFor(keys.get(role)), role).toBe(403)
      for (const role of roles.slice(enough)) {
        const status = await statusFor(keys.get(role))
        expect([401, 403], role).not.toContain(status)
        expect(status, role).toBeLessThan(500)
      }
    })

    test.each(['/metrics', '/api/v1/live'])('%s needs a member', async (path) => {
      expect((await server.ask('GET', path)).status).toBe(401)
    })

    test.each(['/api/v1/health', '/api/v1/ready', '/api/v1/openapi.json', '/api/docs'])('%s is open', async (path) => {
      expect((await server.ask('GET', path)).status).toBe(200)
    })
  })
}
