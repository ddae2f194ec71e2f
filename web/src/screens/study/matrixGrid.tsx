import { Link } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, memo, useCallback, useRef, useState } from 'react'
import type { MatrixColumn, MatrixRow } from '../../api/types.ts'
import { OutcomeGlyph, SeverityGlyph } from '../../components/glyphs.tsx'
import { totalOf, worstOf } from '../../components/severityCounts.tsx'
import { count, words } from '../../lib/format.ts'
import { useFillHeight } from '../../lib/useFillHeight.ts'
import { useNarrow } from '../../lib/useMedia.ts'
import { CellStrip, type PointedCell } from './cellStrip.tsx'
import { findingsOf, isPartial, type Place, placeOf } from './matrixRows.ts'

const rowHeight = 34
/** Names of analyzers stand upright beside each other, or, of many, on their side: then all fit on a screen. */
const headings = {
  // Wide enough for `dependencies`, the longest word of an analyzer's name, in one piece.
  upright: { height: 52, width: { narrow: 96, wide: 92 } },
  turned: { height: 116, width: { narrow: 72, wide: 64 } },
}
/** Columns from which on names are turned. */
const many = 14
const nameWidth = { narrow: 136, wide: 200 }

interface Props {
  readonly columns: readonly MatrixColumn[]
  readonly rows: readonly MatrixRow[]
}

