import { shapeOf } from '#bench/interfaces'
import type { Sandbox, SandboxProcess } from '#bench/sandbox'
import { folderInside } from './folders.ts'
import { awaitHealth } from './health.ts'
import type { EdgeSettings } from './inside/edge.ts'
import { insideFolder } from './inside/inside.ts'
import type { BuiltPages } from './pages.ts'
import type { LaunchPlan } from './plan/launch-plan.ts'
import type { Prepared } from './session.ts'

/** Where a part that was started can be reached. */
export interface Started {
  readonly process: SandboxProcess
  readonly port: number
  readonly socket: string
  readonly status: number
  /** From its start to its first answer; builds and migrations apart. */
  readonly milliseconds: number
}

/** Ports for the pages when a server has taken theirs. */
const otherPorts = [5173, 8080, 4173, 3000, 8888, 8899]

/**
 * Starts the edge at once, for servers where they are expected, so that nobody waits for it; when they turn out to be elsewhere, it is started
 * again.
 */
export async function beginEdge(pages: BuiltPages, sandbox: Sandbox, prepared: Prepared, sandboxAt: number) {
  const { plan, logs, patience, signal } = prepared
  const expected = plan.servers.flatMap(({ ports }) => ports.slice(0, 1))
  const run = async (port: number, servers: readonly number[]): Promise<SandboxProcess> => {
    const settings = edgeSettings(port, pages.folder, plan, servers)
    const process = await sandbox.start({
      argv: ['node', `${insideFolder}/edge.js`, JSON.stringify(settings)],
      environment: { NODE_OPTIONS: '', ASSAY_OBSERVED: '' },
    })
    logs.follow(process, 'edge', sandboxAt)
    return process
  }
  const free = (taken: readonly number[]) =>
    [pages.port, ...otherPorts].find((each) => !taken.includes(each)) ?? pages.port
  let port = free(expected)
  let process = await run(port, expected)
  let withdrawn = false
  return {
    /** Ports it holds meanwhile. */
    ports: () => (withdrawn ? [] : [port]),
    /** Gives its port free until the servers have started. */
    async withdraw(): Promise<void> {
      withdrawn = true
      process.kill()
      await process.exited
    },
    async ready(started: readonly Started[]): Promise<Started> {
      const began = performance.now()
      const actual = started.map((each) => each.port)
      if (withdrawn || actual.join() !== expected.join()) {
        process.kill()
        await process.exited
        port = free([...actual, ...(await sandbox.listening())])
        process = await run(port, actual)
      }
      const health = await awaitHealth({
        sandbox,
        process,
        expected: [port],
        before: new Set(actual),
        patience,
        signal,
      })
      if (health.state === 'answers') return { process, ...health, milliseconds: performance.now() - began }
      throw new Error(`The edge before the pages of ${pages.part.path} does not start: ${health.state}.`)
    },
  }
}

function edgeSettings(port: number, folder: string, plan: LaunchPlan, servers: readonly number[]): EdgeSettings {
  const [server] = servers
  return {
    port,
    pages: folderInside(folder),
    ...(server === undefined ? {} : { server }),
    passedOn: plan.passedOn.flatMap(({ prefix, rewritten, port: named }) => {
      const target = named !== undefined && servers.includes(named) ? named : server
      return target === undefined ? [] : [{ prefix, rewritten, port: target }]
    }),
    routes: plan.routes.flatMap((route) => routePattern(route)),
  }
}

/** The regular expression of the paths a route answers; nothing for `/` and for catch-alls, which are the pages'. */
function routePattern(route: string): string[] {
  if (route === '/' || shapeOf(route).startsWith('/*') || /^\/[:*]/.test(route)) return []
  const body = route
    .split('/')
    .map((segment) =>
      segment === '*' || segment.startsWith('*')
        ? '.*'
        : segment.startsWith(':')
          ? '[^/]+'
          : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('/')
  return [`^${body}/?$`]
}
