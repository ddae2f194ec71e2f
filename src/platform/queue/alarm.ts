/** Wakes those who wait; a ring between looking and waiting is not lost. */
export interface Alarm {
  ring(): void
  /** How often it rang. */
  count(): number
  /** Waits until it has rung more often than `seen`, the milliseconds are over, or the signal aborts. */
  next(seen: number, milliseconds: number, signal: AbortSignal): Promise<void>
}

export function openAlarm(): Alarm {
  const waiting = new Set<() => void>()
  let rings = 0
  return {
    count: () => rings,
    ring() {
      rings += 1
      for (const wake of [...waiting]) wake()
    },
    next(seen, milliseconds, signal) {
      if (rings !== seen || signal.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const wake = (): void => {
          waiting.delete(wake)
          clearTimeout(timer)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        const timer = setTimeout(wake, milliseconds)
        waiting.add(wake)
        signal.addEventListener('abort', wake, { once: true })
      })
    },
  }
}
