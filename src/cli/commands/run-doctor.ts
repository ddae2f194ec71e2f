import { constants } from 'node:fs'
import { access, rm } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { dirname } from 'node:path'
import { analyzers, type CanaryResult, findTools, type MachineTool, openCanaries, openPool } from '#bench/analyzers'
import { counted } from '#bench/reports'
import type { RunnerReport } from '#bench/sandbox'
import { type Config, loadConfig } from '#platform/config'
import { lockDirectory } from '#platform/database'
import { AssayError, messageOf } from '#platform/errors'
import { cacheFolder, cacheParts } from '../cache.ts'
import { runningServer } from '../connection.ts'
import { exitCodes } from '../exit.ts'
import { duration, print, printJson } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { renderRecord, renderTable, styled } from '../table.ts'
import { screen, type Terminal, terminalOf } from '../terminal.ts'
import type { DoctorFlags } from './doctor.ts'
import { sandboxText, trySandboxes } from './doctor-sandboxes.ts'

/** Milliseconds a database has to answer. */
const postgresPatienceMs = 5000

interface CanaryReport {
  readonly analyzer: string
  readonly version: string
  readonly title: string
  readonly needs: readonly string[]
  readonly canary: CanaryResult
  readonly durationMs: number
}

interface DataReport {
  readonly kind: 'pglite' | 'postgres'
  readonly directory: string
  readonly usable: boolean
  /** In words. */
  readonly state: string
  readonly next?: string
}

interface DoctorReport {
  readonly version: string
  readonly node: string
  readonly platform: string
  readonly processors: number
  readonly memoryMb: number
  readonly analyzers: readonly CanaryReport[]
  readonly tools: readonly MachineTool[]
  readonly sandboxes: readonly RunnerReport[]
  readonly data: DataReport
}

/** Runs `assay doctor` and returns the exit code. */
export async function runDoctor(flags: DoctorFlags, context: CommandContext): Promise<number> {
  const config = await loadConfig({ environment: process.env, workingDirectory: process.cwd() })
  const [canaries, tools, sandboxes, data] = await Promise.all([
    plantCanaries(!(flags.offline || config.offline), context.signal),
    findTools(context.signal),
    trySandboxes(context.signal),
    lookAtData(config),
  ])
  context.signal.throwIfAborted()
  const report: DoctorReport = {
    version: context.version,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    processors: availableParallelism(),
    memoryMb: Math.round(totalmem() / 1024 / 1024),
    analyzers: canaries,
    tools,
    sandboxes,
    data,
  }
  if (flags.json) printJson(report)
  else print(doctorText(report, terminalOf(process.stdout)))
  const failed = canaries.some(({ canary }) => canary.state === 'failed')
  return failed || !data.usable ? exitCodes.unmeasured : exitCodes.clean
}

/** Runs every canary now. What passed before is forgotten first, so that `check` believes nothing older than this. */
async function plantCanaries(network: boolean, signal: AbortSignal): Promise<CanaryReport[]> {
  const { canaries: folder, downloads } = cacheParts(cacheFolder())
  await rm(folder, { recursive: true, force: true })
  await using pool = openPool({ size: Math.max(2, availableParallelism()), cache: downloads, network, now: Date.now })
  const canaries = openCanaries(folder, pool, Date.now)
  let finished = 0
  const show = (): void =>
    screen.draw([`Looking for planted defects: ${finished} of ${analyzers.length} analyzers done`])
  show()
  try {
    return await Promise.all(
      analyzers.map(async (analyzer) => {
        const started = performance.now()
        const canary = await canaries.verify(analyzer, signal)
        finished += 1
        show()
        const { id, version, title, needs } = analyzer
        const durationMs = Math.round(performance.now() - started)
        return { analyzer: id, version, title, needs: Object.keys(needs), canary, durationMs }
      }),
    )
  } finally {
    screen.clear()
  }
}

