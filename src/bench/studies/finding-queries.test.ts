import type { Kysely } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Finding } from '#bench/findings'
import type { Database } from '#platform/database'
import { testDatabases, titleOn } from '../../platform/database/testing.ts'
import { compareStudy } from './compare.ts'
import { groupsOfFindings } from './finding-groups.ts'
import { type FindingIndex, openFindingIndex } from './finding-index/open.ts'
import { pageOfFindings } from './finding-queries.ts'
import { findingGroupsQuerySchema, findingsQuerySchema } from './finding-resources.ts'
import { insertFindings } from './finding-row.ts'
import { StudyReader } from './study-reader.ts'
import type { StudyTables } from './tables.ts'
import { migrations } from './testing.ts'

const workspace = '01890000-0000-7000-8000-00000000000a'
const study = '01890000-0000-7000-8000-00000000000b'
const app = { id: '01890000-0000-7000-8000-00000000000c', name: 'careless/app1', model: 'careless' }

/** Ten findings: severities in turn, every third in `backend/App.py`, the rest in `web/100%.js`. */
const findings = Array.from({ length: 10 }, (_, index): Finding => {
  const severity = (['critical', 'high', 'medium', 'low', 'info'] as const)[index % 5] ?? 'info'
  const analyzer = index % 2 === 0 ? 'python-lint' : 'patterns'
  return {
    fingerprint: `${String(index).repeat(32)}:1`,
    rule: `${analyzer}/${index % 2 === 0 ? 'S102' : 'none-such'}`,
    title: 'A defect',
    category: 'security',
    severity,
    confidence: 'high',
    cwe: index === 0 ? [] : [78, 79],
    location: { kind: 'file', path: index % 3 === 0 ? 'backend/App.py' : 'web/100%.js' },
    message: `Number ${index} \0 is reached by anyone.`,
    why: 'Because.',
    fix: 'Mend it.',
    evidence: {},
    witnesses: [
      { analyzer, version: '1', rule: 'x' },
      ...(index === 4 ? [{ analyzer: 'secrets', version: '1', rule: 'y' }] : []),
    ],
    provenance: 'model',
  }
})

/** What makes a twin of a finding a guess. */
const guessed = { fingerprint: `${'f'.repeat(32)}:1`, confidence: 'low' } as const

/** How many findings are kept in memory. */
const limits = [0, 1000]
const cases = testDatabases().flatMap((kind) => limits.map((limit) => ({ kind, limit })))

