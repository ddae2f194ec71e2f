import fc from 'fast-check'
import type { Kysely } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Finding, type FindingState, findingStates, severities } from '#bench/findings'
import { type Database, openDatabase, plainText } from '#platform/database'
import { testDatabases, titleOn } from '../../../platform/database/testing.ts'
import { setState } from '../defects.ts'
import { groupsOfFindings } from '../finding-groups.ts'
import { pageOfFindings } from '../finding-queries.ts'
import { findingGroupings, findingGroupsQuerySchema, findingSorts, findingsQuerySchema } from '../finding-resources.ts'
import { deleteFindings, insertFindings } from '../finding-row.ts'
import { StudyReader } from '../study-reader.ts'
import type { StudyTables } from '../tables.ts'
import { migrations, workspace } from '../testing.ts'
import { type FindingIndex, openFindingIndex } from './open.ts'

const idOf = (number: number): string => `01890000-0000-7000-8000-${String(number).padStart(12, '0')}`
const studies = [idOf(1), idOf(2), idOf(3)]
const apps = [
  { id: idOf(11), name: 'careless/app1', model: 'careless' },
  { id: idOf(12), name: 'Careful/app1', model: null },
  { id: idOf(13), name: 'ärger/app\u{1f600}', model: 'ärger' },
]
const other = idOf(99)

/** Texts that languages, patterns and encodings treat in their own ways. */
const text = fc
  .array(fc.constantFrom('a', 'B', 'b', '%', '_', '\\', 'é', 'É', 'ß', 'İ', 'Σ', '\u{1f600}', '\uff5e', '\ue000', "'", '"', '\n', '{', ',', ' ', '\0'), { minLength: 1, maxLength: 4 }) // biome-ignore format: a list of letters
  .map((letters) => letters.join(''))
const analyzers = ['patterns', 'secrets', 'a"b']

const finding = fc.record({
  number: fc.integer({ min: 0, max: 30 }),
  severity: fc.constantFrom(...severities),
  confidence: fc.constantFrom('high', 'medium', 'low'),
  category: fc.constantFrom('security', 'quality'),
  provenance: fc.constantFrom('model', 'scaffold', 'dependency'),
  cwe: fc.subarray([79, 89, 22]),
  owasp: fc.option(fc.constantFrom('A05:2025', 'A01:2025'), { nil: undefined }),
  title: text,
  path: text,
  rule: text,
  seen: fc.subarray(analyzers, { minLength: 1 }),
})
type Given = typeof finding extends fc.Arbitrary<infer T> ? T : never

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('write'), study: fc.nat(2), app: fc.nat(2), findings: fc.array(finding, { maxLength: 12 }), keep: fc.boolean() }) }, // biome-ignore format: one line
  { weight: 2, arbitrary: fc.record({ do: fc.constant('state'), app: fc.nat(2), number: fc.nat(30), state: fc.constantFrom(...findingStates) }) }, // biome-ignore format: one line
  fc.record({ do: fc.constant('delete'), study: fc.nat(2) }),
  { weight: 8, arbitrary: fc.record({ do: fc.constant('ask'), query: queries(), by: fc.constantFrom(...findingGroupings) }) }, // biome-ignore format: one line
)

function queries() {
  return fc.record(
    {
      sort: fc.constantFrom(...findingSorts),
      limit: fc.integer({ min: 1, max: 20 }),
      study: fc.constantFrom(...studies).map((id) => id.toUpperCase()),
      app: fc.constantFrom(...apps).map(({ id }) => id),
      model: fc.constantFrom('careless', 'ärger', 'none'),
      severity: fc.subarray([...severities], { minLength: 1 }).map(String),
      analyzer: fc.constantFrom(...analyzers, 'a'),
      rule: text.map((rule) => `patterns/${rule}`),
      cwe: fc.constantFrom(79, 89, 1),
      owasp: fc.constantFrom('A05:2025', 'A01:2025'),
      state: fc.subarray([...findingStates], { minLength: 1 }).map(String),
      provenance: fc.constantFrom('model', 'model,scaffold'),
      confidence: fc.constantFrom('low', 'high,medium,low'),
      category: fc.constantFrom('security', 'quality'),
      path: text,
      q: text,
    },
    { requiredKeys: ['sort', 'limit'] },
  )
}

