import { type AppSnapshot, readText } from '#bench/apps'
import type { Runner, SandboxLimits } from '#bench/sandbox'
import type { LaunchFailure, LaunchResult, RunningApp } from './contract.ts'
import { RestartFailed } from './errors.ts'
import { defaultPatience, type Patience } from './health.ts'
import { bringInside } from './inside/inside.ts'
import { collectLogs } from './logs.ts'
import { observationsIn } from './observations.ts'
import { buildPages } from './pages.ts'
import type { ExpectedService, LaunchPlan } from './plan/launch-plan.ts'
import { planLaunch } from './plan/plan.ts'
import { serviceName } from './plan/services.ts'
import { blameMachine } from './provision/blame.ts'
import { provisionApp } from './provision/provision.ts'
import { availableServices, withLocalServices } from './services.ts'
import { type Prepared, type Session, type SessionResult, startSession } from './session.ts'

export interface LaunchOptions {
  readonly runner: Runner
  /** Ends the launch, and the app when it runs. */
  readonly signal: AbortSignal
  log(message: string): void
  /** Folder for packages and builds that are kept between launches. */
  readonly cache: string
  /** False: nothing is fetched, only what is kept or on this machine is used. */
  readonly network: boolean
  /** Epoch milliseconds. */
  readonly now: number
  /** Whether processes of the app report what they do, for {@link RunningApp.observations}. */
  readonly observe?: boolean
  readonly limits?: Partial<SandboxLimits>
  /** Set besides, and before, what the app's own files give. */
  readonly environment?: Readonly<Record<string, string>>
  readonly patience?: Partial<Patience>
}

/** A running app may be kept for a while, and attacked: more than a build needs. */
const runLimits: Partial<SandboxLimits> = { wallSeconds: 1800, cpuSeconds: 900 }

/**
 * Starts an app in a sandbox: finds out how, brings its packages, builds its pages, starts its servers and waits until they
 * answer. Nothing of the app runs anywhere else.
 *
 * @throws SandboxUnavailable when this machine has none, Unavailable when a declared package cannot be installed here, the signal's reason
 */
export async function launch(app: AppSnapshot, options: LaunchOptions): Promise<LaunchResult> {
  const began = performance.now()
  const beganAt = Date.now()
  const elapsed = () => performance.now() - began
  const { runner, signal, cache } = options
  const plan = await planLaunch(app, signal)
  if (plan.nothing !== undefined) return { outcome: 'not_applicable', reason: plan.nothing }
  const logs = collectLogs()
  const environment = withLocalServices({ ...plan.environment.values, ...options.environment })
  const services = availableServices(plan.services)
  const provisioned = await provisionApp(app, plan, options)
  let pages: Prepared['pages']
  const failures: LaunchFailure[] = []
  if (plan.pages !== undefined) {
    const request = { app, planned: plan.pages, provisioned, environment, runner, cache, logs, signal, elapsed }
    const built = await buildPages(request)
    if (built.outcome === 'failed') blameMachine(built.failure, provisioned.provisions, provisioned.declared)
    if (built.outcome === 'built') pages = built.pages
    else if (plan.servers.length === 0) return { ...built, logs: logs.lines() }
    // What the servers do can be seen without the pages.
    else failures.push(built.failure)
  }
  const prepared: Prepared = {
    app,
    plan,
    provisioned,
    pages,
    runner,
    limits: { ...runLimits, ...options.limits },
    environment,
    services: services.available,
    addresses: services.available.length === 0 ? [] : await textsOf(app),
    inside: await bringInside(cache),
    patience: { ...defaultPatience, ...options.patience },
    signal,
    logs,
    observe: options.observe ?? false,
    elapsed,
  }
  const result = await startSession(prepared)
  const lacking = lackingService(result, services.missing, plan)
  if (lacking !== undefined) {
    if (result.outcome === 'running') await result.session.sandbox.stop()
    return { outcome: 'not_applicable', reason: lacking }
  }
  if (result.outcome === 'failed') {
    blameMachine(result.failure, provisioned.provisions, provisioned.declared)
    return { ...result, logs: logs.lines() }
  }
  return { outcome: 'running', app: runningApp(prepared, result.session, failures, beganAt) }
}

function runningApp(
  prepared: Prepared,
  first: Session,
  failures: readonly LaunchFailure[],
  beganAt: number,
): RunningApp {
  const { plan, pages, provisioned, logs } = prepared
  let session = first
  let alive = true
  const watch = (watched: Session): void => {
    alive = true
    const over = (): void => {
      if (session === watched) alive = false
    }
    void watched.main.exited.then(over)
    void watched.sandbox.ended.then(over)
  }
  watch(first)
  return {
    get origin() {
      return session.origin
    },
    get socket() {
      return session.socket
    },
    get backend() {
      return session.backend
    },
    get sandbox() {
      return session.sandbox
    },
    get notes() {
      return [...madeUpNote(plan.environment.madeUp), ...session.notes]
    },
    parts: [...plan.servers.map(({ part }) => part), ...(pages === undefined ? [] : [pages.part])],
    provisions: provisioned.provisions,
    failures,
    startMilliseconds: first.startMilliseconds,
    logs: () => logs.lines(),
    observations: async (since = 0) => (prepared.observe ? observationsIn(session.sandbox, beganAt, since) : []),
    async restart() {
      await session.sandbox.stop()
      const result = await startSession(prepared)
      if (result.outcome === 'failed') throw new RestartFailed(result.failure)
      session = result.session
      watch(session)
    },
    alive: () => alive,
    stop: () => session.sandbox.stop(),
    [Symbol.asyncDispose]: () => session.sandbox.stop(),
  }
}

/** Why nothing can be said of an app here: what it stands on is not on this machine. */
function lackingService(
  result: SessionResult,
  missing: readonly ExpectedService[],
  plan: LaunchPlan,
): string | undefined {
  const service = missing[0]
  if (service === undefined) return undefined
  const waits = result.outcome === 'failed' && /^(?:database|never-listens)$/.test(result.failure.kind)
  // It may start without its database and then fail at every request; with another one it may do without.
  const standsOnIt = service.kind !== 'redis' && !plan.hasSqlite
  if (!waits && !(result.outcome === 'running' && standsOnIt)) return undefined
  return `The app expects ${serviceName(service.kind)} (${service.because}), which this machine does not have.`
}

/** The app's own texts in which addresses of databases may stand. */
async function textsOf(app: AppSnapshot): Promise<string[]> {
  const texts: string[] = []
  for (const file of app.files) {
    if (file.kind === 'text' && (file.role === 'source' || file.role === 'config') && file.size < 200_000)
      texts.push(await readText(app, file))
  }
  return texts
}

function madeUpNote(names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`Made up, because the app's files give no value: ${names.join(', ')}.`]
}
