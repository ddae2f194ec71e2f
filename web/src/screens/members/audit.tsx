import { useQuery } from '@tanstack/react-query'
import { auditQuery } from '../../api/members.ts'
import type { AuditEntry } from '../../api/types.ts'
import { DataTable, type TableColumn } from '../../components/dataTable.tsx'
import { OutcomeGlyph } from '../../components/glyphs.tsx'
import { EmptyState, Loading, Missing, ProblemPanel } from '../../components/notices.tsx'
import { timestamp } from '../../lib/format.ts'

/** Who did what, the latest first. */
export const Audit = () => {
  const audit = useQuery(auditQuery)
  if (audit.error) return <ProblemPanel error={audit.error} retry={() => void audit.refetch()} />
  if (!audit.data) return <Loading what="audit" />
  const { items, next } = audit.data
  if (items.length === 0) return <EmptyState title="Nothing was done yet" />
  return (
    <div className="flex flex-col gap-2">
      <DataTable label="Audit" rows={items} columns={columns} keyOf={(entry) => entry.id} order="-at" />
      {next ? (
        <p className="label">The latest {items.length} entries. Older ones are in the API: GET /api/v1/audit</p>
      ) : null}
    </div>
  )
}

const columns: readonly TableColumn<AuditEntry>[] = [
  {
    id: 'at',
    header: 'When',
    value: (entry) => entry.at,
    className: 'whitespace-nowrap',
    cell: (entry) => <time dateTime={entry.at}>{timestamp(entry.at)}</time>,
  },
  { id: 'actor', header: 'Who', value: (entry) => entry.actor, cell: (entry) => entry.actor },
  {
    id: 'action',
    header: 'Did',
    value: (entry) => entry.action,
    cell: (entry) => <code className="mono">{entry.action}</code>,
  },
  {
    id: 'subject',
    header: 'To',
    value: (entry) => entry.subject,
    className: 'break-all',
    cell: (entry) => entry.subject,
  },
  {
    id: 'outcome',
    header: 'Outcome',
    value: (entry) => entry.outcome,
    cell: (entry) => (
      <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
        <OutcomeGlyph status={entry.outcome === 'done' ? 'completed' : 'cancelled'} />
        {entry.outcome}
      </span>
    ),
  },
  {
    id: 'address',
    header: 'From',
    value: (entry) => entry.address ?? undefined,
    cell: (entry) => entry.address ?? <Missing reason="Done by the server itself or from the command line" />,
  },
]
