import type { Client, Pool } from 'pg'
import { z } from 'zod'
import { messageOf } from '#platform/errors'
import type { Bus } from './bus.ts'

const channel = 'assay_events'
/** PostgreSQL refuses payloads of 8000 bytes and more. */
const payloadLimit = 7900
/** Milliseconds before a lost connection is tried again. */
const retryMs = 1000
/** Events kept for sending; while the database is away, older ones are forgotten. */
const backlog = 1000

const payloadSchema = z.object({ run: z.string(), room: z.string(), event: z.string(), data: z.unknown() })

/**
 * Shares the events of all processes on one PostgreSQL, by LISTEN and NOTIFY, in the order they were published.
 * Reconnects by itself; what was published meanwhile elsewhere is lost to this process, so events only ever say "look
 * again", and rows hold the truth.
 *
 * @param run names this process
 */
export async function connectPostgres(
  bus: Bus,
  pool: Pool,
  url: string,
  run: string,
  log: (message: string) => void,
): Promise<AsyncDisposable> {
  const listening = await listen(url, log, (payload) => {
    const parsed = payloadSchema.safeParse(parseJson(payload))
    if (!parsed.success) return log('An event that is not ours was ignored.')
    const { run: origin, room, event, data } = parsed.data
    if (origin !== run) bus.receive(room, event, data)
  })
  const sender = sendInOrder(pool, log)
  bus.forwardTo((room, event, data) => {
    const whole = JSON.stringify({ run, room, event, data })
    sender.send(Buffer.byteLength(whole) < payloadLimit ? whole : JSON.stringify({ run, room, event, data: null }))
  })
  return {
    async [Symbol.asyncDispose]() {
      bus.forwardTo(undefined)
      await sender.sent()
      await listening[Symbol.asyncDispose]()
    },
  }
}

async function listen(
  url: string,
  log: (message: string) => void,
  receive: (payload: string) => void,
): Promise<AsyncDisposable> {
  const { default: pg } = await import('pg')
  let closed = false
  let client: Client | undefined
  let timer: NodeJS.Timeout | undefined

  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, application_name: 'assay-events', keepAlive: true })
    next.on('error', (error) => {
      if (client !== next) return
      client = undefined
      log(`The event connection was lost: ${messageOf(error)}.`)
      again()
    })
    next.on('end', () => {
      if (client !== next) return
      client = undefined
      again()
    })
    next.on('notification', ({ payload }) => {
      if (payload !== undefined) receive(payload)
    })
    try {
      await next.connect()
      await next.query(`listen ${channel}`)
    } catch (error) {
      await next.end().catch(() => log('The failed event connection could not be ended.'))
      throw error
    }
    if (closed) await next.end()
    else client = next
  }

  const again = (): void => {
    if (closed) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      connect().catch((error: unknown) => {
        log(`The event connection cannot be restored: ${messageOf(error)}.`)
        again()
      })
    }, retryMs)
    timer.unref()
  }

  await connect()
  return {
    async [Symbol.asyncDispose]() {
      closed = true
      clearTimeout(timer)
      const last = client
      client = undefined
      await last?.end()
    },
  }
}

/** One statement at a time: on several connections, events would overtake each other. */
function sendInOrder(pool: Pool, log: (message: string) => void) {
  let waiting: string[] = []
  let sending: Promise<void> | undefined

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await pool.query('select pg_notify($1, payload) from unnest($2::text[]) as payload', [channel, batch])
      } catch (error) {
        log(`${batch.length} events were not shared: ${messageOf(error)}.`)
      }
    }
    sending = undefined
  }
  return {
    send(payload: string): void {
      waiting.push(payload)
      if (waiting.length > backlog) waiting.shift()
      sending ??= drain()
    },
    sent: async (): Promise<void> => sending,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Anybody may notify: what is not ours does not fit the schema.
    return undefined
  }
}
