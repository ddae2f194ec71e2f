/** A number of places, given in the order they were asked for. */
export interface Slots {
  /** Waits for a place. False when the signal aborted, or the slots were closed, before there was one. */
  take(signal: AbortSignal): Promise<boolean>
  /** Gives a place back; whoever waits longest has it. */
  free(): void
  /** Nobody waits any more, and nobody gets a place. */
  close(): void
}

export function openSlots(size: number): Slots {
  let taken = 0
  let closed = false
  const waiting = new Set<(granted: boolean) => void>()
  return {
    take(signal) {
      if (closed || signal.aborted) return Promise.resolve(false)
      if (taken < size) {
        taken += 1
        return Promise.resolve(true)
      }
      return new Promise((resolve) => {
        const settle = (granted: boolean): void => {
          waiting.delete(settle)
          signal.removeEventListener('abort', leave)
          resolve(granted)
        }
        const leave = (): void => settle(false)
        waiting.add(settle)
        signal.addEventListener('abort', leave, { once: true })
      })
    },
    free() {
      const [next] = waiting
      if (next === undefined) taken -= 1
      else next(true)
    },
    close() {
      closed = true
      for (const settle of [...waiting]) settle(false)
    },
  }
}
