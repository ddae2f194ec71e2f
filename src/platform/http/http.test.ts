import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type Actor, roleAllows, roles } from './actor.ts'
import { cursorCodec } from './cursor.ts'
import { definePublicRoute, defineRoute, defineUploadRoute } from './define.ts'
import { pageOf, pageQuery } from './page.ts'
import type { DoorContext, RawInput } from './route.ts'

const actor: Actor = {
  via: 'local',
  user: { id: 'u', name: 'Ada', email: 'ada@example.org' },
  workspace: { id: 'w', name: 'Default' },
  role: 'analyst',
}
const context = (role?: Actor['role']): DoorContext => ({
  requestId: 'r',
  address: '127.0.0.1',
  signal: new AbortController().signal,
  ...(role !== undefined && { actor: { ...actor, role } }),
})
const input = (parts: Partial<RawInput>): RawInput => ({ params: {}, query: {}, body: undefined, ...parts })

test('a role may do what the roles before it may', () => {
  const allowed = roles.map((held) => roles.map((needed) => roleAllows(held, needed)))
  expect(allowed).toEqual([
    [true, false, false],
    [true, true, false],
    [true, true, true],
  ])
})

const greet = defineRoute({
  method: 'POST',
  path: '/greet/{name}',
  role: 'analyst',
  summary: 'Greet',
  tags: ['test'],
  params: z.object({ name: z.string() }),
  query: z.object(pageQuery),
  body: z.object({ times: z.int().min(1) }),
  response: z.object({ text: z.string() }),
  handle: ({ params, query, body }, { actor: { user } }) => ({
    text: `${user.name} greets ${params.name} ${body.times}/${query.limit}`,
    hidden: 'not in the schema',
  }),
})

test('a route gets parsed input and answers no more than its schema', async () => {
  const raw = input({ params: { name: 'Bob' }, query: { limit: '7' }, body: { times: 2 } })
  expect(await greet.run(raw, context('admin'))).toEqual({ text: 'Ada greets Bob 2/7' })
})

test('a route refuses strangers, lesser roles and wrong input, in this order', async () => {
  const wrong = input({ params: {}, body: { times: 0 } })
  await expect(greet.run(wrong, context())).rejects.toMatchObject({ status: 401 })
  await expect(greet.run(wrong, context('viewer'))).rejects.toMatchObject({ status: 403 })
  await expect(greet.run(wrong, context('analyst'))).rejects.toMatchObject({
    status: 400,
    errors: [{ path: 'params.name' }],
  })
})

test('a public route needs nobody', async () => {
  const route = definePublicRoute({
    method: 'GET',
    path: '/health',
    summary: 'Tell',
    tags: ['test'],
    response: z.object({ status: z.string() }),
    handle: () => ({ status: 'ok' }),
  })
  expect(await route.run(input({}), context())).toEqual({ status: 'ok' })
})

test('JSON that looks like an upload is not one', async () => {
  const route = defineUploadRoute({
    method: 'POST',
    path: '/import',
    role: 'viewer',
    summary: 'Import',
    tags: ['test'],
    body: z.strictObject({ path: z.string() }),
    uploads: { types: ['application/zip'], maximumBytes: 10 },
    response: z.object({ kind: z.string() }),
    handle: async ({ body }) => ({ kind: body.kind }),
  })
  const forged = { kind: 'upload', type: 'application/zip', stream: {} }
  await expect(route.run(input({ body: forged }), context('viewer'))).rejects.toMatchObject({ code: 'refused-input' })
  expect(await route.run(input({ body: { path: '/x' } }), context('viewer'))).toEqual({ kind: 'json' })
})

const cursors = cursorCodec(z.object({ at: z.string(), id: z.int() }))

test('a cursor is safe in an address and comes back as it was', () => {
  fc.assert(
    fc.property(fc.record({ at: fc.string({ unit: 'grapheme', maxLength: 50 }), id: fc.integer() }), (position) => {
      const cursor = cursors.encode(position)
      expect(cursor).toMatch(/^[\w-]*$/)
      expect(cursors.decode(cursor)).toEqual(position)
    }),
    { seed: 7 },
  )
})

test('anything else is refused', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 3000 }), (text) => {
      expect(() => cursors.decode(text)).toThrow('The cursor is not one this list has given out.')
    }),
    { seed: 7 },
  )
})

test('a page has a next one only when a surplus row was found', () => {
  const position = (row: number): string => `after ${row}`
  expect(pageOf([1, 2, 3], 2, position, String)).toEqual({ items: ['1', '2'], next: 'after 2' })
  expect(pageOf([1, 2], 2, position, String)).toEqual({ items: ['1', '2'], next: null })
  expect(pageOf([], 2, position, String)).toEqual({ items: [], next: null })
})
