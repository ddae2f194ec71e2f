import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type GroupBy, groupsQuery } from '../../api/findings.ts'
import { categories } from '../../api/types.ts'
import { FilterMenu } from '../../components/filterMenu.tsx'
import { type FindingFilters, findingsQueryOf, parseFindingFilters } from '../../lib/findingFilters.ts'
import { capital, words } from '../../lib/format.ts'
import { cweOf } from '../../lib/weaknesses.ts'

export type FacetName = Exclude<GroupBy, 'severity'> | 'study'

interface Props {
  readonly filters: FindingFilters
  readonly onChange: (filters: FindingFilters) => void
}

/** The values of one property with their counts under the other filters, fetched when the menu opens. */
export const FacetMenu = ({
  by,
  label,
  filters,
  onChange,
}: Props & { readonly by: Exclude<FacetName, 'study'>; readonly label: string }) => {
  const [opened, setOpened] = useState(false)
  const { [by]: own, ...others } = filters
  const chosen = own === undefined ? [] : Array.isArray(own) ? own.map(String) : [String(own)]
  const groups = useQuery({ ...groupsQuery(by, findingsQueryOf(others)), enabled: opened || chosen.length > 0 })
  const many = by === 'state' || by === 'provenance'
  const options = (groups.data?.items ?? []).map((group) => {
    const value = by === 'cwe' ? group.key.replace(/^CWE-/, '') : group.key
    return { value, label: labelOf(by, value, group.label), count: group.count }
  })
  return (
    <FilterMenu
      label={label}
      options={options}
      chosen={chosen}
      single={!many}
      loading={groups.isPending}
      onOpen={() => setOpened(true)}
      onChange={(next) => onChange(parseFindingFilters({ ...others, [by]: many ? next : next[0] }))}
    />
  )
}

const labelOf = (by: GroupBy, value: string, label: string): string => {
  if (by === 'state' || by === 'provenance') return capital(words(value))
  if (by === 'cwe') return [`CWE-${value}`, cweOf(Number(value)).name].filter(Boolean).join(' ')
  return by === 'rule' && label !== value ? `${label} (${value})` : label
}

export const CategoryMenu = ({ filters, onChange }: Props) => (
  <FilterMenu
    label="Category"
    options={categories.map((category) => ({ value: category, label: capital(category) }))}
    chosen={filters.category ?? []}
    onChange={(category) => onChange(parseFindingFilters({ ...filters, category }))}
  />
)
