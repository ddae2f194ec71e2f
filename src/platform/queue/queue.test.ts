import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { type Database, newId, openDatabase } from '#platform/database'
import { createDatabase, testDatabases, titleOn } from '../database/testing.ts'
import { type Job, openQueue, type Queue } from './queue.ts'

const definitions = [{ name: 'q', concurrency: 2, retries: 2 }]

for (const kind of testDatabases()) {
  describe.skipIf(kind.missing)(titleOn(kind, 'queue'), () => {
    let database: Database
    let queue: Queue
    let stop: AbortController
    let working: Promise<void>[]
    let problems: string[]

    beforeEach(async () => {
      database = await kind.open([])
      problems = []
      queue = await openQueue(database, definitions, (message) => void problems.push(message))
      stop = new AbortController()
      working = []
    })
    afterEach(async () => {
      stop.abort()
      await Promise.all(working)
      await queue.stop()
      await database.close()
    })

    const transaction = <T>(work: (trx: Parameters<Queue['add']>[2]) => Promise<T>): Promise<T> =>
      database.tables<unknown>().transaction().execute(work)
    const add = async (...priorities: number[]): Promise<string[]> => {
      const jobs = priorities.map((priority) => ({ id: newId(), data: { priority }, priority }))
      await transaction((trx) => queue.add('q', jobs, trx))
      queue.wake()
      return jobs.map(({ id }) => id)
    }
    const work = (handler: (job: Job) => Promise<void>): void => {
      working.push(queue.work('q', handler, stop.signal))
    }
    const finish = (job: Job): Promise<void> => transaction((trx) => job.complete(trx))
    const until = async (what: () => boolean | Promise<boolean>, within = 8000): Promise<void> => {
      const end = Date.now() + within
      while (!(await what())) {
        if (Date.now() > end) throw new Error(`not within ${within} ms: ${what}; ${problems.join('; ')}`)
        await sleep(20)
      }
    }

    test('jobs exist exactly if the transaction that added them commits', async () => {
      const seen: string[] = []
      work(async (job) => {
        seen.push(job.id)
        await finish(job)
      })
      const lost = newId()
      await expect(
        transaction(async (trx) => {
          await queue.add('q', [{ id: lost, data: {} }], trx)
          throw new Error('on purpose')
        }),
      ).rejects.toThrow('on purpose')
      const [kept] = await add(0)
      await until(() => seen.length > 0)
      await sleep(200)
      expect(seen).toEqual([kept])
      expect(await queue.counts()).toEqual({ queued: 0, active: 0, failed: 0 })
    })

    test('a job whose result is stored in a transaction that fails comes again', async () => {
      let tries = 0
      work(async (job) => {
        tries += 1
        await transaction(async (trx) => {
          await job.complete(trx)
          if (tries === 1) throw new Error('the disk was full')
        })
      })
      await add(0)
      await until(async () => tries === 2 && (await queue.counts()).active === 0)
      expect(problems).toEqual([expect.stringMatching(/^Job .* of q failed: the disk was full$/)])
    })

    test('tries come with growing delays, are counted, and the last failure lies in the dead letters', async () => {
      const tries: { at: number; retry: number; last: boolean }[] = []
      work(async ({ retry, last }) => {
        tries.push({ at: Date.now(), retry, last })
        throw new Error(`failure ${tries.length}`)
      })
      const [id] = await add(7)
      await until(async () => (await queue.deadLetters(10)).length === 1, 15_000)
      expect(tries.map(({ retry, last }) => ({ retry, last }))).toEqual([
        { retry: 0, last: false },
        { retry: 1, last: false },
        { retry: 2, last: true },
      ])
      const [first = 0, second = 0, third = 0] = tries.map(({ at }) => at)
      expect(second - first).toBeGreaterThanOrEqual(900)
      expect(third - second).toBeGreaterThanOrEqual(1500)
      expect(await queue.deadLetters(10)).toEqual([
        { id: expect.any(String), queue: 'q', error: 'failure 3', failedAt: expect.any(String), data: { priority: 7 } },
      ])
      expect(await queue.deadLetters(0)).toEqual([])
      expect(await queue.counts()).toEqual({ queued: 0, active: 0, failed: 1 })
      // What failed for good can be put in again under its id.
      stop.abort()
      await transaction((trx) => queue.add('q', [{ id: id ?? '', data: {} }], trx))
      expect(await queue.counts()).toEqual({ queued: 1, active: 0, failed: 0 })
    }, 30_000)

    test('waiting and active jobs can be taken out, and put in again while the old one is still at work', async () => {
      const gate = Promise.withResolvers<void>()
      const begun: string[] = []
      let most = 0
      let now = 0
      work(async (job) => {
        begun.push(job.id)
        now += 1
        most = Math.max(most, now)
        await gate.promise
        now -= 1
        await finish(job)
      })
      const ids = await add(0, 0, 0, 0)
      await until(() => begun.length === 2)
      await transaction((trx) => queue.remove('q', ids, trx))
      expect(await queue.counts()).toEqual({ queued: 0, active: 0, failed: 0 })
      await transaction((trx) =>
        queue.add(
          'q',
          ids.map((id) => ({ id, data: {} })),
          trx,
        ),
      )
      await sleep(300)
      gate.resolve()
      await until(async () => (await queue.counts()).queued + (await queue.counts()).active === 0)
      expect(most).toBe(2)
      expect(new Set(begun)).toEqual(new Set(ids))
      expect(problems).toEqual([])
    })

    test('the most urgent come first, never more at once than the queue allows', async () => {
      const order: number[] = []
      let now = 0
      let most = 0
      await add(1, 5, 3, 9, 2, 8, 4, 7, 6, 0)
      work(async (job) => {
        now += 1
        most = Math.max(most, now)
        order.push(Number(job.data['priority']))
        await sleep(10)
        await finish(job)
        now -= 1
      })
      await until(() => order.length === 10)
      expect(order).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
      expect(most).toBe(2)
    })

    test('jobs added while others are fetched are not left to the next poll', async () => {
      let done = 0
      work(async (job) => {
        await finish(job)
        done += 1
      })
      await sleep(300)
      const started = Date.now()
      for (let time = 1; time <= 20; time += 1) {
        await add(0)
        await until(() => done === time)
      }
      // Polled, they would take twenty seconds.
      expect(Date.now() - started).toBeLessThan(6000)
    })

    test('a job whose id is waiting is kept as it is', async () => {
      const [id = ''] = await add(3)
      await transaction((trx) => queue.add('q', [{ id, data: { priority: 4 } }], trx))
      expect(await queue.counts()).toEqual({ queued: 1, active: 0, failed: 0 })
    })

    test('stopping gives back what waits and what the handler drops, without counting a try', async () => {
      const retries: number[] = []
      for (let time = 0; time < 4; time += 1) {
        const one = new AbortController()
        const begun = Promise.withResolvers<void>()
        const worker = queue.work(
          'q',
          async (job) => {
            retries.push(job.retry)
            begun.resolve()
            await sleep(60_000, undefined, { signal: one.signal })
          },
          one.signal,
        )
        if (time === 0) await add(0, 0, 0, 0, 0)
        queue.wake()
        await begun.promise
        one.abort()
        await worker
        expect(await queue.counts()).toEqual({ queued: 5, active: 0, failed: 0 })
      }
      expect(new Set(retries)).toEqual(new Set([0]))
      expect(problems).toEqual([])
    })

    test('thousands of jobs are added in one transaction', async () => {
      await add(...Array<number>(2500).fill(0))
      expect((await queue.counts()).queued).toBe(2500)
    })

    test('what another process of the embedded database had begun is put back in line', async () => {
      await add(0, 0)
      await sql`update queue.job set state = 'active', started_on = now(), heartbeat_on = now()`.execute(
        database.tables<unknown>(),
      )
      expect(await queue.counts()).toEqual({ queued: 0, active: 2, failed: 0 })
      await queue.releaseAll('q')
      expect(await queue.counts()).toEqual({ queued: 2, active: 0, failed: 0 })
      const retries: number[] = []
      work(async (job) => {
        retries.push(job.retry)
        await finish(job)
      })
      await until(() => retries.length === 2)
      expect(retries).toEqual([0, 0])
    })
  })
}

