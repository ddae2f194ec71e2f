import type { Kysely, Selectable } from 'kysely'
import { remembered } from './remembered.ts'
import type { StudyTables } from './tables.ts'

type Options = Selectable<StudyTables['studies']>['options']

/** What never changes of apps and studies, and is asked for again with each of their analyses. */
export interface Constants {
  /** The digest of an app's code. */
  snapshotOf(app: string): Promise<string>
  /** The options a study gives its analyzers. */
  optionsOf(study: string): Promise<Options>
}

/** Apps and studies kept; the oldest go. */
const kept = 5_000

export function readConstants(db: Kysely<StudyTables>): Constants {
  const snapshots = new Map<string, Promise<string>>()
  const options = new Map<string, Promise<Options>>()
  return {
    snapshotOf: (app) =>
      remembered(snapshots, app, kept, async () => {
        const row = await db.selectFrom('apps').select('snapshot').where('id', '=', app).executeTakeFirstOrThrow()
        return row.snapshot
      }),
    optionsOf: (study) =>
      remembered(options, study, kept, async () => {
        const row = await db.selectFrom('studies').select('options').where('id', '=', study).executeTakeFirstOrThrow()
        return row.options
      }),
  }
}
