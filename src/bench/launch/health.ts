import type { Sandbox, SandboxExit, SandboxProcess } from '#bench/sandbox'
import { send } from './send.ts'

/** How long a server may take until it listens, and until it then answers. Seconds. */
export interface Patience {
  readonly toListen: number
  readonly toAnswer: number
}

export const defaultPatience: Patience = { toListen: 30, toAnswer: 15 }

/** What came of waiting for a server. */
export type Health =
  | { readonly state: 'answers'; readonly port: number; readonly socket: string; readonly status: number }
  | { readonly state: 'ended'; readonly exit: SandboxExit }
  | { readonly state: 'silent' }
  | { readonly state: 'unhealthy'; readonly port: number; readonly unanswered: string }

/** Milliseconds between looks. */
const interval = 20
/** Milliseconds in which an unexpected port may still be followed by the expected one. */
const secondThoughts = 400

export interface Waiting {
  readonly sandbox: Sandbox
  readonly process: SandboxProcess
  /** The likeliest first. */
  readonly expected: readonly number[]
  /** Ports that were open before it started. */
  readonly before: ReadonlySet<number>
  readonly patience: Patience
  readonly signal: AbortSignal
}

/**
 * Waits until a server listens, accepts a connection and answers a request, whatever the answer; it ends early when the process does.
 * @throws the signal's reason when aborted, SandboxEnded when the sandbox is no more
 */
export async function awaitHealth(waiting: Waiting): Promise<Health> {
  const { sandbox, process, patience, signal } = waiting
  let exit: SandboxExit | undefined
  void process.exited.then((how) => {
    exit = how
  })
  const port = await awaitPort(waiting, () => exit)
  if (port === undefined) return exit === undefined ? { state: 'silent' } : { state: 'ended', exit }
  const socket = await sandbox.expose(port)
  const deadline = performance.now() + patience.toAnswer * 1000
  let unanswered = ''
  while (performance.now() < deadline) {
    signal.throwIfAborted()
    const reachable = { origin: `http://localhost:${port}`, socket }
    const left = Math.max(1, deadline - performance.now())
    const exchange = await send(reachable, {
      purpose: 'asks whether it answers',
      method: 'GET',
      path: '/',
      headers: [['accept', 'text/html,application/json;q=0.9,*/*;q=0.8']],
      signal,
      timeout: left,
      keep: 64 * 1024,
    })
    if (exchange.response !== undefined) return { state: 'answers', port, socket, status: exchange.response.status }
    unanswered = exchange.failure ?? ''
    if (exit !== undefined) return { state: 'ended', exit }
    await pause(interval)
  }
  return { state: 'unhealthy', port, unanswered }
}

/** The port it listens on: an expected one at once, another when no expected one follows. */
async function awaitPort(
  { sandbox, expected, before, patience, signal }: Waiting,
  ended: () => SandboxExit | undefined,
): Promise<number | undefined> {
  const deadline = performance.now() + patience.toListen * 1000
  let otherSince: number | undefined
  while (performance.now() < deadline) {
    signal.throwIfAborted()
    const open = (await sandbox.listening()).filter((port) => !before.has(port))
    const wanted = expected.find((port) => open.includes(port))
    if (wanted !== undefined) return wanted
    if (open[0] !== undefined) {
      otherSince ??= performance.now()
      if (performance.now() - otherSince > secondThoughts) return open[0]
    }
    if (ended() !== undefined) return undefined
    await pause(interval)
  }
  return undefined
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
