import type { AppSnapshot } from '#bench/apps'
import type { Runner, Sandbox, SandboxLimits, SandboxProcess } from '#bench/sandbox'
import type { LaunchFailure } from './contract.ts'
import { beginEdge, type Started } from './edge.ts'
import { classifyFailure, partName } from './failure/classify.ts'
import { folderInside } from './folders.ts'
import { awaitHealth, type Patience } from './health.ts'
import { insideFolder } from './inside/inside.ts'
import type { Logs } from './logs.ts'
import { watching } from './observations.ts'
import type { BuiltPages } from './pages.ts'
import type { ExpectedService, LaunchPlan, PlannedCommand, PlannedServer } from './plan/launch-plan.ts'
import type { Provisioned } from './provision/provisioned.ts'
import { startServices } from './services.ts'

/** Everything a start needs and that is the same for every start of an app. */
export interface Prepared {
  readonly app: AppSnapshot
  readonly plan: LaunchPlan
  readonly provisioned: Provisioned
  readonly pages: BuiltPages | undefined
  readonly runner: Runner
  readonly limits: Partial<SandboxLimits>
  readonly environment: Readonly<Record<string, string>>
  /** Databases to start beside it, and the texts that may give their addresses. */
  readonly services: readonly ExpectedService[]
  readonly addresses: readonly string[]
  /** Folder of the host with Assay's programs for the inside. */
  readonly inside: string
  readonly patience: Patience
  readonly signal: AbortSignal
  readonly logs: Logs
  /** Whether its processes tell what they do. */
  readonly observe: boolean
  /** Milliseconds since the launch began. */
  elapsed(): number
}

/** One start of an app: a sandbox with its processes. */
export interface Session {
  readonly sandbox: Sandbox
  readonly origin: string
  readonly socket: string
  readonly backend: { readonly origin: string; readonly socket: string } | undefined
  /** The process whose end is the end of the app. */
  readonly main: SandboxProcess
  readonly startMilliseconds: number
  /** Sentences about what was not as it should be: the start page answers with 500. */
  readonly notes: readonly string[]
}

export type SessionResult =
  | { readonly outcome: 'running'; readonly session: Session }
  | { readonly outcome: 'failed'; readonly failure: LaunchFailure }

/**
 * Starts an app in a new sandbox: its packages, migrations, servers in their order, and the edge before the pages.
 * The sandbox is stopped unless the app runs.
 *
 * @throws SandboxUnavailable, SandboxEnded, the signal's reason
 */
export async function startSession(prepared: Prepared): Promise<SessionResult> {
  const { provisioned, runner, plan, pages } = prepared
  const sandboxAt = prepared.elapsed()
  const sandbox = await runner.start({
    files: prepared.app.root,
    mounts: [{ from: prepared.inside, to: insideFolder }, ...provisioned.mounts],
    environment: {
      ...always,
      ...provisioned.environment,
      ...prepared.environment,
      ...(prepared.observe ? watching(provisioned.environment) : {}),
    },
    limits: prepared.limits,
    signal: prepared.signal,
  })
  let keep = false
  try {
    await linkPackages(sandbox, provisioned)
    if (pages !== undefined) await pages.unpack(sandbox)
    await startServices(prepared.services, sandbox, prepared.addresses)
    const begun = pages === undefined ? undefined : await beginEdge(pages, sandbox, prepared, sandboxAt)
    const started: Started[] = []
    for (const server of plan.servers) {
      const start = () =>
        startServer(
          server,
          sandbox,
          [...started.map(({ port }) => port), ...(begun?.ports() ?? [])],
          prepared,
          sandboxAt,
        )
      let result = await start()
      if ('kind' in result && begun !== undefined && begun.ports().length > 0 && /\bin use\b/.test(result.message)) {
        // The port of the pages was its own.
        await begun.withdraw()
        result = await start()
      }
      if ('kind' in result) return { outcome: 'failed', failure: result }
      started.push(result)
    }
    const edge = begun === undefined ? undefined : await begun.ready(started)
    const startMilliseconds = [...started, ...(edge === undefined ? [] : [edge])]
      .map(({ milliseconds }) => milliseconds)
      .reduce((sum, each) => sum + each, 0)
    const front = edge ?? started[0]
    if (front === undefined) throw new Error('A plan without servers and pages was started.')
    keep = true
    return {
      outcome: 'running',
      session: {
        sandbox,
        origin: originOf(front.port),
        socket: front.socket,
        backend:
          edge === undefined || started[0] === undefined
            ? undefined
            : { origin: originOf(started[0].port), socket: started[0].socket },
        main: started[0]?.process ?? front.process,
        startMilliseconds,
        notes: started.flatMap(({ status }, index) =>
          status < 500
            ? []
            : [`The start page of ${plan.servers[index]?.part.command ?? 'the server'} answers with ${status}.`],
        ),
      },
    }
  } finally {
    if (!keep) await sandbox.stop()
  }
}

