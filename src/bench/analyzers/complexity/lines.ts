import type { Mark } from './functions.ts'

/** What each line of a file is. Lines of a docstring are comment lines. */
export interface LineCounts {
  readonly code: number
  readonly comment: number
  readonly blank: number
}

/** Counts lines: `blank` has only white space, `comment` only comments and white space, `code` the rest. */
export function countLines(text: string, marks: readonly Mark[]): LineCounts {
  const lines = text.split(/\r\n|\n|\r/)
  if (lines.at(-1) === '') lines.pop()
  const commented = new Set<number>()
  for (const { kind, node } of marks) {
    if (kind !== 'comment' && kind !== 'documentation') continue
    const { startPosition: from, endPosition: to } = node
    const before = lines[from.row]?.slice(0, from.column).trim() ?? ''
    const after = lines[to.row]?.slice(to.column).trim() ?? ''
    const first = before === '' ? from.row : from.row + 1
    const last = after === '' ? to.row : to.row - 1
    for (let row = first; row <= last; row++) commented.add(row)
  }
  let comment = 0
  let blank = 0
  lines.forEach((line, row) => {
    if (line.trim() === '') blank += 1
    else if (commented.has(row)) comment += 1
  })
  return { code: lines.length - comment - blank, comment, blank }
}
