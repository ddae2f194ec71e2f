import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { type Progress, type Study, studyEventSchemas, studySchema } from '#bench/studies'
import { Unavailable } from '#platform/errors'
import type { Connection } from '../connection.ts'
import { readEvents } from './event-stream.ts'

/** Milliseconds between two looks at the study itself: events may be lost. */
const pollMs = 3000
/** Milliseconds before a broken event stream is opened again. */
const reconnectMs = 1000
/** Milliseconds a server may be away before the command gives up on it. */
const patienceMs = 60_000

/**
 * Works on a study, or waits for those who do, until it has ended; shows every progress on the way.
 * @returns the study as it ended
 * @throws the signal's reason when aborted; Unavailable when the server stays away
 */
export async function followStudy(
  connection: Connection,
  id: string,
  signal: AbortSignal,
  show: (progress: Progress) => void,
): Promise<Study> {
  const done = new AbortController()
  const until = AbortSignal.any([signal, done.signal])
  const look = new Wakeable()
  const working = connection.work(until)
  const listening = listen(connection, id, until, show, () => look.wake())
  try {
    return await Promise.race([
      poll(connection, id, until, show, look),
      working.then(() => new Promise<never>(() => undefined)),
      listening.then(() => new Promise<never>(() => undefined)),
      aborted(signal),
    ])
  } finally {
    done.abort()
    await Promise.allSettled([working, listening])
  }
}

async function poll(
  connection: Connection,
  id: string,
  until: AbortSignal,
  show: (progress: Progress) => void,
  look: Wakeable,
): Promise<Study> {
  let lastSeen = Date.now()
  for (;;) {
    try {
      const study = await connection.get(studySchema, `/studies/${id}`)
      lastSeen = Date.now()
      show(study.progress)
      if (study.state === 'completed' || study.state === 'cancelled') return study
    } catch (error) {
      if (!(error instanceof Unavailable) || Date.now() - lastSeen > patienceMs) throw error
    }
    await look.sleep(pollMs, until)
  }
}

/** Follows the events of the study; whenever the stream breaks, it is opened again where it broke. */
async function listen(
  connection: Connection,
  id: string,
  until: AbortSignal,
  show: (progress: Progress) => void,
  ended: () => void,
): Promise<void> {
  let last: string | undefined
  while (!until.aborted) {
    try {
      const body = await connection.stream(`/studies/${id}/events`, {
        signal: until,
        headers: { accept: 'text/event-stream', ...(last && { 'last-event-id': last }) },
      })
      for await (const event of readEvents(body)) {
        last = event.id ?? last
        const progress = event.event === 'progress' ? parsed(studyEventSchemas.progress, event.data) : undefined
        if (progress !== undefined) show(progress)
        const state = event.event === 'study' ? parsed(studyEventSchemas.study, event.data)?.state : undefined
        if (state === 'completed' || state === 'cancelled') ended()
      }
    } catch {
      // The poll beside this tells what is wrong, if it lasts; the stream is only the faster way.
    }
    await sleep(reconnectMs, undefined, { signal: until }).catch(() => undefined)
  }
}

/** An event of a shape we do not know says nothing: the poll shows the study all the same. */
function parsed<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    // Not JSON.
    return undefined
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** A sleep that can be ended early. */
class Wakeable {
  #wake: (() => void) | undefined
  #early = false

  wake(): void {
    this.#early = true
    this.#wake?.()
  }

  async sleep(milliseconds: number, until: AbortSignal): Promise<void> {
    if (!this.#early) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      const stop = new AbortController()
      await Promise.race([woken, sleep(milliseconds, undefined, { signal: AbortSignal.any([until, stop.signal]) })])
      stop.abort()
    }
    this.#early = false
  }
}
