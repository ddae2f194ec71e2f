import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { type AppSnapshot, decode, type SnapshotFile } from '#bench/apps'
import type { Apps } from '#bench/collection'
import {
  type Finding,
  mergeFindings,
  type Scaffold,
  type ScaffoldIndex,
  scaffoldIndex,
  withProvenance,
} from '#bench/findings'
import type { Database } from '#platform/database'
import { contextOf } from './context.ts'
import { type DefectOwner, followStates, lockDefects } from './defects.ts'
import { deleteFindings, insertFindings } from './finding-row.ts'
import { remembered } from './remembered.ts'
import type { StudyTables } from './tables.ts'

export interface FindingsRefresher {
  /**
   * Brings the findings of one app of a study up to what its finished analyses say. A pure function of those rows: doing
   * it twice, or after a crash, changes nothing. When all its analyses have ended, the states of its defects follow.
   */
  refresh(study: string, app: string): Promise<void>
}

interface StudyApp extends DefectOwner {
  readonly app_id: string
  readonly model: string | null
  readonly snapshot: string
  readonly scaffold: string | null
}

/** The code that apps of a study have in common, and the company of apps it was taken from. */
interface SharedCode {
  readonly index: ScaffoldIndex
  readonly context: string
}

/** Studies whose shared code is kept in memory. */
const indexesKept = 4

export function findingsRefresher(database: Database, apps: Apps, now: () => number): FindingsRefresher {
  const db = database.tables<StudyTables>()
  const indexes = new Map<string, Promise<SharedCode>>()

  /** Apps are only ever added, by this process or another, so their number tells whether an index is still right. */
  const indexOf = async (study: string): Promise<SharedCode> => {
    const { count } = await db
      .selectFrom('study_apps')
      .select((select) => select.fn.countAll<string>().as('count'))
      .where('study_id', '=', study)
      .executeTakeFirstOrThrow()
    return remembered(indexes, `${study} ${count}`, indexesKept, () => buildIndex(db, apps, study))
  }

  return {
    async refresh(study, appId) {
      const app = await studyApp(db, study, appId)
      if (app === undefined) return
      const { index, context } = await indexOf(study)
      const snapshot = await apps.snapshot(app.snapshot)
      for (;;) {
        // Everything slow happens before the transaction; what came in meanwhile is looked at in another round.
        const analyses = await analysesOf(db, study, appId)
        const merged = withProvenance(mergeFindings(analyses.flatMap(({ findings }) => findings ?? [])), {
          index,
          file: (path) => snapshot.files.find((file) => file.path === path),
          lines: linesReader(snapshot),
        })
        if (await db.transaction().execute((trx) => write(trx, study, app, context, analyses, merged))) return
      }
    },
  }

  /** @returns whether the findings were written: not when they rest on analyses that changed since */
  async function write(
    trx: Kysely<StudyTables>,
    study: string,
    app: StudyApp,
    context: string,
    analyses: Awaited<ReturnType<typeof analysesOf>>,
    merged: readonly Finding[],
  ): Promise<boolean> {
    await lockDefects(trx, app.workspace_id, app.name)
    const held = await trx
      .selectFrom('study_apps')
      .select('app_id')
      .where('study_id', '=', study)
      .where('app_id', '=', app.app_id)
      .forUpdate()
      .executeTakeFirst()
    // Deleted meanwhile.
    if (held === undefined) return true
    const current = await trx
      .selectFrom('analyses')
      .select(['id', 'outcome', 'result_id'])
      .where('study_id', '=', study)
      .where('app_id', '=', app.app_id)
      .execute()
    const known = new Map(current.map(({ id, outcome, result_id }) => [id, `${outcome} ${result_id}`]))
    if (analyses.some(({ id, outcome, result_id }) => known.get(id) !== `${outcome} ${result_id}`)) return false
    const states = await followStates(trx, app, study, merged, analyses, now())
    await deleteFindings(trx, study, app.app_id)
    await insertFindings(
      trx,
      { ...app, study_id: study },
      merged.map((finding) => ({ finding, state: states.get(finding.fingerprint) ?? 'open' })),
    )
    await trx
      .updateTable('study_apps')
      .set({ stale: false, context })
      .where('study_id', '=', study)
      .where('app_id', '=', app.app_id)
      .execute()
    return true
  }
}

async function analysesOf(db: Kysely<StudyTables>, study: string, app: string) {
  return db
    .selectFrom('analyses')
    .leftJoin('results', 'results.id', 'analyses.result_id')
    .select([
      'analyses.id',
      'analyses.result_id',
      'analyses.analyzer',
      'analyses.outcome',
      'results.findings',
      'results.coverage',
    ])
    .where('study_id', '=', study)
    .where('app_id', '=', app)
    .orderBy('analyses.analyzer')
    .orderBy('analyses.repeat')
    .execute()
}

async function studyApp(db: Kysely<StudyTables>, study: string, app: string): Promise<StudyApp | undefined> {
  return db
    .selectFrom('study_apps')
    .innerJoin('apps', 'apps.id', 'study_apps.app_id')
    .select(['apps.workspace_id', 'apps.id as app_id', 'apps.name', 'apps.model', 'apps.snapshot', 'apps.scaffold'])
    .where('study_apps.study_id', '=', study)
    .where('apps.id', '=', app)
    .executeTakeFirst()
}

async function buildIndex(db: Kysely<StudyTables>, apps: Apps, study: string): Promise<SharedCode> {
  const { apps: rows, digest } = await contextOf(db, study)
  const compared = await Promise.all(
    rows.map(async ({ model, snapshot }) => ({ model, files: comparable(await apps.snapshot(snapshot)) })),
  )
  const given: Scaffold['files'][number][] = []
  for (const digest of new Set(rows.flatMap(({ scaffold }) => scaffold ?? [])))
    given.push(...comparable(await apps.snapshot(digest)))
  return { index: scaffoldIndex(compared, { files: given }), context: digest }
}

function comparable(app: AppSnapshot): Scaffold['files'] {
  return app.files.map((file) => ({ path: file.path, digest: file.digest, lines: () => textLines(app, file) }))
}

function linesReader(app: AppSnapshot): (path: string) => readonly string[] {
  const known = new Map<string, readonly string[]>()
  return (path) => {
    let lines = known.get(path)
    if (lines === undefined) {
      const file = app.files.find((candidate) => candidate.path === path)
      lines = file === undefined ? [] : textLines(app, file)
      known.set(path, lines)
    }
    return lines
  }
}

function textLines(app: AppSnapshot, file: SnapshotFile): readonly string[] {
  return file.encoding === undefined
    ? []
    : decode(readFileSync(join(app.root, file.path)), file.encoding).split(/\r\n?|\n/)
}
