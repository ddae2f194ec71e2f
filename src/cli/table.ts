import { styleText } from 'node:util'
import { columnsOf, padded, visible, wrap } from '#bench/reports'
import type { Terminal } from './terminal.ts'

export type Style = Parameters<typeof styleText>[0]

export interface Column {
  readonly title: string
  readonly align?: 'right'
  /** May be broken into several lines when the window is narrow. */
  readonly flexible?: true
}

/** What stands in a row: text, or text with a colour that repeats what the text says. */
export type Cell = string | number | { readonly text: string; readonly style: Style }

const gap = 2
/** A flexible column narrower than this is not worth reading. */
const narrowest = 14

/**
 * Rows under aligned titles. Where the window is too narrow, flexible columns are broken; where even that does not
 * help, each row becomes a list of its cells. Cells may hold untrusted text.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  terminal: Terminal,
): string {
  const texts = rows.map((row) => columns.map((_, at) => textOf(row[at])))
  const natural = columns.map(({ title }, at) =>
    texts.reduce((width, row) => Math.max(width, columnsOf(row[at] ?? '')), columnsOf(title)),
  )
  const widths = fittingWidths(columns, natural, terminal.width)
  if (widths === undefined) return renderRecords(columns, rows, terminal)
  const head = columns.map(({ title, align }, at) => aligned(title, widths[at] ?? 0, align))
  const lines = [styled('dim', head.join(' '.repeat(gap)).trimEnd(), terminal)]
  for (const [index, row] of texts.entries()) {
    const broken = row.map((text, at) => (columnsOf(text) > (widths[at] ?? 0) ? wrap(text, widths[at] ?? 0) : [text]))
    const height = Math.max(...broken.map((parts) => parts.length))
    for (let line = 0; line < height; line++) {
      const cells = columns.map(({ align }, at) => {
        const text = aligned(broken[at]?.[line] ?? '', widths[at] ?? 0, align)
        const style = styleOf(rows[index]?.[at])
        return style === undefined || text.trim() === '' ? text : styled(style, text, terminal)
      })
      lines.push(cells.join(' '.repeat(gap)).trimEnd())
    }
  }
  return `${lines.join('\n')}\n`
}

/** Whether the rows fit beside each other without any being broken. */
export function fitsIn(columns: readonly Column[], rows: readonly (readonly Cell[])[], width: number): boolean {
  return renderTable(columns, rows, { color: false, width: Number.POSITIVE_INFINITY })
    .split('\n')
    .every((line) => columnsOf(line) <= width)
}

/** Titles and values one under the other: for one thing, or for rows too wide for the window. */
export function renderRecord(fields: readonly (readonly [title: string, value: Cell])[], terminal: Terminal): string {
  const titles = fields.reduce((width, [title]) => Math.max(width, columnsOf(title)), 0)
  const lines = fields.flatMap(([title, value]) => {
    const parts = wrap(textOf(value), Math.max(narrowest, terminal.width - titles - gap))
    const style = styleOf(value)
    return parts.map((part, at) => {
      const label = padded(at === 0 ? title : '', titles)
      const text = style === undefined ? part : styled(style, part, terminal)
      return `${styled('dim', label, terminal)}${' '.repeat(gap)}${text}`.trimEnd()
    })
  })
  return `${lines.join('\n')}\n`
}

/** Colours text where colour is wanted. */
export function styled(style: Style, text: string, { color }: Pick<Terminal, 'color'>): string {
  return color ? styleText(style, text, { validateStream: false }) : text
}

function renderRecords(columns: readonly Column[], rows: readonly (readonly Cell[])[], terminal: Terminal): string {
  return rows
    .map((row) =>
      renderRecord(
        columns.map(({ title }, at) => [title, row[at] ?? ''] as const).filter(([, value]) => textOf(value) !== ''),
        terminal,
      ),
    )
    .join('\n')
}

/** The widths the columns get; undefined when they cannot be made to fit. */
function fittingWidths(
  columns: readonly Column[],
  natural: readonly number[],
  available: number,
): number[] | undefined {
  const widths = [...natural]
  const over = (): number => widths.reduce((sum, width) => sum + width, gap * (columns.length - 1)) - available
  while (over() > 0) {
    let widest = -1
    for (const [at, column] of columns.entries()) {
      if (column.flexible && (widths[at] ?? 0) > narrowest && (widths[at] ?? 0) > (widths[widest] ?? 0)) widest = at
    }
    if (widest === -1) return undefined
    widths[widest] = Math.max(narrowest, (widths[widest] ?? 0) - 1)
  }
  return widths
}

function aligned(text: string, width: number, align: Column['align']): string {
  return align === 'right' ? `${' '.repeat(Math.max(0, width - columnsOf(text)))}${text}` : padded(text, width)
}

function textOf(cell: Cell | undefined): string {
  if (cell === undefined) return ''
  return typeof cell === 'object' ? visible(cell.text) : visible(String(cell))
}

function styleOf(cell: Cell | undefined): Style | undefined {
  return typeof cell === 'object' ? cell.style : undefined
}
