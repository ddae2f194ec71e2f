/**
 * How fast commands and the server start, and what the idle server takes:
 * `node benchmarks/start.ts [--repeats 5] [--idle 30] [--data DIR] [--database postgres://…]`.
 *
 * Wall time and processor time of commands with everything they start, medians of the repeats; of one check, when each analyzer
 * ran. A cold server starts on an empty data directory, a warm one on the same again. `--data` names a folder that `benchmarks/findings.ts --data` has filled, to start on as well. With `--database`, the server is
 * measured on PostgreSQL too.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { checkProject } from '#bench/check'
import type { Report } from '#bench/reports'
import { generateApps } from './generate-apps.ts'
import { median, printTable } from './measures.ts'
import {
  descendants,
  endedSeconds,
  loadLine,
  machineLine,
  peakMiB,
  processorSeconds,
  residentMiB,
} from './processes.ts'
import { scratchDatabase, scratchFolder } from './scratch.ts'
import { assayEnvironment, command, serve } from './served.ts'

type Row = readonly string[]

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      repeats: { type: 'string', default: '5' },
      idle: { type: 'string', default: '30' },
      data: { type: 'string' },
      database: { type: 'string' },
    },
  })
  const repeats = Number(values.repeats)
  const idleMs = Number(values.idle) * 1000
  await using folder = await scratchFolder()
  console.log(machineLine())
  // Six files that are source code in an app, and some that are not.
  const apps = await generateApps(join(folder.path, 'hundred'), 9, 1)
  const files = apps.reduce((sum, app) => sum + app.files, 0)
  const commands: Row[] = [
    ...(await timed('--version', ['--version'], repeats)),
    ...(await timed('--help', ['--help'], repeats)),
    ...(await timed(
      `check, ${files} files, offline`,
      ['check', join(folder.path, 'hundred'), '--offline', '--out', join(folder.path, 'report')],
      repeats,
    )),
  ]
  printTable(['command', 'wall ms', 'cpu ms', 'load'], commands)
  printTable(['analyzer', 'from ms', 'to ms', 'took ms'], await timeline(join(folder.path, 'hundred')))

  const servers: Row[] = []
  const measure = async (name: string, data: string, databaseUrl?: string): Promise<void> => {
    await using server = await serve({ data, databaseUrl })
    const used = processorSeconds(server.pid) * 1000
    await sleep(idleMs)
    const children = descendants(server.pid).length
    const numbers = [server.readyMs, used, residentMiB(server.pid), peakMiB(server.pid), children]
    servers.push([name, ...numbers.map((value) => value.toFixed(0)), loadLine()])
  }
  const data = join(folder.path, 'data')
  await mkdir(data)
  await measure('PGlite, cold', data)
  for (let index = 0; index < Math.min(3, repeats); index += 1) await measure('PGlite, warm', data)
  if (values.data !== undefined) {
    const filled = join(folder.path, 'filled')
    await cp(values.data, filled, { recursive: true })
    await measure('PGlite, filled', filled)
  }
  if (values.database !== undefined) {
    await using database = await scratchDatabase(values.database)
    const shared = join(folder.path, 'shared')
    await mkdir(shared)
    await measure('PostgreSQL, cold', shared, database.url)
    for (let index = 0; index < Math.min(3, repeats); index += 1)
      await measure('PostgreSQL, warm', shared, database.url)
  }
  printTable(['server', 'ready ms', 'cpu ms', 'idle MiB', 'peak MiB', 'children', 'load'], servers)
}

/** One row: medians over the repeats, after one run that fills the compile cache. */
async function timed(name: string, words: readonly string[], repeats: number): Promise<Row[]> {
  const walls: number[] = []
  const processors: number[] = []
  for (let index = 0; index <= repeats; index += 1) {
    const began = performance.now()
    const before = endedSeconds()
    const child = spawn(command, words, { env: assayEnvironment({}), stdio: 'ignore' })
    const [code] = await once(child, 'exit')
    if (code !== 0 && code !== 1 && code !== 3) throw new Error(`assay ${words.join(' ')} ended with code ${code}.`)
    if (index === 0) continue
    walls.push(performance.now() - began)
    processors.push((endedSeconds() - before) * 1000)
  }
  return [[name, median(walls).toFixed(0), median(processors).toFixed(0), loadLine()]]
}

/** When each analyzer began and ended, from the call of a check whose canaries are known; the one that ends last comes last. */
async function timeline(folder: string): Promise<Row[]> {
  await using home = await scratchFolder()
  const ends = new Map<string, number>()
  let began = 0
  const check = (): Promise<Report> => {
    began = performance.now()
    return checkProject(folder, {
      cache: home.path,
      network: false,
      parallel: Math.max(2, availableParallelism()),
      version: '0',
      now: Date.now,
      signal: new AbortController().signal,
      onProgress({ analyzer, state }) {
        if (state === 'finished') ends.set(analyzer, performance.now() - began)
      },
    })
  }
  await check()
  ends.clear()
  const { analyses } = await check()
  return [...ends].map(([analyzer, end]) => {
    const took = analyses.find((analysis) => analysis.analyzer === analyzer)?.durationMs ?? 0
    return [analyzer, ...[end - took, end, took].map((value) => value.toFixed(0))]
  })
}

await main()
