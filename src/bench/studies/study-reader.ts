import { type Kysely, type Selectable, sql } from 'kysely'
import { z } from 'zod'
import { analyzerById, analyzers } from '#bench/analyzers'
import { type App, toApp } from '#bench/collection'
import { NotFound } from '#platform/errors'
import { cursorCodec, type Page, type PageRequest, pageOf } from '#platform/http'
import { toCell } from './cell.ts'
import { noFindings, severityOf } from './counts.ts'
import { isCountedRow } from './finding-filter.ts'
import type { FindingIndex } from './finding-index/open.ts'
import { countsOfStudies, type StudyCount } from './finding-index/select.ts'
import { progressOf } from './progress.ts'
import type { Analysis, Matrix, Progress, SeverityCounts, Study } from './resources.ts'
import type { StudyTables } from './tables.ts'

const byTime = cursorCodec(z.object({ id: z.uuid() }))
const byPosition = cursorCodec(z.object({ position: z.int().min(0) }))

/** Ended studies whose progress is kept in memory. */
const endedKept = 1000

type StudyRow = Selectable<StudyTables['studies']>

/** Reads studies for one workspace at a time. */
export class StudyReader {
  readonly #db: Kysely<StudyTables>
  readonly #index: FindingIndex
  readonly #now: () => number
  /** How far studies were that have ended: they get no further, unless they run again and end at another time. */
  readonly #ended = new Map<string, { readonly at: number; readonly progress: Progress }>()

  constructor(db: Kysely<StudyTables>, index: FindingIndex, now: () => number) {
    this.#db = db
    this.#index = index
    this.#now = now
  }

