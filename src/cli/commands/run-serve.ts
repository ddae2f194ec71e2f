import { join } from 'node:path'
import { type Config, type ConfigFile, loadConfig } from '#platform/config'
import { InvalidInput, messageOf } from '#platform/errors'
import { createLogger, type Logger } from '#platform/telemetry'
import { type Application, openApplication, startServer } from '#server'
import { announceServer } from '../connection.ts'
import { packageRoot } from '../package-root.ts'
import type { CommandContext } from '../program.ts'
import type { ServeFlags } from './serve.ts'

/** Serves until interrupted. */
export async function serve(flags: ServeFlags, { version, signal }: CommandContext): Promise<void> {
  const config = await configOf(flags)
  const log = logOf(config)
  await using application = await openApplication(config, version, log)
  await using server = await startServer(application, {
    host: config.host,
    port: config.port,
    publicUrl: config.publicUrl,
    webRoot: join(packageRoot, 'web/dist'),
  })
  await using _address = await announceServer(config, server.url)
  process.stdout.write(`Assay ${version} is ready on ${server.url}\n`)
  const working = config.workers > 0 ? application.work(signal) : untilAborted(signal)
  const starter = flags.starter ? startStarterStudy(application, signal) : Promise.resolve()
  starter.catch((error: unknown) =>
    log.error({ err: error }, `The starter study could not be started: ${messageOf(error)}`),
  )
  await working
}

/** Works until interrupted. */
export async function work(flags: ServeFlags, { version, signal }: CommandContext): Promise<void> {
  const config = await configOf(flags)
  if (config.databaseUrl === undefined) {
    throw new InvalidInput('A worker needs a shared database, and DATABASE_URL is not set.', {
      next: "Set DATABASE_URL (and ASSAY_DATA_DIR to a shared folder); without it, 'assay serve' does its own work.",
    })
  }
  await using application = await openApplication(config, version, logOf(config))
  process.stdout.write(`Assay ${version} works on studies, ${config.workers} analyses at once\n`)
  await application.work(signal)
}

async function configOf(flags: ServeFlags): Promise<Config> {
  const overrides: Partial<ConfigFile> = {
    ...(flags.host !== undefined && { host: flags.host }),
    ...(flags.port !== undefined && { port: flags.port }),
    ...(flags.workers !== undefined && { workers: flags.workers }),
    ...(flags.offline && { offline: true }),
  }
  return loadConfig({ environment: process.env, workingDirectory: process.cwd(), overrides })
}

/** A person at a terminal sees what goes wrong; a log collector sees everything it asked for. */
function logOf(config: Config): Logger {
  const level = process.stderr.isTTY && process.env['ASSAY_LOG_LEVEL'] === undefined ? 'warn' : config.logLevel
  return createLogger({ level })
}

async function startStarterStudy({ services, workspace }: Application, signal: AbortSignal): Promise<void> {
  const { items } = await services.studies.listStudies(workspace, { limit: 1 })
  if (items.length > 0) return
  const { apps } = await services.apps.importApps(
    workspace,
    { source: { kind: 'path', path: join(packageRoot, 'examples') } },
    signal,
  )
  await services.studies.createStudy(workspace, 'Assay', {
    name: 'Starter study',
    question: 'Does care show? Three specs, each built carefully, hastily and carelessly.',
    apps: apps.map(({ id }) => id),
  })
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
