import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Database, newId } from '#platform/database'
import { testDatabases, titleOn } from '../../platform/database/testing.ts'
import type { NewStudy, Study } from './resources.ts'
import type { StudyTables } from './tables.ts'
import { migrations, openRooms, type TestRooms, temporaryFolder, workspace } from './testing.ts'

for (const kind of testDatabases()) {
  describe.skipIf(kind.missing)(titleOn(kind, 'studies'), () => {
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

    const study = async (contents: Readonly<Record<string, string>>, more: Partial<NewStudy> = {}): Promise<Study> => {
      const apps = await rooms.bring(contents)
      return rooms.studies.createStudy(workspace, 'Ada', { name: 'one', apps: apps.map(({ id }) => id), ...more })
    }
    const rows = (id: string) =>
      database
        .tables<StudyTables>()
        .selectFrom('analyses')
        .innerJoin('apps', 'apps.id', 'analyses.app_id')
        .select(['apps.name', 'analyzer', 'repeat', 'outcome', 'reason', 'cached', 'attempts', 'worker_id'])
        .where('study_id', '=', id)
        .orderBy('apps.name')
        .orderBy('analyzer')
        .orderBy('repeat')
        .execute()
    const outcomes = async (id: string) =>
      (await rows(id)).map((row) => `${row.name} ${row.analyzer} ${row.outcome}${row.cached ? ' cached' : ''}`)

    test('are created, worked on and completed, each analysis once', async () => {
      const { id, state } = await study({
        'm1/app1': '# one\n# patterns:A\n',
        'm2/app1': '# two\n# patterns=error\n# secrets:B\n',
      })
      expect(state).toBe('running')
      await using _worker = rooms.work()
      const done = await rooms.until(id, 'completed')
      expect(await rows(id)).toEqual([
        { name: 'm1/app1', analyzer: 'patterns', repeat: 1, outcome: 'completed', reason: null, ...once },
        { name: 'm1/app1', analyzer: 'secrets', repeat: 1, outcome: 'completed', reason: null, ...once },
        { name: 'm2/app1', analyzer: 'patterns', repeat: 1, outcome: 'error', reason: 'It fell over.', ...once },
        { name: 'm2/app1', analyzer: 'secrets', repeat: 1, outcome: 'completed', reason: null, ...once },
      ])
      expect(done.progress).toMatchObject({ total: 4, finished: 4, byOutcome: { completed: 3, error: 1 } })
      expect(await rooms.states(id)).toEqual({ A: 'open', B: 'open' })
      expect(await rooms.queue.counts()).toEqual({ queued: 0, active: 0, failed: 0 })
      expect(rooms.problems).toEqual([])
    })

    test('asked again are answered from what is known, without a worker', async () => {
      const first = await study({ 'm1/app1': '# patterns:A\n' })
      const worker = rooms.work()
      await rooms.until(first.id, 'completed')
      await worker[Symbol.asyncDispose]()
      const second = await study({ 'm1/app1': '# patterns:A\n' })
      expect(second.state).toBe('completed')
      expect(await outcomes(second.id)).toEqual([
        'm1/app1 patterns completed cached',
        'm1/app1 secrets completed cached',
      ])
      expect(await rooms.states(second.id)).toEqual({ A: 'open' })
      expect(rooms.carriedOut).toHaveLength(2)
    })

    test('show what analyses kept, also where the answer was known', async () => {
      const contents = { 'm1/app1': '# patterns=keeps\n' }
      await using _worker = rooms.work()
      for (const { id } of [await study(contents), await study(contents)]) {
        await rooms.until(id, 'completed')
        const [cell] = (await rooms.studies.matrix(workspace, id, { limit: 1 })).rows[0]?.cells ?? []
        const analysis = await rooms.studies.getAnalysis(workspace, cell?.analysisId ?? '')
        expect(analysis.artifacts).toEqual([
          { name: 'app.log', title: 'What it printed', mediaType: 'text/plain', size: 5 },
        ])
        const { type, content } = await rooms.studies.getArtifact(workspace, analysis.id, 'app.log')
        expect([type, content instanceof Readable && (await buffer(content)).toString()]).toEqual([
          'text/plain',
          'hello',
        ])
        await expect(rooms.studies.getArtifact(workspace, analysis.id, 'other')).rejects.toThrow(
          'kept nothing named other',
        )
        await expect(rooms.studies.getArtifact(newId(0), analysis.id, 'app.log')).rejects.toThrow('kept nothing')
      }
    })

    test('make an attack again only for what an attack proved', async () => {
      const { id } = await study({ 'm1/app1': '# patterns:A\n' })
      await using _worker = rooms.work()
      await rooms.until(id, 'completed')
      const [finding] = (await rooms.findings.listFindings(workspace, { study: id, limit: 1, sort: 'path' })).items
      const again = () => rooms.findings.replayFinding(workspace, finding?.id ?? '', new AbortController().signal)
      await expect(again()).rejects.toThrow('was seen in the source, not proven on the running app')
    })

    test('two of the same question at once measure it once', async () => {
      const contents = { 'm1/app1': '# patterns:A\n' }
      const [first, second] = [await study(contents), await study(contents)]
      await using alone = await openRooms(database, folder.path, 1)
      await using _worker = alone.work()
      await Promise.all([first, second].map(({ id }) => rooms.until(id, 'completed')))
      expect(await rooms.states(first.id)).toEqual({ A: 'open' })
      expect(await rooms.states(second.id)).toEqual({ A: 'open' })
      expect(alone.carriedOut.sort()).toEqual(['# patterns:A patterns', '# patterns:A secrets'])
      expect((await outcomes(second.id)).every((line) => line.endsWith('cached'))).toBe(true)
    })

    test('with repeats measure every repeat, and count a finding of all once', async () => {
      const { id } = await study({ 'm1/app1': '# patterns:A\n# patterns:B\n' }, { repeats: 2 })
      await using _worker = rooms.work()
      await rooms.until(id, 'completed')
      expect((await rows(id)).map(({ analyzer, repeat }) => `${analyzer} ${repeat}`)).toEqual([
        'patterns 1',
        'patterns 2',
        'secrets 1',
        'secrets 2',
      ])
      expect(rooms.carriedOut).toHaveLength(4)
      expect(await rooms.states(id)).toEqual({ A: 'open', B: 'open' })
    })

    test('are cancelled midway, resumed, and end as if nothing had been', async () => {
      const { id } = await study({
        'm1/app1': '# patterns=slow\n# patterns:A\n',
        'm1/app2': '# patterns=slow\n# secrets=slow\n# secrets:B\n',
      })
      await using _worker = rooms.work()
      await sleep(200)
      expect((await rooms.studies.cancelStudy(workspace, id)).state).toBe('cancelled')
      await expect(rooms.studies.cancelStudy(workspace, id)).rejects.toThrow('The study one is cancelled already.')
      const after = (await rows(id)).filter(({ outcome }) => outcome === 'cancelled')
      expect(after.length).toBeGreaterThan(0)
      expect(new Set(after.map(({ reason }) => reason))).toEqual(new Set(['The study was cancelled.']))
      expect(await rooms.queue.counts()).toMatchObject({ queued: 0, active: 0 })
      await rooms.studies.resumeStudy(workspace, id)
      await rooms.until(id, 'completed')
      expect((await outcomes(id)).every((line) => line.endsWith(' completed'))).toBe(true)
      expect(await rooms.states(id)).toEqual({ A: 'open', B: 'open' })
    })

    test('cancelled and resumed at once: what was stopped does not end the new attempt', async () => {
      const { id } = await study({ 'm1/app1': '# patterns=slow\n# patterns:A\n' })
      await using _worker = rooms.work()
      for (let time = 0; time < 5; time += 1) {
        await sleep(60)
        await rooms.studies.cancelStudy(workspace, id)
        await rooms.studies.resumeStudy(workspace, id)
      }
      await rooms.until(id, 'completed')
      expect(await outcomes(id)).toEqual(['m1/app1 patterns completed', 'm1/app1 secrets completed'])
      expect(await rooms.states(id)).toEqual({ A: 'open' })
    })

    test('retried run what failed again, and only that', async () => {
      const { id } = await study({ 'm1/app1': '# patterns=error\n# secrets:B\n' })
      await using _worker = rooms.work()
      await rooms.until(id, 'completed')
      await expect(rooms.studies.retryStudy(workspace, id, ['timed_out'])).rejects.toThrow(
        'No analysis of the study ended as timed_out.',
      )
      await rooms.studies.retryStudy(workspace, id)
      await rooms.until(id, 'completed')
      expect((await rows(id)).map(({ analyzer, outcome, attempts }) => [analyzer, outcome, attempts])).toEqual([
        ['patterns', 'error', 2],
        ['secrets', 'completed', 1],
      ])
    })

    test('take more apps later, and look at provenance anew', async () => {
      const shared = '# patterns:A\nSHARED = "the same line in all the models, as a scaffold has it"\n'
      const { id } = await study({ 'm1/app1': shared })
      await using _worker = rooms.work()
      await rooms.until(id, 'completed')
      expect(await provenances(id)).toEqual(['m1/app1 A model'])
      const more = await rooms.bring({ 'm2/app1': shared, 'm3/app1': shared })
      await rooms.studies.addApps(
        workspace,
        id,
        more.map((app) => app.id),
      )
      await rooms.until(id, 'completed')
      expect(await provenances(id)).toEqual(['m1/app1 A scaffold', 'm2/app1 A scaffold', 'm3/app1 A scaffold'])
      await expect(rooms.studies.addApps(workspace, id, [more[0]?.id ?? ''])).rejects.toThrow('has these apps already')
    })

    test('that take apps with known answers go on with what they have to do', async () => {
      const known = await study({ 'm1/app2': '# patterns:B\n' })
      await using _worker = rooms.work()
      await rooms.until(known.id, 'completed')
      const { id } = await study({ 'm1/app1': '# patterns=slow\n# secrets=slow\n# patterns:A\n' })
      const [answered] = await rooms.bring({ 'm1/app2': '# patterns:B\n' })
      const added = await rooms.studies.addApps(workspace, id, [answered?.id ?? ''])
      expect(added.state).toBe('running')
      await rooms.until(id, 'completed')
      expect(await rooms.states(id)).toEqual({ A: 'open', B: 'open' })
    })

    test('are deleted with all that is theirs, but not while they run', async () => {
      const { id } = await study({ 'm1/app1': '# patterns=wait\n# secrets:B\n' })
      await using _worker = rooms.work()
      await expect(rooms.studies.deleteStudy(workspace, id)).rejects.toThrow('The study one is running.')
      await sleep(200)
      await rooms.studies.cancelStudy(workspace, id)
      await rooms.studies.deleteStudy(workspace, id)
      await expect(rooms.studies.getStudy(workspace, id)).rejects.toThrow(`There is no study ${id}.`)
      await sleep(300)
      for (const table of ['analyses', 'findings', 'finding_bodies', 'study_apps'] as const)
        expect(await database.tables<StudyTables>().selectFrom(table).selectAll().execute()).toEqual([])
      expect(rooms.problems).toEqual([])
    })

    test('follow a defect: open, fixed, regressed; an error is never a fix, a decision stays', async () => {
      await using _worker = rooms.work()
      const states: Readonly<Record<string, string>>[] = []
      const see = async (content: string): Promise<string> => {
        const { id } = await study({ 'm1/app1': content })
        await rooms.until(id, 'completed')
        return id
      }
      const first = await see('# 1\n# patterns:A\n# patterns:B\n# secrets:C\n')
      states.push(await rooms.states(first))
      const { items } = await rooms.findings.listFindings(workspace, { study: first, limit: 10, sort: 'path' })
      const c = items.find(({ message }) => message === 'C')
      await rooms.findings.triageFinding(workspace, 'Ada', c?.id ?? '', { state: 'accepted', reason: 'A test key.' })
      await see('# 2\n# patterns=error\n')
      states.push(await rooms.states(first))
      await see('# 3\n# patterns:B\n')
      states.push(await rooms.states(first))
      const last = await see('# 4\n# patterns:A\n# patterns:B\n# secrets:C\n')
      states.push(await rooms.states(last))
      expect(states).toEqual([
        { A: 'open', B: 'open', C: 'open' },
        { A: 'open', B: 'open', C: 'accepted' },
        { A: 'fixed', B: 'open', C: 'accepted' },
        { A: 'regressed', B: 'open', C: 'accepted' },
      ])
      const again = await rooms.findings.listFindings(workspace, { study: last, limit: 10, sort: 'path' })
      const a = again.items.find(({ message }) => message === 'A')
      const { history } = await rooms.findings.getFinding(workspace, a?.id ?? '')
      expect(history.map(({ state }) => state)).toEqual(['open', 'fixed', 'regressed'])
    })

    test('an old study looked at again says nothing of what a later one found', async () => {
      await using _worker = rooms.work()
      const old = await study({ 'm1/app1': '# 1\n# patterns:A\n' })
      await rooms.until(old.id, 'completed')
      const newer = await study({ 'm1/app1': '# 2\n' })
      await rooms.until(newer.id, 'completed')
      expect(await rooms.states(old.id)).toEqual({ A: 'fixed' })
      const more = await rooms.bring({ 'm2/app1': '# other\n' })
      await rooms.studies.addApps(workspace, old.id, [more[0]?.id ?? ''])
      await rooms.until(old.id, 'completed')
      expect(await rooms.states(old.id)).toEqual({ A: 'fixed' })
    })

    test('go on where a worker that is gone left off, at once', async () => {
      const { id } = await study({ 'm1/app1': '# patterns:A\n' })
      const db = database.tables<StudyTables>()
      // A worker of this machine that was killed: its job is begun, and nobody holds it.
      const dead = newId()
      await db
        .insertInto('workers')
        .values({ id: dead, host: (await import('node:os')).hostname(), pid: 2 ** 22 + 1, last_seen: new Date() })
        .execute()
      const stop = new AbortController()
      const begun = rooms.queue.work(
        'analysis-cpu',
        async (job) => {
          await db.updateTable('analyses').set({ worker_id: dead, attempts: 1 }).where('id', '=', job.id).execute()
          await sleep(60_000, undefined, { signal: stop.signal })
        },
        stop.signal,
      )
      await sleep(500)
      const before = Date.now()
      await using _worker = rooms.work()
      await rooms.until(id, 'completed')
      expect(Date.now() - before).toBeLessThan(5000)
      expect(await db.selectFrom('workers').select('id').where('id', '=', dead).execute()).toEqual([])
      stop.abort()
      await begun
    })

    test('lose no analysis whose job is gone', async () => {
      const { id } = await study({ 'm1/app1': '# patterns:A\n' })
      const ids = await database.tables<StudyTables>().selectFrom('analyses').select('id').execute()
      await database
        .tables<StudyTables>()
        .transaction()
        .execute((trx) =>
          rooms.queue.remove(
            'analysis-cpu',
            ids.map((row) => row.id),
            trx,
          ),
        )
      await using _worker = rooms.work()
      await rooms.until(id, 'completed')
      expect(await rooms.states(id)).toEqual({ A: 'open' })
    })

    test('stopping a worker gives its analyses back without counting a try', async () => {
      const { id } = await study({ 'm1/app1': '# patterns=slow\n# secrets=slow\n# patterns:A\n' })
      for (let time = 0; time < 6; time += 1) {
        const worker = rooms.work()
        await sleep(120)
        await worker[Symbol.asyncDispose]()
        expect((await rows(id)).map(({ outcome, worker_id }) => [outcome, worker_id])).toEqual([
          [null, null],
          [null, null],
        ])
      }
      expect(await rooms.queue.deadLetters(10)).toEqual([])
      await using _worker = rooms.work()
      await rooms.until(id, 'completed')
      expect(await outcomes(id)).toEqual(['m1/app1 patterns completed', 'm1/app1 secrets completed'])
      expect(rooms.problems).toEqual([])
    })

    test('refuse apps that are not there and two of one name, and write nothing', async () => {
      const [first] = await rooms.bring({ 'm1/app1': '# 1\n' })
      const [second] = await rooms.bring({ 'm1/app1': '# 2\n' })
      const missing = newId()
      await expect(study({}, { apps: [missing] })).rejects.toThrow('No app found')
      await expect(rooms.studies.createStudy(workspace, 'Ada', { name: 'x', apps: [missing] })).rejects.toThrow(
        `There is no app ${missing}.`,
      )
      await expect(
        rooms.studies.createStudy(workspace, 'Ada', { name: 'x', apps: [first?.id ?? '', second?.id ?? ''] }),
      ).rejects.toThrow('Two of the apps are named m1/app1.')
      await expect(
        rooms.studies.createStudy(workspace, 'Ada', { name: 'x', apps: [first?.id ?? ''], analyzers: ['magic'] }),
      ).rejects.toThrow('There is no analyzer named magic.')
      expect((await rooms.studies.listStudies(workspace, { limit: 10 })).items).toEqual([])
    })

    test('lists of findings refuse the cursor of another order', async () => {
      const { id } = await study({ 'm1/app1': '# patterns:A\n# patterns:B\n' })
      await using _worker = rooms.work()
      await rooms.until(id, 'completed')
      const { next } = await rooms.findings.listFindings(workspace, { limit: 1, sort: 'path' })
      const cursor = next ?? ''
      expect((await rooms.findings.listFindings(workspace, { limit: 1, sort: 'path', cursor })).items).toHaveLength(1)
      await expect(rooms.findings.listFindings(workspace, { limit: 1, sort: 'severity', cursor })).rejects.toThrow(
        'The cursor belongs to another order of the list.',
      )
    })

    async function provenances(id: string): Promise<string[]> {
      const { items } = await rooms.findings.listFindings(workspace, { study: id, limit: 100, sort: 'app' })
      return items.map(({ app, message, provenance }) => `${app.name} ${message} ${provenance}`).sort()
    }
  })
}

const once = { cached: false, attempts: 1, worker_id: null }
