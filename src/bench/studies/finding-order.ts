import { z } from 'zod'
import { severities } from '#bench/findings'
import { plainText } from '#platform/database'
import { InvalidInput } from '#platform/errors'
import { cursorCodec } from '#platform/http'
import type { FindingsQuery } from './finding-resources.ts'

/** Columns a list can be sorted by, and the direction; the id settles ties. */
export const sorts = {
  '-severity': { column: 'severity', direction: 'asc' },
  severity: { column: 'severity', direction: 'desc' },
  path: { column: 'path', direction: 'asc' },
  rule: { column: 'rule', direction: 'asc' },
  app: { column: 'app_name', direction: 'asc' },
} as const

const rank = z
  .int()
  .min(0)
  .max(severities.length - 1)
const cursors = cursorCodec(z.object({ value: z.union([z.string().overwrite(plainText), rank]), id: z.uuid() }))

/** Where a finding stands in the order asked for. */
export interface Place {
  readonly id: string
  readonly value: string | number
}

export interface Places {
  /** In order; one more than the page holds, where there is a next one. */
  readonly places: readonly Place[]
  readonly total: number
}

export function toCursor({ id, value }: Place): string {
  return cursors.encode({ id, value })
}

/** @throws InvalidInput when a list in this order has not given out the cursor */
export function fromCursor(cursor: string, sort: FindingsQuery['sort']): Place {
  const place = cursors.decode(cursor)
  if (typeof place.value !== (sorts[sort].column === 'severity' ? 'number' : 'string'))
    throw new InvalidInput('The cursor belongs to another order of the list.', { next: 'Start again without it.' })
  return place
}
