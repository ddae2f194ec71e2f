/**
 * How long a study of many generated apps takes, step by step, and what memory:
 * `node benchmarks/study.ts [--apps 270] [--analyzers a,b] [--database postgres://…] [--registries none|local] [--profile DIR]`.
 *
 * Without `--analyzers`: all but `types`. Two analyses at once. The first run starts on an empty data directory; the second asks the same again
 * of the same server; the third is a fresh `assay study run` on the same data. Registries are not asked (`none`), or are a server on this
 * machine that knows every package (`local`). With `--profile`, processor profiles of the server and the analyzing processes are left in DIR.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { generateApps } from './generate-apps.ts'
import { milliseconds, printTable } from './measures.ts'
import { descendants, machineLine, peakMiB, processorSeconds, residentMiB, watchMemory } from './processes.ts'
import { startRegistry } from './registry.ts'
import { scratchDatabase, scratchFolder } from './scratch.ts'
import { assayEnvironment, command, type Served, serve } from './served.ts'

const studySchema = z.object({
  id: z.string(),
  state: z.string(),
  progress: z.object({
    total: z.number(),
    finished: z.number(),
    cached: z.number(),
    byOutcome: z.record(z.string(), z.number()),
    perAnalyzer: z.array(z.object({ analyzer: z.string(), total: z.number(), medianMs: z.number().nullable() })),
  }),
  findings: z.object({ total: z.number() }),
})
const importSchema = z.object({ apps: z.array(z.object({ id: z.string() })) })
const systemSchema = z.object({ analyzers: z.array(z.object({ id: z.string() })) })

/** Seconds of the steps of one study. */
interface Steps {
  readonly study: z.infer<typeof studySchema>
  readonly seconds: Readonly<Record<'import' | 'plan' | 'run' | 'comparison' | 'total', number>>
  /** Processor time of the server, and of the analyzing processes it has ended or still has. */
  readonly processor: { readonly main: number; readonly children: number }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      apps: { type: 'string', default: '270' },
      analyzers: { type: 'string' },
      database: { type: 'string' },
      registries: { type: 'string', default: 'none' },
      profile: { type: 'string' },
    },
  })
  await using folder = await scratchFolder()
  await using database = values.database === undefined ? undefined : await scratchDatabase(values.database)
  await using registry = values.registries === 'local' ? await startRegistry() : undefined
  const source = join(folder.path, 'apps')
  const data = join(folder.path, 'data')
  await mkdir(data)
  await mkdir(join(folder.path, 'advisories'))
  if (values.profile !== undefined) await mkdir(values.profile, { recursive: true })
  await generateApps(source, Number(values.apps), 1)
  const environment = {
    ASSAY_WORKERS: '2',
    ...(registry === undefined
      ? { ASSAY_OFFLINE: '1' }
      : {
          ASSAY_NPM_REGISTRY: registry.url,
          ASSAY_PYPI_REGISTRY: registry.url,
          ASSAY_OSV_DIR: join(folder.path, 'advisories'),
        }),
  }
  const place = { data, databaseUrl: database?.url, environment }
  console.log(
    `${machineLine()}; ${values.apps} apps on ${database ? 'PostgreSQL' : 'PGlite'}, registries: ${values.registries}`,
  )
  let chosen: string[]
  {
    const nodeOptions =
      values.profile === undefined ? undefined : `--cpu-prof --cpu-prof-dir=${resolve(values.profile)}`
    await using server = await serve({ ...place, ...(nodeOptions !== undefined && { nodeOptions }) })
    using memory = watchMemory(server.pid)
    const { analyzers } = systemSchema.parse(await get(server, '/system'))
    chosen = values.analyzers?.split(',') ?? analyzers.map(({ id }) => id).filter((id) => id !== 'types')
    const first = await runStudy(server, source, chosen)
    printSteps('first', first)
    console.log(
      `  ${(first.study.progress.total / first.seconds.run).toFixed(0)} analyses/s; ${JSON.stringify(first.study.progress.byOutcome)}; ${first.study.findings.total} findings`,
    )
    console.log(
      `  memory: server peak ${peakMiB(server.pid).toFixed(0)} MiB, now ${residentMiB(server.pid).toFixed(0)}; ${memory.peak.processes} children together at most ${memory.peak.children.toFixed(0)} MiB`,
    )
    printTable(
      ['  analyzer', 'analyses', 'median ms'],
      first.study.progress.perAnalyzer.map(({ analyzer, total, medianMs }) => [
        `  ${analyzer}`,
        `${total}`,
        medianMs === null ? '–' : milliseconds(medianMs),
      ]),
    )
    const repeat = await runStudy(server, source, chosen)
    printSteps('repeat, same server', repeat)
    console.log(`  ${repeat.study.progress.cached} of ${repeat.study.progress.total} analyses from the cache`)
  }
  const began = performance.now()
  const again = await runCommand(place, [
    'study',
    'run',
    source,
    '--name',
    'again',
    '--analyzers',
    chosen.join(','),
    '--json',
  ])
  console.log(
    `repeat, new process: ${((performance.now() - began) / 1000).toFixed(1)} s wall, ${again.toFixed(1)} s processor time`,
  )
  console.log(machineLine())
}

