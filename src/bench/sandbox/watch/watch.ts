import { extname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { SandboxEnd, SandboxLimits } from '../contract.ts'
import { type Account, type Accounted, accountOf, outOfMemory } from './accounting.ts'

/** What the watchdog and we both see of a sandbox: why it was ended, as a place in {@link breaches}, and its highest memory. */
export const shared = { breach: 0, peakMemory: 1, fields: 2 } as const

/** Limits the watchdog sees to; the first is none. */
export const breaches = ['none', 'memory', 'cpu', 'processes', 'disk'] as const

export interface Watched {
  readonly id: string
  readonly accounted: Accounted
  readonly limits: SandboxLimits
  readonly board: Float64Array
}

export type WatchdogOrder = { readonly watch: Watched } | { readonly forget: string }

/** What watches over one sandbox. */
export interface Watch {
  /** Which limit was crossed; undefined when none was. */
  breach(): SandboxEnd | undefined
  account(): Account & { readonly peakMemory: number }
  close(): void
}

let dog: Worker | undefined
const alarms = new Map<string, () => void>()

/**
 * Has a sandbox watched by a thread of its own: a busy event loop must not make limits late. The thread ends its first process
 * when a limit is crossed, if it may.
 *
 * @param onBreach called when a limit was crossed
 */
export function watch(id: string, accounted: Accounted, limits: SandboxLimits, onBreach: () => void): Watch {
  const board = new Float64Array(new SharedArrayBuffer(shared.fields * Float64Array.BYTES_PER_ELEMENT))
  alarms.set(id, onBreach)
  order({ watch: { id, accounted, limits, board } })
  return {
    breach() {
      const crossed = breaches[board[shared.breach] ?? 0] ?? 'none'
      const named = crossed === 'none' && outOfMemory(accounted.group) > 0 ? 'memory' : crossed
      return named === 'none' ? undefined : { reason: named, message: messageOf(named, limits) }
    },
    account() {
      const account = accountOf(accounted)
      return { ...account, peakMemory: Math.max(account.memory, board[shared.peakMemory] ?? 0) }
    },
    close() {
      alarms.delete(id)
      order({ forget: id })
    },
  }
}

function messageOf(breach: Exclude<(typeof breaches)[number], 'none'>, limits: SandboxLimits): string {
  switch (breach) {
    case 'memory':
      return `It was stopped because it took more than the ${limits.memory} MiB of memory it was given.`
    case 'cpu':
      return `It was stopped because it took more than the ${limits.cpuSeconds} s of processor time it was given.`
    case 'processes':
      return `It was stopped because it started more than the ${limits.processes} processes it was given.`
    case 'disk':
      return `It was stopped because it made more files than fit into the ${limits.disk} MiB it was given.`
  }
}

function order(what: WatchdogOrder): void {
  if (dog === undefined) {
    const entry = join(import.meta.dirname, `watchdog${extname(import.meta.filename)}`)
    const worker = new Worker(entry, { execArgv: ['--disable-warning=ExperimentalWarning'] })
    worker.on('message', (id: string) => alarms.get(id)?.())
    worker.once('exit', () => {
      dog = undefined
    })
    // Listening would hold the process again.
    worker.unref()
    dog = worker
  }
  dog.postMessage(what)
}