const postgres = inject('postgres')
describe.skipIf('missing' in postgres)('several processes on PostgreSQL', () => {
  test('a job of a killed process comes to another one by itself', async () => {
    if ('missing' in postgres) throw new Error(postgres.missing)
    const { url, drop } = await createDatabase(postgres.url)
    const database = await openDatabase({ url, migrations: [] })
    const problems: string[] = []
    const queue = await openQueue(database, definitions, (message) => void problems.push(message))
    const stop = new AbortController()
    try {
      const id = newId()
      await database
        .tables<unknown>()
        .transaction()
        .execute((trx) => queue.add('q', [{ id, data: {} }], trx))
      const child = spawn(process.execPath, [join(import.meta.dirname, 'fixtures', 'hangs.ts'), url], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(child.stdout, 'data')
      child.kill('SIGKILL')
      const seen = Promise.withResolvers<Job>()
      const worker = queue.work(
        'q',
        async (job) => {
          await database
            .tables<unknown>()
            .transaction()
            .execute((trx) => job.complete(trx))
          seen.resolve(job)
        },
        stop.signal,
      )
      const job = await seen.promise
      expect({ id: job.id, retry: job.retry }).toEqual({ id, retry: 1 })
      stop.abort()
      await worker
    } finally {
      await queue.stop()
      await database.close()
      await drop()
    }
  }, 60_000)

  test('a queue whose connections were all cut goes on', async () => {
    if ('missing' in postgres) throw new Error(postgres.missing)
    const { url, drop } = await createDatabase(postgres.url)
    const database = await openDatabase({ url, migrations: [] })
    const queue = await openQueue(database, definitions, () => undefined)
    const stop = new AbortController()
    const done: string[] = []
    try {
      const worker = queue.work(
        'q',
        async (job) => {
          await database
            .tables<unknown>()
            .transaction()
            .execute(async (trx) => {
              await sleep(30)
              await job.complete(trx)
            })
          done.push(job.id)
        },
        stop.signal,
      )
      const jobs = Array.from({ length: 30 }, () => ({ id: newId(), data: {} }))
      await database
        .tables<unknown>()
        .transaction()
        .execute((trx) => queue.add('q', jobs, trx))
      for (let time = 0; time < 4; time += 1) {
        await sleep(150)
        await cut(database)
      }
      for (let time = 0; time < 400 && new Set(done).size < 30; time += 1) await sleep(50)
      expect(new Set(done).size).toBe(30)
      stop.abort()
      await worker
    } finally {
      await queue.stop()
      await database.close()
      await drop()
    }
  }, 60_000)
})

/** Ends every connection to the database but the one that says so, and then that one. */
async function cut(database: Database): Promise<void> {
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
    .execute(database.tables<unknown>())
    .catch(() => undefined)
  await sql`select pg_terminate_backend(pg_backend_pid())`.execute(database.tables<unknown>()).catch(() => undefined)
}
