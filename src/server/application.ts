import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { engineMigrations, openExecutions, runExecutions } from '#agents/engine'
import { roster } from '#agents/roster'
import { builtInTools } from '#agents/tools'
import {
  type Analyzer,
  analyzers,
  type Canaries,
  configuredOptions,
  findTools,
  openCanaries,
  openPool,
} from '#bench/analyzers'
import { appMigrations, openApps } from '#bench/collection'
import { interfacesOf } from '#bench/interfaces'
import {
  findingsRefresher,
  openFindingIndex,
  openFindings,
  openStudies,
  queueDefinitions,
  runWorker,
  studyMigrations,
} from '#bench/studies'
import { auditMigrations, openAudit } from '#platform/audit'
import { openDirectoryBlobs, openS3Blobs } from '#platform/blobs'
import type { Config } from '#platform/config'
import { lockDirectory, openDatabase } from '#platform/database'
import { NotFound } from '#platform/errors'
import { connectPostgres, createBus } from '#platform/events'
import { identityMigrations, identitySettings, openIdentity } from '#platform/identity'
import { openQueue } from '#platform/queue'
import type { Logger } from '#platform/telemetry'
import type { ServedApplication } from './server.ts'
import type { AnalyzerResource } from './system-routes.ts'

/** Executions one process works on. They mostly wait: for analyzers, which have places of their own, and for others' servers. */
const executionsAtOnce = 16