for (const kind of testDatabases()) {
  describe.skipIf(kind.missing)(titleOn(kind, 'findings in memory'), () => {
    let database: Database
    let db: Kysely<StudyTables>
    /** Another process's view of the same database, where there can be one. */
    let elsewhere: Database
    let there: Kysely<StudyTables>
    let never: FindingIndex

    beforeAll(async () => {
      database = await kind.open(migrations)
      const { driver } = database
      elsewhere = driver.kind === 'postgres' ? await openDatabase({ url: driver.url, migrations }) : database
      db = database.tables<StudyTables>()
      there = elsewhere.tables<StudyTables>()
      never = openFindingIndex(database, { now: Date.now, onError: fail, limit: 0 })
      await seed(db)
    })
    afterAll(async () => {
      if (elsewhere !== database) await elsewhere.close()
      await database.close()
    })

    test('answer as the database does, whatever is written by whom', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
          await using index = openFindingIndex(database, { now: Date.now, onError: fail })
          const memory = alwaysThere(index)
          for (const [number, given] of steps.entries()) {
            const writer = number % 2 === 0 ? db : there
            if (given.do === 'write') await write(writer, given.study, given.app, given.findings, given.keep)
            if (given.do === 'delete') await deleteFindings(writer, studies[given.study] ?? '')
            if (given.do === 'state')
              await setState(writer, ownerOf(0, given.app), fingerprintOf(given.number), given.state)
            if (given.do === 'ask') await sameAnswers(memory, given.query, given.by)
          }
        }),
        { numRuns: 30 },
      )
    })

    test('pages follow one another as the database has them, in every order', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(finding, { minLength: 10, maxLength: 25 }), async (findings) => {
          await using index = openFindingIndex(database, { now: Date.now, onError: fail })
          const memory = alwaysThere(index)
          await write(db, 0, 0, findings, false)
          for (const sort of findingSorts) {
            let cursor: string | undefined
            do {
              const query = findingsQuerySchema.parse({ sort, limit: 7, cursor })
              const page = await pageOfFindings(db, memory, workspace, query)
              expect(page).toEqual(await pageOfFindings(db, never, workspace, query))
              cursor = page.next ?? undefined
            } while (cursor !== undefined)
          }
        }),
        { numRuns: 10 },
      )
    })

    test.runIf(kind.name === 'PostgreSQL')('a transaction that ends after a later one is not missed', async () => {
      await using index = openFindingIndex(database, { now: Date.now, onError: fail })
      const memory = alwaysThere(index)
      const size = (): Promise<number | undefined> => memory.ask(workspace, (rows) => rows.size)
      for (const study of studies) await deleteFindings(db, study)
      expect(await size()).toBe(0)
      await there.transaction().execute(async (trx) => {
        await write(trx, 0, 0, [sample], false)
        await write(db, 1, 1, [sample], false)
        expect(await size()).toBe(1)
      })
      expect(await size()).toBe(2)
    })

    test('a transaction is seen whole or not at all', async () => {
      for (const study of studies) await deleteFindings(db, study)
      await write(db, 0, 0, [sample], false)
      await using index = openFindingIndex(database, { now: Date.now, onError: fail })
      await alwaysThere(index).ask(workspace, () => true)
      const moved = (async () => {
        for (let time = 0; time < 40; time += 1) {
          await there.transaction().execute(async (trx) => {
            await write(trx, 0, time % 2, [], false)
            await write(trx, 0, (time + 1) % 2, [sample], false)
          })
        }
      })()
      const sizes = new Set<number | undefined>()
      let answered = 0
      for (let time = 0; time < 100; time += 1) {
        const size = await index.ask(workspace, (rows) => rows.size)
        sizes.add(size ?? 1)
        if (size !== undefined) answered += 1
      }
      await moved
      expect([...sizes]).toEqual([1])
      expect(answered).toBeGreaterThan(10)
    })

    test('what is written while they are read is there afterwards', async () => {
      for (const study of studies) await deleteFindings(db, study)
      const many = Array.from({ length: 200 }, (_, number) => ({ ...sample, number }))
      for (const app of apps.keys()) await write(db, 0, app, many, false)
      await using index = openFindingIndex(database, { now: Date.now, onError: fail })
      expect(await index.ask(workspace, () => true)).toBeUndefined()
      await write(db, 0, 1, many.slice(0, 20), false)
      await index.settled(workspace)
      expect(await index.ask(workspace, (rows) => rows.size)).toBe(420)
    })

    test('a study copied whole is read beside the questions, which the database answers meanwhile', async () => {
      for (const study of studies) await deleteFindings(db, study)
      await using index = openFindingIndex(database, { now: Date.now, onError: fail })
      await index.ask(workspace, () => true)
      await index.settled(workspace)
      const many = Array.from({ length: 1000 }, (_, number) => ({ ...sample, number }))
      for (const app of apps.keys()) await write(db, 0, app, many, false)
      await index.ask(workspace, () => true)
      await write(db, 0, 0, many.slice(0, 990), false)
      await index.settled(workspace)
      await write(db, 1, 0, many.slice(0, 10), false)
      expect(await alwaysThere(index).ask(workspace, (rows) => rows.size)).toBe(3000)
    })

    test('too many are left to the database, and the workspace asked last stays', async () => {
      for (const study of studies) await deleteFindings(db, study)
      await write(db, 0, 0, [sample, { ...sample, number: 1 }], false)
      let now = 0
      await using index = openFindingIndex(database, { now: () => now, onError: fail, limit: 2 })
      const memory = alwaysThere(index)
      expect(await memory.ask(workspace, (rows) => rows.size)).toBe(2)
      await write(db, 0, 1, [sample], false, other)
      expect(await memory.ask(other, (rows) => rows.size)).toBe(1)
      // Gone for the other: it is read again.
      expect(await index.ask(workspace, (rows) => rows.size)).toBeUndefined()
      await index.settled(workspace)
      expect(await index.ask(workspace, (rows) => rows.size)).toBe(2)
      await write(db, 1, 0, [sample], false)
      expect(await index.ask(workspace, (rows) => rows.size)).toBe(3)
      expect(await index.ask(workspace, (rows) => rows.size)).toBeUndefined()
      await deleteFindings(db, studies[1] ?? '')
      expect(await index.ask(workspace, (rows) => rows.size)).toBeUndefined()
      now += 3_600_000
      expect(await memory.ask(workspace, (rows) => rows.size)).toBe(2)
      await deleteFindings(db, studies[0] ?? '')
    })

    async function sameAnswers(memory: FindingIndex, given: Record<string, unknown>, by: string): Promise<void> {
      const query = findingsQuerySchema.parse(given)
      const page = await pageOfFindings(db, memory, workspace, query)
      expect(page).toEqual(await pageOfFindings(db, never, workspace, query))
      if (page.next !== null) {
        const next = { ...query, cursor: page.next }
        expect(await pageOfFindings(db, memory, workspace, next)).toEqual(
          await pageOfFindings(db, never, workspace, next),
        )
      }
      const grouped = findingGroupsQuerySchema.parse({ ...given, by })
      expect(await groupsOfFindings(db, memory, workspace, grouped)).toEqual(
        await groupsOfFindings(db, never, workspace, grouped),
      )
      const [known, read] = [memory, never].map((index) => new StudyReader(db, index, () => 0))
      expect(await known?.list(workspace, { limit: 10 })).toEqual(await read?.list(workspace, { limit: 10 }))
    }
  })
}

