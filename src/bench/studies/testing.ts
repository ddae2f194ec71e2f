/** The rooms of a study opened for tests: real database, queue, files and workers; what analyzers find is scripted. */
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type AnalysisReport,
  type Analyzer,
  type AnalyzerPool,
  type Canaries,
  type KeptArtifact,
  nothingMeasured,
} from '#bench/analyzers'
import type { AppSnapshot } from '#bench/apps'
import { type App, type Apps, appMigrations, openApps } from '#bench/collection'
import { toFindings } from '#bench/findings'
import { type BlobStore, openDirectoryBlobs } from '#platform/blobs'
import type { Database, Migration } from '#platform/database'
import { type Bus, connectPostgres, createBus } from '#platform/events'
import { openQueue, type Queue } from '#platform/queue'
import { openFindingIndex } from './finding-index/open.ts'
import type { FindingRouteServices } from './finding-routes.ts'
import { openFindings } from './findings.ts'
import { studyMigrations } from './migrations.ts'
import { queueDefinitions } from './queues.ts'
import { findingsRefresher } from './refresh.ts'
import type { Study } from './resources.ts'
import { openStudies, type Studies } from './studies.ts'
import type { StudyTables } from './tables.ts'
import { runWorker } from './worker.ts'

export const migrations: readonly Migration[] = [...appMigrations, ...studyMigrations]
export const workspace = '01890000-0000-7000-8000-00000000000a'

export interface TestRooms extends AsyncDisposable {
  readonly apps: Apps
  readonly studies: Studies
  readonly findings: FindingRouteServices
  readonly queue: Queue
  readonly bus: Bus
  readonly database: Database
  /** Every analysis that was carried out, as `app analyzer`, in the order of their beginnings. */
  readonly carriedOut: string[]
  readonly problems: string[]
  /** Imports apps given as name → content of `app.py`; see {@link scriptedPool} for what it may say. */
  bring(apps: Readonly<Record<string, string>>): Promise<readonly App[]>
  /** Starts a worker; disposing stops it. */
  work(): AsyncDisposable
  /** Waits until the study is in the state, with its findings brought up to date. */
  until(study: string, state: Study['state']): Promise<Study>
  /** The state of each finding of a study, by its subject: `A`. */
  states(study: string): Promise<Readonly<Record<string, string>>>
}

/** Opens the rooms on a database; `folder` may be shared with others of the same database. */
export async function openRooms(database: Database, folder: string, workers = 2): Promise<TestRooms> {
  const problems: string[] = []
  const carriedOut: string[] = []
  const log = (message: string): void => void problems.push(message)
  const run = randomUUID().slice(0, 8)
  const queue = await openQueue(database, queueDefinitions(workers), log)
  const bus = createBus(run, (error) => log(String(error)))
  const { driver } = database
  const shared = driver.kind === 'postgres' ? await connectPostgres(bus, driver.pool, driver.url, run, log) : undefined
  const blobs = openDirectoryBlobs(join(folder, 'blobs'))
  const apps = openApps({
    database,
    blobs,
    snapshots: join(folder, 'snapshots'),
    serverPaths: true,
    relations: { interfacesOf: async () => ({ routes: [], calls: [] }), studiesOf: async () => [] },
    now: Date.now,
  })
  const refresher = findingsRefresher(database, apps, Date.now)
  const pool = scriptedPool(carriedOut, blobs)
  const index = openFindingIndex(database, { now: Date.now, onError: (error) => log(String(error)) })
  const studies = openStudies({
    database,
    queue,
    bus,
    apps,
    blobs,
    index,
    refresher,
    version: '0.0.0',
    enabled: ['patterns', 'secrets'],
    options: {},
    network: false,
    now: Date.now,
  })
  const findings = openFindings(database, index, apps, pool, Date.now)
  const db = database.tables<StudyTables>()
  const stops: AsyncDisposable[] = []

  return {
    apps,
    studies,
    findings,
    queue,
    bus,
    database,
    carriedOut,
    problems,
    async bring(contents) {
      const source = mkdtempSync(join(folder, 'source-'))
      for (const [name, content] of Object.entries(contents)) {
        const file = join(source, name, 'app.py')
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, content)
      }
      const request = { source: { kind: 'path', path: source } } as const
      return (await apps.importApps(workspace, request, new AbortController().signal)).apps
    },
    work() {
      const stop = new AbortController()
      const parts = { database, queue, bus, apps, pool, canaries: allPass, refresher, log, now: Date.now }
      const done = runWorker(parts, stop.signal)
      const worker = {
        async [Symbol.asyncDispose]() {
          stop.abort()
          await done
        },
      }
      stops.push(worker)
      return worker
    },
    async until(id, state) {
      for (let time = 0; time < 300; time += 1) {
        const study = await studies.getStudy(workspace, id)
        const stale = await db
          .selectFrom('study_apps')
          .select('app_id')
          .where('study_id', '=', id)
          .where('stale', '=', true)
          .executeTakeFirst()
        if (study.state === state && (state === 'cancelled' || stale === undefined)) return study
        await sleep(50)
      }
      const study = await studies.getStudy(workspace, id)
      throw new Error(`${JSON.stringify(study)} is not ${state}: ${problems.join('; ')}`)
    },
    async states(study) {
      const { items } = await findings.listFindings(workspace, { study, limit: 500, sort: 'path' })
      return Object.fromEntries(
        items.map(({ message, state }) => [message, state] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
      )
    },
    async [Symbol.asyncDispose]() {
      for (const worker of stops) await worker[Symbol.asyncDispose]()
      await index[Symbol.asyncDispose]()
      await queue.stop()
      await shared?.[Symbol.asyncDispose]()
    },
  }
}

