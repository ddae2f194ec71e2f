import type { z } from 'zod'
import { InvalidInput } from '#platform/errors'

export interface FieldError {
  /** Dotted, beginning with the part of the request: `body.apps.0`, `query.limit`, `params.id`. */
  readonly path: string
  readonly message: string
}

/** The request does not have the shape the route declares; nothing was done. */
export class RefusedInput extends InvalidInput {
  override readonly code = 'refused-input'
  readonly errors: readonly FieldError[]

  constructor(errors: readonly FieldError[]) {
    const [first, ...others] = errors
    const more = others.length > 0 ? ` (and ${others.length} more)` : ''
    super(first === undefined ? 'The request was refused.' : `${first.path}: ${first.message}${more}`, {
      next: 'Correct the fields listed in `errors`; the API page at /api/docs has their shapes.',
    })
    this.errors = errors
  }
}

/** At most so many field errors are told. */
const maximumErrors = 50

/** The value of an optional schema: undefined where a route declares none. */
export type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

/** Parses one part of a request; throws {@link RefusedInput}. */
export function parsePart<Schema extends z.ZodType | undefined>(
  part: 'params' | 'query' | 'body',
  schema: Schema | undefined,
  value: unknown,
): Parsed<Schema>
export function parsePart(part: string, schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new RefusedInput(
    result.error.issues.slice(0, maximumErrors).map((issue) => ({
      path: [part, ...issue.path.map(String)].join('.'),
      message: issue.message,
    })),
  )
}
