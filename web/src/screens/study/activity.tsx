import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { studyQuery } from '../../api/studies.ts'
import type { Progress } from '../../api/types.ts'
import { DataTable, type TableColumn } from '../../components/dataTable.tsx'
import { Missing } from '../../components/notices.tsx'
import { ProgressBar } from '../../components/progressBar.tsx'
import { count, duration, share } from '../../lib/format.ts'

const route = getRouteApi('/studies/$studyId/activity')
type Row = Progress['perAnalyzer'][number]

/** How far each analyzer is, and how long it takes. */
export const ActivityTab = () => {
  const { studyId } = route.useParams()
  const study = useQuery(studyQuery(studyId))
  const rows = useMemo(() => study.data?.progress.perAnalyzer ?? [], [study.data])
  return <DataTable label="Progress per analyzer" rows={rows} columns={columns} keyOf={(row) => row.analyzer} />
}

const columns: readonly TableColumn<Row>[] = [
  { id: 'analyzer', header: 'Analyzer', value: (row) => row.analyzer, cell: (row) => row.analyzer },
  {
    id: 'progress',
    header: 'Progress',
    className: 'w-1/3 min-w-32',
    cell: (row) => <ProgressBar value={row.finished} total={row.total} label={`${row.analyzer}: analyses finished`} />,
  },
  {
    id: 'finished',
    header: 'Finished',
    value: (row) => row.finished / Math.max(1, row.total),
    className: 'figure whitespace-nowrap',
    cell: (row) => (
      <>
        {count(row.finished)} of {count(row.total)}{' '}
        <span className="inline-block w-12 text-muted">{share(row.finished, row.total)}</span>
      </>
    ),
  },
  {
    id: 'active',
    header: 'Running now',
    value: (row) => row.active,
    className: 'figure',
    cell: (row) => <span className={row.active === 0 ? 'text-muted' : ''}>{count(row.active)}</span>,
  },
  {
    id: 'median',
    header: 'Median time',
    value: (row) => row.medianMs ?? undefined,
    className: 'figure whitespace-nowrap',
    cell: (row) =>
      row.medianMs === null ? <Missing reason="No analysis of it was measured yet" /> : duration(row.medianMs),
  },
]
