import { type Kysely, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#platform/database'
import { testDatabases, titleOn } from '../../../platform/database/testing.ts'
import type { StudyTables } from '../tables.ts'
import { migrations, workspace } from '../testing.ts'
import { ChangeReader, forgetChanges } from './changes.ts'

const idOf = (number: number): string => `01890000-0000-7000-8000-${String(number).padStart(12, '0')}`
const parts = [1, 2].map((number) => ({ study_id: idOf(number), app_id: idOf(10 + number) }))

for (const kind of testDatabases()) {
  describe.skipIf(kind.missing)(titleOn(kind, 'changes of findings'), () => {
    let database: Database
    let db: Kysely<StudyTables>

    beforeEach(async () => {
      database = await kind.open(migrations)
      db = database.tables<StudyTables>()
    })
    afterEach(() => database.close())

    test('are told once, whatever statement made them', async () => {
      const reader = new ChangeReader(db, workspace)
      await insert(0)
      expect(await told(reader)).toEqual([])
      await insert(1)
      expect(await told(reader)).toEqual([parts[1]])
      await db.updateTable('findings').set({ state: 'fixed' }).execute()
      expect(await told(reader)).toEqual(parts)
      await db.updateTable('findings').set({ state: 'open' }).where('state', '=', 'accepted').execute()
      expect(await told(reader)).toEqual([])
      await db.deleteFrom('findings').where('id', '=', idOf(0)).execute()
      expect(await told(reader)).toEqual([parts[0]])
      expect(await told(reader)).toEqual([])
    })

    test('forgotten unseen are told as a gap, to those who have not seen them', async () => {
      const [late, early] = [new ChangeReader(db, workspace), new ChangeReader(db, workspace)]
      await late.read()
      await insert(0)
      await early.read()
      await forgetChanges(db, early.from ?? 0n, 0)
      expect(await records()).toEqual([null])
      expect((await early.read()).incomplete).toBe(false)
      expect((await late.read()).incomplete).toBe(true)
      expect((await late.read()).incomplete).toBe(false)
      await insert(1)
      expect(await told(early)).toEqual([parts[1]])
      await forgetChanges(db, early.from ?? 0n)
      expect(await records()).toEqual([workspace, null])
    })

    test('of another server, whose dump was restored here, are none', async () => {
      const reader = new ChangeReader(db, workspace)
      await reader.read()
      await sql`insert into finding_changes values (${workspace}, ${idOf(1)}, ${idOf(11)}, '99999999999'),
        (null, null, null, '99999999999')`.execute(db)
      expect(await reader.read()).toEqual({ parts: [], incomplete: false })
      await forgetChanges(db, reader.from ?? 0n, 0)
      expect(await records()).toEqual([null])
    })

    async function told(reader: ChangeReader) {
      const { parts: changed, incomplete } = await reader.read()
      expect(incomplete).toBe(false)
      return changed.toSorted((a, b) => (a.study_id < b.study_id ? -1 : 1))
    }

    async function records() {
      const rows = await db.selectFrom('finding_changes').select('workspace_id').execute()
      return rows.map(({ workspace_id }) => workspace_id).sort()
    }

    async function insert(part: 0 | 1): Promise<void> {
      const row = {
        id: idOf(part),
        workspace_id: workspace,
        app_name: 'm/a',
        model: null,
        fingerprint: 'f',
        severity: 0,
      }
      const rest = { category: 'security', rule: 'r', analyzers: [], cwe: [], owasp: null, path: 'p', line: 1 }
      const last = { state: 'open' as const, provenance: 'model', confidence: 0, haystack: '' }
      const owner = parts[part] ?? { study_id: '', app_id: '' }
      await db
        .insertInto('findings')
        .values({ ...row, ...owner, ...rest, ...last })
        .execute()
    }
  })
}
