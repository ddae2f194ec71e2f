/** One event as readers see it. */
export interface BusEvent {
  /** Grows with every event in this process; prefixed by the process, so that ids of two runs differ. */
  readonly id: string
  /** `study:ID`, `execution:ID`, `workspace:ID`. */
  readonly room: string
  /** What happened, kebab-case: `analysis`, `progress`, `study`. */
  readonly event: string
  readonly data: unknown
}

export interface Subscription extends Disposable {
  /** False when events after `since` were already forgotten: the reader must fetch the present state first. */
  readonly complete: boolean
}

/** The one bus. Publishing never waits for readers and never fails because of them. */
export interface Bus {
  publish(room: string, event: string, data: unknown): void
  /**
   * Calls `listener` for every event of the room from now on, after those the room remembers behind `since`.
   * A listener that throws is removed.
   */
  subscribe(room: string, listener: (event: BusEvent) => void, since?: string): Subscription
  /** Hands on an event that another process published. */
  receive(room: string, event: string, data: unknown): void
  /** Where published events go besides this process; undefined stops it. */
  forwardTo(forward: ((room: string, event: string, data: unknown) => void) | undefined): void
}

interface Listener {
  readonly call: (event: BusEvent) => void
}

interface Room {
  /** Number of the last event that this room does not remember any more. */
  forgotten: number
  readonly recent: { readonly number: number; readonly event: BusEvent }[]
  readonly listeners: Set<Listener>
}

/** Events a room remembers for readers that come back. */
const remembered = 512
/** Rooms kept though nobody listens. */
const idleRooms = 256

/**
 * An in-process bus.
 * @param run names this process in event ids; two runs must differ
 * @param onListenerError told of listeners that threw and were removed
 */
export function createBus(run: string, onListenerError: (error: unknown, room: string) => void): Bus {
  const rooms = new Map<string, Room>()
  let last = 0
  let forward: ((room: string, event: string, data: unknown) => void) | undefined

  const roomOf = (name: string): Room => {
    const known = rooms.get(name)
    if (known !== undefined) return known
    forgetIdle()
    // It may have been here before, and forgotten.
    const room: Room = { forgotten: last, recent: [], listeners: new Set() }
    rooms.set(name, room)
    return room
  }

  const forgetIdle = (): void => {
    if (rooms.size < idleRooms) return
    for (const [name, room] of rooms) {
      if (room.listeners.size === 0) {
        rooms.delete(name)
        return
      }
    }
  }

  const deliver = (name: string, event: string, data: unknown): void => {
    const room = roomOf(name)
    last += 1
    const entry: BusEvent = { id: `${run}-${last}`, room: name, event, data }
    room.recent.push({ number: last, event: entry })
    if (room.recent.length > remembered) room.forgotten = room.recent.shift()?.number ?? last
    for (const listener of [...room.listeners]) call(room, listener, entry)
  }

  const call = (room: Room, listener: Listener, entry: BusEvent): void => {
    if (!room.listeners.has(listener)) return
    try {
      listener.call(entry)
    } catch (error) {
      room.listeners.delete(listener)
      onListenerError(error, entry.room)
    }
  }

  return {
    publish(room, event, data) {
      deliver(room, event, data)
      forward?.(room, event, data)
    },
    receive: deliver,
    subscribe(name, listener, since) {
      const room = roomOf(name)
      const missed = since === undefined ? [] : missedSince(room, last, run, since)
      const entry: Listener = { call: listener }
      room.listeners.add(entry)
      for (const event of missed ?? []) call(room, entry, event)
      return { complete: missed !== undefined, [Symbol.dispose]: () => void room.listeners.delete(entry) }
    },
    forwardTo(target) {
      forward = target
    },
  }
}

/** The remembered events behind `since`; undefined when it cannot be known what was missed. */
function missedSince(room: Room, last: number, run: string, since: string): readonly BusEvent[] | undefined {
  const number = since.startsWith(`${run}-`) ? Number(since.slice(run.length + 1)) : Number.NaN
  if (!Number.isInteger(number) || number > last || number < room.forgotten) return undefined
  return room.recent.filter((entry) => entry.number > number).map(({ event }) => event)
}
