import { setTimeout as sleep } from 'node:timers/promises'
import { type Execution, executionSchema, stepSchema } from '#agents/engine'
import type { Connection } from '../connection.ts'

/** Milliseconds between two looks. */
const pollMs = 300

export interface Watched {
  readonly execution: Execution
  /** Steps begun and not ended, as `analyze patterns`. */
  readonly running: readonly string[]
}

/**
 * Works on an execution, or waits for those who do, until it has ended.
 * @throws the signal's reason when aborted
 */
export async function followExecution(
  connection: Connection,
  id: string,
  signal: AbortSignal,
  show: (watched: Watched) => void,
): Promise<Execution> {
  const done = new AbortController()
  const working = connection.work(AbortSignal.any([signal, done.signal]))
  try {
    return await Promise.race([
      look(connection, id, signal, show),
      working.then(() => new Promise<never>(() => undefined)),
    ])
  } finally {
    done.abort()
    await working
  }
}

async function look(
  connection: Connection,
  id: string,
  signal: AbortSignal,
  show: (watched: Watched) => void,
): Promise<Execution> {
  for (;;) {
    const execution = await connection.get(executionSchema, `/executions/${id}`)
    if (execution.state !== 'queued' && execution.state !== 'running') return execution
    const { items } = await connection.list(stepSchema, `/executions/${id}/steps`)
    const running = items.filter(({ state }) => state === 'started').map(nameOf)
    show({ execution, running })
    await sleep(pollMs, undefined, { signal })
  }
}

/** A step in few words: `analyze patterns`. */
export function nameOf({ name, input }: { readonly name: string; readonly input: unknown }): string {
  const analyzer =
    typeof input === 'object' && input !== null && 'analyzer' in input ? ` ${String(input.analyzer)}` : ''
  return `${name}${analyzer}`
}
