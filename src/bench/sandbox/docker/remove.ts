import { type Engine, EngineError } from './engine.ts'

/** Ends a container and removes it; one that is gone is no failure. */
export async function removeContainer(engine: Engine, id: string): Promise<void> {
  try {
    await engine.call('DELETE', `/containers/${id}?force=true&v=true`)
  } catch (error) {
    const going = error instanceof EngineError && (error.status === 404 || error.status === 409)
    if (!going) throw error
  }
}