const sample: Given = {
  number: 0,
  severity: 'high',
  confidence: 'high',
  category: 'security',
  provenance: 'model',
  cwe: [79],
  owasp: undefined,
  title: 'A defect',
  path: 'a.py',
  rule: 'x',
  seen: ['patterns'],
}

function fail(error: unknown): void {
  expect.fail(String(error))
}

/** The index once it has read what there is: the database must not answer in its place. */
function alwaysThere(index: FindingIndex): FindingIndex {
  return {
    ...index,
    async ask(owner, question) {
      for (let time = 0; time < 3; time += 1) {
        const answer = await index.ask(owner, question)
        if (answer !== undefined) return answer
        await index.settled(owner)
      }
      throw new Error('The findings are not in memory.')
    },
  }
}

function fingerprintOf(number: number): string {
  return `${String(number).padStart(32, '0')}:1`
}

function ownerOf(study: number, app: number, workspace_id = workspace) {
  const { id, name, model } = apps[app] ?? { id: '', name: '', model: null }
  return { workspace_id, study_id: studies[study] ?? '', app_id: id, name, model }
}

/** As a study's findings are brought up to date; `keep` leaves those of before. */
async function write(
  db: Kysely<StudyTables>,
  study: number,
  app: number,
  given: readonly Given[],
  keep: boolean,
  workspace_id = workspace,
): Promise<void> {
  const owner = ownerOf(study, app, workspace_id)
  const work = async (trx: Kysely<StudyTables>): Promise<void> => {
    if (!keep) await deleteFindings(trx, owner.study_id, owner.app_id)
    const present = await trx
      .selectFrom('findings')
      .select('fingerprint')
      .where('study_id', '=', owner.study_id)
      .where('app_id', '=', owner.app_id)
      .execute()
    const known = new Set(present.map(({ fingerprint }) => fingerprint))
    const fresh = new Map(given.map((one) => [fingerprintOf(one.number), one]))
    const rows = [...fresh].flatMap(([fingerprint, one], index) =>
      known.has(fingerprint) ? [] : [{ finding: toFinding(one, fingerprint), state: stateOf(index) }],
    )
    await insertFindings(trx, owner, rows)
  }
  if (db.isTransaction) await work(db)
  else await db.transaction().execute(work)
}

