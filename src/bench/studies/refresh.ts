import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { type AppSnapshot, type Apps, decode, type SnapshotFile } from '#bench/apps'
import {
  type Finding,
  type FindingState,
  mergeFindings,
  nextState,
  observe,
  type Scaffold,
  type ScaffoldIndex,
  scaffoldIndex,
  withProvenance,
} from '#bench/findings'
import { type Database, jsonText, newId } from '#platform/database'
import { findingRow } from './finding-row.ts'
import type { StudyTables } from './tables.ts'

export interface FindingsRefresher {
  /**
   * Brings the findings of one app of a study up to what its finished analyses say. A pure function of those rows: doing
   * it twice, or after a crash, changes nothing. When all its analyses have ended, the states of its defects follow.
   */
  refresh(study: string, app: string): Promise<void>
  /** Forgets what was derived from the apps of a study, because apps were added. */
  forget(study: string): void
}

interface StudyApp {
  readonly workspace_id: string
  readonly app_id: string
  readonly name: string
  readonly model: string | null
  readonly snapshot: string
  readonly scaffold: string | null
}

const findingsPerInsert = 500
/** Studies whose shared code is kept in memory. */
const indexesKept = 4

export function findingsRefresher(database: Database, apps: Apps, now: () => number): FindingsRefresher {
  const db = database.tables<StudyTables>()
  const indexes = new Map<string, Promise<ScaffoldIndex>>()

  const indexOf = (study: string): Promise<ScaffoldIndex> => {
    let index = indexes.get(study)
    if (index === undefined) {
      index = buildIndex(db, apps, study)
      indexes.set(study, index)
      index.catch(() => indexes.delete(study))
      const oldest = indexes.keys().next().value
      if (indexes.size > indexesKept && oldest !== undefined) indexes.delete(oldest)
    }
    return index
  }

  return {
    forget: (study) => void indexes.delete(study),
    async refresh(study, appId) {
      const app = await studyApp(db, study, appId)
      if (app === undefined) return
      // Everything slow happens before the transaction: PGlite has one connection.
      const index = await indexOf(study)
      const snapshot = await apps.snapshot(app.snapshot)
      await db.transaction().execute(async (trx) => {
        await trx
          .selectFrom('study_apps')
          .select('stale')
          .where('study_id', '=', study)
          .where('app_id', '=', appId)
          .forUpdate()
          .execute()
        const analyses = await trx
          .selectFrom('analyses')
          .leftJoin('results', 'results.id', 'analyses.result_id')
          .select(['analyses.analyzer', 'analyses.outcome', 'results.findings', 'results.coverage'])
          .where('study_id', '=', study)
          .where('app_id', '=', appId)
          .orderBy('analyses.analyzer')
          .orderBy('analyses.repeat')
          .execute()
        const lines = linesReader(snapshot)
        const merged = withProvenance(mergeFindings(analyses.flatMap(({ findings }) => findings ?? [])), {
          index,
          file: (path) => snapshot.files.find((file) => file.path === path),
          lines,
        })
        const ended = analyses.every(({ outcome }) => outcome !== null)
        const known = await trx
          .selectFrom('defects')
          .select(['fingerprint', 'state', 'known'])
          .where('workspace_id', '=', app.workspace_id)
          .where('app_name', '=', app.name)
          .execute()
        const states = new Map<string, FindingState>(known.map(({ fingerprint, state }) => [fingerprint, state]))
        if (ended)
          await followStates(
            trx,
            app,
            study,
            merged,
            known,
            states,
            analyses.flatMap(({ analyzer, outcome, coverage }) =>
              outcome === null ? [] : [{ analyzer, outcome, gaps: (coverage?.gaps ?? []).map(({ path }) => path) }],
            ),
            now(),
          )
        await trx.deleteFrom('findings').where('study_id', '=', study).where('app_id', '=', appId).execute()
        for (let from = 0; from < merged.length; from += findingsPerInsert) {
          await trx
            .insertInto('findings')
            .values(
              merged
                .slice(from, from + findingsPerInsert)
                .map((finding) =>
                  findingRow(finding, { ...app, study_id: study }, states.get(finding.fingerprint) ?? 'open'),
                ),
            )
            .execute()
        }
        await trx
          .updateTable('study_apps')
          .set({ stale: false })
          .where('study_id', '=', study)
          .where('app_id', '=', appId)
          .execute()
      })
    },
  }
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

/** What a study now says of every defect known or seen, with an entry in the history for each change. */
async function followStates(
  trx: Kysely<StudyTables>,
  app: StudyApp,
  study: string,
  merged: readonly Finding[],
  known: readonly {
    fingerprint: string
    state: FindingState
    known: Pick<Finding, 'fingerprint' | 'witnesses' | 'location'>
  }[],
  states: Map<string, FindingState>,
  analyses: Parameters<typeof observe>[2],
  now: number,
): Promise<void> {
  const seen = new Set(merged.map(({ fingerprint }) => fingerprint))
  const changes = new Map<string, FindingState>()
  for (const defect of known) {
    const next = nextState(defect.state, observe(defect.known, seen, analyses))
    if (next !== undefined && next !== defect.state) changes.set(defect.fingerprint, next)
  }
  const fresh = merged.filter(({ fingerprint }) => !states.has(fingerprint))
  for (const { fingerprint } of fresh) changes.set(fingerprint, 'open')
  const key = { workspace_id: app.workspace_id, app_name: app.name }
  for (let from = 0; from < fresh.length; from += findingsPerInsert) {
    await trx
      .insertInto('defects')
      .values(
        fresh.slice(from, from + findingsPerInsert).map(({ fingerprint, witnesses, location }) => ({
          ...key,
          fingerprint,
          state: 'open' as const,
          known: jsonText({ fingerprint, witnesses, location }),
        })),
      )
      .onConflict((conflict) => conflict.columns(['workspace_id', 'app_name', 'fingerprint']).doNothing())
      .execute()
  }
  const events = [...changes].map(([fingerprint, state]) => ({
    id: newId(now),
    ...key,
    fingerprint,
    at: new Date(now),
    state,
    author: null,
    reason: null,
    study_id: study,
  }))
  for (let from = 0; from < events.length; from += findingsPerInsert) {
    await trx
      .insertInto('defect_events')
      .values(events.slice(from, from + findingsPerInsert))
      .execute()
  }
  for (const [fingerprint, state] of changes) {
    states.set(fingerprint, state)
    if (state === 'open') continue
    await trx
      .updateTable('defects')
      .set({ state })
      .where('workspace_id', '=', app.workspace_id)
      .where('app_name', '=', app.name)
      .where('fingerprint', '=', fingerprint)
      .execute()
    await trx
      .updateTable('findings')
      .set({ state })
      .where('workspace_id', '=', app.workspace_id)
      .where('app_name', '=', app.name)
      .where('fingerprint', '=', fingerprint)
      .execute()
  }
}

async function buildIndex(db: Kysely<StudyTables>, apps: Apps, study: string): Promise<ScaffoldIndex> {
  const rows = await db
    .selectFrom('study_apps')
    .innerJoin('apps', 'apps.id', 'study_apps.app_id')
    .select(['apps.model', 'apps.snapshot', 'apps.scaffold'])
    .where('study_apps.study_id', '=', study)
    .orderBy('study_apps.position')
    .execute()
  const compared = await Promise.all(
    rows.map(async ({ model, snapshot }) => ({ model, files: comparable(await apps.snapshot(snapshot)) })),
  )
  const given: Scaffold['files'][number][] = []
  for (const digest of new Set(rows.flatMap(({ scaffold }) => scaffold ?? [])))
    given.push(...comparable(await apps.snapshot(digest)))
  return scaffoldIndex(compared, { files: given })
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
