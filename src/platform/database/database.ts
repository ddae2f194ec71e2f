import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { Kysely, PostgresDialect, sql } from 'kysely'
import type { Pool } from 'pg'
import { InvalidInput, messageOf, Unavailable } from '#platform/errors'
import { type Migration, migrate } from './migrations.ts'
import { pgliteDialect } from './pglite.ts'
import { keepUp } from './upkeep.ts'

export interface OpenDatabaseOptions {
  /** `postgres://…`; without it, the embedded database in `directory` is used. */
  readonly url?: string
  /** Where the embedded database lives. Without it and without `url`, in memory (tests). */
  readonly directory?: string
  /** A dump of an embedded database to start from, when there is none yet: 0.5 s instead of the 5 s that making one takes. */
  readonly template?: Blob
  /** Steps of all rooms; applied in the order of their names. */
  readonly migrations: readonly Migration[]
  /** Connections to PostgreSQL; default 10. */
  readonly connections?: number
  /** Told of connection losses; queries that were under way fail by themselves. */
  readonly onConnectionError?: (error: Error) => void
  /** Told when the embedded database could not be tidied. */
  readonly onUpkeepError?: (error: unknown) => void
}

/** One open database. PGlite has a single connection: never wait for anything else inside a transaction. */
export interface Database extends AsyncDisposable {
  readonly kind: 'pglite' | 'postgres'
  /** The embedded instance (`kind` is `pglite`) or the connection pool, for the queue and for notifications. */
  readonly driver:
    | { readonly kind: 'pglite'; readonly pglite: PGlite }
    | { readonly kind: 'postgres'; readonly pool: Pool; readonly url: string }
  /** The query builder, seen as a room sees it: with that room's tables. The room's migrations make it true. */
  tables<Tables>(): Kysely<Tables>
  /** Server version and size on disk. */
  describe(): Promise<{ readonly version: string; readonly sizeBytes: number }>
  close(): Promise<void>
}

/**
 * Opens the embedded or the given database and brings its schema up to date.
 * @throws Unavailable when it cannot be reached, is damaged, or a migration fails; `next` says what to do
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const driver = options.url === undefined ? await openEmbedded(options) : await openPool(options.url, options)
  const kysely = new Kysely<unknown>({
    dialect: driver.kind === 'pglite' ? pgliteDialect(driver.pglite) : new PostgresDialect({ pool: driver.pool }),
  })
  const upkeep = driver.kind === 'pglite' ? keepUp(driver.pglite, (error) => options.onUpkeepError?.(error)) : undefined
  const close = async (): Promise<void> => {
    upkeep?.[Symbol.dispose]()
    await kysely.destroy()
    if (driver.kind === 'pglite' && !driver.pglite.closed) await driver.pglite.close()
  }
  try {
    await migrate(kysely, options.migrations)
  } catch (error) {
    await close()
    throw error
  }
  return {
    kind: driver.kind,
    driver,
    tables: <Tables>() => kysely as Kysely<Tables>,
    async describe() {
      const { rows } = await sql<{ version: string; size: string }>`
        select current_setting('server_version') as version, pg_database_size(current_database()) as size`.execute(
        kysely,
      )
      return { version: rows[0]?.version ?? '', sizeBytes: Number(rows[0]?.size ?? 0) }
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function openEmbedded({
  directory,
  template,
}: OpenDatabaseOptions): Promise<Extract<Database['driver'], { kind: 'pglite' }>> {
  const { PGlite } = await import('@electric-sql/pglite')
  const postgresqlconf = ['shared_buffers=64MB', 'max_connections=5', 'work_mem=16MB', 'maintenance_work_mem=32MB']
  try {
    if (directory !== undefined) await mkdir(directory, { recursive: true, mode: 0o700 })
    const pglite = await PGlite.create({
      postgresqlconf,
      ...(directory !== undefined && { dataDir: directory, relaxedDurability: true }),
      ...(template !== undefined && (directory === undefined || !hasDatabase(directory)) && { loadDataDir: template }),
    })
    return { kind: 'pglite', pglite }
  } catch (error) {
    throw new Unavailable(`The embedded database in ${directory ?? 'memory'} cannot be opened: ${reasonOf(error)}.`, {
      next:
        directory !== undefined && holdsSomething(directory)
          ? `It may be damaged. Move ${directory} away to start afresh (import and study again), or restore a backup of it.`
          : 'Check the free space and the permissions of the data directory.',
      cause: error,
    })
  }
}

/** PGlite's own words for a database that does not start speak to its developers. */
function reasonOf(error: unknown): string {
  const reason = messageOf(error)
  return /^Aborted\(|failed to initialize|memory access|unreachable/.test(reason) ? 'it does not start' : reason
}

function holdsSomething(path: string): boolean {
  return existsSync(path) && (!statSync(path).isDirectory() || readdirSync(path).length > 0)
}

function hasDatabase(directory: string): boolean {
  const version = join(directory, 'PG_VERSION')
  return existsSync(version) && readFileSync(version, 'utf8').trim() !== ''
}

async function openPool(
  url: string,
  options: OpenDatabaseOptions,
): Promise<Extract<Database['driver'], { kind: 'postgres' }>> {
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new InvalidInput('DATABASE_URL is not a PostgreSQL address.', {
      next: 'Write it as postgres://user:password@host:5432/database.',
    })
  }
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections ?? 10,
    connectionTimeoutMillis: 10_000,
    application_name: 'assay',
  })
  pool.on('error', (error) => options.onConnectionError?.(error))
  // A connection lost while a transaction has it tells nobody else, and an error event without listener ends the process.
  pool.on('connect', (client) => client.on('error', (error) => options.onConnectionError?.(error)))
  try {
    const client = await pool.connect()
    client.release()
  } catch (error) {
    await pool.end()
    throw new Unavailable(`PostgreSQL cannot be reached: ${messageOf(error)}.`, {
      next: 'Check DATABASE_URL and that the server runs; without DATABASE_URL the embedded database is used.',
      cause: error,
    })
  }
  return { kind: 'postgres', pool, url }
}
