import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { sql } from 'kysely'
import { type AnalysisReport, type AnalyzerPool, analyzerById, type Canaries } from '#bench/analyzers'
import type { Apps } from '#bench/apps'
import type { Database } from '#platform/database'
import { messageOf } from '#platform/errors'
import type { Bus } from '#platform/events'
import type { Job, Queue } from '#platform/queue'
import { countBySeverity } from './counts.ts'
import { progressOf } from './progress.ts'
import { analysisQueues } from './queues.ts'
import type { FindingsRefresher } from './refresh.ts'
import { type AnalysisRow, storeResult } from './store-result.ts'
import type { StudyTables } from './tables.ts'

export interface WorkerParts {
  readonly database: Database
  readonly queue: Queue
  readonly bus: Bus
  readonly apps: Apps
  readonly pool: AnalyzerPool
  readonly canaries: Canaries
  readonly refresher: FindingsRefresher
  readonly log: (message: string) => void
  readonly now: () => number
}

/** Room of the bus in which processes tell each other to stop working on a study. */
export const controlRoom = 'studies'

/** Milliseconds: how often a worker shows that it lives, and looks for analyses that have no job. */
const heartbeatMs = 5000
/** Milliseconds between two progress events of one study. */
const progressMs = 500
/** Milliseconds that findings of an app wait for its further results. */
const settleMs = 1500

/**
 * Works on analyses until the signal aborts. What was begun and not stored is begun again later, here or elsewhere.
 */
