import { type RawBuilder, sql } from 'kysely'
import { fromKysely, fromPglite, PgBoss } from 'pg-boss'
import type { Database } from '#platform/database'
import { messageOf, Unavailable } from '#platform/errors'
import { openAlarm } from './alarm.ts'

/** One queue. Jobs that fail are repeated with growing delays; after the last try they lie in the dead letters. */
export interface QueueDefinition {
  readonly name: string
  /** Jobs of this queue at work at once, in this process. */
  readonly concurrency: number
  /** Tries after the first. */
  readonly retries: number
}

/** The caller's open transaction, as Kysely gives it. */
export type JobTransaction = Parameters<typeof fromKysely>[0]

/** One job being worked on. */
export interface Job {
  readonly id: string
  readonly data: Readonly<Record<string, unknown>>
  /** How many tries went before. */
  readonly retry: number
  /** True when no further try follows. */
  readonly last: boolean
  /** Marks the job done, inside the transaction that stores its result. */
  complete(transaction: JobTransaction): Promise<void>
}

export interface DeadLetter {
  readonly id: string
  readonly queue: string
  readonly error: string
  readonly failedAt: string
  readonly data: Readonly<Record<string, unknown>>
}

export interface QueueCounts {
  readonly queued: number
  readonly active: number
  readonly failed: number
}

export interface Queue {
  /**
   * Adds jobs inside the caller's transaction: they exist exactly if it commits. A job whose id is waiting or at work
   * already is kept, one that ended makes room.
   */
  add(
    queue: string,
    jobs: readonly { readonly id: string; readonly data: Record<string, unknown>; readonly priority?: number }[],
    transaction: JobTransaction,
  ): Promise<void>
  /** Takes jobs out, waiting or at work, inside the caller's transaction. Whoever works on one has to be told otherwise. */
  remove(queue: string, ids: readonly string[], transaction: JobTransaction): Promise<void>
  /** Puts jobs of a worker that is gone back in line, at once. What it had begun does not count as a try. */
  release(queue: string, ids: readonly string[]): Promise<void>
  /** Puts every begun job back in line: only for the one process of an embedded database, before it works. */
  releaseAll(queue: string): Promise<void>
  /**
   * Works on a queue until the signal aborts, then waits for the jobs at work. A handler that returns must have called
   * `job.complete`; one that throws gives the job back for a later try, and after the signal without counting it.
   */
  work(queue: string, handler: (job: Job) => Promise<void>, signal: AbortSignal): Promise<void>
  /** Looks for jobs now rather than at the next poll. */
  wake(): void
  counts(): Promise<QueueCounts>
  deadLetters(limit: number): Promise<readonly DeadLetter[]>
  stop(): Promise<void>
}

/** The columns of pg-boss's table of jobs that its interface does not page through. */
interface QueueTables {
  'queue.job': {
    id: string
    name: string
    state: string
    data: Readonly<Record<string, unknown>> | null
    output: unknown
    source_name: string | null
    source_output: unknown
    created_on: Date
  }
}

const schema = 'queue'
const deadLetterQueue = 'dead-letters'
/** A worker that was not heard of for this long is taken for dead. The least pg-boss allows. */
const heartbeatSeconds = 10
const pollMilliseconds = 1000
/** Jobs taken beyond those at work where fetching is slow; elsewhere none, since a killed process holds them for a while. */
const prefetchEmbedded = 4

/**
 * Opens the queue on the database. `wake` tells other processes nothing: they poll every second.
 * @param onError told of failures of the queue itself, such as a lost connection; it goes on by itself
 */