/** The matrix as a grid: arrow keys walk the cells, Enter opens one, hover and focus explain one. Only rows near the eye are drawn. */
export const MatrixGrid = ({ columns, rows }: Props) => {
  const box = useRef<HTMLDivElement>(null)
  const narrow = useNarrow()
  const height = useFillHeight(box, narrow ? 72 : 80)
  const [active, setActive] = useState({ row: 0, column: 0 })
  const [pointed, setPointed] = useState<PointedCell>()
  const visible = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const size = narrow ? 'narrow' : 'wide'
  const turned = columns.length >= many
  const heading = turned ? headings.turned : headings.upright
  const width = nameWidth[size] + columns.length * heading.width[size]
  const template = `${nameWidth[size]}px repeat(${columns.length}, minmax(0, 1fr))`

  const explain = useCallback((place: Place, app: string, analyzer: string) => setPointed({ place, app, analyzer }), [])
  const move = (event: KeyboardEvent) => {
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    const next = {
      row: Math.max(0, Math.min(rows.length - 1, active.row + step.row)),
      column: Math.max(0, Math.min(columns.length - 1, active.column + step.column)),
    }
    setActive(next)
    visible.scrollToIndex(next.row, { align: 'auto' })
    requestAnimationFrame(() => {
      box.current?.querySelector<HTMLElement>(`[data-cell="${next.row}:${next.column}"]`)?.focus()
    })
  }
  return (
    <div className="panel overflow-hidden">
      <div ref={box} className="overflow-auto" style={{ maxHeight: height }}>
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: cells are walked with the arrow keys, which is what a grid is
          role="grid"
          aria-label="Apps and analyzers"
          aria-rowcount={rows.length + 1}
          onKeyDown={move}
          onPointerLeave={() => setPointed(undefined)}
          className="block"
          style={{ minWidth: width }}
        >
          <thead className="sticky top-0 z-20 block bg-surface">
            <tr className="grid border-b border-line" style={{ gridTemplateColumns: template, height: heading.height }}>
              <th scope="col" className="table-head sticky left-0 z-10 flex items-end bg-surface px-3 py-2">
                App
              </th>
              {columns.map((column) => (
                <th
                  key={column.id}
                  scope="col"
                  title={column.title}
                  className="table-head flex items-end py-2 pl-2 leading-tight"
                >
                  {turned ? (
                    <span className="rotate-180 whitespace-nowrap [writing-mode:vertical-rl]">{column.id}</span>
                  ) : (
                    <span className="min-w-0 break-words">{column.id.replaceAll('-', '-\u200b')}</span>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="relative block" style={{ height: visible.getTotalSize() }}>
            {visible.getVirtualItems().map((item) => {
              const row = rows[item.index]
              return row ? (
                <GridRow
                  key={row.app.id}
                  row={row}
                  columns={columns}
                  index={item.index}
                  top={item.start}
                  template={template}
                  activeColumn={active.row === item.index ? active.column : undefined}
                  explain={explain}
                />
              ) : null
            })}
          </tbody>
        </table>
      </div>
      <CellStrip pointed={pointed} />
    </div>
  )
}

const steps: Readonly<Record<string, { readonly row: number; readonly column: number }>> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
  k: { row: -1, column: 0 },
  j: { row: 1, column: 0 },
  PageUp: { row: -20, column: 0 },
  PageDown: { row: 20, column: 0 },
  Home: { row: 0, column: -1000 },
  End: { row: 0, column: 1000 },
}

interface RowProps {
  readonly row: MatrixRow
  readonly columns: readonly MatrixColumn[]
  readonly index: number
  readonly top: number
  readonly template: string
  readonly activeColumn: number | undefined
  readonly explain: (place: Place, app: string, analyzer: string) => void
}

const GridRow = memo(({ row, columns, index, top, template, activeColumn, explain }: RowProps) => (
  <tr
    aria-rowindex={index + 2}
    className="absolute inset-x-0 grid border-b border-line hover:bg-hover"
    style={{ gridTemplateColumns: template, height: rowHeight, transform: `translateY(${top}px)` }}
  >
    <th
      scope="row"
      className="sticky left-0 z-10 flex min-w-0 items-center border-r border-line bg-surface px-3 text-left font-normal"
    >
      <Link
        to="/apps/$appId"
        params={{ appId: row.app.id }}
        className="quiet-link truncate"
        title={`${row.app.name}${row.app.spec ? `, ${row.app.spec}` : ''}`}
      >
        {row.app.name}
      </Link>
    </th>
    {columns.map((column, at) => {
      const place = placeOf(row, column.id)
      return (
        // biome-ignore lint/a11y/useFocusableInteractive: the link inside holds the focus of the cell
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell of that grid
        <td key={column.id} role="gridcell" className="flex min-w-0">
          {place ? (
            <Link
              to="/analyses/$analysisId"
              params={{ analysisId: place.lead.analysisId }}
              preload={false}
              data-cell={`${index}:${at}`}
              tabIndex={activeColumn === at ? 0 : -1}
              aria-label={labelOf(place, column.id)}
              onPointerEnter={() => explain(place, row.app.name, column.id)}
              onFocus={() => explain(place, row.app.name, column.id)}
              className="flex w-full items-center gap-1.5 px-2 no-underline hover:bg-accent-soft focus-visible:-outline-offset-2"
            >
              <PlaceMark place={place} />
            </Link>
          ) : (
            <span className="px-2 py-1.5 text-muted" title="Not part of the plan">
              ·
            </span>
          )}
        </td>
      )
    })}
  </tr>
))

/** The outcome, and for completed analyses the worst severity with the number of findings. */
const PlaceMark = ({ place }: { readonly place: Place }) => {
  const findings = findingsOf(place.cells)
  const worst = worstOf(findings)
  const dim = place.status === 'queued' || place.status === 'not_applicable' ? 'opacity-60' : ''
  return (
    <>
      <OutcomeGlyph status={place.status} className={place.status === 'completed' && worst ? 'opacity-45' : dim} />
      {place.status === 'completed' ? (
        worst ? (
          <>
            <SeverityGlyph severity={worst} />
            <span>{count(totalOf(findings))}</span>
          </>
        ) : (
          <span className="text-muted">0</span>
        )
      ) : null}
      {isPartial(place) ? (
        <span aria-hidden title="Measured in part" className="text-medium">
          ◐
        </span>
      ) : null}
    </>
  )
}

const labelOf = (place: Place, analyzer: string): string => {
  const findings = findingsOf(place.cells)
  const worst = worstOf(findings)
  const found = worst ? `, ${count(totalOf(findings))} findings, worst ${worst}` : ', 0 findings'
  const partly = isPartial(place) ? ', measured in part' : ''
  return `${analyzer}: ${words(place.status)}${place.status === 'completed' ? found : ''}${partly}`
}
