import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Actor, Role } from './actor.ts'

/** `public` needs no sign-in at all. */
export type RouteRole = Role | 'public'
export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

/** What a room is handed besides the input. */
export interface RequestContext {
  readonly requestId: string
  /** The peer's address, for the audit log. */
  readonly address: string
  /** Aborted when the client goes away or the server closes. */
  readonly signal: AbortSignal
}

export interface MemberContext extends RequestContext {
  readonly actor: Actor
}

/** A request body that is not JSON, read as it arrives. The route consumes or destroys it. */
export interface Upload {
  readonly kind: 'upload'
  /** One of the media types the route accepts. */
  readonly type: string
  readonly stream: Readable
}

/** The JSON alternative to an {@link Upload}. */
export interface JsonBody<T> {
  readonly kind: 'json'
  readonly value: T
}

/** A response that is not JSON. */
export interface Download {
  readonly type: string
  /** Offered as the name to save under. Absent: shown in place. */
  readonly filename?: string
  readonly content: string | Readable | AsyncIterable<string | Uint8Array>
}

/** Which events a stream carries. The door subscribes, resumes after `Last-Event-ID` and closes. */
export interface Subscription {
  readonly room: string
  /**
   * The present state, sent first to a client that does not resume. Called after the subscription stands, so that
   * nothing falls between.
   */
  opening?(): Promise<readonly { readonly event: string; readonly data: unknown }[]>
}

/** What a door passes on, unparsed: the route parses with its own schemas. */
export interface RawInput {
  readonly params: unknown
  readonly query: unknown
  /** Parsed JSON, or the upload. */
  readonly body: unknown
}

export interface RouteDeclaration {
  readonly method: Method
  /** Below `/api/v1`, parameters in braces: `/studies/{id}`. */
  readonly path: string
  readonly role: RouteRole
  /** One line for the API page: an imperative sentence without the full stop. */
  readonly summary: string
  readonly description?: string | undefined
  readonly tags: readonly [string, ...string[]]
  /** What the audit log calls it: `study.cancel`. For what changes something and is not recorded by its own room. */
  readonly audit?: string | undefined
  readonly params?: z.ZodType | undefined
  readonly query?: z.ZodType | undefined
}

/** Without an actor only public routes run. */
export type DoorContext = RequestContext & { readonly actor?: Actor | undefined }

export interface JsonRoute extends RouteDeclaration {
  readonly kind: 'json'
  readonly body?: z.ZodType | undefined
  /** Media types taken as they are, and the most bytes of one. */
  readonly uploads?: { readonly types: readonly [string, ...string[]]; readonly maximumBytes: number } | undefined
  readonly response: z.ZodType
  /** HTTP status of success. */
  readonly status: 200 | 201 | 202 | 204
  /** Throws `RefusedInput`, `Unauthenticated`, `Forbidden` and what the room throws. */
  run(input: RawInput, context: DoorContext): Promise<unknown>
}

export interface DownloadRoute extends RouteDeclaration {
  readonly kind: 'download'
  /** Media types it may answer with. */
  readonly produces: readonly [string, ...string[]]
  run(input: RawInput, context: DoorContext): Promise<Download>
}

export interface EventStreamRoute extends RouteDeclaration {
  readonly kind: 'events'
  /** Event name → its data. */
  readonly events: Readonly<Record<string, z.ZodType>>
  run(input: RawInput, context: DoorContext): Promise<Subscription>
}

export type Route = JsonRoute | DownloadRoute | EventStreamRoute