export async function openQueue(
  database: Database,
  definitions: readonly QueueDefinition[],
  onError: (message: string) => void,
): Promise<Queue> {
  const { driver } = database
  const boss = new PgBoss({
    schema,
    ...(driver.kind === 'pglite'
      ? { db: fromPglite(driver.pglite), backend: 'pglite' as const }
      : { connectionString: driver.url, application_name: 'assay-queue', max: 4 }),
    schedule: false,
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
    monitorVacuum: false,
    reindex: false,
  })
  const stop = (): Promise<void> => boss.stop({ graceful: false, close: driver.kind === 'postgres' })
  boss.on('error', (error) => onError(messageOf(error)))
  try {
    await boss.start()
    await createQueues(boss, definitions)
  } catch (error) {
    await stop()
    throw new Unavailable(`The queue cannot be opened: ${messageOf(error)}.`, {
      next: 'Check that the database is complete and that its user may create a schema.',
      cause: error,
    })
  }
  const byName = new Map(definitions.map((definition) => [definition.name, definition]))
  const prefetch = driver.kind === 'pglite' ? prefetchEmbedded : 0
  const alarm = openAlarm()
  const jobs = database.tables<QueueTables>()

  return {
    wake: alarm.ring,
    async add(queue, added, transaction) {
      const db = fromKysely(transaction)
      for (let from = 0; from < added.length; from += 1000) {
        const batch = added.slice(from, from + 1000)
        await db.executeSql(
          `delete from ${schema}.job where name = $1 and id = any($2::uuid[]) and state in ('completed', 'cancelled', 'failed')`,
          [queue, batch.map(({ id }) => id)],
        )
        await boss.insert(queue, batch, { db })
      }
    },
    async remove(queue, ids, transaction) {
      if (ids.length > 0) await boss.deleteJob(queue, [...ids], { db: fromKysely(transaction) })
    },
    release,
    releaseAll: (name) => releaseWhere(sql`name = ${name}`),
    async work(name, handler, signal) {
      const definition = byName.get(name)
      if (definition === undefined) throw new Error(`There is no queue ${name}.`)
      // One entry to an attempt: a job that was taken out and put in again is another one, of the same id.
      const held = new Map<Job, Promise<void>>()
      const waiting: Job[] = []
      const heartbeat = setInterval(
        () => {
          const ids = [...held.keys(), ...waiting].map(({ id }) => id)
          if (ids.length > 0) boss.touch(name, ids).catch((error: unknown) => onError(messageOf(error)))
        },
        (heartbeatSeconds * 1000) / 3,
      )

      const giveBack = async (job: Job, error: unknown): Promise<void> => {
        if (signal.aborted) return release(name, [job.id])
        onError(`Job ${job.id} of ${name} failed: ${messageOf(error)}`)
        await boss.fail(name, job.id, { message: messageOf(error) })
      }

      const start = (job: Job): void => {
        const run = Promise.resolve(job)
          .then(handler)
          .catch((error: unknown) => giveBack(job, error))
          .catch((error: unknown) => onError(`Job ${job.id} of ${name} could not be given back: ${messageOf(error)}`))
          .finally(() => {
            held.delete(job)
            alarm.ring()
          })
        held.set(job, run)
      }

      try {
        while (!signal.aborted) {
          while (held.size < definition.concurrency && waiting.length > 0) {
            const next = waiting.shift()
            if (next !== undefined) start(next)
          }
          const rung = alarm.count()
          const wanted = definition.concurrency - held.size + prefetch
          if (waiting.length === 0 && wanted > 0) waiting.push(...(await fetchJobs(name, wanted)))
          if (waiting.length > 0 && held.size < definition.concurrency) continue
          await alarm.next(rung, pollMilliseconds, signal)
        }
      } finally {
        await release(
          name,
          waiting.splice(0).map((job) => job.id),
        ).catch((error: unknown) => onError(messageOf(error)))
        await Promise.all(held.values())
        clearInterval(heartbeat)
      }
    },
    async counts() {
      const rows = await jobs
        .selectFrom('queue.job')
        .select((select) => ['state', select.fn.countAll<string>().as('count')])
        .where('name', 'in', [...byName.keys()])
        .groupBy('state')
        .execute()
      const of = (...states: string[]): number =>
        rows.filter((row) => states.includes(row.state)).reduce((sum, row) => sum + Number(row.count), 0)
      return { queued: of('created', 'retry'), active: of('active'), failed: of('failed') }
    },
    async deadLetters(limit) {
      const rows = await jobs
        .selectFrom('queue.job')
        .select(['id', 'source_name', 'source_output', 'output', 'created_on', 'data'])
        .where('name', '=', deadLetterQueue)
        .orderBy('created_on', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        id: row.id,
        queue: row.source_name ?? '',
        error: errorText(row.source_output ?? row.output),
        failedAt: row.created_on.toISOString(),
        data: row.data ?? {},
      }))
    },
    stop,
  }

  async function release(name: string, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await releaseWhere(sql`name = ${name} and id = any(${[...ids]}::uuid[])`)
  }

  async function releaseWhere(condition: RawBuilder<unknown>): Promise<void> {
    await sql`update ${sql.table(`${schema}.job`)} set state = 'retry', start_after = now(), started_on = null, heartbeat_on = null
      where ${condition} and state = 'active'`.execute(database.tables<unknown>())
    alarm.ring()
  }

  async function fetchJobs(queue: string, batchSize: number): Promise<Job[]> {
    try {
      const jobs = await boss.fetch<Record<string, unknown>>(queue, { batchSize, includeMetadata: true })
      // The statement that takes them tells them in no order.
      const inOrder = jobs.toSorted(
        (a, b) => b.priority - a.priority || +a.createdOn - +b.createdOn || (a.id < b.id ? -1 : 1),
      )
      return inOrder.map((job) => ({
        id: job.id,
        data: job.data,
        retry: job.retryCount,
        last: job.retryCount >= job.retryLimit,
        complete: async (transaction) => {
          await boss.complete(queue, job.id, null, { db: fromKysely(transaction) })
        },
      }))
    } catch (error) {
      onError(`The queue cannot be read: ${messageOf(error)}`)
      return []
    }
  }
}

async function createQueues(boss: PgBoss, definitions: readonly QueueDefinition[]): Promise<void> {
  await boss.createQueue(deadLetterQueue, { deleteAfterSeconds: 0, retentionSeconds: 60 * 60 * 24 * 365 })
  for (const { name, retries } of definitions) {
    await boss.createQueue(name, {
      retryLimit: retries,
      retryDelay: 1,
      retryBackoff: true,
      heartbeatSeconds,
      expireInSeconds: 60 * 60,
      retentionSeconds: 60 * 60 * 24 * 30,
      deleteAfterSeconds: 60 * 60,
      deadLetter: deadLetterQueue,
    })
    // Fills the cache of queue definitions: a look-up inside a caller's transaction would wait for PGlite's one connection.
    await boss.findJobs(name, { id: '00000000-0000-0000-0000-000000000000' })
  }
}

function errorText(output: unknown): string {
  if (typeof output === 'object' && output !== null && 'message' in output) return String(output.message)
  return JSON.stringify(output) ?? ''
}
