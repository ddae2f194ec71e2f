import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import type { AnalyzerPool } from '#bench/analyzers'
import { type AppSnapshot, decode } from '#bench/apps'
import type { Apps } from '#bench/collection'
import type { FindingState } from '#bench/findings'
import { type Database, newId, plainText } from '#platform/database'
import { NotFound } from '#platform/errors'
import { keepDefects, lockDefects, setState } from './defects.ts'
import { groupsOfFindings } from './finding-groups.ts'
import type { FindingIndex } from './finding-index/open.ts'
import { type FindingRow, pageOfFindings, toItem } from './finding-queries.ts'
import type { FindingDetail, Triage } from './finding-resources.ts'
import type { FindingRouteServices } from './finding-routes.ts'
import { replayFinding } from './replay.ts'
import type { StudyTables } from './tables.ts'

/** Lines of code shown around a finding. */
const contextLines = 12

/** Opens the findings kept by studies. */
export function openFindings(
  database: Database,
  index: FindingIndex,
  apps: Apps,
  pool: AnalyzerPool,
  now: () => number,
): FindingRouteServices {
  const db = database.tables<StudyTables>()

  async function row(workspace: string, id: string): Promise<FindingRow> {
    const found = await db
      .selectFrom('findings')
      .innerJoin('studies', 'studies.id', 'findings.study_id')
      .innerJoin('finding_bodies', 'finding_bodies.id', 'findings.id')
      .selectAll('findings')
      .select(['finding_bodies.body', 'studies.name as study_name'])
      .where('findings.workspace_id', '=', workspace)
      .where('findings.id', '=', id)
      .executeTakeFirst()
    if (found === undefined)
      throw new NotFound(`There is no finding ${id}.`, {
        next: 'It may have gone with its study, or with a new analysis of its app.',
      })
    return found
  }

  async function detail(workspace: string, id: string): Promise<FindingDetail> {
    const found = await row(workspace, id)
    const history = await db
      .selectFrom('defect_events')
      .leftJoin('studies', 'studies.id', 'defect_events.study_id')
      .select([
        'defect_events.at',
        'defect_events.state',
        'defect_events.author',
        'defect_events.reason',
        'studies.name as study',
      ])
      .where('defect_events.workspace_id', '=', workspace)
      .where('app_name', '=', found.app_name)
      .where('fingerprint', '=', found.fingerprint)
      .orderBy('defect_events.id')
      .execute()
    return {
      ...toItem(found),
      history: history.map(({ at, ...event }) => ({ at: at.toISOString(), ...event })),
      code: await codeOf(found),
    }
  }

  async function appOf(found: FindingRow): Promise<AppSnapshot> {
    const { snapshot } = await db
      .selectFrom('apps')
      .select('snapshot')
      .where('id', '=', found.app_id)
      .executeTakeFirstOrThrow()
    return apps.snapshot(snapshot)
  }

  async function codeOf(found: FindingRow): Promise<FindingDetail['code']> {
    const { location } = found.body
    if (location.kind !== 'file') return null
    const app = await appOf(found)
    const file = app.files.find(({ path }) => path === location.path)
    if (file?.encoding === undefined) return null
    const lines = decode(await readFile(join(app.root, file.path)), file.encoding).split(/\r\n?|\n/)
    const first = location.region?.startLine ?? 1
    const last = Math.min(location.region?.endLine ?? first, first + 100, lines.length)
    const from = Math.max(1, first - contextLines)
    return {
      path: location.path,
      startLine: from,
      lines: lines.slice(from - 1, last + contextLines).map((line) => line.slice(0, 2000)),
      highlight: { startLine: first, endLine: Math.max(first, last) },
    }
  }

  return {
    getFinding: detail,
    async replayFinding(workspace, id, signal) {
      const found = await row(workspace, id)
      return replayFinding(pool, await appOf(found), found.body, signal)
    },
    listFindings: (workspace, query) => pageOfFindings(db, index, workspace, query),
    groupFindings: (workspace, query) => groupsOfFindings(db, index, workspace, query),
    async triageFinding(workspace, author, id, decision) {
      const found = await row(workspace, id)
      await decide(db, workspace, found, decision, author, now())
      return detail(workspace, id)
    },
  }
}

/** A person's decision holds for the defect in every study of the app. */
async function decide(
  db: Kysely<StudyTables>,
  workspace: string,
  found: FindingRow,
  { state, reason }: Triage,
  author: string,
  now: number,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const app = { workspace_id: workspace, name: found.app_name }
    await lockDefects(trx, workspace, found.app_name)
    // A finding of an app whose analyses have not all ended has no defect yet.
    await keepDefects(trx, app, [found.body])
    await setState(trx, app, found.fingerprint, state satisfies FindingState)
    await trx
      .insertInto('defect_events')
      .values({
        id: newId(now),
        workspace_id: workspace,
        app_name: found.app_name,
        fingerprint: found.fingerprint,
        at: new Date(now),
        state,
        author: plainText(author),
        reason: plainText(reason),
        study_id: null,
      })
      .execute()
  })
}
