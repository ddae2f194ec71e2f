import { z } from 'zod'

export const maximumLimit = 500
export const defaultLimit = 50

/** The query parameters every list takes; spread into a route's `query`. */
export const pageQuery = {
  cursor: z.string().max(2000).optional().describe('`next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(maximumLimit).default(defaultLimit).describe('How many items at most.'),
}

/** Which part of a list is asked for. */
export interface PageRequest {
  readonly cursor?: string | undefined
  readonly limit: number
}

/** One page of a list. `next` is null on the last one; `total` counts all pages where that is cheap. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | null
  readonly total?: number | undefined
}

/** The schema of {@link Page} over `item`. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item).readonly(),
    next: z.string().nullable().describe('Pass as `cursor` for the next page; null on the last.'),
    total: z.int().min(0).optional(),
  })
}

/**
 * A page out of rows fetched with one more than the limit: the surplus row tells that there is a next page.
 * `position` gives the cursor of the last row kept.
 */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  position: (row: Row) => string,
  item: (row: Row) => Item,
): Page<Item> {
  const kept = rows.slice(0, limit)
  const last = kept.at(-1)
  return { items: kept.map(item), next: rows.length > limit && last !== undefined ? position(last) : null }
}