for (const { kind, limit } of cases) {
  describe.skipIf(kind.missing)(titleOn(kind, limit > 0 ? 'findings in memory' : 'findings'), () => {
    let database: Database
    let index: FindingIndex
    let db: Kysely<StudyTables>

    beforeAll(async () => {
      database = await kind.open(migrations)
      db = database.tables<StudyTables>()
      const at = new Date(0)
      const empty = { files: '[]', excluded: '[]', components: '[]', archive: '', stack: [] }
      await db
        .insertInto('snapshots')
        .values({ digest: 'd', ...empty, file_count: 0, bytes: 0, lines: 0 })
        .execute()
      await db
        .insertInto('apps')
        .values({
          ...app,
          workspace_id: workspace,
          spec: null,
          sample: null,
          snapshot: 'd',
          scaffold: null,
          created_at: at,
        })
        .execute()
      const row = { id: study, workspace_id: workspace, name: 'One', question: null, state: 'completed' as const }
      await db
        .insertInto('studies')
        .values({ ...row, analyzers: [], repeats: 1, options: '{}', priority: 0, created_by: 'Ada', created_at: at })
        .execute()
      await db.insertInto('study_apps').values({ study_id: study, app_id: app.id, position: 0, stale: false }).execute()
      const owner = { workspace_id: workspace, study_id: study, app_id: app.id, name: app.name, model: app.model }
      await insertFindings(db, owner, findings.map((finding) => ({ finding, state: 'open' as const }))) // biome-ignore format: one line
      index = openFindingIndex(database, { now: Date.now, onError: (error) => expect.fail(String(error)), limit })
      await index.ask(workspace, () => true)
      await index.settled(workspace)
    })
    afterAll(async () => {
      await index[Symbol.asyncDispose]()
      await database.close()
    })
    test.runIf(limit > 0)('are asked of the memory', async () => {
      expect(await index.ask(workspace, (rows) => rows.size)).toBe(10)
    })

    const list = (query: Record<string, unknown>) =>
      pageOfFindings(db, index, workspace, findingsQuerySchema.parse({ limit: 3, ...query }))
    const group = async (by: string, query: Record<string, unknown> = {}) => {
      const { items } = await groupsOfFindings(db, index, workspace, findingGroupsQuerySchema.parse({ by, ...query }))
      return items.map(({ key, label, count }) => [key, label, count])
    }

    test.each([
      ['severity', {}],
      ['-severity', {}],
      ['path', {}],
      ['rule', {}],
      ['app', {}],
      ['severity', { q: 'NUMBER' }],
      ['path', { path: 'e' }],
    ])('pages sorted by %s with %o hold every finding once, with the total on each', async (sort, filter) => {
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await list({ sort, cursor, ...filter })
        expect(page.total).toBe(10)
        seen.push(...page.items.map(({ fingerprint }) => fingerprint))
        cursor = page.next ?? undefined
      } while (cursor !== undefined)
      expect(seen.toSorted()).toEqual(findings.map(({ fingerprint }) => fingerprint))
    })

    test('the worst come first', async () => {
      const { items } = await list({ limit: 10 })
      expect(items.map(({ severity }) => severity[0]).join('')).toBe('cchhmmllii')
    })

    test('filters narrow, parts of texts are found in any case and as they are written', async () => {
      const totalOf = async (query: Record<string, unknown>) => (await list(query)).total
      expect(await totalOf({ severity: 'critical,info' })).toBe(4)
      expect(await totalOf({ analyzer: 'patterns' })).toBe(5)
      expect(await totalOf({ analyzer: 'secrets' })).toBe(1)
      expect(await totalOf({ cwe: '79' })).toBe(9)
      expect(await totalOf({ path: 'app.PY' })).toBe(4)
      expect(await totalOf({ path: '0%.' })).toBe(6)
      expect(await totalOf({ q: 'number 7' })).toBe(1)
      expect(await totalOf({ q: 'a defect' })).toBe(10)
      expect(await totalOf({ q: '%' })).toBe(6)
      expect(await totalOf({ q: 'nowhere', sort: 'path' })).toBe(0)
      expect(await totalOf({ model: 'careful' })).toBe(0)
    })

    test('low confidence is left out unless asked for, in lists, totals and groups', async () => {
      const [first] = findings
      if (first === undefined) throw new Error('There are findings.')
      const guess: Finding = { ...first, ...guessed }
      const owner = { workspace_id: workspace, study_id: study, app_id: app.id, name: app.name, model: app.model }
      await insertFindings(db, owner, [{ finding: guess, state: 'open' }])
      try {
        expect((await list({})).total).toBe(10)
        expect((await list({ q: 'a defect' })).total).toBe(10)
        const { items, total } = await list({ confidence: 'low' })
        expect([total, items.map(({ fingerprint }) => fingerprint)]).toEqual([1, [guess.fingerprint]])
        expect((await list({ confidence: 'high,medium,low' })).total).toBe(11)
        expect(await group('confidence')).toEqual([['high', 'high', 10]])
        expect(await group('confidence', { confidence: 'high,medium,low' })).toEqual([
          ['high', 'high', 10],
          ['low', 'low', 1],
        ])
        const counted = await new StudyReader(db, index, Date.now).get(workspace, study)
        expect(counted.findings).toEqual({
          total: 10,
          bySeverity: { critical: 2, high: 2, medium: 2, low: 2, info: 2 },
          lowConfidence: 1,
        })
        const { models } = await compareStudy(db, await new StudyReader(db, index, Date.now).row(workspace, study))
        expect(models.map(({ findings: { total } }) => total)).toEqual([10])
      } finally {
        await db.deleteFrom('findings').where('fingerprint', '=', guess.fingerprint).execute()
      }
    })

    test('groups count each finding under each analyzer that saw it, with titles of known rules', async () => {
      expect(await group('analyzer')).toEqual([
        ['patterns', 'patterns', 5],
        ['python-lint', 'python-lint', 5],
        ['secrets', 'secrets', 1],
      ])
      expect(await group('cwe')).toEqual([
        ['78', 'CWE-78 OS command injection', 9],
        ['', 'none', 1],
      ])
      expect(await group('rule', { severity: 'critical' })).toEqual([
        ['patterns/none-such', 'patterns/none-such', 1],
        ['python-lint/S102', expect.stringMatching(/exec/i), 1],
      ])
      expect(await group('severity', { path: 'app.py' })).toEqual([
        ['critical', 'critical', 1],
        ['high', 'high', 1],
        ['info', 'info', 1],
        ['low', 'low', 1],
      ])
      expect(await group('owasp')).toEqual([['', 'none', 10]])
    })
  })
}
