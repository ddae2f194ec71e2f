import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Kysely, Selectable } from 'kysely'
import { type AnalysisReport, type AnalyzerPool, analyzerById, type Canaries, nothingMeasured } from '#bench/analyzers'
import type { Apps } from '#bench/collection'
import type { Database } from '#platform/database'
import { messageOf } from '#platform/errors'
import type { Bus } from '#platform/events'
import type { Job, Queue } from '#platform/queue'
import { completeStudy } from './complete.ts'
import { readConstants } from './constants.ts'
import { countBySeverity } from './counts.ts'
import { earlierAnswer } from './plan.ts'
import { progressOf } from './progress.ts'
import { analysisQueues } from './queues.ts'
import { heartbeatMs, recover } from './recovery.ts'
import type { FindingsRefresher } from './refresh.ts'
import { type AnalysisRow, isUnfinished, storeAnswer, storeResult } from './store-result.ts'
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

/** One analysis this process is at. */
interface Attempt {
  readonly study: string
  readonly stop: AbortController
}

/** An analysis as it was taken up, with what it asks. */
interface BegunAnalysis extends AnalysisRow {
  readonly snapshot: string
  readonly options: Selectable<StudyTables['studies']>['options']
}

/** Room of the bus in which processes tell each other to stop working on a study. */
export const controlRoom = 'studies'

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
  const constants = readConstants(db)
  const running = new Set<Attempt>()
  const unsettled = new Map<string, NodeJS.Timeout>()
  const shown = new Map<string, { at: number; timer?: NodeJS.Timeout }>()

  await db
    .insertInto('workers')
    .values({ id, host: hostname(), pid: process.pid, last_seen: new Date(now()) })
    .execute()
  await recover(parts, id, isPending, signal)
  let reporting: Promise<void> | undefined
  const heartbeat = setInterval(() => {
    reporting ??= report()
      .catch((error: unknown) => log(`The worker cannot report: ${messageOf(error)}`))
      .finally(() => {
        reporting = undefined
      })
  }, heartbeatMs)
  using _control = bus.subscribe(controlRoom, ({ event, data }) => {
    const study = typeof data === 'object' && data !== null && 'study' in data ? data.study : undefined
    if (event === 'cancel') for (const attempt of running) if (attempt.study === study) attempt.stop.abort()
    if (event === 'enqueued') queue.wake()
  })
  try {
    await Promise.all(analysisQueues.map((name) => queue.work(name, carryOut, signal)))
  } finally {
    clearInterval(heartbeat)
    for (const timer of unsettled.values()) clearTimeout(timer)
    for (const { timer } of shown.values()) clearTimeout(timer)
    await reporting
    await signOff().catch((error: unknown) => log(`The worker could not sign off: ${messageOf(error)}`))
  }

  /** Shows that this worker lives; after a while without the database it may have been taken for gone. */
  async function report(): Promise<void> {
    const last_seen = new Date(now())
    await db
      .insertInto('workers')
      .values({ id, host: hostname(), pid: process.pid, last_seen })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ last_seen }))
      .execute()
    await recover(parts, id, isPending, signal)
  }

  function isPending(study: string, app: string): boolean {
    return unsettled.has(`${study} ${app}`)
  }

  async function signOff(): Promise<void> {
    await db
      .updateTable('analyses')
      .set({ worker_id: null, started_at: null })
      .where('worker_id', '=', id)
      .where('outcome', 'is', null)
      .execute()
    await db.deleteFrom('workers').where('id', '=', id).execute()
  }

  async function carryOut(job: Job): Promise<void> {
    // Listed before the row says so: a cancellation that comes between the two must find it.
    const attempt: Attempt = { study: String(job.data['study']), stop: new AbortController() }
    running.add(attempt)
    try {
      const analysis = await begin(job)
      // Finished or cancelled meanwhile: the row is the checkpoint, the job has nothing to do.
      if (analysis === undefined) await db.transaction().execute((trx) => job.complete(trx))
      else await finish(job, analysis, AbortSignal.any([attempt.stop.signal, signal]))
    } finally {
      running.delete(attempt)
    }
  }

  async function begin(job: Job): Promise<BegunAnalysis | undefined> {
    const row = await db
      .updateTable('analyses')
      .set((update) => ({ started_at: new Date(now()), worker_id: id, attempts: update('attempts', '+', 1) }))
      .where('id', '=', job.id)
      .where(isUnfinished)
      .returningAll()
      .executeTakeFirst()
    if (row === undefined) return undefined
    // Asked apart and kept: planning one statement for all three takes the embedded database longer than the rest.
    return {
      ...row,
      snapshot: await constants.snapshotOf(row.app_id),
      options: await constants.optionsOf(row.study_id),
    }
  }

  async function finish(job: Job, analysis: BegunAnalysis, stop: AbortSignal): Promise<void> {
    publish(analysis, 'running', null)
    let stored: boolean
    try {
      const { report, store } = await answerOf(analysis, stop)
      if (signal.aborted) throw new Error('The worker is stopping.')
      // Who cancelled it settled the row, and may have opened it again since: nothing was measured, nothing is said.
      if (report.outcome === 'cancelled') return
      stored = await db.transaction().execute(async (trx) => {
        const first = await store(trx)
        // Where another attempt is at work, the job is that one's.
        if (first) await job.complete(trx)
        return first
      })
      if (stored) publish(analysis, 'finished', report)
    } catch (error) {
      if (job.last && !signal.aborted) await giveUp(analysis, error)
      throw error
    }
    if (stored) await settle(analysis.study_id, analysis.app_id)
  }

  /** What is to be said of an analysis, and how it is stored: measured, unless another study asked the same meanwhile. */
  async function answerOf(analysis: BegunAnalysis, stop: AbortSignal) {
    const { snapshot } = analysis
    const answer = await earlierAnswer(db, analysis, snapshot, now())
    if (answer !== undefined)
      return { report: answer, store: (trx: Kysely<StudyTables>) => storeAnswer(trx, analysis, answer, now()) }
    const report = await analyze(analysis, stop)
    return { report, store: (trx: Kysely<StudyTables>) => storeResult(trx, analysis, snapshot, report, now()) }
  }

  async function analyze(analysis: BegunAnalysis, stop: AbortSignal): Promise<AnalysisReport> {
    const analyzer = analyzerById(analysis.analyzer)
    if (analyzer === undefined || analyzer.version !== analysis.version) {
      const reason = `This release has ${analyzer ? `version ${analyzer.version}` : 'no analyzer'} of ${analysis.analyzer}, the study was planned with ${analysis.version}.`
      return { ...nothingMeasured, outcome: 'error', reason: `${reason} Start the study anew.` }
    }
    const canary = await canaries.verify(analyzer, signal)
    if (canary.state === 'failed')
      return { ...nothingMeasured, outcome: 'error', reason: `Its canary failed: ${canary.reason}` }
    return pool.run(analyzer, await apps.snapshot(analysis.snapshot), analysis.options[analyzer.id] ?? {}, stop)
  }

  /** The last try failed for a reason of ours: the analysis ends in error rather than never. */
  async function giveUp(analysis: AnalysisRow, error: unknown): Promise<void> {
    const report: AnalysisReport = {
      ...nothingMeasured,
      outcome: 'error',
      reason: `It could not be carried out: ${messageOf(error)}`,
    }
    const stored = await db.transaction().execute((trx) => storeResult(trx, analysis, '', report, now()))
    if (!stored) return
    publish(analysis, 'finished', report)
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
      await completeStudy(db, bus, study, now())
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

  function publish(
    analysis: AnalysisRow,
    state: 'running' | 'finished',
    report: Pick<AnalysisReport, 'outcome' | 'durationMs' | 'findings'> | null,
  ): void {
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
}
