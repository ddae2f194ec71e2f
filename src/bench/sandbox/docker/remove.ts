import { setTimeout as sleep } from 'node:timers/promises'
import { type Engine, EngineError } from './engine.ts'

/** Milliseconds between two attempts, and how many there are. */
const pause = 100
const attempts = 100

/**
 * Ends a container and removes it; one that is gone is no failure. An engine refuses while the container is on its way to its
 * end, so it is asked again.
 */
export async function removeContainer(engine: Engine, id: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await engine.call('DELETE', `/containers/${id}?force=true&v=true`)
      return
    } catch (error) {
      if (!(error instanceof EngineError) || attempt === attempts) throw error
      if (error.status === 404) return
      await sleep(pause)
    }
  }
}
