import { type Cell, severities } from '../../api/types.ts'
import { type CellStatus, OutcomeName, SeverityGlyph } from '../../components/glyphs.tsx'
import { count, duration } from '../../lib/format.ts'
import { findingsOf, type Place, statusOf } from './matrixRows.ts'

export interface PointedCell {
  readonly place: Place
  readonly app: string
  readonly analyzer: string
}

const legend: readonly CellStatus[] = [
  'completed',
  'not_applicable',
  'error',
  'timed_out',
  'cancelled',
  'running',
  'queued',
]

/**
 * What stands behind the cell under the pointer or the focus: outcome, reason, duration, coverage, repeats. Docked under
 * the matrix, so that it never covers the cells being read. Without a cell it explains the signs.
 */
export const CellStrip = ({ pointed }: { readonly pointed: PointedCell | undefined }) => (
  <div className="flex min-h-[3.75rem] flex-col justify-center gap-0.5 border-t border-line bg-surface px-3 py-1.5 max-md:hidden">
    {pointed ? (
      <>
        <p className="flex flex-wrap items-center gap-x-4">
          <span className="font-medium">
            {pointed.analyzer} <span className="font-normal text-muted">on {pointed.app}</span>
          </span>
          {pointed.place.status === 'completed' ? <Counts cells={pointed.place.cells} /> : null}
        </p>
        {pointed.place.cells.map((cell) => (
          <Run key={cell.analysisId} cell={cell} many={pointed.place.cells.length > 1} />
        ))}
      </>
    ) : (
      <>
        <p className="text-muted">Point at a cell, or walk with the arrow keys, to see what stands behind it.</p>
        <ul aria-label="Signs" className="flex flex-wrap gap-x-5">
          {legend.map((status) => (
            <li key={status}>
              <OutcomeName status={status} />
            </li>
          ))}
          <li>
            <span aria-hidden className="mr-1.5 text-medium">
              ◐
            </span>
            Measured in part
          </li>
        </ul>
      </>
    )}
  </div>
)

const Counts = ({ cells }: { readonly cells: readonly Cell[] }) => {
  const findings = findingsOf(cells)
  return (
    <span className="flex gap-x-3">
      {severities.map((severity) => (
        <span key={severity} className="inline-flex items-center gap-1">
          <SeverityGlyph severity={severity} label={severity} />
          {count(findings[severity])}
        </span>
      ))}
    </span>
  )
}

const Run = ({ cell, many }: { readonly cell: Cell; readonly many: boolean }) => (
  <p className="flex flex-wrap items-center gap-x-4">
    {many ? <span className="text-muted">#{cell.repeat}</span> : null}
    <OutcomeName status={statusOf(cell)} />
    {cell.reason ? <span>{cell.reason}</span> : null}
    {cell.durationMs === null ? null : <span className="text-muted">{duration(cell.durationMs)}</span>}
    {cell.coverage ? (
      <span className={cell.coverage.analysed < cell.coverage.total ? '' : 'text-muted'}>
        {count(cell.coverage.analysed)} of {count(cell.coverage.total)} files
      </span>
    ) : null}
    {cell.cached ? <span className="text-muted">from the cache</span> : null}
  </p>
)
