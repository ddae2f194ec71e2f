import { Readable } from 'node:stream'
import type { z } from 'zod'
import { Forbidden, Unauthenticated } from '#platform/errors'
import { type Role, roleAllows } from './actor.ts'
import { type Parsed, parsePart } from './parse.ts'
import type {
  DoorContext,
  Download,
  DownloadRoute,
  EventStreamRoute,
  JsonBody,
  JsonRoute,
  MemberContext,
  RawInput,
  RequestContext,
  RouteDeclaration,
  Subscription,
  Upload,
} from './route.ts'

type Shape = z.ZodType | undefined
type Answer<T> = T | Promise<T>

interface Declaration<Params extends Shape, Query extends Shape>
  extends Omit<RouteDeclaration, 'role' | 'params' | 'query'> {
  readonly params?: Params
  readonly query?: Query
}

interface Input<Params extends Shape, Query extends Shape> {
  readonly params: Parsed<Params>
  readonly query: Parsed<Query>
}

interface JsonOptions<
  Params extends Shape,
  Query extends Shape,
  Body extends Shape,
  Response extends z.ZodType,
  Context,
> extends Declaration<Params, Query> {
  readonly body?: Body
  readonly response: Response
  /** Default 200. A 204 has `response: z.void()`. */
  readonly status?: JsonRoute['status']
  handle(input: Input<Params, Query> & { readonly body: Parsed<Body> }, context: Context): Answer<z.input<Response>>
}

/**
 * A JSON route for members.
 * @example
 * defineRoute({
 *   method: 'GET', path: '/studies/{id}', role: 'viewer', summary: 'Show a study', tags: ['studies'],
 *   params: z.object({ id: z.uuid() }), response: studySchema,
 *   handle: ({ params }, { actor }) => studies.get(actor.workspace.id, params.id),
 * })
 */
export function defineRoute<
  Response extends z.ZodType,
  Params extends Shape = undefined,
  Query extends Shape = undefined,
  Body extends Shape = undefined,
>(options: JsonOptions<Params, Query, Body, Response, MemberContext> & { readonly role: Role }): JsonRoute {
  const { handle, ...declaration } = options
  return {
    ...declaration,
    kind: 'json',
    status: options.status ?? 200,
    async run(raw, context) {
      const member = memberContext(context, options.role)
      const input = { ...parseInput(options, raw), body: parsePart('body', options.body, raw.body) }
      return options.response.parse(await handle(input, member))
    },
  }
}

/** A JSON route anybody may call: no actor. */
export function definePublicRoute<
  Response extends z.ZodType,
  Params extends Shape = undefined,
  Query extends Shape = undefined,
>(options: Omit<JsonOptions<Params, Query, undefined, Response, RequestContext>, 'body'>): JsonRoute {
  const { handle, ...declaration } = options
  return {
    ...declaration,
    role: 'public',
    kind: 'json',
    status: options.status ?? 200,
    async run(raw, context) {
      return options.response.parse(await handle({ ...parseInput(options, raw), body: undefined }, context))
    },
  }
}

/** A route that takes JSON or, with one of `uploads.types` as content type, a stream of bytes. */
export function defineUploadRoute<
  Response extends z.ZodType,
  Body extends z.ZodType,
  Params extends Shape = undefined,
  Query extends Shape = undefined,
>(
  options: Declaration<Params, Query> & {
    readonly role: Role
    readonly body: Body
    readonly uploads: NonNullable<JsonRoute['uploads']>
    readonly response: Response
    readonly status?: JsonRoute['status']
    handle(
      input: Input<Params, Query> & { readonly body: Upload | JsonBody<Parsed<Body>> },
      context: MemberContext,
    ): Promise<z.input<Response>>
  },
): JsonRoute {
  const { handle, ...declaration } = options
  return {
    ...declaration,
    kind: 'json',
    status: options.status ?? 200,
    async run(raw, context) {
      const member = memberContext(context, options.role)
      const body: Upload | JsonBody<Parsed<Body>> = isUpload(raw.body)
        ? raw.body
        : { kind: 'json', value: parsePart('body', options.body, raw.body) }
      return options.response.parse(await handle({ ...parseInput(options, raw), body }, member))
    },
  }
}

/** A route whose answer is a file. */
export function defineDownloadRoute<Params extends Shape = undefined, Query extends Shape = undefined>(
  options: Declaration<Params, Query> & {
    readonly method: 'GET'
    readonly role: Role
    readonly produces: DownloadRoute['produces']
    handle(input: Input<Params, Query>, context: MemberContext): Answer<Download>
  },
): DownloadRoute {
  const { handle, ...declaration } = options
  return {
    ...declaration,
    kind: 'download',
    run: async (raw, context) => handle(parseInput(options, raw), memberContext(context, options.role)),
  }
}

/** A route that answers with server-sent events of one room. `handle` checks that the actor may listen. */
export function defineEventStream<Params extends Shape = undefined, Query extends Shape = undefined>(
  options: Declaration<Params, Query> & {
    readonly method: 'GET'
    readonly role: Role
    readonly events: EventStreamRoute['events']
    handle(input: Input<Params, Query>, context: MemberContext): Answer<Subscription>
  },
): EventStreamRoute {
  const { handle, ...declaration } = options
  return {
    ...declaration,
    kind: 'events',
    run: async (raw, context) => handle(parseInput(options, raw), memberContext(context, options.role)),
  }
}

/** Throws `Unauthenticated` without an actor and `Forbidden` with a lesser role. */
export function memberContext(context: DoorContext, role: Role): MemberContext {
  const { actor } = context
  if (actor === undefined) {
    throw new Unauthenticated('This needs a signed-in member.', {
      next: 'Sign in, or send an API key as `Authorization: Bearer assay_…`.',
    })
  }
  if (!roleAllows(actor.role, role)) {
    throw new Forbidden(`This needs the role ${role}; you are ${actor.role}.`, {
      next: 'Ask an admin of the workspace for the role.',
    })
  }
  return { ...context, actor }
}

function parseInput<Params extends Shape, Query extends Shape>(
  options: Declaration<Params, Query>,
  raw: RawInput,
): Input<Params, Query> {
  return {
    params: parsePart('params', options.params, raw.params),
    query: parsePart('query', options.query, raw.query),
  }
}

function isUpload(body: unknown): body is Upload {
  return typeof body === 'object' && body !== null && 'stream' in body && body.stream instanceof Readable
}
