import { sql } from 'kysely'
import { describe, expect, inject, test } from 'vitest'
import { openDatabase } from './database.ts'
import { type Migration, migrate } from './migrations.ts'
import { createDatabase, testDatabases, titleOn } from './testing.ts'

const step = (name: string, statement: string): Migration => ({
  name,
  up: (db) =>
    sql
      .raw(statement)
      .execute(db)
      .then(() => undefined),
})
const first = step('2026-01-01-first', 'create table a (id integer)')
const second = step('2026-01-02-second', 'create table b (id integer)')
const broken: Migration = {
  name: '2026-01-03-broken',
  async up(db) {
    await sql`create table c (id integer)`.execute(db)
    await sql`create table a (id integer)`.execute(db)
  },
}

for (const kind of testDatabases()) {
  describe.skipIf(kind.missing)(titleOn(kind, 'migrations'), () => {
    const tablesOf = async (db: Parameters<typeof migrate>[0]): Promise<string[]> => {
      const { rows } = await sql<{ name: string }>`
        select table_name as name from information_schema.tables
        where table_schema = 'public' and table_name not like 'kysely%' order by 1`.execute(db)
      return rows.map(({ name }) => name)
    }

    test('run from empty, in order, once; a later release adds its own, also between older ones', async () => {
      await using database = await kind.open([])
      const db = database.tables<unknown>()
      expect(await migrate(db, [second, first])).toEqual([first.name, second.name])
      expect(await migrate(db, [first, second])).toEqual([])
      const between = step('2026-01-01-x', 'create table x (id integer)')
      expect(await migrate(db, [first, between, second])).toEqual([between.name])
      expect(await tablesOf(db)).toEqual(['a', 'b', 'x'])
    })

    test('one that fails leaves nothing of its run, and says so', async () => {
      await using database = await kind.open([first])
      const db = database.tables<unknown>()
      await expect(migrate(db, [first, second, broken])).rejects.toMatchObject({
        name: 'Unavailable',
        message: 'The database could not be brought up to date: relation "a" already exists.',
        next: expect.stringMatching(/^Nothing was changed\./),
      })
      expect(await tablesOf(db)).toEqual(['a'])
      expect(await migrate(db, [first, second])).toEqual([second.name])
    })

    test('a database of a newer release is refused, untouched', async () => {
      await using database = await kind.open([first, second])
      const db = database.tables<unknown>()
      const other = step('2026-01-04-other', 'create table z (id integer)')
      await expect(migrate(db, [first, other])).rejects.toMatchObject({
        name: 'InvalidInput',
        message: 'The database was made by a newer release of Assay (it knows the step 2026-01-02-second).',
        next: 'Install that release, or use another data directory.',
      })
      expect(await tablesOf(db)).toEqual(['a', 'b'])
    })
  })
}

const postgres = inject('postgres')
test.skipIf('missing' in postgres)(
  'several processes that open one empty PostgreSQL at once migrate it once',
  async () => {
    if ('missing' in postgres) throw new Error(postgres.missing)
    const { url, drop } = await createDatabase(postgres.url)
    try {
      const opened = await Promise.all([1, 2, 3, 4].map(() => openDatabase({ url, migrations: [first, second] })))
      await Promise.all(opened.map((database) => database.close()))
    } finally {
      await drop()
    }
  },
)

test('addresses that are none, and servers that are not there, are told with what to do', async () => {
  await expect(openDatabase({ url: 'mysql://x', migrations: [] })).rejects.toMatchObject({
    message: 'DATABASE_URL is not a PostgreSQL address.',
    next: 'Write it as postgres://user:password@host:5432/database.',
  })
  const secret = 'hunter2hunter2'
  const failure = await openDatabase({ url: `postgres://u:${secret}@127.0.0.1:1/x`, migrations: [] }).catch(
    (error) => error,
  )
  expect(failure).toMatchObject({
    name: 'Unavailable',
    message: expect.stringMatching(/^PostgreSQL cannot be reached: .*ECONNREFUSED/),
    next: 'Check DATABASE_URL and that the server runs; without DATABASE_URL the embedded database is used.',
  })
  expect(`${failure.message}${failure.next}${JSON.stringify(failure.facts)}`).not.toContain(secret)
})
