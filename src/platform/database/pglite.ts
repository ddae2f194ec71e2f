import type { PGlite, Transaction } from '@electric-sql/pglite'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'

/**
 * Kysely on one PGlite, which has a single connection shared with the queue. Whoever acquires the connection has it
 * alone until released, and a transaction holds PGlite's own lock, so that no foreign statement slips into it.
 * (Kysely's built-in dialect lets statements outside a transaction run inside it.)
 */
export function pgliteDialect(pglite: PGlite): Dialect {
  return {
    createAdapter: () => new SingleConnectionAdapter(),
    createDriver: () => new PGliteDriver(pglite),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

class SingleConnectionAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {
    // One process, one connection: the directory lock already excludes everybody else.
  }
}

class PGliteDriver implements Driver {
  readonly #connection: PGliteConnection
  #turn: Promise<void> = Promise.resolve()
  #release: (() => void) | undefined

  constructor(pglite: PGlite) {
    this.#connection = new PGliteConnection(pglite)
  }

  async init(): Promise<void> {
    // The instance is opened, and closed, by its owner.
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#turn
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#turn = promise
    await before
    this.#release = resolve
    return this.#connection
  }

  async releaseConnection(): Promise<void> {
    this.#release?.()
  }

  async beginTransaction(): Promise<void> {
    await this.#connection.begin()
  }

  async commitTransaction(): Promise<void> {
    await this.#connection.end('commit')
  }

  async rollbackTransaction(): Promise<void> {
    await this.#connection.end('rollback')
  }

  async destroy(): Promise<void> {
    // Closed by its owner.
  }
}

class RolledBack extends Error {}

class PGliteConnection implements DatabaseConnection {
  readonly #pglite: PGlite
  #open: { tx: Transaction; finish: (how: 'commit' | 'rollback') => void; done: Promise<void> } | undefined

  constructor(pglite: PGlite) {
    this.#pglite = pglite
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, affectedRows } = await (this.#open?.tx ?? this.#pglite).query<R>(query.sql, [...query.parameters])
    return { rows, ...(affectedRows !== undefined && { numAffectedRows: BigInt(affectedRows) }) }
  }

  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    yield* []
    throw new Error('PGlite cannot stream a query; page through it.')
  }

  async begin(): Promise<void> {
    const begun = Promise.withResolvers<Transaction>()
    const ending = Promise.withResolvers<'commit' | 'rollback'>()
    const done = this.#pglite.transaction(async (tx) => {
      begun.resolve(tx)
      if ((await ending.promise) === 'rollback') throw new RolledBack()
    })
    done.catch(begun.reject)
    this.#open = { tx: await begun.promise, finish: ending.resolve, done }
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    const open = this.#open
    this.#open = undefined
    if (open === undefined) return
    open.finish(how)
    try {
      await open.done
    } catch (error) {
      if (!(error instanceof RolledBack)) throw error
    }
  }
}
