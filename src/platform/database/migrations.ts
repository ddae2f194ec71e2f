import { type Kysely, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { InvalidInput, messageOf, Unavailable } from '#platform/errors'

/** One forward step of the schema. Names sort in the order of application: `2026-11-20-apps`. Never edited once released. */
export interface Migration {
  readonly name: string
  // biome-ignore lint/suspicious/noExplicitAny: a migration works on the schema as it was then, which no type describes
  up(db: Kysely<any>): Promise<void>
}

/**
 * Brings the schema forward. Each call is one transaction: all or nothing.
 * @throws InvalidInput when the database was made by a newer release
 * @throws Unavailable when a migration fails
 */
export async function migrate(db: Kysely<unknown>, migrations: readonly Migration[]): Promise<readonly string[]> {
  if (await isCurrent(db, migrations)) return []
  const migrator = new Migrator({
    db,
    provider: {
      getMigrations: async () => Object.fromEntries(migrations.map(({ name, up }) => [name, { up }])),
    },
    allowUnorderedMigrations: true,
  })
  const known = new Set(migrations.map(({ name }) => name))
  const { error, results } = await migrator.migrateToLatest()
  if (error !== undefined) {
    const missing = /previously executed migration (\S+) is missing/i.exec(messageOf(error))?.[1]
    if (missing !== undefined && !known.has(missing)) {
      throw new InvalidInput(`The database was made by a newer release of Assay (it knows the step ${missing}).`, {
        next: 'Install that release, or use another data directory.',
      })
    }
    throw failed(error)
  }
  return (results ?? []).filter((result) => result.status === 'Success').map((result) => result.migrationName)
}

/**
 * Whether exactly these steps were taken, which two short queries tell at every start but the first: the migrator would read all
 * columns of the database, twice.
 */
async function isCurrent(db: Kysely<unknown>, migrations: readonly Migration[]): Promise<boolean> {
  try {
    const table = await sql<{
      present: boolean
    }>`select to_regclass('kysely_migration') is not null as present`.execute(db)
    if (table.rows[0]?.present !== true) return false
    const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db)
    const taken = new Set(rows.map(({ name }) => name))
    return taken.size === migrations.length && migrations.every(({ name }) => taken.has(name))
  } catch (error) {
    throw failed(error)
  }
}

function failed(cause: unknown): Unavailable {
  return new Unavailable(`The database could not be brought up to date: ${messageOf(cause)}.`, {
    next: 'Nothing was changed. Check the log; a backup of the data directory can be opened with the release that wrote it.',
    cause,
  })
}