function stateOf(index: number): FindingState {
  return findingStates[index % 2] ?? 'open'
}

function toFinding({ number: _, title, path, rule, seen, owasp, ...given }: Given, fingerprint: string): Finding {
  return {
    ...given,
    ...(owasp !== undefined && { owasp }),
    fingerprint,
    title,
    rule: `patterns/${plainText(rule)}`,
    location: { kind: 'file', path },
    message: `It says ${title}.`,
    why: 'Because.',
    fix: 'Mend it.',
    evidence: {},
    witnesses: seen.map((analyzer) => ({ analyzer, version: '1', rule: 'x' })),
  }
}

async function seed(db: Kysely<StudyTables>): Promise<void> {
  const at = new Date(0)
  const empty = { files: '[]', excluded: '[]', components: '[]', archive: '', stack: [] }
  await db
    .insertInto('snapshots')
    .values({ digest: 'd', ...empty, file_count: 0, bytes: 0, lines: 0 })
    .execute()
  const rest = { workspace_id: workspace, spec: null, sample: null, snapshot: 'd', scaffold: null, created_at: at }
  await db
    .insertInto('apps')
    .values(apps.map((app) => ({ ...app, ...rest })))
    .execute()
  const study = { name: 'One', question: null, state: 'completed' as const, analyzers: [], repeats: 1, options: '{}' }
  await db
    .insertInto('studies')
    .values(
      studies.map((id) => ({ id, workspace_id: workspace, ...study, priority: 0, created_by: 'Ada', created_at: at })),
    )
    .execute()
}
