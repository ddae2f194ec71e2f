import type { z } from 'zod'
import { InvalidInput } from '#platform/errors'

/** A place in a list, opaque to clients: base64url of JSON. Holds sort keys only, never anything secret. */
export interface CursorCodec<T> {
  encode(position: T): string
  /** Throws {@link InvalidInput} for text this codec did not write. */
  decode(cursor: string): T
}

/** Longer cursors are refused unread. */
const maximumLength = 2000

/**
 * A codec for the positions described by `schema`.
 * @example
 * const cursors = cursorCodec(z.object({ createdAt: z.iso.datetime(), id: z.uuid() }))
 */
export function cursorCodec<Schema extends z.ZodType>(schema: Schema): CursorCodec<z.output<Schema>> {
  return {
    encode: (position) => Buffer.from(JSON.stringify(position)).toString('base64url'),
    decode(cursor) {
      const position = schema.safeParse(parseJson(cursor))
      if (!position.success) throw invalidCursor()
      return position.data
    },
  }
}

function parseJson(cursor: string): unknown {
  if (cursor.length > maximumLength) throw invalidCursor()
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    throw invalidCursor()
  }
}

function invalidCursor(): InvalidInput {
  return new InvalidInput('The cursor is not one this list has given out.', {
    next: 'Start again without a cursor, or pass `next` of the page before unchanged.',
  })
}
