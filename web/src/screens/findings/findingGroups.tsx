import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { type GroupBy, groupsQuery } from '../../api/findings.ts'
import { type FindingGroup, severities } from '../../api/types.ts'
import { Bar } from '../../components/bar.tsx'
import { DataTable, type TableColumn } from '../../components/dataTable.tsx'
import { SeverityName } from '../../components/glyphs.tsx'
import { EmptyState, Loading, ProblemPanel } from '../../components/notices.tsx'
import { SeverityCountsLine } from '../../components/severityCounts.tsx'
import { type FindingFilters, findingsQueryOf, narrowTo } from '../../lib/findingFilters.ts'
import { capital, count, plural, words } from '../../lib/format.ts'
import { useGroupValue } from './groupValue.ts'

interface Props {
  readonly by: GroupBy
  readonly filters: FindingFilters
  /** Opens a group: the same list narrowed to it. */
  readonly onOpen: (filters: FindingFilters) => void
}

/** A table longer than this is not read; it is searched. */
const shownAtMost = 500

export const FindingGroups = ({ by, filters, onOpen }: Props) => {
  const filterValue = useGroupValue(by)
  const groups = useQuery(groupsQuery(by, findingsQueryOf(filters)))
  const items = useMemo(() => groups.data?.items.slice(0, shownAtMost) ?? [], [groups.data])
  const largest = Math.max(1, ...items.map((item) => item.count))
  const columns = useMemo(
    (): readonly TableColumn<FindingGroup>[] => [
      {
        id: 'label',
        header: groupTitle(by),
        value: (group) => group.label,
        className: 'min-w-40',
        cell: (group) => {
          const value = filterValue(group.key)
          return value === undefined ? (
            <span className="text-muted">
              <GroupName by={by} group={group} />
            </span>
          ) : (
            <button
              type="button"
              data-row-link
              onClick={() => onOpen(narrowTo(filters, by, value))}
              className="text-left font-medium hover:text-accent hover:underline"
            >
              <GroupName by={by} group={group} />
            </button>
          )
        },
      },
      {
        id: 'count',
        header: 'Findings',
        value: (group) => group.count,
        className: 'figure',
        cell: (group) => count(group.count),
      },
      {
        id: 'share',
        header: 'Share of the largest',
        className: 'w-1/4 max-md:hidden',
        cell: (group) => <Bar share={group.count / largest} />,
      },
      {
        id: 'severity',
        header: 'By severity',
        className: 'stacked-wide',
        cell: (group) => <SeverityCountsLine counts={group.bySeverity} />,
      },
    ],
    [by, filters, largest, onOpen, filterValue],
  )
  if (groups.error) return <ProblemPanel error={groups.error} retry={() => void groups.refetch()} />
  if (!groups.data) return <Loading what="groups" />
  if (items.length === 0) return <EmptyState title="No finding matches the filters" />
  return (
    <>
      <DataTable
        label={`Findings by ${by}`}
        rows={items}
        columns={columns}
        keyOf={(group) => group.key}
        order="-count"
      />
      <p className="label" role="status">
        {plural(groups.data.items.length, 'group')}
        {groups.data.items.length > shownAtMost
          ? `, the first ${shownAtMost} shown; search or filter to see the others`
          : ''}
      </p>
    </>
  )
}

const GroupName = ({ by, group }: { readonly by: GroupBy; readonly group: FindingGroup }) => {
  const severity = severities.find((candidate) => by === 'severity' && candidate === group.key)
  if (severity) return <SeverityName severity={severity} />
  if (by === 'rule' && group.label !== group.key) {
    return (
      <>
        {group.label} <span className="font-normal text-muted">{group.key}</span>
      </>
    )
  }
  return by === 'state' || by === 'provenance' ? words(group.label) : group.label
}

const groupTitle = (by: GroupBy): string => (by === 'cwe' ? 'CWE' : by === 'owasp' ? 'OWASP category' : capital(by))
