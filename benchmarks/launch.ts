/**
 * How fast apps start in the sandbox, and whether anything stays behind: `node benchmarks/launch.ts [DIR…] [--runs 30] [--cache DIR]`.
 *
 * Without folders, the nine apps of `examples/` and a few generated ones. Each is launched once to bring its packages and build its pages, then
 * `--runs` launches follow back to back, two at a time. Apps only ever run in the sandbox.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type AppSnapshot, snapshotDirectory } from '#bench/apps'
import { type LaunchResult, launch } from '#bench/launch'
import { chooseRunner, type Runner } from '#bench/sandbox'
import { generateApps } from './generate-apps.ts'
import { difference, leftovers } from './leftovers.ts'
import { median, milliseconds, printTable, quantile } from './measures.ts'
import { scratchFolder } from './scratch.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '30' }, cache: { type: 'string' } },
})
const examples = join(import.meta.dirname, '..', 'examples')
const { signal } = new AbortController()
await using scratch = await scratchFolder()
const cache = values.cache ?? join(scratch.path, 'cache')
const runner = await chooseRunner({ preference: 'auto', signal })

const folders = positionals.length > 0 ? positionals : await ownApps()
const apps: { readonly name: string; readonly app: AppSnapshot }[] = []
for (const folder of folders) {
  const name = folder.split('/').slice(-2).join('/')
  apps.push({ name, app: await snapshotDirectory(folder, { store: join(scratch.path, 'snapshots') }) })
}

const before = leftovers()
const rows: string[][] = []
const starting: typeof apps = []
for (const entry of apps) {
  const first = await timed(entry.app, runner)
  const second = await timed(entry.app, runner)
  const { result } = second
  if (result.outcome === 'running') starting.push(entry)
  const what =
    result.outcome === 'running'
      ? 'runs'
      : result.outcome === 'failed'
        ? `${result.failure.kind}: ${result.failure.message}`
        : result.reason
  const start = result.outcome === 'running' ? milliseconds(result.app.startMilliseconds) : ''
  rows.push([entry.name, milliseconds(first.total), milliseconds(second.total), start, what])
}
printTable(['app', 'first launch ms', 'launch ms', 'start to answer ms', 'outcome'], rows)

const totals: number[] = []
const starts: number[] = []
let next = 0
const runs = Number(values.runs)
const began = performance.now()
await Promise.all([work(), work()])
const elapsed = performance.now() - began
console.log('')
printTable(
  [`${totals.length} launches, two at a time`, 'median ms', 'p95 ms', 'longest ms'],
  [
    [
      'launch, packages and builds kept',
      ...[median(totals), quantile(totals, 0.95), Math.max(...totals)].map(milliseconds),
    ],
    [
      'start of the first process to first answer',
      ...[median(starts), quantile(starts, 0.95), Math.max(...starts)].map(milliseconds),
    ],
  ],
)
console.log(`\n${(elapsed / 1000).toFixed(1)} s in all. Left behind: ${difference(before, leftovers())}`)

async function work(): Promise<void> {
  while (next < runs) {
    const entry = starting[next % starting.length]
    next += 1
    if (entry === undefined) return
    const { total, result } = await timed(entry.app, runner)
    if (result.outcome !== 'running')
      throw new Error(`${entry.name} ran before and now does not: ${JSON.stringify(result)}`)
    totals.push(total)
    starts.push(result.app.startMilliseconds)
  }
}

async function timed(app: AppSnapshot, on: Runner): Promise<{ readonly total: number; readonly result: LaunchResult }> {
  const from = performance.now()
  const result = await launch(app, { runner: on, signal, log: () => undefined, cache, network: true, now: Date.now() })
  const total = performance.now() - from
  if (result.outcome === 'running') await result.app.stop()
  return { total, result }
}

async function ownApps(): Promise<string[]> {
  const corpus = ['careful', 'hasty', 'careless'].flatMap((model) =>
    ['app1', 'app2', 'app3'].map((app) => join(examples, model, app)),
  )
  const generated = await generateApps(join(scratch.path, 'generated'), 6, 1)
  return [...corpus, ...generated.map(({ path }) => join(scratch.path, 'generated', path))]
}
