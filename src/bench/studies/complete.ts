import type { Kysely } from 'kysely'
import type { Bus } from '#platform/events'
import { progressOf } from './progress.ts'
import type { StudyTables } from './tables.ts'

/** Ends a study all of whose analyses have ended and whose findings show it; does nothing to any other. */
export async function completeStudy(db: Kysely<StudyTables>, bus: Bus, study: string, now: number): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('studies')
    .set({ state: 'completed', finished_at: new Date(now) })
    .where('id', '=', study)
    .where('state', 'in', ['queued', 'running'])
    .where((where) =>
      where.not(
        where.exists(
          where.selectFrom('analyses').select('id').where('study_id', '=', study).where('outcome', 'is', null),
        ),
      ),
    )
    .where((where) =>
      where.not(
        where.exists(
          where.selectFrom('study_apps').select('app_id').where('study_id', '=', study).where('stale', '=', true),
        ),
      ),
    )
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return
  bus.publish(`study:${study}`, 'progress', (await progressOf(db, [study], now)).get(study))
  bus.publish(`study:${study}`, 'study', { state: 'completed' })
}

/** Apps of the study, or of any, whose analyses have all ended while their findings do not show it yet. */
export async function unsettledApps(
  db: Kysely<StudyTables>,
  limit: number,
  study?: string,
): Promise<{ study_id: string; app_id: string }[]> {
  let query = db
    .selectFrom('study_apps')
    .select(['study_id', 'app_id'])
    .where('stale', '=', true)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('analyses')
            .select('id')
            .whereRef('analyses.study_id', '=', 'study_apps.study_id')
            .whereRef('analyses.app_id', '=', 'study_apps.app_id')
            .where('outcome', 'is', null),
        ),
      ),
    )
  if (study !== undefined) query = query.where('study_id', '=', study)
  return query.orderBy('study_id').orderBy('position').limit(limit).execute()
}