/** Everything open: what the server serves, and the worker beside it. */
export interface Application extends ServedApplication, AsyncDisposable {
  /** The workspace of the local owner. */
  readonly workspace: string
  /** Works on analyses until the signal aborts. */
  work(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

export const migrations = [
  ...identityMigrations,
  ...auditMigrations,
  ...appMigrations,
  ...studyMigrations,
  ...engineMigrations,
]

/**
 * Opens database, queue and rooms as the configuration says. With the embedded database, the data directory is this
 * process's alone until closed.
 *
 * @throws Conflict when another process has the data directory
 * @throws Unavailable when a part cannot be opened
 */
export async function openApplication(config: Config, version: string, log: Logger): Promise<Application> {
  const resources = new AsyncDisposableStack()
  try {
    return await open(config, version, log, resources)
  } catch (error) {
    await resources.disposeAsync()
    throw error
  }
}

async function open(
  config: Config,
  version: string,
  log: Logger,
  resources: AsyncDisposableStack,
): Promise<Application> {
  const now = Date.now
  const data = config.dataDirectory
  const run = randomUUID().slice(0, 8)
  if (config.databaseUrl === undefined) resources.use(await lockDirectory(data))
  const warn = (message: string): void => log.warn(message)
  const database = resources.use(
    await openDatabase({
      ...(config.databaseUrl === undefined
        ? { directory: join(data, 'database') }
        : { url: config.databaseUrl.reveal() }),
      migrations,
      onConnectionError: (error) => log.warn({ err: error }, 'A database connection was lost.'),
      onUpkeepError: (error) => log.warn({ err: error }, 'The embedded database could not be tidied.'),
    }),
  )
  const queue = await openQueue(database, queueDefinitions(config.workers), warn)
  resources.defer(() => queue.stop())
  const bus = createBus(run, (error, room) => log.error({ err: error, room }, 'A listener failed and was removed.'))
  if (database.driver.kind === 'postgres') {
    resources.use(await connectPostgres(bus, database.driver.pool, database.driver.url, run, warn))
  }
  const audit = openAudit(database, now)
  const local = config.secret === undefined
  const identity = await openIdentity(database, audit, identitySettings(config), now)
  const blobs =
    config.blobsUrl === undefined ? openDirectoryBlobs(join(data, 'blobs')) : openS3Blobs(config.blobsUrl.reveal())
  const pool = resources.use(
    openPool({
      size: config.workers + 1,
      cache: join(data, 'downloads'),
      network: !config.offline,
      now,
      runner: config.runner,
      artifacts: async (_artifact, path) => blobs.put(await readFile(path)),
    }),
  )
  const canaries = openCanaries(join(data, 'canaries'), pool, now)
  const apps = openApps({
    database,
    blobs,
    snapshots: join(data, 'snapshots'),
    serverPaths: local,
    relations: { interfacesOf, studiesOf: (workspace, app) => studies.reader.studiesOf(workspace, app) },
    now,
  })
  const refresher = findingsRefresher(database, apps, now)
  const index = resources.use(
    openFindingIndex(database, { now, onError: (error) => log.warn({ err: error }, 'Findings could not be read.') }),
  )
  const studies = openStudies({
    database,
    queue,
    bus,
    apps,
    blobs,
    index,
    refresher,
    version,
    enabled: config.analyzers.enabled,
    options: analyzerOptions(config),
    network: !config.offline,
    now,
  })
  const engine = {
    database,
    bus,
    agents: roster,
    tools: builtInTools({ apps, pool, canaries, options: analyzerOptions(config) }),
    now,
  }
  const executions = openExecutions(engine)
  const close = (): Promise<void> => resources.disposeAsync()

  return {
    version,
    bus,
    log,
    workspace: identity.defaultWorkspace,
    services: {
      identity,
      audit,
      apps,
      studies,
      executions,
      findings: openFindings(database, index, apps, pool, now),
      system: {
        analyzers: () => describeAnalyzers(canaries),
        async describe() {
          const [description, counts, deadLetters, workers, tools] = await Promise.all([
            database.describe(),
            queue.counts(),
            queue.deadLetters(50),
            studies.reader.workers(),
            findTools(),
          ])
          return {
            database: { kind: database.kind, ...description },
            queue: { ...counts, deadLetters: [...deadLetters] },
            workers,
            analyzers: [...(await describeAnalyzers(canaries))],
            tools: [...tools],
          }
        },
        async checks() {
          try {
            await sql`select 1`.execute(database.tables<unknown>())
            return { database: 'ok' as const }
          } catch (error) {
            log.warn({ err: error }, 'The database does not answer.')
            return { database: 'failing' as const }
          }
        },
      },
    },
    async mayListen(actor, room) {
      if (room === `workspace:${actor.workspace.id}`) return true
      const [, kind, id] = /^(study|execution):([0-9a-f-]{36})$/.exec(room) ?? []
      if (id === undefined) return false
      const look =
        kind === 'study' ? studies.reader.row(actor.workspace.id, id) : executions.getExecution(actor.workspace.id, id)
      return look.then(
        () => true,
        (error: unknown) => {
          if (error instanceof NotFound) return false
          throw error
        },
      )
    },
    async work(signal) {
      await Promise.all([
        runWorker({ database, queue, bus, apps, pool, canaries, refresher, log: warn, now }, signal),
        runExecutions({ ...engine, concurrency: executionsAtOnce, log: warn }, signal),
      ])
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Options of the configuration, with the registries every analyzer is to use. */
function analyzerOptions(config: Config): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const registries = {
    ...(config.npmRegistry !== undefined && { npmRegistry: config.npmRegistry }),
    ...(config.pypiRegistry !== undefined && { pypiRegistry: config.pypiRegistry }),
  }
  const shared: Record<string, Record<string, unknown>> = {}
  if (Object.keys(registries).length > 0) shared['imports'] = registries
  if (Object.keys(registries).length > 0 || config.osvDirectory !== undefined) {
    shared['dependencies'] = {
      ...registries,
      ...(config.osvDirectory !== undefined && { osvDirectory: config.osvDirectory }),
    }
  }
  return { ...shared, ...configuredOptions(config) }
}

async function describeAnalyzers(canaries: Canaries): Promise<readonly AnalyzerResource[]> {
  return analyzers.map((analyzer) => describeAnalyzer(analyzer, canaries))
}

function describeAnalyzer(
  { id, version, title, description, category, needs, ...analyzer }: Analyzer,
  canaries: Canaries,
): AnalyzerResource {
  const known = canaries.known({ id, version, title, description, category, needs, ...analyzer })
  return {
    id,
    version,
    title,
    description,
    category,
    needs: { ...needs },
    canary: known === undefined ? { state: 'not_run' } : { ...known },
    available: known?.state !== 'failed',
    ...(known?.state === 'failed' && known.reason !== undefined && { reason: known.reason }),
  }
}
