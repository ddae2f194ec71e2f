import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { AssayError } from '#platform/errors'
import { type FieldError, type Problem, RefusedInput } from '#platform/http'

/** Fastify's own refusals, in our words. */
const refusals: Readonly<Record<string, { readonly code: string; readonly title: string; readonly next?: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'payload-too-large',
    title: 'Payload too large',
    next: 'Send less at once; large apps go as an archive or by path.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported-media-type',
    title: 'Unsupported media type',
    next: 'Send `Content-Type: application/json`.',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'invalid-json', title: 'Invalid JSON' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { code: 'invalid-request', title: 'Invalid request' },
  FST_ERR_BAD_URL: { code: 'invalid-request', title: 'Invalid request' },
}

/** Codes of lost or refused connections: of the system, and SQLSTATE (PostgreSQL appendix A, classes 08 and 57P). */
const connectionCodes =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|08000|08001|08003|08004|08006|57P01|57P02|57P03)$/

/** Answers every failure as `application/problem+json`. What is not a known failure is logged and told as 500 only. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error, request.id)
  if (problem.status >= 500) request.log.error({ err: error, code: problem.code }, 'request failed')
  if (error instanceof AssayError) {
    const { retryAfterSeconds } = error.facts
    if (typeof retryAfterSeconds === 'number') void reply.header('retry-after', retryAfterSeconds)
  }
  void reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(problem))
}

/** The problem of any thrown value. */
export function problemOf(error: unknown, requestId: string): Problem {
  if (error instanceof AssayError) return fromAssay(error, requestId)
  const code = codeOf(error)
  if (connectionCodes.test(code)) {
    return problem(503, 'unavailable', 'Unavailable', 'The database cannot be reached.', requestId, {
      next: 'Try again in a moment; the server reconnects by itself.',
    })
  }
  const status = statusOf(error)
  const refusal = refusals[code]
  if (status >= 400 && status < 500) {
    const detail = error instanceof Error ? error.message : 'The request was refused.'
    return problem(status, refusal?.code ?? 'invalid-request', refusal?.title ?? 'Invalid request', detail, requestId, {
      next: refusal?.next,
    })
  }
  return problem(500, 'internal', 'Internal error', 'Something failed that should not have.', requestId, {
    next: `Look for ${requestId} in the log of the server, and report it.`,
  })
}

function fromAssay(error: AssayError, requestId: string): Problem {
  return problem(error.status, error.code, titleOf(error.code), error.message, requestId, {
    next: error.next,
    errors: error instanceof RefusedInput ? error.errors : undefined,
  })
}

function problem(
  status: number,
  code: string,
  title: string,
  detail: string,
  requestId: string,
  more: { readonly next?: string | undefined; readonly errors?: readonly FieldError[] | undefined },
): Problem {
  return {
    type: `urn:assay:error:${code}`,
    title,
    status,
    detail,
    code,
    ...(more.next !== undefined && { next: more.next }),
    requestId,
    ...(more.errors !== undefined && { errors: [...more.errors] }),
  }
}

/** `not-found` → `Not found`. */
function titleOf(code: string): string {
  const words = code.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function statusOf(error: unknown): number {
  const status =
    error instanceof Error && 'statusCode' in error ? (error satisfies Error as FastifyError).statusCode : 500
  return status ?? 500
}
