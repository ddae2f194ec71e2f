/**
 * The arithmetic of scrolling through more rows than are kept: rows come in pages, a page can only be asked for with
 * the cursor its predecessor gave, and pages far from the eye are forgotten (their cursors are not).
 */
export interface PageRange {
  readonly first: number
  readonly last: number
}

/** The pages that hold rows `firstRow`…`lastRow` (inclusive), clipped to a list of `total` rows. */
export const pagesOf = (firstRow: number, lastRow: number, pageSize: number, total: number): PageRange => {
  const end = Math.max(0, total - 1)
  return {
    first: Math.floor(Math.min(Math.max(0, firstRow), end) / pageSize),
    last: Math.floor(Math.min(Math.max(0, lastRow), end) / pageSize),
  }
}

/**
 * The next page to ask for so that `wanted` fills up, or undefined when nothing is missing. Starts at the nearest page
 * whose cursor is known: far jumps walk forward from there. `cursors[p]` opens page p; `cursors[0]` is null, the start.
 */
export const nextPage = (
  wanted: PageRange,
  cursors: readonly (string | null)[],
  loaded: { readonly has: (page: number) => boolean },
): number | undefined => {
  for (let page = wanted.first; page <= wanted.last; page += 1) {
    if (loaded.has(page)) continue
    return Math.min(page, cursors.length - 1)
  }
  return undefined
}

/** The loaded pages farther than `keep` pages from the wanted ones. */
export const pagesToForget = (loaded: Iterable<number>, wanted: PageRange, keep: number): number[] =>
  [...loaded].filter((page) => page < wanted.first - keep || page > wanted.last + keep)
