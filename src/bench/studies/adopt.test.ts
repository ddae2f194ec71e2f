import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#platform/database'
import { testDatabases, titleOn } from '../../platform/database/testing.ts'
import { adoptFindings } from './adopt.ts'
import { findingsRefresher } from './refresh.ts'
import type { Study } from './resources.ts'
import type { StudyTables } from './tables.ts'
import { migrations, openRooms, type TestRooms, temporaryFolder, workspace } from './testing.ts'

for (const kind of testDatabases()) {
  describe.skipIf(kind.missing)(titleOn(kind, 'findings of a study asked again'), () => {
    let database: Database
    let rooms: TestRooms
    let folder: ReturnType<typeof temporaryFolder>

    beforeEach(async () => {
      folder = temporaryFolder()
      database = await kind.open(migrations)
      rooms = await openRooms(database, folder.path)
    })
    afterEach(async () => {
      await rooms[Symbol.asyncDispose]()
      await database.close()
      folder[Symbol.dispose]()
    })

    test('show what merging would show, row for row', async () => {
      const contents = {
        'm1/app1': '# patterns:A\n# secrets:A\n# secrets:Ä\n',
        'm2/app1': '# patterns:B\n',
        'm3/app1': '\n',
      }
      const first = await study(contents)
      await using _worker = rooms.work()
      await rooms.until(first.id, 'completed')
      const second = await study(contents)
      const adopted = await shown(second.id)
      expect(adopted.findings).toHaveLength(4)
      expect(await adoptFindings(database, second.id)).toBe(true)
      const refresher = findingsRefresher(database, rooms.apps, Date.now)
      for (const { app_id } of adopted.apps) await refresher.refresh(second.id, app_id)
      expect(await shown(second.id)).toEqual(adopted)
      expect(await rooms.states(second.id)).toEqual(await rooms.states(first.id))
      expect((await events()).length).toBe(adopted.findings.length)
    })

    test('are made anew where a state may change, or other apps came in between', async () => {
      const contents = { 'm1/app1': '# patterns:A\n' }
      const first = await study(contents)
      await using _worker = rooms.work()
      await rooms.until(first.id, 'completed')
      const second = await study(contents)
      expect(await adoptFindings(database, second.id)).toBe(true)
      // The defect is gone in between: fixed, and there again.
      const without = await study({ 'm1/app1': '\n' })
      await rooms.until(without.id, 'completed')
      const again = await study(contents)
      expect(await rooms.states(again.id)).toEqual({ A: 'regressed' })
      expect(await adoptFindings(database, second.id)).toBe(false)
      const beside = await study({ ...contents, 'm2/app1': '# patterns:B\n' })
      await rooms.until(beside.id, 'completed')
      expect(await rooms.states(beside.id)).toEqual({ A: 'regressed', B: 'open' })
    })

    async function study(contents: Readonly<Record<string, string>>): Promise<Study> {
      const apps = await rooms.bring(contents)
      return rooms.studies.createStudy(workspace, 'Ada', { name: 'one', apps: apps.map(({ id }) => id) })
    }

    /** All rows that show the findings of a study. */
    async function shown(id: string) {
      const db = database.tables<StudyTables>()
      const apps = await db.selectFrom('study_apps').selectAll().where('study_id', '=', id).orderBy('app_id').execute()
      const findings = await db.selectFrom('findings').selectAll().where('study_id', '=', id).orderBy('id').execute()
      const bodies = await db
        .selectFrom('finding_bodies')
        .innerJoin('findings', 'findings.id', 'finding_bodies.id')
        .select(['finding_bodies.id', 'body'])
        .where('study_id', '=', id)
        .orderBy('finding_bodies.id')
        .execute()
      return { apps, findings, bodies }
    }

    function events() {
      return database.tables<StudyTables>().selectFrom('defect_events').selectAll().execute()
    }
  })
}
