import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from './database.ts'
import { embedded } from './testing.ts'

interface Tables {
  entries: { who: number; step: number }
}

let database: Database
beforeAll(async () => {
  database = await embedded.open([
    {
      name: '1',
      up: (db) =>
        sql`create table entries (who integer not null, step integer not null, unique (who, step))`
          .execute(db)
          .then(() => undefined),
    },
  ])
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.tables<Tables>().deleteFrom('entries').execute()
})

/** One actor: how many rows it writes, with how many pauses, and how it ends. */
const actor = fc.record({
  rows: fc.integer({ min: 1, max: 4 }),
  end: fc.constantFrom('commit', 'throw', 'break', 'plain', 'foreign'),
})

test('property: transactions, plain statements and foreign ones never mix', async () => {
  const db = database.tables<Tables>()
  const { driver } = database
  if (driver.kind !== 'pglite') throw new Error('not embedded')
  await fc.assert(
    fc.asyncProperty(fc.array(actor, { minLength: 2, maxLength: 8 }), async (actors) => {
      await db.deleteFrom('entries').execute()
      let inside = 0
      await Promise.all(
        actors.map(async ({ rows, end }, who) => {
          if (end === 'plain') return db.insertInto('entries').values({ who, step: 0 }).execute()
          // As the queue does: through the same instance, not through the query builder.
          if (end === 'foreign') return driver.pglite.query('insert into entries values ($1, 0)', [who])
          const work = db.transaction().execute(async (trx) => {
            inside += 1
            expect(inside).toBe(1)
            try {
              const before = await trx.selectFrom('entries').select('who').execute()
              for (let step = 0; step < rows; step += 1) {
                await trx.insertInto('entries').values({ who, step }).execute()
                await Promise.resolve()
              }
              const after = await trx.selectFrom('entries').select('who').execute()
              expect(after.length).toBe(before.length + rows)
              if (end === 'throw') throw new Error('on purpose')
              if (end === 'break') await trx.insertInto('entries').values({ who, step: 0 }).execute()
            } finally {
              inside -= 1
            }
          })
          if (end === 'commit') await work
          else await expect(work).rejects.toThrow(end === 'throw' ? 'on purpose' : 'duplicate key')
        }),
      )
      const kept = await db.selectFrom('entries').select(['who', 'step']).orderBy('who').orderBy('step').execute()
      expect(kept).toEqual(
        actors.flatMap(({ rows, end }, who) => {
          const count = end === 'commit' ? rows : end === 'plain' || end === 'foreign' ? 1 : 0
          return Array.from({ length: count }, (_, step) => ({ who, step }))
        }),
      )
    }),
    { seed: 20_261_120, numRuns: 60 },
  )
})

test('a failed statement rolls its transaction back, and the connection is usable afterwards', async () => {
  const db = database.tables<Tables>()
  await expect(
    db.transaction().execute(async (trx) => {
      await trx.insertInto('entries').values({ who: 1, step: 1 }).execute()
      await sql`select * from nowhere`.execute(trx)
    }),
  ).rejects.toThrow('relation "nowhere" does not exist')
  await expect(sql`select 1 / 0`.execute(db)).rejects.toThrow('division by zero')
  expect(await db.selectFrom('entries').selectAll().execute()).toEqual([])
  await db.transaction().execute((trx) => trx.insertInto('entries').values({ who: 2, step: 1 }).execute())
  expect(await db.selectFrom('entries').selectAll().execute()).toEqual([{ who: 2, step: 1 }])
})

test('a constraint that is checked at commit fails the transaction', async () => {
  const db = database.tables<Tables>()
  await sql`create table later (id integer unique deferrable initially deferred)`.execute(db)
  const work = db.transaction().execute(async (trx) => {
    await sql`insert into later values (1), (1)`.execute(trx)
  })
  await expect(work).rejects.toThrow('duplicate key')
  expect((await sql`select * from later`.execute(db)).rows).toEqual([])
})

test('a query cannot be streamed, and says so', async () => {
  const stream = database.tables<Tables>().selectFrom('entries').selectAll().stream()
  await expect(async () => {
    for await (const _ of stream) break
  }).rejects.toThrow('PGlite cannot stream a query; page through it.')
  expect(await database.tables<Tables>().selectFrom('entries').selectAll().execute()).toEqual([])
})
