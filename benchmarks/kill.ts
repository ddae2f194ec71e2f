/**
 * Kills a server at random moments of a study and starts it again, then compares what the study says, row for row, with
 * an undisturbed run: `node benchmarks/kill.ts [--apps 30] [--kills 20] [--seed 1] [--database postgres://…]`.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { generateApps } from './generate-apps.ts'
import { descendants, machineLine } from './processes.ts'
import { choices } from './random.ts'
import { scratchDatabase, scratchFolder } from './scratch.ts'
import { assayEnvironment, serve } from './served.ts'
import { startStudy, studyEnd } from './study-api.ts'
import { type RowsPlace, type StoredAnalysis, storedAnalyses, studyRows } from './study-rows.ts'

export interface KillOptions {
  readonly apps: number
  readonly kills: number
  readonly seed: number
  /** A PostgreSQL server to make databases on; without it, the embedded database. */
  readonly database?: string | undefined
  readonly analyzers?: readonly string[]
  /** Told of every kill. */
  readonly note?: (line: string) => void
}

export interface KillReport {
  readonly analyses: number
  readonly findings: number
  /** Kills that came before the study had ended. */
  readonly killsMidway: number
  /** Rows that only one of the two runs has. */
  readonly differences: readonly string[]
  /** Analyses whose row changed, or that were begun, after their result was stored. */
  readonly ranAgain: readonly string[]
  /** Beginnings of analyses beyond the first: what was under way when the server was killed. */
  readonly repeatedAttempts: number
  /** Rows of results beyond one for each measured analysis. */
  readonly surplusResults: number
  /** Processes of killed servers that lived on for 2 s. */
  readonly orphans: number
  readonly undisturbedSeconds: number
  readonly disturbedSeconds: number
}

const patienceMs = 600_000
/** Milliseconds in which everything a killed server had started must be gone. */
const orphanMs = 2000

export async function killStudy(options: KillOptions): Promise<KillReport> {
  await using folder = await scratchFolder()
  const apps = join(folder.path, 'apps')
  await generateApps(apps, options.apps, options.seed)
  const calmDatabase = options.database === undefined ? undefined : await scratchDatabase(options.database)
  const wildDatabase = options.database === undefined ? undefined : await scratchDatabase(options.database)
  try {
    const calmPlace = await placeIn(folder.path, 'calm', calmDatabase?.url)
    const wildPlace = await placeIn(folder.path, 'wild', wildDatabase?.url)

    const calmStart = performance.now()
    await undisturbed(calmPlace, apps, options.analyzers)
    const undisturbedSeconds = seconds(calmStart)
    const expected = await studyRows(calmPlace)
    const wildStart = performance.now()
    const wild = await disturbed(wildPlace, apps, options, undisturbedSeconds, expected.analyses.length)
    const disturbedSeconds = seconds(wildStart)

    const actual = await studyRows(wildPlace)
    return {
      ...wild,
      analyses: expected.analyses.length,
      findings: expected.findings.length,
      differences: [
        ...difference('analysis', expected.analyses, actual.analyses),
        ...difference('finding', expected.findings, actual.findings),
      ],
      repeatedAttempts: actual.attempts - expected.attempts,
      surplusResults: actual.results - actual.measured,
      undisturbedSeconds,
      disturbedSeconds,
    }
  } finally {
    await calmDatabase?.[Symbol.asyncDispose]()
    await wildDatabase?.[Symbol.asyncDispose]()
  }
}

async function placeIn(folder: string, name: string, databaseUrl: string | undefined): Promise<RowsPlace> {
  const data = join(folder, name)
  await mkdir(data)
  return { data, databaseUrl }
}

async function undisturbed(place: RowsPlace, apps: string, analyzers?: readonly string[]): Promise<void> {
  await using server = await serve({ ...place, environment })
  await studyEnd(server.url, await startStudy(server.url, apps, analyzers), patienceMs)
}

/** Registries answer differently from one minute to the next. */
const environment = { ASSAY_OFFLINE: 'true', ASSAY_LOG_LEVEL: 'error' }

