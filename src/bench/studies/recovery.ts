import { hostname } from 'node:os'
import { sql } from 'kysely'
import { messageOf } from '#platform/errors'
import { completeStudy, unsettledApps } from './complete.ts'
import { analysisQueues } from './queues.ts'
import type { StudyTables } from './tables.ts'
import type { WorkerParts } from './worker.ts'

/** Milliseconds: how often a worker shows that it lives, and looks for what others left behind. */
export const heartbeatMs = 5000
/** Signs of life a worker may miss before it is taken for gone. */
const missedHeartbeats = 6
/** Apps settled, and jobs added, at a time. */
const batch = 500

/**
 * Takes back what workers that are gone had begun, queues what has no job, and finishes what only lacked the last
 * step. The embedded database has one process, so every other worker it knows is a dead one.
 *
 * @param worker the one that recovers
 * @param isPending whether this process is about to settle an app by itself
 */
export async function recover(
  parts: WorkerParts,
  worker: string,
  isPending: (study: string, app: string) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const { database, bus, refresher, log, now } = parts
  const db = database.tables<StudyTables>()
  await takeBack(parts, worker)
  await addMissingJobs(parts)
  for (const { study_id, app_id } of await unsettledApps(db, batch)) {
    if (signal.aborted) return
    if (isPending(study_id, app_id)) continue
    await refresher
      .refresh(study_id, app_id)
      .catch((error: unknown) => log(`Findings of app ${app_id} were not brought up to date: ${messageOf(error)}`))
  }
  const open = await db.selectFrom('studies').select('id').where('state', 'in', ['queued', 'running']).execute()
  for (const study of open) await completeStudy(db, bus, study.id, now())
}

async function takeBack({ database, queue, now }: WorkerParts, self: string): Promise<void> {
  const db = database.tables<StudyTables>()
  const others = await db.selectFrom('workers').selectAll().where('id', '<>', self).execute()
  const silentSince = now() - missedHeartbeats * heartbeatMs
  const gone = others.filter(
    ({ host, pid, last_seen }) =>
      database.kind === 'pglite' ||
      last_seen.getTime() < silentSince ||
      (host === hostname() && pid !== process.pid && !runs(pid)),
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
}

async function addMissingJobs({ database, queue }: WorkerParts): Promise<void> {
  const db = database.tables<StudyTables>()
  const { rows } = await sql<{ id: string; queue: string; study_id: string; priority: number }>`
    select analyses.id, analyses.queue, analyses.study_id, studies.priority from analyses join studies on studies.id = analyses.study_id
    where analyses.outcome is null and studies.state in ('queued', 'running')
      and not exists (select 1 from queue.job where job.id = analyses.id and job.name = analyses.queue and job.state in ('created', 'retry', 'active'))
    order by analyses.id limit ${batch}`.execute(db)
  for (const name of analysisQueues) {
    const jobs = rows
      .filter((row) => row.queue === name)
      .map((row) => ({ id: row.id, data: { study: row.study_id }, priority: row.priority }))
    if (jobs.length > 0) await db.transaction().execute((trx) => queue.add(name, jobs, trx))
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