/** A folder that is gone after the test. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'assay-studies-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

const allPass: Canaries = {
  known: () => undefined,
  verify: async () => ({ state: 'passed', at: new Date(0).toISOString() }),
}

/**
 * Finds what the app says about itself, a word to a line:
 * `patterns:A` a finding A of the analyzer patterns, `patterns=error` that it ends in error,
 * `patterns=keeps` that it keeps the artifact app.log,
 * `patterns=wait` that it waits until it is cancelled, `patterns=slow` that it takes half a second.
 */
function scriptedPool(carriedOut: string[], blobs: BlobStore): AnalyzerPool {
  return {
    active: 0,
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
    async run(analyzer, app, _options, signal) {
      const text = readFileSync(join(app.root, 'app.py'), 'utf8')
      carriedOut.push(`${text.split('\n', 1)[0]} ${analyzer.id}`)
      if (text.includes(`${analyzer.id}=wait`)) await waitFor(signal, 60_000)
      if (text.includes(`${analyzer.id}=slow`)) await waitFor(signal, 500)
      const nothing = { ...nothingMeasured, durationMs: 1 }
      if (signal.aborted) return { ...nothing, outcome: 'cancelled', reason: 'cancelled' }
      if (text.includes(`${analyzer.id}=error`)) return { ...nothing, outcome: 'error', reason: 'It fell over.' }
      const artifacts = text.includes(`${analyzer.id}=keeps`) ? [await keptLog(blobs)] : []
      return { ...nothing, artifacts, ...said(analyzer, app, text) }
    },
  }
}

async function keptLog(blobs: BlobStore): Promise<KeptArtifact> {
  const content = Buffer.from('hello')
  const log = { name: 'app.log', title: 'What it printed', mediaType: 'text/plain' }
  return { ...log, size: content.length, key: await blobs.put(content) }
}

function said(
  analyzer: Analyzer,
  _app: AppSnapshot,
  text: string,
): Pick<AnalysisReport, 'outcome' | 'findings' | 'metrics' | 'coverage'> {
  const findings = text.split('\n').flatMap((line, index) => {
    const subject = line.startsWith(`# ${analyzer.id}:`) ? line.slice(`# ${analyzer.id}:`.length) : undefined
    if (subject === undefined) return []
    const location = { kind: 'file', path: 'app.py', region: { startLine: index + 1 } } as const
    return [{ rule: analyzer.canary.rule, message: subject, subject, location }]
  })
  return {
    outcome: 'completed',
    findings: toFindings(analyzer, { findings }, () => text),
    metrics: { lines: text.split('\n').length },
    coverage: { analysed: 1, total: 1, gaps: [] },
  }
}

async function waitFor(signal: AbortSignal, milliseconds: number): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined)
}
