/** What every failure a caller can act on has in common. */
export interface ErrorDetails {
  /** What to do next, as one imperative sentence. */
  readonly next?: string
  /** Structured facts for `--json` and problem+json; never secrets. */
  readonly facts?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/**
 * The root of Assay's errors. Subclasses fix `code` (stable, kebab-case, part of the public API) and `status` (HTTP).
 * The message says what happened and with which input; `next` says what to do.
 */
export abstract class AssayError extends Error {
  abstract readonly code: string
  abstract readonly status: number
  readonly next: string | undefined
  readonly facts: Readonly<Record<string, unknown>>

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = new.target.name
    this.next = details.next
    this.facts = details.facts ?? {}
  }
}

/** The input cannot be accepted; nothing was written. HTTP 400, CLI exit code 2. */
export class InvalidInput extends AssayError {
  readonly code: string = 'invalid-input'
  readonly status: number = 400
}

/** No such thing, or not in this workspace. */
export class NotFound extends AssayError {
  readonly code: string = 'not-found'
  readonly status: number = 404
}

/** Not signed in. */
export class Unauthenticated extends AssayError {
  readonly code: string = 'unauthenticated'
  readonly status: number = 401
}

/** Signed in, but the role does not allow it. */
export class Forbidden extends AssayError {
  readonly code: string = 'forbidden'
  readonly status: number = 403
}

/** The request contradicts the present state (a name taken, a study already finished, a stale ETag). */
export class Conflict extends AssayError {
  readonly code: string = 'conflict'
  readonly status: number = 409
}

/** Something Assay relies on (database, disk, registry, tool) is not usable now. HTTP 503, CLI exit code 3. */
export class Unavailable extends AssayError {
  readonly code: string = 'unavailable'
  readonly status: number = 503
}

/** The text of any thrown value, for logs and `reason` fields: never empty, never a stack trace. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message || error.name
  return String(error) || 'unknown error'
}
