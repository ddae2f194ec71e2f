import { createHash } from 'node:crypto'
import { Readable, Transform } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Audit } from '#platform/audit'
import { AssayError, InvalidInput } from '#platform/errors'
import type { Bus } from '#platform/events'
import {
  type DoorContext,
  type Download,
  type JsonRoute,
  memberContext,
  type RawInput,
  type Route,
  roles,
  type Upload,
} from '#platform/http'
import type { Authenticate } from './authenticate.ts'
import { sendEvents } from './event-stream.ts'
import { UnsupportedMediaType } from './guard.ts'
import { apiPrefix } from './openapi.ts'

export interface MountOptions {
  readonly audit: Audit
  readonly bus: Bus
  readonly authenticate: Authenticate
  readonly heartbeatMs: number
  /** Aborted when the server closes. */
  readonly closing: AbortSignal
}

/** Declares every route to Fastify below `/api/v1`. Throws for a route that does not say which role it needs. */
export function mountRoutes(server: FastifyInstance, routes: readonly Route[], options: MountOptions): void {
  for (const route of routes) {
    const needed: string | undefined = route.role
    if (needed !== 'public' && !roles.some((role) => role === needed)) {
      throw new Error(`${route.method} ${route.path} does not say which role it needs.`)
    }
    mountRoute(server, route, options)
  }
}

function mountRoute(server: FastifyInstance, route: Route, options: MountOptions): void {
  const contexts = new WeakMap<FastifyRequest, DoorContext>()
  server.route({
    method: route.method,
    url: apiPrefix + route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    // Before the body is read: strangers cannot make the server take in anything.
    async onRequest(request, reply) {
      const actor = route.role === 'public' ? undefined : await options.authenticate(request)
      const context = { requestId: request.id, address: request.ip, signal: signalOf(reply, options.closing), actor }
      try {
        if (route.role !== 'public') memberContext(context, route.role)
      } catch (error) {
        if (actor !== undefined) await recordAction(route, request, context, 'refused', options.audit)
        throw error
      }
      checkContentType(request, route.kind === 'json' ? (route.uploads?.types ?? []) : [])
      contexts.set(request, context)
    },
    async handler(request, reply) {
      const context = contexts.get(request)
      if (context === undefined) throw new Error('The request was not checked.')
      return answer(route, request, reply, context, options)
    },
  })
}

async function answer(
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  context: DoorContext,
  { bus, authenticate, heartbeatMs, closing, audit }: MountOptions,
): Promise<FastifyReply | undefined> {
  const input: RawInput = { params: request.params, query: request.query, body: bodyOf(route, request) }
  if (route.kind === 'json') {
    const result = await route.run(input, context)
    await recordAction(route, request, context, 'done', audit)
    return sendJson(route, result, request, reply)
  }
  if (route.kind === 'download') return sendDownload(await route.run(input, context), reply)
  await sendEvents(request, reply, await route.run(input, context), {
    bus,
    heartbeatMs,
    closing,
    async stillAllowed() {
      try {
        await route.run(input, { ...context, actor: await authenticate(request) })
        return true
      } catch (error) {
        if (error instanceof AssayError && error.status < 500) return false
        throw error
      }
    },
  })
  return undefined
}

/** What is done is done: an entry that cannot be written is told to the operator, not to the member. */
async function recordAction(
  route: Route,
  request: FastifyRequest,
  { actor, address }: DoorContext,
  outcome: 'done' | 'refused',
  audit: Audit,
): Promise<void> {
  if (route.audit === undefined || actor === undefined) return
  const entry = {
    actor: actor.user.email,
    action: route.audit,
    subject: request.url.slice(apiPrefix.length),
    outcome,
    address,
  }
  try {
    await audit.record({ workspace: actor.workspace.id, ...entry })
  } catch (error) {
    request.log.error({ err: error, entry }, 'an audit entry was not written')
  }
}

function sendJson(route: JsonRoute, result: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.code(route.status).header('cache-control', 'private, no-cache')
  if (route.status === 204) return reply.send()
  const text = JSON.stringify(result)
  reply.type('application/json; charset=utf-8')
  if (route.method !== 'GET') return reply.send(text)
  const etag = `W/"${createHash('sha1').update(text).digest('base64url')}"`
  reply.header('etag', etag)
  return matches(request.headers['if-none-match'], etag) ? reply.code(304).send() : reply.send(text)
}

function sendDownload({ type, filename, content }: Download, reply: FastifyReply): FastifyReply {
  reply.type(type).header('cache-control', 'private, no-store')
  if (filename !== undefined) {
    const plain = filename.replaceAll(/[^\w.-]+/g, '_')
    const encoded = encodeURIComponent(filename.toWellFormed()).replaceAll(
      /['()*]/g,
      (mark) => `%${mark.charCodeAt(0).toString(16)}`,
    )
    reply.header('content-disposition', `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`)
  }
  return reply.send(typeof content === 'string' || content instanceof Readable ? content : Readable.from(content))
}

/** RFC 9110 § 13.1.2: weak comparison. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^(?!W\/)/, 'W/') === etag)
}

function mediaType(request: FastifyRequest): string | undefined {
  return request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
}

/** Forms and plain text are what a foreign page can send without asking; neither is ever taken. */
function checkContentType(request: FastifyRequest, uploads: readonly string[]): void {
  const type = mediaType(request)
  if (type === undefined || type === 'application/json' || uploads.includes(type)) return
  throw new UnsupportedMediaType(`This does not take ${type}.`, {
    next: `Send ${['application/json', ...uploads].join(' or ')}.`,
  })
}

function bodyOf(route: Route, request: FastifyRequest): unknown {
  if (route.kind !== 'json' || route.uploads === undefined || !(request.body instanceof Readable)) return request.body
  const type = mediaType(request) ?? ''
  const upload: Upload = { kind: 'upload', type, stream: bounded(request.body, route.uploads.maximumBytes) }
  return upload
}

/** Passes bytes through until there are too many of them. */
function bounded(source: Readable, maximumBytes: number): Readable {
  let bytes = 0
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes <= maximumBytes) return done(null, chunk)
      done(new InvalidInput(`The upload is larger than ${maximumBytes} bytes.`, { next: 'Import it by path instead.' }))
    },
  })
  source.on('error', (error) => meter.destroy(error))
  meter.on('error', () => source.unpipe(meter))
  return source.pipe(meter)
}

/** Aborted when the client leaves before the answer is complete, and when the server closes. */
function signalOf(reply: FastifyReply, closing: AbortSignal): AbortSignal {
  const left = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) left.abort()
  })
  return AbortSignal.any([left.signal, closing])
}
