/** A number of places, given in the order they were asked for. */
export interface Slots {
  /**
   * Waits for a place, or for all of them. Who waits for all holds back whoever comes later. False when the signal aborted,
   * or the slots were closed, before it was granted.
   */
  take(signal: AbortSignal, all?: boolean): Promise<boolean>
  /** Gives back what was taken. */
  free(all?: boolean): void
  /** Nobody waits any more, and nobody gets a place. */
  close(): void
}

interface Waiting {
  readonly places: number
  settle(granted: boolean): void
}

export function openSlots(size: number): Slots {
  let taken = 0
  let closed = false
  const waiting = new Set<Waiting>()

  function grant(): void {
    for (const next of waiting) {
      if (taken + next.places > size) return
      taken += next.places
      next.settle(true)
    }
  }

  return {
    take(signal, all = false) {
      if (closed || signal.aborted) return Promise.resolve(false)
      return new Promise((resolve) => {
        const entry: Waiting = {
          places: all ? size : 1,
          settle(granted) {
            waiting.delete(entry)
            signal.removeEventListener('abort', leave)
            resolve(granted)
          },
        }
        const leave = (): void => {
          entry.settle(false)
          // What it held back may go on.
          grant()
        }
        waiting.add(entry)
        signal.addEventListener('abort', leave, { once: true })
        grant()
      })
    },
    free(all = false) {
      taken -= all ? size : 1
      grant()
    },
    close() {
      closed = true
      for (const entry of [...waiting]) entry.settle(false)
    },
  }
}
