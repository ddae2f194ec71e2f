import type { WriteStream } from 'node:tty'
import { columnsOf } from '#bench/reports'

/** How a stream wants to be written to. */
export interface Terminal {
  readonly color: boolean
  /** Columns; endless where no person reads, so that no line is broken for a program. */
  readonly width: number
}

/** Colour only for people (https://no-color.org), and the width of their window. */
export function terminalOf(stream: Partial<WriteStream>): Terminal {
  const forced = process.env['FORCE_COLOR']
  const watched = stream.isTTY === true
  const color =
    forced !== undefined && forced !== '0'
      ? true
      : watched && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
  return { color, width: watched ? Math.max(40, stream.columns ?? 80) : Number.POSITIVE_INFINITY }
}

/** Lines at the end of a stream that are written over again. Other text goes through {@link Screen.note}. */
export interface Screen {
  /** Whether a person watches: if not, nothing is ever drawn. */
  readonly watched: boolean
  /** Lines there is room for. */
  readonly rows: number
  readonly columns: number
  /** Replaces what was drawn, where it differs. Lines too long for the window are cut. */
  draw(lines: readonly string[]): void
  clear(): void
  /** Writes text above what is drawn. */
  note(text: string): void
}

/** A screen over a stream. One write per change, over the old text instead of after erasing it: nothing flickers. */
export function screenOn(
  stream: Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'rows'>>,
): Screen {
  const watched = stream.isTTY === true && process.env['TERM'] !== 'dumb'
  let drawn: readonly string[] = []
  let width = 0
  const columns = (): number => stream.columns || 80
  // A window made narrower breaks the lines drawn before: count the rows they take now.
  const back = (): string => {
    const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(columnsOf(line) / columns())), 0)
    return rows === 0 ? '' : `\x1b[${rows}A\r`
  }
  const block = (lines: readonly string[]): string => `${lines.map((line) => `${line}\x1b[K\n`).join('')}\x1b[J`
  return {
    watched,
    get rows() {
      return stream.rows || 24
    },
    get columns() {
      return columns()
    },
    draw(lines) {
      if (!watched) return
      const next = lines.map((line) => cutTo(line, columns() - 1))
      const same = next.length === drawn.length && next.every((line, at) => line === drawn[at])
      if (same && columns() === width) return
      const text = back()
      drawn = next
      width = columns()
      stream.write(`${text}${block(drawn)}`)
    },
    clear() {
      if (drawn.length === 0) return
      const text = back()
      drawn = []
      stream.write(`${text}\x1b[J`)
    },
    note(text) {
      stream.write(drawn.length === 0 ? text : `${back()}\x1b[J${text}${block(drawn)}`)
    },
  }
}

/** The one on standard error. */
export const screen: Screen = screenOn(process.stderr)

/** The text within that many columns, with an ellipsis where something was cut. */
export function cutTo(text: string, width: number): string {
  if (columnsOf(text) <= width) return text
  let kept = ''
  let columns = 0
  for (const char of text) {
    columns += columnsOf(char)
    if (columns > width - 1) break
    kept += char
  }
  return `${kept}…`
}