export async function runWorker(parts: WorkerParts, signal: AbortSignal): Promise<void> {
  const { database, queue, bus, apps, pool, canaries, refresher, log, now } = parts
  const db = database.tables<StudyTables>()
  const id = randomUUID()
  const running = new Map<string, { study: string; stop: AbortController }>()
  const unsettled = new Map<string, NodeJS.Timeout>()
  const shown = new Map<string, { at: number; timer?: NodeJS.Timeout }>()

  await db
    .insertInto('workers')
    .values({ id, host: hostname(), pid: process.pid, last_seen: new Date(now()) })
    .execute()
  await recover()
  const heartbeat = setInterval(() => {
    db.updateTable('workers')
      .set({ last_seen: new Date(now()) })
      .where('id', '=', id)
      .execute()
      .then(() => recover())
      .catch((error: unknown) => log(`The worker cannot report: ${messageOf(error)}`))
  }, heartbeatMs)
  using _control = bus.subscribe(controlRoom, ({ event, data }) => {
    const study = typeof data === 'object' && data !== null && 'study' in data ? data.study : undefined
    if (event === 'cancel') for (const entry of running.values()) if (entry.study === study) entry.stop.abort()
    if (event === 'enqueued') queue.wake()
    if (event === 'apps-added' && typeof study === 'string') refresher.forget(study)
  })
  try {
    await Promise.all(analysisQueues.map((name) => queue.work(name, carryOut, signal)))
  } finally {
    clearInterval(heartbeat)
    for (const timer of unsettled.values()) clearTimeout(timer)
    for (const { timer } of shown.values()) clearTimeout(timer)
    await db
      .deleteFrom('workers')
      .where('id', '=', id)
      .execute()
      .catch((error: unknown) => log(`The worker could not sign off: ${messageOf(error)}`))
  }

  async function carryOut(job: Job): Promise<void> {
    const analysis = await db
      .updateTable('analyses')
      .set((update) => ({ started_at: new Date(now()), worker_id: id, attempts: update('attempts', '+', 1) }))
      .where('id', '=', job.id)
      .where('outcome', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (analysis === undefined) {
      // Finished or cancelled meanwhile: the row is the checkpoint, the job has nothing to do.
      await db.transaction().execute((trx) => job.complete(trx))
      return
    }
    publish(analysis, 'running', null)
    const stop = new AbortController()
    running.set(analysis.id, { study: analysis.study_id, stop })
    try {
      const { snapshot } = await db
        .selectFrom('apps')
        .select('snapshot')
        .where('id', '=', analysis.app_id)
        .executeTakeFirstOrThrow()
      const report = await analyze(analysis, snapshot, AbortSignal.any([stop.signal, signal]))
      if (signal.aborted) throw new Error('The worker is stopping.')
      const stored = await db.transaction().execute(async (trx) => {
        const first = await storeResult(trx, analysis, snapshot, report, now())
        await job.complete(trx)
        return first
      })
      if (stored) {
        publish(analysis, 'finished', report)
        await settle(analysis.study_id, analysis.app_id)
      }
    } catch (error) {
      if (job.last && !signal.aborted) await giveUp(analysis, error)
      throw error
    } finally {
      running.delete(analysis.id)
    }
  }

  async function analyze(analysis: AnalysisRow, snapshot: string, stop: AbortSignal): Promise<AnalysisReport> {
    const nothing = { findings: [], metrics: {}, checks: [], log: [], durationMs: 0 }
    const analyzer = analyzerById(analysis.analyzer)
    if (analyzer === undefined || analyzer.version !== analysis.version) {
      const reason = `This release has ${analyzer ? `version ${analyzer.version}` : 'no analyzer'} of ${analysis.analyzer}, the study was planned with ${analysis.version}.`
      return { ...nothing, outcome: 'error', reason: `${reason} Start the study anew.` }
    }
    const canary = await canaries.verify(analyzer, signal)
    if (canary.state === 'failed')
      return { ...nothing, outcome: 'error', reason: `Its canary failed: ${canary.reason}` }
    const { options } = await db
      .selectFrom('studies')
      .select('options')
      .where('id', '=', analysis.study_id)
      .executeTakeFirstOrThrow()
    return pool.run(analyzer, await apps.snapshot(snapshot), options[analyzer.id] ?? {}, stop)
  }

  /** The last try failed for a reason of ours: the analysis ends in error rather than never. */
  async function giveUp(analysis: AnalysisRow, error: unknown): Promise<void> {
    const report: AnalysisReport = {
      outcome: 'error',
      reason: `It could not be carried out: ${messageOf(error)}`,
      findings: [],
      metrics: {},
      checks: [],
      log: [],
      durationMs: 0,
    }
    await db.transaction().execute((trx) => storeResult(trx, analysis, '', report, now()))
    await settle(analysis.study_id, analysis.app_id)
  }

  /** Brings findings up to date: at once when the app's analyses have all ended, otherwise after a pause. */
  async function settle(study: string, app: string): Promise<void> {
    const key = `${study} ${app}`
    const left = await db
      .selectFrom('analyses')
      .select('id')
      .where('study_id', '=', study)
      .where('app_id', '=', app)
      .where('outcome', 'is', null)
      .limit(1)
      .executeTakeFirst()
    clearTimeout(unsettled.get(key))
    unsettled.delete(key)
    if (left === undefined) {
      await refresher.refresh(study, app)
      await complete(study)
    } else {
      const timer = setTimeout(() => {
        unsettled.delete(key)
        refresher
          .refresh(study, app)
          .catch((error: unknown) => log(`Findings were not brought up to date: ${messageOf(error)}`))
      }, settleMs)
      unsettled.set(key, timer)
    }
    showProgress(study)
  }

  async function complete(study: string): Promise<void> {
    const { numUpdatedRows } = await db
      .updateTable('studies')
      .set({ state: 'completed', finished_at: new Date(now()) })
      .where('id', '=', study)
      .where('state', 'in', ['queued', 'running'])
      .where((where) =>
        where.not(
          where.exists(
            where.selectFrom('analyses').select('id').where('study_id', '=', study).where('outcome', 'is', null),
          ),
        ),
      )
      .where((where) =>
        where.not(
          where.exists(
            where.selectFrom('study_apps').select('app_id').where('study_id', '=', study).where('stale', '=', true),
          ),
        ),
      )
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return
    bus.publish(`study:${study}`, 'progress', (await progressOf(db, [study], now())).get(study))
    bus.publish(`study:${study}`, 'study', { state: 'completed' })
  }

  function publish(analysis: AnalysisRow, state: 'running' | 'finished', report: AnalysisReport | null): void {
    bus.publish(`study:${analysis.study_id}`, 'analysis', {
      analysisId: analysis.id,
      appId: analysis.app_id,
      analyzer: analysis.analyzer,
      repeat: analysis.repeat,
      state,
      outcome: report?.outcome ?? null,
      durationMs: report === null ? null : Math.round(report.durationMs),
      findings: countBySeverity(report?.findings ?? []),
    })
  }

  function showProgress(study: string): void {
    const last = shown.get(study) ?? { at: 0 }
    if (last.timer !== undefined) return
    const timer = setTimeout(
      () => {
        shown.set(study, { at: now() })
        progressOf(db, [study], now())
          .then((progress) => bus.publish(`study:${study}`, 'progress', progress.get(study)))
          .catch((error: unknown) => log(`Progress cannot be read: ${messageOf(error)}`))
      },
      Math.max(0, last.at + progressMs - now()),
    )
    shown.set(study, { at: last.at, timer })
  }

  /**
   * Takes back what workers that are gone had begun, queues what has no job, and finishes what only lacked the last
   * step. The embedded database has one process, so at its start every begun job is a dead one's.
   */
  async function recover(): Promise<void> {
    const gone = (await db.selectFrom('workers').selectAll().where('id', '<>', id).execute()).filter((worker) =>
      database.kind === 'pglite'
        ? true
        : worker.host === hostname()
          ? !isAlive(worker.pid)
          : worker.last_seen.getTime() < now() - 6 * heartbeatMs,
    )
    for (const worker of gone) {
      const begun = await db
        .updateTable('analyses')
        .set({ worker_id: null, started_at: null })
        .where('worker_id', '=', worker.id)
        .where('outcome', 'is', null)
        .returning(['id', 'queue'])
        .execute()
      for (const name of analysisQueues)
        await queue.release(
          name,
          begun.filter((row) => row.queue === name).map((row) => row.id),
        )
      await db.deleteFrom('workers').where('id', '=', worker.id).execute()
    }
    if (gone.length > 0 && database.kind === 'pglite') for (const name of analysisQueues) await queue.releaseAll(name)
    await addMissingJobs()
    const unfinished = await db
      .selectFrom('study_apps')
      .innerJoin('studies', 'studies.id', 'study_apps.study_id')
      .select(['study_id', 'app_id'])
      .where('study_apps.stale', '=', true)
      .where('studies.state', 'in', ['queued', 'running', 'completed', 'cancelled'])
      .where((where) =>
        where.not(
          where.exists(
            where
              .selectFrom('analyses')
              .select('id')
              .whereRef('analyses.study_id', '=', 'study_apps.study_id')
              .whereRef('analyses.app_id', '=', 'study_apps.app_id')
              .where('outcome', 'is', null),
          ),
        ),
      )
      .limit(200)
      .execute()
    for (const { study_id, app_id } of unfinished)
      if (!unsettled.has(`${study_id} ${app_id}`)) await refresher.refresh(study_id, app_id)
    const open = await db.selectFrom('studies').select('id').where('state', 'in', ['queued', 'running']).execute()
    for (const study of open) await complete(study.id)
  }

  async function addMissingJobs(): Promise<void> {
    const { rows } = await sql<{ id: string; queue: string; study_id: string; priority: number }>`
      select analyses.id, analyses.queue, analyses.study_id, studies.priority from analyses join studies on studies.id = analyses.study_id
      where analyses.outcome is null and studies.state in ('queued', 'running')
        and not exists (select 1 from queue.job where job.id = analyses.id and job.name = analyses.queue and job.state in ('created', 'retry', 'active'))
      limit 1000`.execute(db)
    for (const name of analysisQueues) {
      const jobs = rows
        .filter((row) => row.queue === name)
        .map((row) => ({ id: row.id, data: { study: row.study_id }, priority: row.priority }))
      if (jobs.length > 0)
        await db.transaction().execute(async (trx) => {
          await queue.remove(
            name,
            jobs.map((job) => job.id),
            trx,
          )
          await queue.add(name, jobs, trx)
        })
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
