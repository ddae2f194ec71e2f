import type { WriteStream } from 'node:tty'

/** How a stream wants to be written to. */
export interface Terminal {
  readonly color: boolean
  /** Columns. */
  readonly width: number
}

/** Colour only for people (https://no-color.org), and the width of their window. */
export function terminalOf(stream: Partial<WriteStream>): Terminal {
  const forced = process.env['FORCE_COLOR']
  const color =
    forced !== undefined && forced !== '0'
      ? true
      : stream.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
  return { color, width: Math.max(60, Math.min(stream.columns ?? 100, 160)) }
}

/** One line on standard error that is written over again; silent where nobody watches. */
export function progressLine(): { show(text: string): void; clear(): void } {
  const watched = process.stderr.isTTY === true && process.env['TERM'] !== 'dumb'
  let shown = false
  return {
    show(text) {
      if (!watched) return
      const width = process.stderr.columns ?? 80
      process.stderr.write(`\r\x1b[2K${text.length > width - 1 ? `${text.slice(0, width - 2)}…` : text}`)
      shown = true
    },
    clear() {
      if (shown) process.stderr.write('\r\x1b[2K')
      shown = false
    },
  }
}
