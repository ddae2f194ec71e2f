import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { StudyTables } from './tables.ts'

/** What the provenance of a study's findings rests on: its apps, beside which each is seen. */
export interface StudyContext {
  readonly apps: readonly {
    readonly app_id: string
    readonly model: string | null
    readonly snapshot: string
    readonly scaffold: string | null
  }[]
  /** The same for the same apps with the same code and the same models. */
  readonly digest: string
}

export async function contextOf(db: Kysely<StudyTables>, study: string): Promise<StudyContext> {
  const apps = await db
    .selectFrom('study_apps')
    .innerJoin('apps', 'apps.id', 'study_apps.app_id')
    .select(['study_apps.app_id', 'apps.model', 'apps.snapshot', 'apps.scaffold'])
    .where('study_apps.study_id', '=', study)
    .orderBy('study_apps.position')
    .execute()
  const told = apps.map(({ app_id, model, snapshot, scaffold }) => [app_id, model, snapshot, scaffold])
  return { apps, digest: createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 32) }
}
