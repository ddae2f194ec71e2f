import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

/** The command as a user types it. */
export const command = join(import.meta.dirname, '..', 'bin', 'assay')
const patienceMs = 120_000

/** A running `assay serve`, a process of its own. */
export interface Served extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** Milliseconds from the start of the process to the first 200 of `/api/v1/health`. */
  readonly readyMs: number
  stop(): Promise<void>
}

export interface ServedOptions {
  readonly data: string
  readonly databaseUrl?: string | undefined
  readonly environment?: Readonly<Record<string, string>>
  /** Flags for Node before the command, such as `--cpu-prof`. */
  readonly nodeOptions?: string
}

/** Starts the server as a user does, on a free port. */
export async function serve({ data, databaseUrl, environment, nodeOptions }: ServedOptions): Promise<Served> {
  const started = performance.now()
  const child = spawn(command, ['serve', '--port', '0'], {
    cwd: data,
    env: assayEnvironment({
      ASSAY_DATA_DIR: data,
      ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
      ...(nodeOptions !== undefined && { NODE_OPTIONS: nodeOptions }),
      ...environment,
    }),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${command} could not be started.`)
  const url = await addressOf(child)
  while (!(await answers(`${url}/api/v1/health`))) {
    if (performance.now() - started > patienceMs) throw new Error('The server does not become healthy.')
    await sleep(5)
  }
  const readyMs = performance.now() - started
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  return { url, pid, readyMs, stop, [Symbol.asyncDispose]: stop }
}

/** This environment without anything that configures Assay, and with what is given. */
export function assayEnvironment(given: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('ASSAY_') && !['DATABASE_URL', 'BLOBS_URL', 'HOST', 'PORT'].includes(name),
  )
  return { ...Object.fromEntries(kept), ASSAY_LOG_LEVEL: 'warn', ...given }
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The server has no output.')
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /is ready on (\S+)/.exec(line)?.[1]
    if (address !== undefined) {
      child.stdout.resume()
      return address
    }
  }
  throw new Error(`The server ended before it was ready (code ${child.exitCode}).`)
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url)
    await response.arrayBuffer()
    return response.ok
  } catch (error) {
    // Not listening yet.
    if (error instanceof TypeError) return false
    throw error
  }
}
