import type { FastifyInstance } from 'fastify'
import { InvalidInput } from '#platform/errors'
import { memberContext } from '#platform/http'
import { type Logger, type Metrics, openMetrics, withLogContext } from '#platform/telemetry'
import type { Authenticate } from './authenticate.ts'
import type { Guard } from './guard.ts'

export interface WatchOptions {
  readonly guard: Guard
  readonly authenticate: Authenticate
  readonly log: Logger
  /** Adds the application's own gauges once metrics are loaded. */
  observe?(metrics: Metrics): void
}

/** Host and Origin first, then ids, log lines and measurements. */
export function watchRequests(server: FastifyInstance, options: WatchOptions): void {
  const { guard, authenticate, log } = options
  let metrics: Promise<Metrics> | undefined
  const load = (): Promise<Metrics> => {
    metrics ??= openMetrics().then((opened) => {
      options.observe?.(opened)
      return opened
    })
    return metrics
  }
  server.addHook('onListen', () => {
    load().catch((error: unknown) => log.error({ err: error }, 'metrics are off'))
  })
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    guard.check(request)
    if (/%00/.test(request.url)) throw new InvalidInput('The address contains a NUL character.')
    withLogContext({ requestId: request.id }, done)
  })
  server.addHook('onResponse', async (request, reply) => {
    const { method } = request
    const route = request.routeOptions.url ?? 'none'
    const seconds = reply.elapsedTime / 1000
    request.log.debug({ method, path: request.url.split('?', 1)[0], status: reply.statusCode, seconds }, 'request')
    const opened = await metrics
    opened?.request({ method, route, status: reply.statusCode, seconds })
  })
  server.get('/metrics', async (request, reply) => {
    const context = { requestId: request.id, address: request.ip, signal: AbortSignal.timeout(10_000) }
    memberContext({ ...context, actor: await authenticate(request) }, 'viewer')
    const page = await (await load()).page()
    return reply.type(page.type).header('cache-control', 'no-store').send(page.text)
  })
}
