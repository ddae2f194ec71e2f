import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineTool, type Effects, type Tool } from '#agents/tools'
import type { Database } from '#platform/database'
import { type Bus, createBus } from '#platform/events'
import { testDatabases, titleOn } from '../../platform/database/testing.ts'
import { type Agent, type AgentContext, defineAgent } from './contract.ts'
import { openExecutions } from './executions.ts'
import { openJournal } from './journal.ts'
import { engineMigrations } from './migrations.ts'
import type { ExecutionRouteServices } from './routes.ts'
import type { EngineTables } from './tables.ts'
import { runExecutions } from './worker.ts'

const workspace = '01890000-0000-7000-8000-00000000000a'
const other = '01890000-0000-7000-8000-00000000000b'

function agent(run: (task: unknown, context: AgentContext) => Promise<unknown>, version = '1'): Agent {
  return defineAgent({
    id: 'tester',
    version,
    title: 'Tester',
    purpose: 'Tests.',
    tools: ['double', 'slow', 'write'],
    task: z.unknown(),
    result: z.unknown(),
    run,
  })
}

for (const kind of testDatabases()) {
  describe.skipIf(kind.missing)(titleOn(kind, 'executions'), () => {
    let database: Database
    let bus: Bus
    let calls: string[]
    let problems: string[]
    let agents: Agent[]
    let engine: ExecutionRouteServices
    const stops: (() => Promise<void>)[] = []

    const tools = (): Tool[] => [
      tool('double', 'none', async ({ n }) => n * 2),
      tool('slow', 'reads', async ({ n }, signal) => {
        await sleep(n, undefined, { signal })
        return n
      }),
      tool('write', 'writes', async ({ n }, signal) => {
        await sleep(n, undefined, { signal })
        return n
      }),
      tool('other', 'none', async ({ n }) => n),
    ]
    const tool = (
      name: string,
      effects: Effects,
      run: (input: { n: number }, signal: AbortSignal) => Promise<number>,
    ): Tool =>
      defineTool({
        name,
        description: name,
        effects,
        timeout: name === 'slow' ? 400 : 5000,
        input: z.object({ n: z.number() }),
        output: z.number(),
        async run(input, { signal }) {
          calls.push(`${name} ${input.n}`)
          return run(input, signal)
        },
      })
    const parts = () => ({ database, bus, agents, tools: tools(), now: Date.now })
    const work = (): (() => Promise<void>) => {
      const stop = new AbortController()
      const done = runExecutions({ ...parts(), concurrency: 4, log: (text) => problems.push(text) }, stop.signal)
      const end = async (): Promise<void> => {
        stop.abort(new Error('stopping'))
        await done
      }
      stops.push(end)
      return end
    }
    const start = (run: Parameters<typeof agent>[0], task: unknown = null) => {
      agents.splice(0, agents.length, agent(run))
      return engine.createExecution(workspace, 'Ada', { agent: 'tester', task })
    }
    const until = async (id: string, wanted: (state: string) => boolean) => {
      for (let time = 0; time < 400; time += 1) {
        const execution = await engine.getExecution(workspace, id)
        if (wanted(execution.state)) return execution
        await sleep(10)
      }
      throw new Error(`It is still ${(await engine.getExecution(workspace, id)).state}: ${problems.join('; ')}`)
    }
    const ended = (id: string) => until(id, (state) => state !== 'queued' && state !== 'running')
    const log = async (id: string) =>
      (await engine.listSteps(workspace, id, { limit: 500 })).items.map(
        ({ number, name, state, attempts }) => `${number} ${name} ${state}${attempts > 1 ? ` ×${attempts}` : ''}`,
      )

    beforeEach(async () => {
      database = await kind.open(engineMigrations)
      bus = createBus('r', (error) => problems.push(String(error)))
      calls = []
      problems = []
      agents = []
      engine = openExecutions(parts())
    })
    afterEach(async () => {
      for (const stop of stops.splice(0)) await stop()
      await database.close()
    })

    test('are carried out, every step in the log and told', async () => {
      work()
      const { id } = await start(async (task, { use, note }) => {
        const { step, value } = await use('double', { n: task }, z.number())
        await note('result', `Step ${step} says ${value}.`)
        return { answer: value }
      }, 21)
      const told: unknown[] = []
      using _listening = bus.subscribe(`execution:${id}`, ({ event, data }) => void told.push([event, data]), 'r-0')
      expect(await ended(id)).toMatchObject({ state: 'completed', result: { answer: 42 }, steps: 2, reason: null })
      expect(await log(id)).toEqual(['1 double finished', '2 result finished'])
      const { items } = await engine.listSteps(workspace, id, { limit: 1 })
      expect(items).toMatchObject([{ kind: 'tool_call', input: { n: 21 }, output: 42 }])
      expect(problems).toEqual([])
    })

    test('number parallel steps in the order they were asked for', async () => {
      work()
      const { id } = await start(async (_task, { call }) =>
        Promise.all([call('slow', { n: 60 }), call('double', { n: 1 }), call('slow', { n: 20 })]),
      )
      const { result } = await ended(id)
      expect(result).toEqual([
        { step: 1, value: { ok: true, output: 60 } },
        { step: 2, value: { ok: true, output: 2 } },
        { step: 3, value: { ok: true, output: 20 } },
      ])
      expect(await log(id)).toEqual(['1 slow finished', '2 double finished', '3 slow finished'])
    })

    test.each([
      ['double', { n: 'x' }, 'invalid-input', /The input of double is not valid: .*expected number/s],
      ['other', { n: 1 }, 'not-granted', /^Tester may not use other\. It has: double, slow, write\.$/],
      ['absent', {}, 'unknown-tool', /^There is no tool absent\./],
      ['slow', { n: 5000 }, 'timed-out', /^slow did not finish within 0\.4 s\.$/],
    ])('tell the agent of a call of %s with %j that cannot be: %s', async (name, input, problem, message) => {
      work()
      const { id } = await start(async (_task, { call }) => (await call(name, input)).value)
      expect((await ended(id)).result).toEqual({ ok: false, problem, message: expect.stringMatching(message) })
      expect(await log(id)).toEqual([`1 ${name} failed`])
    })

    test('go on after a stop where they were: finished steps are not done again', async () => {
      const stop = work()
      const { id } = await start(async (_task, { use, call }) => {
        const first = await use('double', { n: 1 }, z.number())
        const [read, written] = await Promise.all([call('slow', { n: 350 }), call('write', { n: 350 })])
        return [first.value, read.value.ok, written.value]
      })
      while (!calls.includes('write 350')) await sleep(5)
      await stop()
      expect(await log(id)).toEqual(['1 double finished', '2 slow started', '3 write started'])
      work()
      expect((await ended(id)).result).toEqual([
        2,
        true,
        { ok: false, problem: 'interrupted', message: expect.stringContaining('may have taken effect') },
      ])
      expect(calls).toEqual(['double 1', 'slow 350', 'write 350', 'slow 350'])
      expect(await log(id)).toEqual(['1 double finished', '2 slow finished ×2', '3 write interrupted'])
    })

    test('do not go on when the procedure asks for something else than before', async () => {
      const stop = work()
      const { id } = await start(async (_task, { call }) => {
        await call('double', { n: 1 })
        await call('slow', { n: 300 })
      })
      while (!calls.includes('slow 300')) await sleep(5)
      await stop()
      agents.splice(
        0,
        1,
        agent(async (_task, { call }) => call('double', { n: 2 })),
      )
      work()
      expect(await ended(id)).toMatchObject({
        state: 'failed',
        reason: expect.stringContaining(
          'Step 1 was tool_call double, and the agent now asks for tool_call double with other input',
        ),
      })
    })

    test('are cancelled at once, and a worker that does not know writes nothing more', async () => {
      work()
      const { id } = await start(async (_task, { call }) => {
        await call('write', { n: 2000 })
        return 'done'
      })
      while (calls.length === 0) await sleep(5)
      const { epoch } = await database
        .tables<EngineTables>()
        .selectFrom('executions')
        .select('epoch')
        .executeTakeFirstOrThrow()
      expect(await engine.cancelExecution(workspace, id)).toMatchObject({ state: 'cancelled' })
      const journal = openJournal(database.tables<EngineTables>())
      const late = journal.end({ execution: id, epoch }, { number: 1, state: 'finished', output: 1, at: new Date() })
      await expect(late).rejects.toThrow('Another worker has execution')
      await expect(engine.cancelExecution(workspace, id)).rejects.toThrow('is cancelled already')
      expect(await log(id)).toEqual(['1 write interrupted'])
      expect(await ended(id)).toMatchObject({ state: 'cancelled', result: null, reason: 'It was cancelled.' })
    })

    test.each([
      [[1], 'completed', null],
      [[2], 'failed', 'result.points[0].cites names step 2, which gave nothing.'],
      [[7], 'failed', 'result.points[0].cites names step 7, which gave nothing.'],
      [[], 'failed', 'result.points[0].cites names no step: what is asserted there rests on nothing.'],
    ])('may assert only what a step gave: citing %j', async (cites, state, reason) => {
      work()
      const { id } = await start(async (_task, { call }) => {
        await call('double', { n: 1 })
        await call('double', { n: 'x' })
        return { points: [{ says: 'It is 2.', cites }] }
      })
      expect(await ended(id)).toMatchObject({ state, reason })
    })

    test('that fail say why', async () => {
      work()
      const { id } = await start(async (_task, { use }) => use('slow', { n: 'x' }, z.number()))
      expect(await ended(id)).toMatchObject({ state: 'failed', reason: expect.stringContaining('The input of slow') })
    })

    test('belong to one workspace', async () => {
      const { id } = await start(async () => null)
      const attempts = [
        () => engine.getExecution(other, id),
        () => engine.cancelExecution(other, id),
        () => engine.listSteps(other, id, { limit: 1 }),
      ]
      for (const attempt of attempts) await expect(attempt()).rejects.toThrow(`There is no execution ${id}.`)
      expect((await engine.listExecutions(other, { limit: 10 })).items).toEqual([])
    })

    test('share the work of several workers, each execution once', async () => {
      const ids: string[] = []
      for (let n = 0; n < 20; n += 1)
        ids.push((await start(async (task, { call }) => call('double', { n: task }), n)).id)
      for (let worker = 0; worker < 3; worker += 1) work()
      for (const id of ids) expect((await ended(id)).state).toBe('completed')
      expect(calls.toSorted()).toEqual(Array.from({ length: 20 }, (_, n) => `double ${n}`).toSorted())
    })

    test('refuse an unknown agent and a task that is none', async () => {
      await expect(engine.createExecution(workspace, 'Ada', { agent: 'nobody', task: null })).rejects.toThrow(
        'There is no agent nobody.',
      )
    })
  })
}
