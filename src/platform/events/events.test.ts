import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { describe, expect, inject, test } from 'vitest'
import { openDatabase } from '#platform/database'
import { createDatabase } from '../database/testing.ts'
import { type BusEvent, connectPostgres, createBus } from './index.ts'

const quiet = (): undefined => undefined

test('listeners hear what is published in their room from then on, in order', () => {
  const bus = createBus('r', quiet)
  const heard: BusEvent[] = []
  bus.publish('a', 'early', 0)
  const subscription = bus.subscribe('a', (event) => void heard.push(event))
  bus.publish('a', 'one', 1)
  bus.publish('b', 'other', 2)
  bus.publish('a', 'two', { x: 3 })
  subscription[Symbol.dispose]()
  bus.publish('a', 'late', 4)
  expect(subscription.complete).toBe(true)
  expect(heard).toEqual([
    { id: 'r-2', room: 'a', event: 'one', data: 1 },
    { id: 'r-4', room: 'a', event: 'two', data: { x: 3 } },
  ])
})

test('a reader that comes back hears what it missed, once', () => {
  const bus = createBus('r', quiet)
  for (const event of ['1', '2', '3', '4']) bus.publish('a', event, null)
  const heard: string[] = []
  const { complete } = bus.subscribe('a', ({ event }) => void heard.push(event), 'r-2')
  bus.publish('a', '5', null)
  expect({ complete, heard }).toEqual({ complete: true, heard: ['3', '4', '5'] })
  expect(bus.subscribe('a', quiet, 'r-5').complete).toBe(true)
})

test('a reader is told when it cannot be known what it missed', () => {
  const bus = createBus('r', quiet)
  for (let count = 1; count <= 600; count += 1) bus.publish('a', 'e', count)
  const complete = (since: string) => bus.subscribe('a', quiet, since).complete
  expect(['r-600', 'r-88', 'r-87', 'r-601', 'x-5', 'r-', 'r-1.5', ''].map(complete)).toEqual([
    true, true, false, false, false, false, false, false,
  ]) // biome-ignore format: in the order of the ids
})

test('a room that was forgotten does not pretend to remember', () => {
  const bus = createBus('r', quiet)
  bus.publish('a', 'e', 1)
  bus.publish('a', 'e', 2)
  for (let room = 0; room < 300; room += 1) bus.publish(`other-${room}`, 'e', null)
  bus.publish('a', 'e', 3)
  const heard: unknown[] = []
  expect(bus.subscribe('a', ({ data }) => void heard.push(data), 'r-1').complete).toBe(false)
})

test('with more rooms than are remembered, every listener is still heard', () => {
  const bus = createBus('r', quiet)
  const heard = new Set<string>()
  for (let room = 0; room < 400; room += 1) bus.subscribe(`room-${room}`, (event) => void heard.add(event.room))
  for (let room = 0; room < 400; room += 1) bus.publish(`room-${room}`, 'e', null)
  expect(heard.size).toBe(400)
})

test('a listener that throws is removed and told of; the others and the publisher are not harmed', () => {
  const failures: string[] = []
  const bus = createBus('r', (error, room) => void failures.push(`${room}: ${error}`))
  const heard: string[] = []
  let calls = 0
  const bad = (): void => {
    calls += 1
    throw new Error('bad')
  }
  bus.publish('a', '1', null)
  bus.publish('a', '2', null)
  bus.subscribe('a', bad, 'r-0')
  bus.subscribe('a', ({ event }) => void heard.push(event))
  bus.publish('a', '3', null)
  expect({ calls, failures, heard }).toEqual({ calls: 1, failures: ['a: Error: bad'], heard: ['3'] })
})

test('one function may listen twice, and leaves once at a time', () => {
  const bus = createBus('r', quiet)
  let calls = 0
  const listen = (): void => {
    calls += 1
  }
  const [first] = [bus.subscribe('a', listen), bus.subscribe('a', listen)]
  bus.publish('a', 'e', null)
  first[Symbol.dispose]()
  bus.publish('a', 'e', null)
  expect(calls).toBe(3)
})

const postgres = inject('postgres')
describe.skipIf('missing' in postgres)('on PostgreSQL', () => {
  async function two(use: (parts: Awaited<ReturnType<typeof open>>) => Promise<void>): Promise<void> {
    if ('missing' in postgres) throw new Error(postgres.missing)
    const { url, drop } = await createDatabase(postgres.url)
    const parts = await open(url)
    try {
      await use(parts)
    } finally {
      await parts.close()
      await drop()
    }
  }

  async function open(url: string) {
    const database = await openDatabase({ url, migrations: [] })
    if (database.driver.kind !== 'postgres') throw new Error('not PostgreSQL')
    const { pool } = database.driver
    const problems: string[] = []
    const log = (message: string): void => void problems.push(message)
    const [a, b] = [createBus('a', quiet), createBus('b', quiet)]
    const shared = [await connectPostgres(a, pool, url, 'a', log), await connectPostgres(b, pool, url, 'b', log)]
    const heard: BusEvent[] = []
    b.subscribe('room', (event) => void heard.push(event))
    return {
      a,
      b,
      heard,
      problems,
      db: database.tables<unknown>(),
      async close() {
        for (const one of shared) await one[Symbol.asyncDispose]()
        await database.close()
      },
    }
  }

  const until = async (what: () => boolean): Promise<void> => {
    for (let time = 0; time < 200 && !what(); time += 1) await sleep(50)
    expect(what()).toBe(true)
  }

  test('events reach the other process once, in order, and large ones without their data', () =>
    two(async ({ a, heard, problems }) => {
      const own: number[] = []
      a.subscribe('room', ({ data }) => void own.push(Number(data)))
      for (let count = 0; count < 200; count += 1) a.publish('room', 'e', count)
      a.publish('room', 'large', 'ü'.repeat(5000))
      await until(() => heard.length === 201)
      expect(heard.slice(0, 200).map(({ data }) => data)).toEqual(Array.from({ length: 200 }, (_, count) => count))
      expect(heard[200]).toMatchObject({ event: 'large', data: null })
      await sleep(100)
      expect([own.length, problems]).toEqual([201, []])
    }))

  test('what others notify on the channel harms nobody', () =>
    two(async ({ a, db, heard, problems }) => {
      for (const payload of ['no json', '{}', '[]', '{"run":1}', ''])
        await sql`select pg_notify('assay_events', ${payload})`.execute(db)
      a.publish('room', 'e', 'after')
      await until(() => heard.length === 1)
      expect(problems.every((problem) => problem === 'An event that is not ours was ignored.')).toBe(true)
    }))

  test('cut connections come back, and events flow again', () =>
    two(async ({ a, db, heard, problems }) => {
      const cut = sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
      await cut.execute(db)
      await until(() => problems.some((problem) => problem.startsWith('The event connection was lost: ')))
      for (let time = 0; time < 100 && heard.length === 0; time += 1) {
        a.publish('room', 'again', time)
        await sleep(100)
      }
      expect(heard[0]).toMatchObject({ event: 'again' })
    }))
})
