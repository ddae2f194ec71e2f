/**
 * What a full study of running apps costs, and whether it leaves the machine as it was: `node benchmarks/running.ts [--apps 30] [--analyzers …]`.
 *
 * Takes apps with planted flaws (Node without packages, Flask) and the careful examples, and studies them with launch, conformance, attack and
 * browser, as a user does. The apps only ever run in the sandbox.
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { z } from 'zod'
import { difference, digestOf, leftovers } from './leftovers.ts'
import { median, printTable, quantile } from './measures.ts'
import { machineLine } from './processes.ts'
import { scratchFolder } from './scratch.ts'
import { assayEnvironment, command } from './served.ts'

const run = promisify(execFile)
const { values } = parseArgs({
  options: {
    apps: { type: 'string', default: '30' },
    analyzers: { type: 'string', default: 'launch,conformance,attack,browser' },
  },
})
const root = join(import.meta.dirname, '..')
const fixtures = join(root, 'src/bench/analyzers/attack/fixtures')
/** Folders of the machine that no app may change. */
const guarded = ['/etc', '/opt', '/usr/local/bin']

const exportSchema = z.object({
  analyses: z.array(
    z.object({
      app: z.string(),
      analyzer: z.string(),
      outcome: z.string(),
      reason: z.string().nullish(),
      durationMs: z.number(),
    }),
  ),
})

console.log(machineLine())
await using scratch = await scratchFolder()
const source = join(scratch.path, 'apps')
await collect(Number(values.apps))
const digests = guarded.map(digestOf)
const before = leftovers()
const env = assayEnvironment({ ASSAY_DATA_DIR: join(scratch.path, 'data') })
const began = performance.now()
await run(command, ['study', 'run', source, '--name', 'running', '--analyzers', values.analyzers], { env }).catch(
  (error: unknown) => {
    // 3: something could not be measured. The table says what.
    if (!(error instanceof Error && 'code' in error && error.code === 3)) throw error
  },
)
const elapsed = performance.now() - began
const { stdout } = await run(command, ['study', 'export', 'running', '--format', 'json'], { env, maxBuffer: 1 << 30 })
const { analyses } = exportSchema.parse(JSON.parse(stdout))

const perApp = [...Map.groupBy(analyses, ({ app }) => app).values()].map(
  (own) => own.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000,
)
printTable(
  ['analyzer', 'completed', 'not applicable', 'error', 'median s', 'p95 s', 'longest s'],
  [...Map.groupBy(analyses, ({ analyzer }) => analyzer)].map(([analyzer, own]) => {
    const seconds = own.filter(({ outcome }) => outcome === 'completed').map(({ durationMs }) => durationMs / 1000)
    const count = (...outcomes: string[]) => String(own.filter(({ outcome }) => outcomes.includes(outcome)).length)
    return [
      analyzer,
      count('completed'),
      count('not_applicable'),
      count('error', 'timed_out', 'cancelled'),
      ...[median(seconds), quantile(seconds, 0.95), Math.max(...seconds)].map((value) => value.toFixed(1)),
    ]
  }),
)
for (const { app, analyzer, reason } of analyses.filter(({ outcome }) => /error|timed_out/.test(outcome)))
  console.log(`  ${app} ${analyzer}: ${reason}`)
console.log(
  `\n${perApp.length} apps in ${(elapsed / 1000).toFixed(0)} s; seconds of all analyzers an app: median ${median(perApp).toFixed(1)}, p95 ${quantile(perApp, 0.95).toFixed(1)}, longest ${Math.max(...perApp).toFixed(1)}`,
)
console.log(`Left behind: ${difference(before, leftovers())}`)
const changed = guarded.filter((folder, at) => digestOf(folder) !== digests[at])
console.log(changed.length === 0 ? `Unchanged: ${guarded.join(', ')}` : `CHANGED: ${changed.join(', ')}`)
if (changed.length > 0) process.exitCode = 1

/** Copies apps to `kind/appN`: the careful examples, then safe and vulnerable ones, spread over the classes of attack. */
async function collect(count: number): Promise<void> {
  const names = (await readdir(fixtures, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  const found: { readonly from: string; readonly to: string }[] = ['app1', 'app2', 'app3'].map((name) => ({
    from: join(root, 'examples/careful', name),
    to: join('careful', name),
  }))
  for (const [at, { name }] of names.entries()) {
    for (const kind of await readdir(join(fixtures, name)))
      found.push({ from: join(fixtures, name, kind), to: join(kind, `app${at + 1}`) })
  }
  const step = Math.max(1, Math.floor((found.length - 3) / (count - 3)))
  const chosen = found.filter((_, at) => at < 3 || (at - 3) % step === 0).slice(0, count)
  for (const { from, to } of chosen) {
    await mkdir(join(source, to), { recursive: true })
    await cp(from, join(source, to), { recursive: true })
  }
}