/** What holds for every process of an app. */
export const always: Readonly<Record<string, string>> = {
  PYTHONUNBUFFERED: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  BROWSER: 'none',
  NO_COLOR: '1',
}

/** Makes `node_modules` of an app: a folder of its own, with links to packages that cannot be written. */
export async function linkPackages(sandbox: Sandbox, { links }: Provisioned): Promise<void> {
  for (const { from, to, copy } of links) {
    const how = copy
      ? 'cp -r "$1"/. .'
      : 'ln -s "$1"/* . && for hidden in "$1"/.[!.]*; do [ ! -e "$hidden" ] || ln -s "$hidden" .; done'
    const target = folderInside(`${to}/node_modules`)
    await sandbox.run({ argv: ['sh', '-c', `mkdir -p "$2" && cd "$2" && ${how}`, 'sh', from, target], cwd: '/' })
  }
}

async function startServer(
  server: PlannedServer,
  sandbox: Sandbox,
  taken: readonly number[],
  prepared: Prepared,
  sandboxAt: number,
): Promise<Started | LaunchFailure> {
  const { logs, signal, patience, app } = prepared
  const paths = new Set(app.files.map(({ path }) => path))
  const name = partName(server.part)
  const run = (command: PlannedCommand) =>
    sandbox.start({
      argv: server.runtime === 'node' ? withPackagePrograms(command) : command.argv,
      cwd: folderInside(command.cwd),
      environment: server.environment,
    })
  for (const command of server.before) {
    const step = await run(command)
    logs.follow(step, name, sandboxAt)
    const exit = await step.exited
    signal.throwIfAborted()
    if (exit.code !== 0)
      return classifyFailure({ part: server.part, phase: 'build', logs: logs.lines(), exit, waited: 0, paths })
  }
  const before = new Set([...(await sandbox.listening()), ...taken])
  const began = performance.now()
  const process = await run(server.start)
  logs.follow(process, name, sandboxAt)
  const expected = server.ports.filter((port) => !taken.includes(port))
  const health = await awaitHealth({ sandbox, process, expected, before, patience, signal })
  if (health.state === 'answers') return { process, ...health, milliseconds: performance.now() - began }
  return classifyFailure({
    part: server.part,
    phase: 'start',
    logs: logs.lines(),
    waited: patience.toListen,
    paths,
    ...(health.state === 'ended' ? { exit: health.exit } : {}),
    ...(health.state === 'unhealthy' ? { unanswered: health.unanswered } : {}),
  })
}

/** A command with the programs of packages on its PATH, as `npm run` has them. */
export function withPackagePrograms({ argv, cwd }: PlannedCommand): [string, ...string[]] {
  const folders: string[] = []
  for (let folder = cwd; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    folders.push(`${folderInside(folder)}/node_modules/.bin`)
    if (folder === '') break
  }
  return ['sh', '-c', 'PATH="$1:$PATH"; export PATH; shift; exec "$@"', 'sh', folders.join(':'), ...argv]
}

function originOf(port: number): string {
  return port === 80 ? 'http://localhost' : `http://localhost:${port}`
}