async function runStudy(server: Served, path: string, analyzers: readonly string[]): Promise<Steps> {
  const main = processorSeconds(server.pid)
  const children = new Map<number, number>()
  const times = [performance.now()]
  const imported = importSchema.parse(await post(server, '/apps/import', { source: { kind: 'path', path } }))
  times.push(performance.now())
  let study = studySchema.parse(
    await post(server, '/studies', { name: 'Benchmark', apps: imported.apps.map(({ id }) => id), analyzers }),
  )
  times.push(performance.now())
  while (study.state !== 'completed') {
    await sleep(500)
    for (const pid of descendants(server.pid)) children.set(pid, processorSeconds(pid))
    study = studySchema.parse(await get(server, `/studies/${study.id}`))
  }
  times.push(performance.now())
  await get(server, `/studies/${study.id}/comparison`)
  times.push(performance.now())
  const [start = 0, afterImport = 0, afterPlan = 0, afterRun = 0, end = 0] = times.map((time) => time / 1000)
  const used = [...children.values()].reduce((sum, seconds) => sum + seconds, 0)
  return {
    study,
    seconds: {
      import: afterImport - start,
      plan: afterPlan - afterImport,
      run: afterRun - afterPlan,
      comparison: end - afterRun,
      total: end - start,
    },
    processor: { main: processorSeconds(server.pid) - main, children: used },
  }
}

function printSteps(title: string, { seconds, processor }: Steps): void {
  const steps = Object.entries(seconds).map(([step, value]) => `${step} ${value.toFixed(1)}`)
  console.log(
    `${title}: ${steps.join(', ')} s; processor time: server ${processor.main.toFixed(1)} s, analyzing ${processor.children.toFixed(1)} s`,
  )
}

/** @returns seconds of processor time, as far as seen while it ran */
async function runCommand(place: Parameters<typeof serve>[0], words: readonly string[]): Promise<number> {
  const child = spawn(command, words, {
    cwd: place.data,
    env: assayEnvironment({
      ASSAY_DATA_DIR: place.data,
      ...(place.databaseUrl !== undefined && { DATABASE_URL: place.databaseUrl }),
      ...place.environment,
    }),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${command} could not be started.`)
  let used = 0
  const timer = setInterval(() => {
    used = Math.max(used, processorSeconds(pid))
  }, 50)
  const [code] = await once(child, 'exit')
  clearInterval(timer)
  if (code !== 0) throw new Error(`assay ${words.join(' ')} ended with code ${code}.`)
  return used
}

async function get(server: Served, path: string): Promise<unknown> {
  return answerOf(await fetch(`${server.url}/api/v1${path}`))
}

async function post(server: Served, path: string, body: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  return answerOf(await fetch(`${server.url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) }))
}

async function answerOf(response: Response): Promise<unknown> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`)
  return response.json()
}

await main()