async function lookAtData(config: Config): Promise<DataReport> {
  const directory = config.dataDirectory
  const server = await runningServer(config)
  const serving = server === undefined ? undefined : `a server runs on ${server}`
  if (config.databaseUrl !== undefined) {
    const report = { kind: 'postgres', directory } as const
    try {
      const version = await postgresVersion(config.databaseUrl.reveal())
      return { ...report, usable: true, state: [`PostgreSQL ${version} answers`, serving].filter(Boolean).join('; ') }
    } catch (error) {
      const next = 'Check DATABASE_URL, and that the database runs and lets this machine in.'
      return { ...report, usable: false, state: `PostgreSQL cannot be used: ${messageOf(error)}`, next }
    }
  }
  const report = { kind: 'pglite', directory } as const
  if (serving !== undefined) return { ...report, usable: true, state: serving }
  try {
    if (!(await exists(directory))) {
      await access(await existingParent(directory), constants.W_OK)
      return { ...report, usable: true, state: 'not created yet' }
    }
    await (await lockDirectory(directory)).release()
    return { ...report, usable: true, state: 'free to use' }
  } catch (error) {
    return { ...report, usable: false, ...told(error) }
  }
}

/** Asks without opening the database as Assay's own, which would bring its schema up to date. */
async function postgresVersion(url: string): Promise<string> {
  const { Client } = await import('pg')
  const client = new Client({ connectionString: url, connectionTimeoutMillis: postgresPatienceMs })
  try {
    await client.connect()
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    return rows[0]?.server_version ?? 'of unknown version'
  } finally {
    await client.end()
  }
}

function told(error: unknown): { readonly state: string; readonly next?: string } {
  const next = error instanceof AssayError ? error.next : undefined
  return { state: messageOf(error), ...(next && { next }) }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function existingParent(path: string): Promise<string> {
  const parent = dirname(path)
  return parent === path || (await exists(parent)) ? parent : existingParent(parent)
}

function doctorText(report: DoctorReport, terminal: Terminal): string {
  const title = (text: string): string => `\n${styled('bold', text, terminal)}\n`
  const failed = report.analyzers.filter(({ canary }) => canary.state === 'failed')
  const missing = report.tools.filter(({ found }) => !found)
  const memory = `${(report.memoryMb / 1024).toFixed(1)} GiB of memory`
  return [
    renderRecord(
      [
        ['assay', `${report.version} on Node ${report.node}, ${report.platform}`],
        ['machine', `${counted(report.processors, 'processor', 'processors')}, ${memory}`],
        [
          'data',
          `${report.data.kind === 'postgres' ? 'PostgreSQL by DATABASE_URL' : 'embedded database'}, ${report.data.directory}`,
        ],
        ['', report.data.usable ? report.data.state : { text: report.data.state, style: 'red' }],
        ...(report.data.next === undefined ? [] : [['', report.data.next] as const]),
      ],
      terminal,
    ),
    title('Analyzers'),
    renderTable(
      [
        { title: 'analyzer' },
        { title: 'canary' },
        { title: 'took', align: 'right' },
        { title: 'needs' },
        { title: 'what', flexible: true },
      ],
      report.analyzers.map(({ analyzer, canary, durationMs, needs, title: what }) => [
        analyzer,
        canary.state === 'passed' ? 'passed' : { text: 'FAILED', style: 'red' },
        duration(durationMs / 1000),
        needs.join(', '),
        canary.reason ?? what,
      ]),
      terminal,
    ),
    title('Sandboxes'),
    sandboxText(report.sandboxes, terminal),
    title('Tools'),
    renderTable(
      [{ title: 'tool' }, { title: 'found' }, { title: 'for', flexible: true }],
      report.tools.map(({ name, found, version, neededFor }) => [
        name,
        found ? (version ?? 'yes') : { text: 'missing', style: 'yellow' },
        neededFor,
      ]),
      terminal,
    ),
    missing.length === 0 ? '' : `${title('To install')}${missing.map(({ install }) => `  ${install}\n`).join('')}`,
    failed.length === 0
      ? `\nAll ${report.analyzers.length} analyzers can be believed here.\n`
      : `\n${failed.length} of ${report.analyzers.length} analyzers cannot be believed here: their analyses end in error.\n`,
  ].join('')
}
