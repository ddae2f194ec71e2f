/**
 * What the durable log costs an agent: milliseconds for each tool step, written before and after, for executions of 200 and 1,000
 * steps, one at a time and fifty at once, on both databases.
 *
 * Usage: node benchmarks/steps.ts [postgres URL]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { defineAgent, engineMigrations, openExecutions, runExecutions } from '#agents/engine'
import { defineTool } from '#agents/tools'
import { openDatabase } from '#platform/database'
import { createBus } from '#platform/events'

const workspace = '01890000-0000-7000-8000-00000000000a'

const echo = defineTool({
  name: 'echo',
  description: 'Gives back what it is given.',
  effects: 'none',
  input: z.object({ n: z.number() }),
  output: z.object({ n: z.number() }),
  run: async (input) => input,
})

const stepper = defineAgent({
  id: 'stepper',
  version: '1',
  title: 'Stepper',
  purpose: 'Takes steps.',
  tools: ['echo'],
  task: z.object({ steps: z.int() }),
  result: z.object({ sum: z.number() }),
  async run({ steps }, { use }) {
    let sum = 0
    for (let n = 1; n <= steps; n += 1) sum += (await use('echo', { n }, z.object({ n: z.number() }))).value.n
    return { sum }
  },
})

const folder = await mkdtemp(join(tmpdir(), 'assay-steps-'))
const [url] = process.argv.slice(2)
try {
  for (const [name, where] of [
    ['PGlite', { directory: join(folder, 'database') }],
    ...(url === undefined ? [] : [['PostgreSQL', { url }] as const]),
  ] as const) {
    await measure(name, where)
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function measure(name: string, where: { directory: string } | { url: string }): Promise<void> {
  await using database = await openDatabase({ ...where, migrations: engineMigrations })
  const bus = createBus('steps', (error) => console.error(error))
  const parts = { database, bus, agents: [stepper], tools: [echo], now: Date.now }
  const engine = openExecutions(parts)
  const stop = new AbortController()
  const worker = runExecutions({ ...parts, concurrency: 50, log: (text) => console.error(text) }, stop.signal)

  const run = async (executions: number, steps: number): Promise<number> => {
    const begun = performance.now()
    const ids: string[] = []
    for (let count = 0; count < executions; count += 1) {
      ids.push((await engine.createExecution(workspace, 'benchmark', { agent: 'stepper', task: { steps } })).id)
    }
    for (const id of ids) {
      for (;;) {
        const { state, result, reason } = await engine.getExecution(workspace, id)
        if (state === 'failed') throw new Error(reason ?? 'failed')
        if (state === 'completed') {
          const sum = z.object({ sum: z.number() }).parse(result).sum
          if (sum !== (steps * (steps + 1)) / 2) throw new Error(`The sum is ${sum}.`)
          break
        }
        await sleep(5)
      }
    }
    return performance.now() - begun
  }

  await run(1, 50)
  console.log(`${name}: milliseconds a step, the log included; resident memory at the end`)
  for (const [executions, steps] of [
    [1, 200],
    [1, 1000],
    [50, 20],
    [50, 200],
  ] as const) {
    const took = await run(executions, steps)
    const each = (took / (executions * steps)).toFixed(2)
    const memory = Math.round(process.memoryUsage().rss / 1024 / 1024)
    console.log(`  ${String(executions).padStart(2)} × ${String(steps).padStart(4)} steps  ${each} ms  ${memory} MiB`)
  }
  stop.abort(new Error('done'))
  await worker
}
