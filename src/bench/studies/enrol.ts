import type { Kysely } from 'kysely'
import { InvalidInput } from '#platform/errors'
import type { Queue } from '#platform/queue'
import { adoptFindings } from './adopt.ts'
import { completeStudy, unsettledApps } from './complete.ts'
import { insertAnalyses, type PlannedApp, planAnalyses } from './plan.ts'
import { analysisQueues } from './queues.ts'
import type { NewStudy } from './resources.ts'
import type { StudiesParts } from './studies.ts'
import type { StudyTables } from './tables.ts'
import { controlRoom } from './worker.ts'

/** Apps to a statement. */
const appsPerInsert = 1000

/** A study as joining needs it. */
interface JoinedStudy {
  readonly id: string
  readonly analyzers: readonly string[]
  readonly repeats: number
  readonly options?: NewStudy['options']
  readonly priority: number
}

/**
 * Plans the apps' analyses and writes rows and jobs in one transaction.
 * @param before what else the transaction does, first; tells how many apps the study has already
 * @throws InvalidInput when an app is not there, or two have one name
 */
export async function enrol(
  parts: StudiesParts,
  study: JoinedStudy,
  ids: readonly string[],
  workspace: string,
  before: (trx: Kysely<StudyTables>) => Promise<number>,
): Promise<void> {
  const db = parts.database.tables<StudyTables>()
  const planned = await plannedApps(parts, study.id, ids, workspace)
  const rows = await planAnalyses(db, planned, {
    study: study.id,
    analyzers: study.analyzers,
    repeats: study.repeats,
    options: study.options ?? {},
    network: parts.network,
    now: parts.now(),
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
      parts.queue,
      trx,
      rows.filter(({ outcome }) => outcome === undefined).map(({ id, queue }) => ({ id, queue })),
      study,
    )
  })
  announce(parts, study.id)
  await settleAnswered(parts, study.id)
}

/** Puts analyses in line; part of the caller's transaction. */
export async function enqueue(
  queue: Queue,
  trx: Kysely<StudyTables>,
  analyses: readonly { id: string; queue: string }[],
  study: Pick<JoinedStudy, 'id' | 'priority'>,
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

/** Tells workers here and elsewhere, and whoever watches, that a study has work. */
export function announce({ queue, bus }: Pick<StudiesParts, 'queue' | 'bus'>, study: string): void {
  queue.wake()
  bus.publish(controlRoom, 'enqueued', { study })
  bus.publish(`study:${study}`, 'study', { state: 'running' })
}

/** Apps all of whose analyses ended at planning need no worker. */
async function settleAnswered({ database, bus, refresher, now }: StudiesParts, study: string): Promise<void> {
  const db = database.tables<StudyTables>()
  const ended = (await adoptFindings(database, study)) ? [] : await unsettledApps(db, Number.MAX_SAFE_INTEGER, study)
  for (const { app_id } of ended) await refresher.refresh(study, app_id)
  await completeStudy(db, bus, study, now())
}

async function plannedApps(
  { database, apps }: StudiesParts,
  study: string,
  ids: readonly string[],
  workspace: string,
): Promise<PlannedApp[]> {
  const db = database.tables<StudyTables>()
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
  const present = await db
    .selectFrom('study_apps')
    .innerJoin('apps', 'apps.id', 'study_apps.app_id')
    .select('apps.name')
    .where('study_id', '=', study)
    .execute()
  const names = new Set(present.map(({ name }) => name))
  const joining: { id: string; snapshot: string }[] = []
  for (const id of wanted) {
    const row = byId.get(id)
    if (row === undefined) continue
    if (names.has(row.name))
      throw new InvalidInput(`Two of the apps are named ${row.name}.`, { next: 'Choose one version of it.' })
    names.add(row.name)
    joining.push({ id, snapshot: row.snapshot })
  }
  return Promise.all(joining.map(async ({ id, snapshot }) => ({ id, snapshot: await apps.snapshot(snapshot) })))
}
