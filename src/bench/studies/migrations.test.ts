import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { testDatabases, titleOn } from '../../platform/database/testing.ts'
import type { StudyTables } from './tables.ts'
import { migrations } from './testing.ts'

const release = '2026-11-20-studies'
const id = (number: number): string => `01890000-0000-7000-8000-${String(number).padStart(12, '0')}`
const [study, app] = [id(1), id(2)]
const severities = ['critical', 'high', 'medium', 'low', 'info'] as const
/** Two criticals, one of them a guess, and a medium one of medium confidence. */
const given = [
  { severity: 'critical', confidence: 'high' },
  { severity: 'critical', confidence: 'low' },
  { severity: 'medium', confidence: 'medium' },
] as const
const counts = (critical: number, medium: number) => ({ critical, high: 0, medium, low: 0, info: 0 })

for (const kind of testDatabases()) {
  describe.skipIf(kind.missing)(titleOn(kind, 'a database of an earlier release'), () => {
    test('gets the confidence of its findings, and counts that leave out guesses', async () => {
      await using database = await kind.open(migrations.filter(({ name }) => name <= release))
      const db = database.tables<StudyTables>()
      await sql`insert into snapshots (digest, files, excluded, components, archive, stack, file_count, bytes, lines)
        values ('d', '[]', '[]', '[]', '', '{}', 0, 0, 0)`.execute(db)
      await sql`insert into apps (id, workspace_id, name, snapshot, created_at)
        values (${app}, ${id(9)}, 'm/app1', 'd', now())`.execute(db)
      await sql`insert into studies (id, workspace_id, name, state, analyzers, repeats, options, created_by, created_at)
        values (${study}, ${id(9)}, 'old', 'completed', '{}', 1, '{}', 'Ada', now())`.execute(db)
      await sql`insert into study_apps (study_id, app_id, position) values (${study}, ${app}, 0)`.execute(db)
      await sql`insert into results (id, analyzer, version, options_digest, snapshot, repeat, findings, metrics, coverage,
          checks, counts, log, duration_ms, reusable_until)
        values (${id(3)}, 'patterns', '1', '', 'd', 1, ${JSON.stringify(given)}::jsonb, '{}', '{}', '[]',
          ${JSON.stringify(counts(2, 1))}::jsonb, '[]', 1, 'infinity')`.execute(db)
      await sql`insert into analyses (id, study_id, app_id, analyzer, version, repeat, options_digest, queue, outcome,
          result_id, counts)
        values (${id(4)}, ${study}, ${app}, 'patterns', '1', 1, '', 'analysis', 'completed', ${id(3)},
          ${JSON.stringify(counts(2, 1))}::jsonb)`.execute(db)
      for (const [index, finding] of given.entries()) {
        const row = id(10 + index)
        await sql`insert into findings (id, workspace_id, study_id, app_id, app_name, fingerprint, severity, category, rule,
            analyzers, cwe, path, line, state, provenance, haystack)
          values (${row}, ${id(9)}, ${study}, ${app}, 'm/app1', ${row}, ${severities.indexOf(finding.severity)}, 'security',
            'patterns/x', '{patterns}', '{}', 'a.py', 1, 'open', 'model', '')`.execute(db)
        await sql`insert into finding_bodies (id, study_id, app_id, body)
          values (${row}, ${study}, ${app}, ${JSON.stringify(finding)}::jsonb)`.execute(db)
      }

      for (const { name, up } of migrations) if (name > release) await up(db)

      const rows = await db.selectFrom('findings').select('confidence').orderBy('id').execute()
      const bodies = await db.selectFrom('finding_bodies').selectAll().orderBy('id').execute()
      expect(bodies.map(({ body }) => body)).toEqual(given)
      expect(rows.map(({ confidence }) => confidence)).toEqual([0, 2, 1])
      const [result] = await db.selectFrom('results').select('counts').execute()
      const [analysis] = await db.selectFrom('analyses').select('counts').execute()
      expect([result?.counts, analysis?.counts]).toEqual([counts(1, 1), counts(1, 1)])
    })
  })
}
