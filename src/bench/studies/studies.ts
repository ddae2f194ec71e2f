import type { Kysely } from 'kysely'
import type { Apps } from '#bench/apps'
import { selectAnalyzers } from '#bench/check'
import { type Database, jsonText, newId } from '#platform/database'
import { Conflict, InvalidInput } from '#platform/errors'
import type { Bus } from '#platform/events'
import type { Queue } from '#platform/queue'
import { compareStudy } from './compare.ts'
import { exportStudy } from './export.ts'
import { insertAnalyses, type PlannedApp, planAnalyses } from './plan.ts'
import { analysisQueues } from './queues.ts'
import type { FindingsRefresher } from './refresh.ts'
import type { NewStudy, Study } from './resources.ts'
import type { RetryOutcome, StudyRouteServices } from './routes.ts'
import { StudyReader } from './study-reader.ts'
import type { StudyTables } from './tables.ts'
import { controlRoom } from './worker.ts'

export interface StudiesParts {
  readonly database: Database
  readonly queue: Queue
  readonly bus: Bus
  readonly apps: Apps
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

/** Apps to a statement. */
const appsPerInsert = 1000

/** Opens the studies room. Work itself is done by workers, here or in other processes. */
export function openStudies(parts: StudiesParts): Studies {
  const { database, queue, bus, apps, refresher, now } = parts
  const db = database.tables<StudyTables>()
  const reader = new StudyReader(db, now)

  /** Plans the apps' analyses and writes rows and jobs in one transaction. */
  async function join(
    study: {
      id: string
      analyzers: readonly string[]
      repeats: number
      options: NewStudy['options']
      priority: number
    },
    ids: readonly string[],
    workspace: string,
    before: (trx: Kysely<StudyTables>) => Promise<number>,
  ): Promise<void> {
    const planned = await plannedApps(workspace, ids)
    const rows = await planAnalyses(db, planned, {
      study: study.id,
      analyzers: study.analyzers,
      repeats: study.repeats,
      options: study.options ?? {},
      network: parts.network,
      now: now(),
    })
    await db.transaction().execute(async (trx) => {
      const position = await before(trx)
      for (let from = 0; from < planned.length; from += appsPerInsert) {
        await trx
          .insertInto('study_apps')
          .values(
            planned.slice(from, from + appsPerInsert).map(({ id }, index) => ({
              study_id: study.id,
              app_id: id,
              position: position + from + index,
              stale: true,
            })),
          )
          .execute()
      }
      await insertAnalyses(trx, rows)
      await enqueue(
        trx,
        rows.filter(({ outcome }) => outcome === undefined).map(({ id, queue: name }) => ({ id, queue: name })),
        study,
      )
    })
    announce(study.id)
    await settleAnswered(study.id, planned, rows)
  }

  /** Apps all of whose analyses ended at planning need no worker. */
  async function settleAnswered(
    study: string,
    planned: readonly PlannedApp[],
    rows: readonly { app_id: string; outcome?: string | null | undefined }[],
  ): Promise<void> {
    const waiting = new Set(rows.filter(({ outcome }) => outcome === undefined).map(({ app_id }) => app_id))
    for (const { id } of planned) if (!waiting.has(id)) await refresher.refresh(study, id)
    if (waiting.size > 0) return
    await db
      .updateTable('studies')
      .set({ state: 'completed', finished_at: new Date(now()) })
      .where('id', '=', study)
      .where('state', '=', 'running')
      .execute()
    bus.publish(`study:${study}`, 'study', { state: 'completed' })
  }

  async function plannedApps(workspace: string, ids: readonly string[]): Promise<PlannedApp[]> {
    const wanted = [...new Set(ids)]
    const found = await db
      .selectFrom('apps')
      .select(['id', 'name', 'snapshot'])
      .where('workspace_id', '=', workspace)
      .where('id', 'in', wanted)
      .execute()
    const byId = new Map(found.map((row) => [row.id, row]))
    const missing = wanted.filter((id) => !byId.has(id))
    if (missing.length > 0)
      throw new InvalidInput(
        `There is no app ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ` and ${missing.length - 3} more` : ''}.`,
        { next: 'Import it first.' },
      )
    const names = new Set<string>()
    const planned: PlannedApp[] = []
    for (const id of wanted) {
      const row = byId.get(id)
      if (row === undefined) continue
      if (names.has(row.name))
        throw new InvalidInput(`Two of the apps are named ${row.name}.`, { next: 'Choose one version of it.' })
      names.add(row.name)
      planned.push({ id, snapshot: await apps.snapshot(row.snapshot) })
    }
    return planned
  }

  async function enqueue(
    trx: Kysely<StudyTables>,
    analyses: readonly { id: string; queue: string }[],
    study: { id: string; priority: number },
  ): Promise<void> {
    for (const name of analysisQueues) {
      const own = analyses.filter((analysis) => analysis.queue === name)
      await queue.add(
        name,
        own.map(({ id }) => ({ id, data: { study: study.id }, priority: study.priority })),
        trx,
      )
    }
  }

  function announce(study: string): void {
    queue.wake()
    bus.publish(controlRoom, 'apps-added', { study })
    bus.publish(controlRoom, 'enqueued', { study })
    bus.publish(`study:${study}`, 'study', { state: 'running' })
  }

  /** Puts ended analyses back in line. */
  async function again(
    workspace: string,
    id: string,
    outcomes: readonly RetryOutcome[],
    nothing: string,
  ): Promise<Study> {
    const study = await reader.row(workspace, id)
    await db.transaction().execute(async (trx) => {
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
      await enqueue(trx, reset, study)
      await trx.updateTable('studies').set({ state: 'running', finished_at: null }).where('id', '=', id).execute()
    })
    announce(id)
    return reader.get(workspace, id)
  }

  return {
    reader,
    listStudies: (workspace, request) => reader.list(workspace, request),
    getStudy: (workspace, id) => reader.get(workspace, id),
    matrix: (workspace, id, request) => reader.matrix(workspace, id, request),
    getAnalysis: (workspace, id) => reader.analysis(workspace, id),
    async createStudy(workspace, author, wanted) {
      const chosen = selectAnalyzers(wanted.analyzers ?? parts.enabled).map(({ id }) => id)
      const options = { ...parts.options, ...wanted.options }
      selectAnalyzers(Object.keys(options))
      const id = newId(now())
      const at = new Date(now())
      const study = { id, analyzers: chosen, repeats: wanted.repeats ?? 1, options, priority: 0 }
      await join(study, wanted.apps, workspace, async (trx) => {
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
      if (study.state === 'cancelled')
        throw new Conflict(`The study ${study.name} is cancelled.`, { next: 'Resume it first.' })
      const present = await db.selectFrom('study_apps').select('app_id').where('study_id', '=', id).execute()
      const known = new Set(present.map(({ app_id }) => app_id))
      const fresh = added.filter((app) => !known.has(app))
      if (fresh.length === 0)
        throw new Conflict(`The study ${study.name} has these apps already.`, { next: 'There is nothing to add.' })
      refresher.forget(id)
      await join({ ...study }, fresh, workspace, async (trx) => {
        await trx.updateTable('studies').set({ state: 'running', finished_at: null }).where('id', '=', id).execute()
        // What is shared between models may have changed for every app.
        await trx.updateTable('study_apps').set({ stale: true }).where('study_id', '=', id).execute()
        return present.length
      })
      return reader.get(workspace, id)
    },
    async cancelStudy(workspace, id) {
      const study = await reader.row(workspace, id)
      if (study.state === 'completed' || study.state === 'cancelled')
        throw new Conflict(`The study ${study.name} is ${study.state} already.`, {
          next: 'There is nothing to cancel.',
        })
      await db.transaction().execute(async (trx) => {
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
      if (study.state === 'running' || study.state === 'queued')
        throw new Conflict(`The study ${study.name} is running.`, { next: 'Cancel it first.' })
      await db.deleteFrom('studies').where('workspace_id', '=', workspace).where('id', '=', id).execute()
    },
    async comparison(workspace, id) {
      return compareStudy(db, await reader.row(workspace, id))
    },
    async exportStudy(workspace, id, format) {
      return exportStudy(db, await reader.row(workspace, id), format, parts.version, now())
    },
  }
}