  async list(workspace: string, { cursor, limit }: PageRequest): Promise<Page<Study>> {
    let query = this.#db.selectFrom('studies').selectAll().where('workspace_id', '=', workspace)
    if (cursor !== undefined) query = query.where('id', '<', byTime.decode(cursor).id)
    const rows = await query
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    const page = pageOf(
      rows,
      limit,
      ({ id }) => byTime.encode({ id }),
      (row) => row,
    )
    return { items: await this.#toStudies(workspace, page.items), next: page.next }
  }

  async get(workspace: string, id: string): Promise<Study> {
    const [study] = await this.#toStudies(workspace, [await this.row(workspace, id)])
    if (study === undefined) throw notFound(id)
    return study
  }

  /** @throws NotFound when the workspace has no such study */
  async row(workspace: string, id: string): Promise<StudyRow> {
    const row = await this.#db
      .selectFrom('studies')
      .selectAll()
      .where('workspace_id', '=', workspace)
      .where('id', '=', id)
      .executeTakeFirst()
    if (row === undefined) throw notFound(id)
    return row
  }

  async #toStudies(workspace: string, rows: readonly StudyRow[]): Promise<Study[]> {
    if (rows.length === 0) return []
    const ids = rows.map(({ id }) => id)
    const progress = await this.#progressOf(rows)
    const apps = await this.#db
      .selectFrom('study_apps')
      .innerJoin('apps', 'apps.id', 'study_apps.app_id')
      .select(['study_apps.study_id', 'apps.model'])
      .select((select) => select.fn.countAll<string>().as('count'))
      .where('study_id', 'in', ids)
      .groupBy(['study_apps.study_id', 'apps.model'])
      .execute()
    const findings =
      (await this.#index.ask(workspace, (known) => countsOfStudies(known, ids))) ?? (await countsByQuery(this.#db, ids))
    return rows.map((row) => {
      const own = apps.filter(({ study_id }) => study_id === row.id)
      const bySeverity: SeverityCounts = { ...noFindings }
      let lowConfidence = 0
      for (const { study_id, severity, counted, count } of findings) {
        if (study_id !== row.id) continue
        if (counted) bySeverity[severityOf(severity)] += count
        else lowConfidence += count
      }
      const measured = progress.get(row.id)
      if (measured === undefined) throw notFound(row.id)
      return {
        id: row.id,
        name: row.name,
        question: row.question,
        state: row.state,
        createdAt: row.created_at.toISOString(),
        startedAt: row.started_at?.toISOString() ?? null,
        finishedAt: row.finished_at?.toISOString() ?? null,
        createdBy: row.created_by,
        repeats: row.repeats,
        apps: own.reduce((sum, { count }) => sum + Number(count), 0),
        analyzers: row.analyzers,
        models: own.flatMap(({ model }) => model ?? []).sort(),
        progress: measured,
        findings: {
          total: Object.values(bySeverity).reduce((sum, count) => sum + count, 0),
          bySeverity,
          lowConfidence,
        },
      }
    })
  }

  async #progressOf(rows: readonly StudyRow[]): Promise<ReadonlyMap<string, Progress>> {
    const ended = ({ id, finished_at }: StudyRow): Progress | undefined => {
      const known = this.#ended.get(id)
      return known !== undefined && known.at === finished_at?.getTime() ? known.progress : undefined
    }
    const asked = rows.filter((row) => ended(row) === undefined).map(({ id }) => id)
    const read = await progressOf(this.#db, asked, this.#now())
    const progress = new Map<string, Progress>()
    for (const row of rows) {
      const measured = ended(row) ?? read.get(row.id)
      if (measured === undefined) throw notFound(row.id)
      progress.set(row.id, measured)
      this.#ended.delete(row.id)
      if (row.finished_at !== null) this.#ended.set(row.id, { at: row.finished_at.getTime(), progress: measured })
    }
    for (const oldest of this.#ended.keys()) {
      if (this.#ended.size <= endedKept) break
      this.#ended.delete(oldest)
    }
    return progress
  }

  /** Apps by analyzers, app by app in the order they joined. */
  async matrix(workspace: string, id: string, { cursor, limit }: PageRequest): Promise<Matrix> {
    const study = await this.row(workspace, id)
    let query = this.#db
      .selectFrom('study_apps')
      .innerJoin('apps', 'apps.id', 'study_apps.app_id')
      .innerJoin('snapshots', 'snapshots.digest', 'apps.snapshot')
      .selectAll('apps')
      .select(['study_apps.position', 'snapshots.file_count', 'snapshots.bytes', 'snapshots.lines', 'snapshots.stack'])
      .where('study_apps.study_id', '=', id)
    if (cursor !== undefined) query = query.where('study_apps.position', '>', byPosition.decode(cursor).position)
    const rows = await query
      .orderBy('study_apps.position')
      .limit(limit + 1)
      .execute()
    const { items, next } = pageOf(
      rows,
      limit,
      ({ position }) => byPosition.encode({ position }),
      (row) => row,
    )
    const analyses =
      items.length === 0
        ? []
        : await this.#db
            .selectFrom('analyses')
            .selectAll()
            .where('study_id', '=', id)
            .where(
              'app_id',
              'in',
              items.map((row) => row.id),
            )
            .execute()
    const order = new Map(study.analyzers.map((analyzer, index) => [analyzer, index]))
    const byApp = Map.groupBy(analyses, ({ app_id }) => app_id)
    return {
      analyzers: study.analyzers.map((analyzer) => {
        const known = analyzerById(analyzer)
        return { id: analyzer, title: known?.title ?? analyzer, category: known?.category ?? 'quality' }
      }),
      rows: items.map((row) => ({
        app: toApp(row),
        cells: (byApp.get(row.id) ?? [])
          .sort((a, b) => (order.get(a.analyzer) ?? 0) - (order.get(b.analyzer) ?? 0) || a.repeat - b.repeat)
          .map(toCell),
      })),
      next,
    }
  }

  async analysis(workspace: string, id: string): Promise<Analysis> {
    const row = await this.#db
      .selectFrom('analyses')
      .innerJoin('studies', 'studies.id', 'analyses.study_id')
      .leftJoin('results', 'results.id', 'analyses.result_id')
      .selectAll('analyses')
      .select([
        'results.metrics',
        'results.coverage',
        'results.checks',
        'results.log as result_log',
        'results.artifacts as result_artifacts',
      ])
      .where('analyses.id', '=', id)
      .where('studies.workspace_id', '=', workspace)
      .executeTakeFirst()
    if (row === undefined) throw new NotFound(`There is no analysis ${id}.`)
    const [app] = await this.#apps([row.app_id])
    if (app === undefined) throw new NotFound(`There is no app ${row.app_id}.`)
    const cell = toCell(row)
    return {
      id: row.id,
      studyId: row.study_id,
      app,
      analyzer: row.analyzer,
      analyzerVersion: row.version,
      repeat: row.repeat,
      state: cell.state,
      outcome: cell.outcome,
      reason: cell.reason,
      cached: row.cached,
      durationMs: row.duration_ms,
      startedAt: row.started_at?.toISOString() ?? null,
      finishedAt: row.finished_at?.toISOString() ?? null,
      attempts: row.attempts,
      metrics: { ...row.metrics },
      coverage: row.coverage === null ? null : { ...row.coverage, gaps: [...row.coverage.gaps] },
      checks: [...(row.checks ?? [])],
      log: [...(row.result_log ?? row.log)],
      artifacts: (row.result_artifacts ?? row.artifacts).map(({ key, ...artifact }) => artifact),
    }
  }

  async #apps(ids: readonly string[]): Promise<App[]> {
    const rows = await this.#db
      .selectFrom('apps')
      .innerJoin('snapshots', 'snapshots.digest', 'apps.snapshot')
      .selectAll('apps')
      .select(['snapshots.file_count', 'snapshots.bytes', 'snapshots.lines', 'snapshots.stack'])
      .where('apps.id', 'in', [...ids])
      .execute()
    return rows.map(toApp)
  }

  /** The studies an app takes part in, the newest first. */
  async studiesOf(workspace: string, app: string): Promise<{ id: string; name: string }[]> {
    return this.#db
      .selectFrom('study_apps')
      .innerJoin('studies', 'studies.id', 'study_apps.study_id')
      .select(['studies.id', 'studies.name'])
      .where('study_apps.app_id', '=', app)
      .where('studies.workspace_id', '=', workspace)
      .orderBy('studies.id', 'desc')
      .execute()
  }

  /** Workers known, with the analyses each is at. */
  async workers(): Promise<{ id: string; host: string; pid: number; lastSeen: string; active: number }[]> {
    const { rows } = await sql<{ id: string; host: string; pid: number; last_seen: Date; active: number }>`
      select workers.*, (select count(*)::int from analyses where worker_id = workers.id and outcome is null) as active
      from workers order by last_seen desc`.execute(this.#db)
    return rows.map(({ id, host, pid, last_seen, active }) => ({
      id,
      host,
      pid,
      lastSeen: last_seen.toISOString(),
      active,
    }))
  }
}

/** Ids of all analyzers, in the order of tables. */
export const allAnalyzerIds: readonly string[] = analyzers.map(({ id }) => id)

function notFound(id: string): NotFound {
  return new NotFound(`There is no study ${id}.`, { next: "'assay study list' shows them." })
}

/** As `countsOfStudies`, from the database. */
async function countsByQuery(db: Kysely<StudyTables>, studies: readonly string[]): Promise<readonly StudyCount[]> {
  return db
    .selectFrom('findings')
    .select((select) => ['study_id', 'severity', isCountedRow(select).$castTo<boolean>().as('counted')])
    .select(sql<number>`count(*)::int`.as('count'))
    .where('study_id', 'in', studies)
    .groupBy(['study_id', 'severity', 'counted'])
    .execute()
}
