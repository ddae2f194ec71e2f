/** A refusal of the server (RFC 9457 problem details), or its silence, as the screens show it. */
export class Problem extends Error {
  override readonly name = 'Problem'
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly next: string | undefined
  readonly requestId: string | undefined
  readonly fields: readonly { readonly path: string; readonly message: string }[]

  constructor(body: ProblemBody) {
    super(body.title)
    this.status = body.status
    this.code = body.code
    this.detail = body.detail
    this.next = body.next
    this.requestId = body.requestId
    this.fields = body.fields ?? []
  }
}

interface ProblemBody {
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly next?: string | undefined
  readonly requestId?: string | undefined
  readonly fields?: readonly { readonly path: string; readonly message: string }[]
}

/** The problem of a request that got no answer at all. */
export const unreachable = (cause: unknown): Problem =>
  new Problem({
    title: 'The server does not answer',
    status: 0,
    code: 'unreachable',
    detail: cause instanceof Error ? cause.message : String(cause),
    next: 'Check that it is running: assay serve',
  })

/** Reads the problem out of the body of a refused response, whatever it is: a proxy may have answered in its place. */
export const problemFrom = (
  body: unknown,
  response: { readonly status: number; readonly statusText: string },
): Problem => {
  const given = isRecord(body) ? body : {}
  return new Problem({
    title: textOf(given['title']) ?? textOf(given['message']) ?? `The server answered ${response.status}`,
    status: response.status,
    code: textOf(given['code']) ?? `http-${response.status}`,
    detail: textOf(given['detail']) ?? textOf(given['message']) ?? (textOf(body)?.slice(0, 500) || response.statusText),
    next: textOf(given['next']),
    requestId: textOf(given['requestId']),
    fields: fieldsOf(given['errors']),
  })
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

const fieldsOf = (value: unknown): { path: string; message: string }[] =>
  Array.isArray(value)
    ? value
        .filter(isRecord)
        .map((entry) => ({ path: String(entry['path'] ?? ''), message: String(entry['message'] ?? '') }))
    : []
