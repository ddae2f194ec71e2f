import type { Cell, MatrixRow, SeverityCounts } from '../../api/types.ts'
import type { CellStatus } from '../../components/glyphs.tsx'

export interface MatrixFilter {
  readonly q?: string
  readonly model?: readonly string[]
  readonly problems?: true
}

/** The rows whose app matches, in their order. */
export const filterRows = (rows: readonly MatrixRow[], filter: MatrixFilter): readonly MatrixRow[] => {
  const wanted = filter.q?.toLowerCase()
  return rows.filter(
    ({ app, cells }) =>
      (!wanted || `${app.name} ${app.spec ?? ''}`.toLowerCase().includes(wanted)) &&
      (!filter.model || filter.model.includes(app.model ?? '')) &&
      (!filter.problems || cells.some(failed)),
  )
}

const failed = ({ outcome }: Cell): boolean => outcome === 'error' || outcome === 'timed_out' || outcome === 'cancelled'

export const statusOf = (cell: Cell): CellStatus =>
  cell.state === 'finished' ? (cell.outcome ?? 'queued') : cell.state

/** From what deserves attention first to what deserves it least. */
const order: readonly CellStatus[] = [
  'error',
  'timed_out',
  'running',
  'queued',
  'cancelled',
  'completed',
  'not_applicable',
]

/** One place of the matrix: the repeats of one analyzer on one app, and the one that speaks for them. */
export interface Place {
  readonly cells: readonly Cell[]
  readonly lead: Cell
  readonly status: CellStatus
}

/** What an app's row shows under an analyzer; undefined where the study plans nothing. */
export const placeOf = (row: MatrixRow, analyzer: string): Place | undefined => {
  const cells = row.cells.filter((cell) => cell.analyzer === analyzer)
  const lead = cells.toSorted((a, b) => order.indexOf(statusOf(a)) - order.indexOf(statusOf(b)))[0]
  return lead && { cells, lead, status: statusOf(lead) }
}

/** Whether something was completed without seeing everything: its numbers are then a lower bound. */
export const isPartial = ({ cells, status }: Place): boolean =>
  status === 'completed' && cells.some(({ coverage }) => coverage !== null && coverage.analysed < coverage.total)

/** Findings of one place: repeats see the same code, so the largest count of each severity stands. */
export const findingsOf = (cells: readonly Cell[]): SeverityCounts => ({
  critical: Math.max(0, ...cells.map(({ findings }) => findings.critical)),
  high: Math.max(0, ...cells.map(({ findings }) => findings.high)),
  medium: Math.max(0, ...cells.map(({ findings }) => findings.medium)),
  low: Math.max(0, ...cells.map(({ findings }) => findings.low)),
  info: Math.max(0, ...cells.map(({ findings }) => findings.info)),
})
