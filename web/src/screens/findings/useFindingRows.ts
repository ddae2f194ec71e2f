import { useCallback, useEffect, useRef, useState } from 'react'
import { type FindingsQuery, fetchFindings } from '../../api/findings.ts'
import type { Finding } from '../../api/types.ts'
import { nextPage, type PageRange, pagesOf, pagesToForget } from '../../lib/rowWindow.ts'

/** Rows per request, the most the API gives: a far jump has to read everything before it, because pages open by cursor. */
export const pageSize = 500
/** Pages kept on either side of the eye; more are forgotten, so memory does not grow with the list. */
const keep = 3

export interface FindingRows {
  /** Undefined until the first page is there. */
  readonly total: number | undefined
  /** The row at a place of the list, when it is loaded. */
  readonly at: (index: number) => Finding | undefined
  /** Says which rows are looked at now; missing ones are fetched. */
  readonly show: (firstRow: number, lastRow: number) => void
  /** How far the list has been read on the way to where the eye is, while it is on that way. */
  readonly readingTo: number | undefined
  readonly error: unknown
  readonly retry: () => void
  /** Remembers the place of the list, for coming back. */
  readonly leave: (top: number) => void
}

interface Store {
  readonly pages: Map<number, readonly Finding[]>
  readonly cursors: (string | null)[]
  total: number | undefined
  wanted: PageRange
  busy: boolean
  error: unknown
}
const storeFor = (key: string): Store => ({
  pages: new Map(),
  cursors: left?.key === key ? [...left.cursors] : [null],
  total: left?.key === key ? left.total : undefined,
  wanted: { first: 0, last: 0 },
  busy: false,
  error: undefined,
})

/** Where the last list was left: going back to it finds its place without reading everything before it again. */
let left:
  | {
      readonly key: string
      readonly cursors: readonly (string | null)[]
      readonly total?: number
      readonly top: number
    }
  | undefined

/** How far down the list with this key was when it was left, in pixels. */
export const topOf = (key: string): number => (left?.key === key ? left.top : 0)

/** The findings a query gives, as rows that are fetched when looked at. `key` says when the question changed. */
export const useFindingRows = (query: FindingsQuery, key: string): FindingRows => {
  const [, redraw] = useState(0)
  const [initial] = useState(() => storeFor(key))
  const store = useRef(initial)
  const fill = useRef<() => void>(() => undefined)
  const latestQuery = useRef(query)
  useEffect(() => {
    latestQuery.current = query
  })

  useEffect(() => {
    const stop = new AbortController()
    const mine = storeFor(key)
    store.current = mine
    const run = async () => {
      if (mine.busy || mine.error) return
      mine.busy = true
      for (let page = nextPage(mine.wanted, mine.cursors, mine.pages); page !== undefined; ) {
        await load(mine, latestQuery.current, page, stop.signal)
        redraw((version) => version + 1)
        page = nextPage(mine.wanted, mine.cursors, mine.pages)
      }
      mine.busy = false
    }
    fill.current = () => {
      run().catch((error: unknown) => {
        if (stop.signal.aborted) return
        mine.busy = false
        mine.error = error
        redraw((version) => version + 1)
      })
    }
    redraw((version) => version + 1)
    fill.current()
    return () => stop.abort()
  }, [key])

  const at = useCallback(
    (index: number) => store.current.pages.get(Math.floor(index / pageSize))?.[index % pageSize],
    [],
  )
  const show = useCallback((firstRow: number, lastRow: number) => {
    const current = store.current
    if (current.total === undefined) return
    current.wanted = pagesOf(firstRow, lastRow, pageSize, current.total)
    fill.current()
  }, [])
  const retry = useCallback(() => {
    store.current.error = undefined
    fill.current()
    redraw((version) => version + 1)
  }, [])

  const leave = useCallback(
    (top: number) => {
      const { cursors, total } = store.current
      left = { key, cursors, top, ...(total === undefined ? {} : { total }) }
    },
    [key],
  )

  const { total, cursors, wanted, error } = store.current
  return {
    total,
    at,
    show,
    readingTo: wanted.first >= cursors.length ? (cursors.length - 1) * pageSize : undefined,
    error,
    retry,
    leave,
  }
}

/** Loads one page into the store, remembers the way onward and forgets what is far away. */
const load = async (store: Store, query: FindingsQuery, page: number, signal: AbortSignal): Promise<void> => {
  const answer = await fetchFindings(query, store.cursors[page] ?? null, pageSize, signal)
  store.pages.set(page, answer.items)
  if (answer.total !== undefined) store.total = answer.total
  if (answer.next !== null && page === store.cursors.length - 1) store.cursors.push(answer.next)
  if (answer.next === null) {
    // The end is where the server says it is, whatever the count was when the list was opened.
    store.total = page * pageSize + answer.items.length
    store.wanted = pagesOf(store.wanted.first * pageSize, store.wanted.last * pageSize, pageSize, store.total)
  } else store.total = Math.max(store.total ?? 0, page * pageSize + answer.items.length + 1)
  for (const far of pagesToForget(store.pages.keys(), store.wanted, keep)) store.pages.delete(far)
}
