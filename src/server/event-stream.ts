import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Bus, BusEvent } from '#platform/events'
import type { Subscription } from '#platform/http'

/** Bytes waiting for a slow reader before it is dropped; it comes back with `Last-Event-ID`. */
const maximumBacklog = 1024 * 1024

export interface EventStreamOptions {
  readonly bus: Bus
  readonly heartbeatMs: number
  /** Aborted when the server closes. */
  readonly closing: AbortSignal
  /** Asked with every heartbeat; false ends the stream. */
  stillAllowed(): Promise<boolean>
}

/**
 * Answers with server-sent events of one room until the reader leaves, falls behind, loses the right to read, or the
 * server closes. Never buffers more than {@link maximumBacklog}.
 */
export async function sendEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  subscription: Subscription,
  { bus, heartbeatMs, closing, stillAllowed }: EventStreamOptions,
): Promise<void> {
  const since = lastEventId(request)
  const waiting: BusEvent[] = []
  let live = false
  const write = (text: string): void => {
    if (reply.raw.writableEnded || reply.raw.destroyed) return
    reply.raw.write(text)
    if (reply.raw.writableLength > maximumBacklog) reply.raw.destroy()
  }
  const listen = (event: BusEvent): void => {
    if (live) write(format(event))
    else waiting.push(event)
  }

  using subscribed = bus.subscribe(subscription.room, listen, since)
  const resumed = since !== undefined && subscribed.complete
  const opening = resumed ? [] : ((await subscription.opening?.()) ?? [])

  reply.hijack()
  reply.raw.writeHead(200, {
    ...Object.fromEntries(Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined)),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  const ended = new Promise<void>((resolve) => {
    reply.raw.once('close', resolve)
    closing.addEventListener('abort', () => reply.raw.end(resolve), { once: true })
    if (closing.aborted || reply.raw.destroyed) reply.raw.end(resolve)
  })
  write('retry: 2000\n\n')
  for (const { event, data } of opening) write(format({ event, data }))
  live = true
  for (const event of waiting.splice(0)) write(format(event))

  const heartbeat = setInterval(() => {
    write(': still here\n\n')
    stillAllowed().then(
      (allowed) => {
        if (!allowed) reply.raw.end()
      },
      (error: unknown) => {
        request.log.warn({ err: error }, 'event stream ended: the reader could not be checked')
        reply.raw.end()
      },
    )
  }, heartbeatMs)
  try {
    await ended
  } finally {
    clearInterval(heartbeat)
  }
}

function format({ id, event, data }: { readonly id?: string; readonly event: string; readonly data: unknown }): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data ?? null)}\n\n`
}

function lastEventId(request: FastifyRequest): string | undefined {
  const value = request.headers['last-event-id']
  return typeof value === 'string' && value !== '' ? value : undefined
}
