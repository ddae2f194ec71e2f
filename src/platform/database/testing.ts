/** The databases that tests run on: always the embedded one, and PostgreSQL where one was found or could be started. */
import { randomUUID } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { inject } from 'vitest'
import { type Database, openDatabase } from './database.ts'
import type { Migration } from './migrations.ts'
import { execute } from './testing-postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** File with a dump of an empty embedded database. */
    readonly emptyDatabase: string
    /** Address of a PostgreSQL where databases can be made, or why there is none. */
    readonly postgres: { readonly url: string } | { readonly missing: string }
  }
}

export interface TestDatabase {
  readonly name: 'PGlite' | 'PostgreSQL'
  /** Why tests on it are skipped here; undefined when they run. */
  readonly missing: string | undefined
  /** A fresh database with these migrations; closing it removes it. */
  open(migrations: readonly Migration[]): Promise<Database>
}

/** For `for (const kind of testDatabases()) describe.skipIf(kind.missing)(titleOn(kind, 'keys'), …)`. */
export function testDatabases(): readonly TestDatabase[] {
  const postgres = inject('postgres')
  return [
    embedded,
    {
      name: 'PostgreSQL',
      missing: 'missing' in postgres ? postgres.missing : undefined,
      async open(migrations) {
        if ('missing' in postgres) throw new Error(postgres.missing)
        const { url, drop } = await createDatabase(postgres.url)
        try {
          return dropping(await openDatabase({ url, migrations }), drop)
        } catch (error) {
          await drop()
          throw error
        }
      },
    },
  ]
}

/** The embedded database, in memory. */
export const embedded: TestDatabase = {
  name: 'PGlite',
  missing: undefined,
  open: async (migrations) => openDatabase({ migrations, template: await openAsBlob(inject('emptyDatabase')) }),
}

/** The title of a group of tests on a database, with the reason when they are skipped. */
export function titleOn(kind: TestDatabase, title: string): string {
  return `${title} on ${kind.name}${kind.missing === undefined ? '' : ` (${kind.missing})`}`
}

/** A fresh, empty PostgreSQL database, for tests that need its address: several processes on one database. */
export async function createDatabase(server: string): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `assay_test_${randomUUID().replaceAll('-', '')}`
  await execute(server, `create database ${name}`)
  const own = new URL(server)
  own.pathname = `/${name}`
  const drop = async (): Promise<void> => {
    await execute(server, `drop database if exists ${name} with (force)`)
  }
  return { url: own.href, drop }
}

function dropping(database: Database, drop: () => Promise<void>): Database {
  const close = async (): Promise<void> => {
    await database.close()
    await drop()
  }
  return { ...database, close, [Symbol.asyncDispose]: close }
}