async function disturbed(
  place: RowsPlace,
  apps: string,
  { kills, seed, analyzers, note }: KillOptions,
  calmSeconds: number,
  total: number,
): Promise<Pick<KillReport, 'killsMidway' | 'ranAgain' | 'orphans'>> {
  const pick = choices(seed)
  const ranAgain = new Set<string>()
  let seen: ReadonlyMap<string, StoredAnalysis> = new Map()
  let killsMidway = 1
  let orphans = 0
  let study = ''
  {
    await using first = await serve({ ...place, environment })
    study = await startStudy(first.url, apps, analyzers)
    orphans += await kill(first.pid)
  }
  for (let time = 1; time < kills; time += 1) {
    // Some lives end while the server still starts, the rest in the middle of the work.
    const early = pick.chance(0.2)
    const life = early ? pick.integer(50, 1500) : pick.integer(0, Math.round((1600 * calmSeconds) / kills))
    orphans += early ? await killStarting(place, life) : await killWorking(place, life)
    const now = await storedAnalyses(place)
    for (const id of changed(seen, now)) ranAgain.add(id)
    if (now.size < total) killsMidway += 1
    note?.(
      `kill ${time + 1}, ${life} ms after ${early ? 'the start' : 'ready'}: ${now.size} of ${total} analyses stored`,
    )
    seen = now
  }
  await using last = await serve({ ...place, environment })
  await studyEnd(last.url, study, patienceMs)
  await last.stop()
  for (const id of changed(seen, await storedAnalyses(place))) ranAgain.add(id)
  return { killsMidway, ranAgain: [...ranAgain], orphans }
}

async function killWorking(place: RowsPlace, life: number): Promise<number> {
  await using server = await serve({ ...place, environment })
  await sleep(life)
  return await kill(server.pid)
}

async function killStarting(place: RowsPlace, life: number): Promise<number> {
  const server = spawn(join(import.meta.dirname, '..', 'bin', 'assay'), ['serve', '--port', '0'], {
    cwd: place.data,
    env: assayEnvironment({
      ...environment,
      ASSAY_DATA_DIR: place.data,
      ...(place.databaseUrl !== undefined && { DATABASE_URL: place.databaseUrl }),
    }),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(server, 'exit')
  await sleep(life)
  if (server.pid === undefined || server.exitCode !== null)
    throw new Error(`The server ended by itself with ${server.exitCode}.`)
  const left = await kill(server.pid)
  await ended
  return left
}

/** Kills without warning; tells how many of the processes it had started live on for too long. */
async function kill(pid: number): Promise<number> {
  const family = descendants(pid)
  process.kill(pid, 'SIGKILL')
  const until = Date.now() + orphanMs
  let left = family
  while (left.length > 0 && Date.now() < until) {
    await sleep(50)
    left = left.filter(runs)
  }
  return left.length
}

/** A zombie that waits for the machine's init runs no more. */
function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return false
    throw error
  }
}

function changed(before: ReadonlyMap<string, StoredAnalysis>, after: ReadonlyMap<string, StoredAnalysis>): string[] {
  return [...before].flatMap(([id, row]) => (JSON.stringify(row) === JSON.stringify(after.get(id)) ? [] : [id]))
}

function difference(what: string, expected: readonly string[], actual: readonly string[]): string[] {
  const left = [...expected]
  const surplus = actual.filter((row) => {
    const at = left.indexOf(row)
    if (at !== -1) left.splice(at, 1)
    return at === -1
  })
  return [...left.map((row) => `missing ${what}: ${row}`), ...surplus.map((row) => `surplus ${what}: ${row}`)]
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 100) / 10
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      apps: { type: 'string', default: '30' },
      kills: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      database: { type: 'string' },
    },
  })
  const report = await killStudy({
    apps: Number(values.apps),
    kills: Number(values.kills),
    seed: Number(values.seed),
    database: values.database,
    note: (line) => console.error(line),
  })
  const lines: readonly (readonly [string, string | number])[] = [
    ['database', values.database === undefined ? 'PGlite' : 'PostgreSQL'],
    ['analyses, findings', `${report.analyses}, ${report.findings}`],
    ['kills', `${values.kills}, ${report.killsMidway} of them midway`],
    ['undisturbed, disturbed', `${report.undisturbedSeconds} s, ${report.disturbedSeconds} s`],
    ['attempts repeated', report.repeatedAttempts],
    ['rows that differ', report.differences.length],
    ['run again after stored', report.ranAgain.length],
    ['results stored twice', report.surplusResults],
    [`processes left after ${orphanMs / 1000} s`, report.orphans],
    ['machine', machineLine()],
  ]
  for (const [label, value] of lines) console.log(`${label.padEnd(28)}${value}`)
  for (const line of report.differences.slice(0, 20)) console.log(line.slice(0, 1000))
  const flaws = report.differences.length + report.ranAgain.length + report.surplusResults + report.orphans
  if (flaws > 0) process.exitCode = 1
}

if (import.meta.main) await main()
