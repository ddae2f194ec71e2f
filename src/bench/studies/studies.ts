import type { Kysely } from 'kysely'
import { selectAnalyzers } from '#bench/check'
import type { Apps } from '#bench/collection'
import type { BlobStore } from '#platform/blobs'
import { type Database, jsonText, newId } from '#platform/database'
import { Conflict, NotFound } from '#platform/errors'
import type { Bus } from '#platform/events'
import type { Queue } from '#platform/queue'
import { readArtifact } from './artifacts.ts'
import { compareStudy } from './compare.ts'
import { announce, enqueue, enrol } from './enrol.ts'
import { exportStudy } from './export.ts'
import type { FindingIndex } from './finding-index/open.ts'
import { deleteFindings } from './finding-row.ts'
import { analysisQueues } from './queues.ts'
import type { FindingsRefresher } from './refresh.ts'
import type { Study } from './resources.ts'
import type { RetryOutcome, StudyRouteServices } from './routes.ts'
import { StudyReader } from './study-reader.ts'
import type { StudyTables } from './tables.ts'
import { controlRoom } from './worker.ts'

export interface StudiesParts {
  readonly database: Database
  readonly queue: Queue
  readonly bus: Bus
  readonly apps: Apps
  /** Where artifacts are. */
  readonly blobs: BlobStore
  readonly index: FindingIndex
  readonly refresher: FindingsRefresher
  /** Assay's own version, for exports. */
  readonly version: string
  /** Analyzers used when a study names none; all when undefined. */
  readonly enabled: readonly string[] | undefined
  /** Options by analyzer, under those a study gives. */
  readonly options: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Whether analyzers may ask others' servers. */
  readonly network: boolean
  readonly now: () => number
}

export interface Studies extends StudyRouteServices {
  readonly reader: StudyReader
}

