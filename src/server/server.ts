import { randomUUID } from 'node:crypto'
import websocket from '@fastify/websocket'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { InvalidInput, messageOf, NotFound, Unavailable } from '#platform/errors'
import type { Bus } from '#platform/events'
import { type Actor, memberContext, type Route } from '#platform/http'
import type { Logger, Metrics } from '#platform/telemetry'
import { type Authenticate, authenticateWith } from './authenticate.ts'
import { serveDocumentation } from './documentation.ts'
import { bindsLoopback, createGuard, type Guard } from './guard.ts'
import { serveLive } from './live.ts'
import { mountRoutes } from './mount.ts'
import { apiPrefix } from './openapi.ts'
import { sendProblem } from './problems.ts'
import { acceptBodies, protect } from './protect.ts'
import { type ApiServices, apiRoutes } from './routes.ts'
import { serveSignIn } from './sign-in.ts'
import { watchRequests } from './watch.ts'
import { serveWeb } from './web.ts'

/** What the server needs of the application; it opens and closes nothing of it. */
export interface ServedApplication {
  /** Of Assay. */
  readonly version: string
  readonly services: ApiServices
  readonly bus: Bus
  readonly log: Logger
  /** Whether a member may follow a room; `workspace:ID` and `study:ID` of the own workspace. */
  mayListen(actor: Actor, room: string): Promise<boolean>
  /** Adds the application's own gauges once metrics are loaded. */
  observe?(metrics: Metrics): void
}

export interface ServerOptions {
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  /** The address browsers use, where it is not the one listened on. */
  readonly publicUrl?: string | undefined
  /** The built web app. */
  readonly webRoot: string
  /** Requests of one address per minute; default 6000. Not counted from this machine in local mode. */
  readonly requestsPerMinute?: number
  /** Milliseconds between signs of life on event streams and WebSockets; default 15 000. */
  readonly heartbeatMs?: number
}

export interface RunningServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Ends streams, lets requests under way finish, and stops listening. */
  close(): Promise<void>
}

/** Milliseconds requests under way have to finish when the server closes. */
const closePatienceMs = 5000

/** Bytes of a JSON body. Archives are uploads and have their own bound. */
const maximumJson = 2 * 1024 * 1024

/**
 * Listens. On loopback without sign-in the owner of the machine is let in; any other address demands sign-in.
 * @throws InvalidInput when the address would be open to others without sign-in
 * @throws Unavailable when the port is taken
 */
export async function startServer(application: ServedApplication, options: ServerOptions): Promise<RunningServer> {
  const { services } = application
  const loopbackOnly = bindsLoopback(options.host)
  if (!loopbackOnly && services.identity.mode === 'local') {
    throw new InvalidInput(`Listening on ${options.host} lets other machines in, and sign-in is off.`, {
      next: 'Set ASSAY_SECRET (32 characters or more: openssl rand -base64 32), and ASSAY_ADMIN_EMAIL and ASSAY_ADMIN_PASSWORD for the first admin; or listen on 127.0.0.1.',
    })
  }
  if (services.identity.mode === 'signed-in' && !(await services.identity.hasAccounts())) {
    application.log.warn(
      'Nobody can sign in yet: run `assay members add`, or set ASSAY_ADMIN_EMAIL and ASSAY_ADMIN_PASSWORD.',
    )
  }
  const guard = createGuard({ host: options.host, loopbackOnly, publicUrl: options.publicUrl })
  const closing = new AbortController()
  const server = await createServer(application, options, guard, closing.signal)
  const close = async (): Promise<void> => {
    closing.abort()
    const patience = setTimeout(() => server.server.closeAllConnections(), closePatienceMs)
    try {
      await server.close()
    } finally {
      clearTimeout(patience)
    }
  }
  try {
    await server.listen({ host: options.host, port: options.port })
  } catch (error) {
    await close()
    throw new Unavailable(`Cannot listen on ${options.host}:${options.port}: ${messageOf(error)}.`, {
      next: 'Set PORT to a free port, or stop what uses this one.',
      cause: error,
    })
  }
  const address = server.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  const shownHost = loopbackOnly ? options.host.replace('::1', '[::1]') : '127.0.0.1'
  const url = options.publicUrl ?? `http://${shownHost}:${port}`
  return { url, port, close, [Symbol.asyncDispose]: close }
}

async function createServer(
  application: ServedApplication,
  options: ServerOptions,
  guard: Guard,
  closing: AbortSignal,
): Promise<FastifyInstance> {
  const { services, version, bus, log } = application
  const loggerInstance: FastifyBaseLogger = log
  const server = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    // The id comes from the context of the request, to every line of every room.
    childLoggerFactory: (logger) => logger,
    genReqId: () => randomUUID(),
    bodyLimit: maximumJson,
    // The longest a request may take to arrive: uploads are large, and a stalled one must not hold a connection.
    requestTimeout: 600_000,
    exposeHeadRoutes: false,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    // A declared address means a proxy in front; only one on this machine or network is believed.
    trustProxy: options.publicUrl === undefined ? false : ['loopback', 'uniquelocal'],
  })
  server.setErrorHandler(sendProblem)
  server.setNotFoundHandler((request) => {
    throw new NotFound(`There is nothing at ${request.method} ${request.url.split('?', 1)[0]}.`, {
      next: 'See /api/docs.',
    })
  })
  const authenticate = authenticateWith(services.identity, guard)
  const heartbeatMs = options.heartbeatMs ?? 15_000

  const local = services.identity.mode === 'local'
  // First: it must know of an upgrade before any hook refuses it, or the socket is left behind.
  await server.register(websocket, { options: { maxPayload: 16 * 1024 } })
  watchRequests(server, { guard, authenticate, log, observe: (metrics) => application.observe?.(metrics) })
  acceptBodies(server)
  await protect(server, {
    https: options.publicUrl?.startsWith('https:') === true,
    requestsPerMinute: options.requestsPerMinute ?? 6000,
    uncounted: (request) => local && guard.isLoopback(request),
  })

  const routes: readonly Route[] = apiRoutes(services, version)
  mountRoutes(server, routes, { audit: services.audit, bus, authenticate, heartbeatMs, closing })
  serveLiveRoute(server, application, authenticate, heartbeatMs)
  serveSignIn(server, services.identity)
  serveDocumentation(server, routes, version)
  serveWeb(server, options.webRoot)
  await server.ready()
  return server
}

function serveLiveRoute(
  server: FastifyInstance,
  { bus, log, mayListen }: ServedApplication,
  authenticate: Authenticate,
  heartbeatMs: number,
): void {
  const actors = new WeakMap<object, Actor>()
  server.route({
    method: 'GET',
    url: `${apiPrefix}/live`,
    websocket: true,
    async onRequest(request) {
      const context = { requestId: request.id, address: request.ip, signal: AbortSignal.timeout(10_000) }
      actors.set(request.raw, memberContext({ ...context, actor: await authenticate(request) }, 'viewer').actor)
    },
    handler(socket, request) {
      const actor = actors.get(request.raw)
      if (actor === undefined) return socket.close(1008, 'not signed in')
      serveLive(socket, {
        bus,
        actor,
        log,
        heartbeatMs,
        mayListen,
        async stillAllowed() {
          const now = await authenticate(request)
          return now !== undefined && now.workspace.id === actor.workspace.id
        },
      })
    },
  })
}
