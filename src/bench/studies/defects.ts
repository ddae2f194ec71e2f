import { isDeepStrictEqual } from 'node:util'
import { type Kysely, sql } from 'kysely'
import type { Coverage, Outcome } from '#bench/analyzers'
import { type Finding, type FindingState, nextState, observe } from '#bench/findings'
import { jsonText, newId } from '#platform/database'
import type { StudyTables } from './tables.ts'

/** Whose defects: an app is known by its name, whatever its content at the moment. */
export interface DefectOwner {
  readonly workspace_id: string
  readonly name: string
}

/** How one analysis of the app ended in the study that speaks. */
interface EndedAnalysis {
  readonly analyzer: string
  readonly outcome: Outcome | null
  readonly coverage: Coverage | null
}

const rowsPerInsert = 500

/** One transaction at a time changes the defects of an app: studies of the same app would otherwise lock one another out. */
export async function lockDefects(trx: Kysely<StudyTables>, workspace: string, app: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${workspace} ${app}`}, 0))`.execute(trx)
}

/**
 * Brings the defects of an app up to what a study says, with an entry in the history for each change. A study says
 * nothing before all its analyses of the app have ended, and nothing of known defects once a later study has spoken.
 *
 * @returns the state of every defect known
 */
export async function followStates(
  trx: Kysely<StudyTables>,
  app: DefectOwner,
  study: string,
  merged: readonly Finding[],
  analyses: readonly EndedAnalysis[],
  now: number,
): Promise<ReadonlyMap<string, FindingState>> {
  const known = await trx
    .selectFrom('defects')
    .select(['fingerprint', 'state', 'known'])
    .where('workspace_id', '=', app.workspace_id)
    .where('app_name', '=', app.name)
    .execute()
  const states = new Map<string, FindingState>(known.map(({ fingerprint, state }) => [fingerprint, state]))
  const ended = analyses.flatMap(({ analyzer, outcome, coverage }) =>
    outcome === null ? [] : [{ analyzer, outcome, gaps: (coverage?.gaps ?? []).map(({ path }) => path) }],
  )
  if (ended.length < analyses.length) return states
  const changes = new Map<string, FindingState>()
  for (const { fingerprint } of merged) if (!states.has(fingerprint)) changes.set(fingerprint, 'open')
  const latest = !(await laterStudySpoke(trx, app, study))
  if (latest) {
    const seen = new Set(merged.map(({ fingerprint }) => fingerprint))
    for (const defect of known) {
      const next = nextState(defect.state, observe(defect.known, seen, ended))
      if (next !== undefined && next !== defect.state) changes.set(defect.fingerprint, next)
    }
  }
  const places = new Map(known.map((defect) => [defect.fingerprint, defect.known]))
  await keepDefects(
    trx,
    app,
    merged.filter((finding) =>
      latest ? !isDeepStrictEqual(places.get(finding.fingerprint), knownOf(finding)) : !places.has(finding.fingerprint),
    ),
  )
  await record(trx, app, study, changes, now)
  for (const [fingerprint, state] of changes) {
    const wasKnown = states.has(fingerprint)
    states.set(fingerprint, state)
    if (wasKnown) await setState(trx, app, fingerprint, state)
  }
  return states
}

/** Sets the state of a defect, and of its findings in every study. */
export async function setState(
  trx: Kysely<StudyTables>,
  app: DefectOwner,
  fingerprint: string,
  state: FindingState,
): Promise<void> {
  for (const table of ['defects', 'findings'] as const) {
    await trx
      .updateTable(table)
      .set({ state })
      .where('workspace_id', '=', app.workspace_id)
      .where('app_name', '=', app.name)
      .where('fingerprint', '=', fingerprint)
      .execute()
  }
}

/** Writes defects that are new, and where known ones were last seen. */
export async function keepDefects(
  trx: Kysely<StudyTables>,
  app: DefectOwner,
  findings: readonly Finding[],
): Promise<void> {
  for (let from = 0; from < findings.length; from += rowsPerInsert) {
    await trx
      .insertInto('defects')
      .values(
        findings.slice(from, from + rowsPerInsert).map((finding) => ({
          workspace_id: app.workspace_id,
          app_name: app.name,
          fingerprint: finding.fingerprint,
          state: 'open' as const,
          known: jsonText(knownOf(finding)),
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['workspace_id', 'app_name', 'fingerprint'])
          .doUpdateSet((update) => ({ known: update.ref('excluded.known') }))
          .whereRef('defects.known', 'is distinct from', (inner) => inner.ref('excluded.known')),
      )
      .execute()
  }
}

function knownOf({
  fingerprint,
  witnesses,
  location,
}: Finding): Pick<Finding, 'fingerprint' | 'witnesses' | 'location'> {
  return { fingerprint, witnesses, location }
}

async function laterStudySpoke(trx: Kysely<StudyTables>, app: DefectOwner, study: string): Promise<boolean> {
  const later = await trx
    .selectFrom('study_apps')
    .innerJoin('apps', 'apps.id', 'study_apps.app_id')
    .select('study_apps.study_id')
    .where('apps.workspace_id', '=', app.workspace_id)
    .where('apps.name', '=', app.name)
    .where('study_apps.study_id', '>', study)
    .where('study_apps.stale', '=', false)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('analyses')
            .select('analyses.id')
            .whereRef('analyses.study_id', '=', 'study_apps.study_id')
            .whereRef('analyses.app_id', '=', 'study_apps.app_id')
            .where('analyses.outcome', 'is', null),
        ),
      ),
    )
    .limit(1)
    .executeTakeFirst()
  return later !== undefined
}

async function record(
  trx: Kysely<StudyTables>,
  app: DefectOwner,
  study: string,
  changes: ReadonlyMap<string, FindingState>,
  now: number,
): Promise<void> {
  const events = [...changes].map(([fingerprint, state]) => ({
    id: newId(now),
    workspace_id: app.workspace_id,
    app_name: app.name,
    fingerprint,
    at: new Date(now),
    state,
    author: null,
    reason: null,
    study_id: study,
  }))
  for (let from = 0; from < events.length; from += rowsPerInsert) {
    await trx
      .insertInto('defect_events')
      .values(events.slice(from, from + rowsPerInsert))
      .execute()
  }
}
