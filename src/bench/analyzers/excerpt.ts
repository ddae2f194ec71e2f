import type { Region } from '#bench/findings'

const maximalLines = 4
const maximalLineLength = 240

/**
 * Lines and columns (both from 1, columns in UTF-16 units) of a text, and the excerpts shown as evidence.
 * Line ends are `\n`, `\r\n` and `\r`.
 */
export interface TextLines {
  readonly count: number
  /** The text of a line without its end; empty beyond the last line. */
  line(number: number): string
  /** The offset of a line and column, at most the end of the text. */
  offset(line: number, column: number): number
  /** The region between two offsets (UTF-16 units, the end exclusive). */
  region(start: number, end: number): Required<Region>
  /** The lines of a region, at most {@link maximalLines}, overlong ones shortened, as `evidence.snippet` wants them. */
  excerpt(region: Region): string
}

/** Prepares a text for look-ups by line and by offset. */
export function textLines(text: string): TextLines {
  const starts = [0]
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length)

  function line(number: number): string {
    const start = starts[number - 1]
    if (start === undefined) return ''
    return text.slice(start, starts[number] ?? text.length).replace(/[\r\n]+$/, '')
  }

  function position(offset: number): { line: number; column: number } {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }

  return {
    count: starts.length,
    line,
    offset(number, column) {
      return Math.min((starts[number - 1] ?? text.length) + column - 1, text.length)
    },
    region(start, end) {
      const from = position(start)
      const to = position(end)
      return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column }
    },
    excerpt(region) {
      const last = Math.min(region.endLine ?? region.startLine, region.startLine + maximalLines - 1)
      const lines: string[] = []
      for (let number = region.startLine; number <= last; number += 1) lines.push(shorten(line(number)))
      return lines.join('\n')
    },
  }
}

function shorten(line: string): string {
  return line.length <= maximalLineLength ? line : `${line.slice(0, maximalLineLength - 1)}…`
}