/** Opens the studies room. Work itself is done by workers, here or in other processes. */
export function openStudies(parts: StudiesParts): Studies {
  const { database, queue, bus, now } = parts
  const db = database.tables<StudyTables>()
  const reader = new StudyReader(db, parts.index, now)

  /** Puts ended analyses back in line. */
  async function again(
    workspace: string,
    id: string,
    outcomes: readonly RetryOutcome[],
    nothing: string,
  ): Promise<Study> {
    const study = await reader.row(workspace, id)
    await db.transaction().execute(async (trx) => {
      await lockStudy(trx, id)
      const reset = await trx
        .updateTable('analyses')
        .set({
          outcome: null,
          reason: null,
          started_at: null,
          finished_at: null,
          duration_ms: null,
          worker_id: null,
          log: '[]',
          artifacts: '[]',
        })
        .where('study_id', '=', id)
        .where('outcome', 'in', [...outcomes])
        .returning(['id', 'queue'])
        .execute()
      if (reset.length === 0) throw new Conflict(nothing, { next: 'There is nothing to do.' })
      for (const name of analysisQueues)
        await queue.remove(
          name,
          reset.filter((row) => row.queue === name).map((row) => row.id),
          trx,
        )
      await enqueue(queue, trx, reset, study)
      await trx.updateTable('studies').set({ state: 'running', finished_at: null }).where('id', '=', id).execute()
    })
    announce(parts, id)
    return reader.get(workspace, id)
  }

  return {
    reader,
    listStudies: (workspace, request) => reader.list(workspace, request),
    getStudy: (workspace, id) => reader.get(workspace, id),
    matrix: (workspace, id, request) => reader.matrix(workspace, id, request),
    getAnalysis: (workspace, id) => reader.analysis(workspace, id),
    getArtifact: (workspace, id, name) => readArtifact(db, parts.blobs, workspace, id, name),
    async createStudy(workspace, author, wanted) {
      const chosen = selectAnalyzers(wanted.analyzers ?? parts.enabled, wanted.run).map(({ id }) => id)
      const options = { ...parts.options, ...wanted.options }
      selectAnalyzers(Object.keys(options))
      const id = newId(now())
      const at = new Date(now())
      const study = { id, analyzers: chosen, repeats: wanted.repeats ?? 1, options, priority: 0 }
      await enrol(parts, study, wanted.apps, workspace, async (trx) => {
        await trx
          .insertInto('studies')
          .values({
            id,
            workspace_id: workspace,
            name: wanted.name,
            question: wanted.question ?? null,
            state: 'running',
            analyzers: chosen,
            repeats: study.repeats,
            options: jsonText(options),
            priority: study.priority,
            created_by: author,
            created_at: at,
            started_at: at,
            finished_at: null,
          })
          .execute()
        return 0
      })
      return reader.get(workspace, id)
    },
    async addApps(workspace, id, added) {
      const study = await reader.row(workspace, id)
      const present = await db.selectFrom('study_apps').select('app_id').where('study_id', '=', id).execute()
      const known = new Set(present.map(({ app_id }) => app_id))
      const fresh = added.filter((app) => !known.has(app))
      if (fresh.length === 0)
        throw new Conflict(`The study ${study.name} has these apps already.`, { next: 'There is nothing to add.' })
      await enrol(parts, study, fresh, workspace, async (trx) => {
        const { state } = await lockStudy(trx, id)
        if (state === 'cancelled')
          throw new Conflict(`The study ${study.name} is cancelled.`, { next: 'Resume it first.' })
        await trx.updateTable('studies').set({ state: 'running', finished_at: null }).where('id', '=', id).execute()
        // What is shared between models may have changed for every app.
        await trx.updateTable('study_apps').set({ stale: true }).where('study_id', '=', id).execute()
        const now = await trx.selectFrom('study_apps').select('app_id').where('study_id', '=', id).execute()
        if (now.length > present.length)
          throw new Conflict(`Others are adding apps to the study ${study.name}.`, { next: 'Try again.' })
        return now.length
      })
      return reader.get(workspace, id)
    },
    async cancelStudy(workspace, id) {
      const study = await reader.row(workspace, id)
      await db.transaction().execute(async (trx) => {
        const { state } = await lockStudy(trx, id)
        if (state === 'completed' || state === 'cancelled')
          throw new Conflict(`The study ${study.name} is ${state} already.`, { next: 'There is nothing to cancel.' })
        const stopped = await trx
          .updateTable('analyses')
          .set({
            outcome: 'cancelled',
            reason: 'The study was cancelled.',
            finished_at: new Date(now()),
            worker_id: null,
          })
          .where('study_id', '=', id)
          .where('outcome', 'is', null)
          .returning(['id', 'queue'])
          .execute()
        for (const name of analysisQueues)
          await queue.remove(
            name,
            stopped.filter((row) => row.queue === name).map((row) => row.id),
            trx,
          )
        await trx
          .updateTable('studies')
          .set({ state: 'cancelled', finished_at: new Date(now()) })
          .where('id', '=', id)
          .execute()
      })
      bus.publish(controlRoom, 'cancel', { study: id })
      bus.publish(`study:${id}`, 'study', { state: 'cancelled' })
      return reader.get(workspace, id)
    },
    async resumeStudy(workspace, id) {
      const study = await reader.row(workspace, id)
      if (study.state !== 'cancelled')
        throw new Conflict(`The study ${study.name} is ${study.state}, not cancelled.`, {
          next: study.state === 'completed' ? "Use 'retry' to run failed analyses again." : 'It goes on by itself.',
        })
      return again(workspace, id, ['cancelled'], `The study ${study.name} was cancelled after its last analysis.`)
    },
    retryStudy: (workspace, id, outcomes = ['error', 'timed_out', 'cancelled']) =>
      again(workspace, id, outcomes, `No analysis of the study ended as ${outcomes.join(', ')}.`),
    async deleteStudy(workspace, id) {
      const study = await reader.row(workspace, id)
      await db.transaction().execute(async (trx) => {
        const { state } = await lockStudy(trx, id)
        if (state === 'running' || state === 'queued')
          throw new Conflict(`The study ${study.name} is running.`, { next: 'Cancel it first.' })
        // First the study with its apps: whoever writes findings holds the row of the app.
        await trx.deleteFrom('studies').where('id', '=', id).execute()
        await deleteFindings(trx, id)
      })
    },
    async comparison(workspace, id) {
      return compareStudy(db, await reader.row(workspace, id))
    },
    async exportStudy(workspace, id, format) {
      return exportStudy(db, await reader.row(workspace, id), format, parts.version, now())
    },
  }
}

/** The study as it is now, and as it stays until the transaction ends. */
async function lockStudy(trx: Kysely<StudyTables>, id: string): Promise<{ state: Study['state'] }> {
  const row = await trx.selectFrom('studies').select('state').where('id', '=', id).forUpdate().executeTakeFirst()
  if (row === undefined) throw new NotFound(`There is no study ${id}.`, { next: 'It was deleted meanwhile.' })
  return row
}
