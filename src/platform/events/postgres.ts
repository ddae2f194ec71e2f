import type { Client, Pool } from 'pg'
import { messageOf } from '#platform/errors'
import type { Bus } from './bus.ts'

const channel = 'assay_events'
/** PostgreSQL refuses payloads of 8000 bytes and more. */
const payloadLimit = 7900

/**
 * Shares the events of all processes on one PostgreSQL, by LISTEN and NOTIFY. Reconnects by itself; what was published
 * meanwhile elsewhere is lost to this process, so events only ever say "look again", and rows hold the truth.
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
  const { default: pg } = await import('pg')
  let closed = false
  let client: Client | undefined
  let timer: NodeJS.Timeout | undefined

  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, application_name: 'assay-events', keepAlive: true })
    next.on('error', (error) => {
      log(`The event connection was lost: ${error.message}.`)
      if (client === next) client = undefined
      again()
    })
    next.on('notification', ({ payload }) => {
      if (payload === undefined) return
      const { run: origin, room, event, data } = JSON.parse(payload)
      if (origin !== run) bus.receive(room, event, data)
    })
    await next.connect()
    await next.query(`listen ${channel}`)
    client = next
  }

  const again = (): void => {
    if (closed) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      connect().catch((error: unknown) => {
        log(`The event connection cannot be restored: ${messageOf(error)}.`)
        again()
      })
    }, 1000)
    timer.unref()
  }

  await connect()
  bus.forwardTo((room, event, data) => {
    const whole = JSON.stringify({ run, room, event, data })
    const payload = Buffer.byteLength(whole) < payloadLimit ? whole : JSON.stringify({ run, room, event, data: null })
    pool
      .query('select pg_notify($1, $2)', [channel, payload])
      .catch((error: unknown) => log(`An event was not shared: ${messageOf(error)}.`))
  })

  return {
    async [Symbol.asyncDispose]() {
      closed = true
      clearTimeout(timer)
      bus.forwardTo(undefined)
      await client?.end()
    },
  }
}
