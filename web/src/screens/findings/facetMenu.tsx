import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type GroupBy, groupsQuery } from '../../api/findings.ts'
import { studiesQuery } from '../../api/studies.ts'
import { categories, type FindingGroup } from '../../api/types.ts'
import { FilterMenu } from '../../components/filterMenu.tsx'
import { type FindingFilters, findingsQueryOf, parseFindingFilters } from '../../lib/findingFilters.ts'
import { capital, words } from '../../lib/format.ts'
import { useGroupValue } from './groupValue.ts'

export type FacetName = Exclude<GroupBy, 'severity' | 'confidence'> | 'study'

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
  const filterValue = useGroupValue(by)
  const many = by === 'state' || by === 'provenance'
  const options = (groups.data?.items ?? []).flatMap((group) => {
    const value = filterValue(group.key)
    return value === undefined ? [] : [{ value, label: labelOf(by, group), count: group.count }]
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

const labelOf = (by: GroupBy, { key, label }: FindingGroup): string => {
  if (by === 'state' || by === 'provenance') return capital(words(label))
  return by === 'rule' && label !== key ? `${label} (${key})` : label
}

/** One study, or all: a defect that several studies saw stands in the list once for each. */
export const StudyMenu = ({ filters, onChange }: Props) => {
  const studies = useQuery(studiesQuery)
  return (
    <FilterMenu
      label="Study"
      single
      loading={studies.isPending}
      options={(studies.data?.items ?? []).map((study) => ({
        value: study.id,
        label: study.name,
        count: study.findings.total,
      }))}
      chosen={filters.study ? [filters.study] : []}
      onChange={([study]) => onChange(parseFindingFilters({ ...filters, study }))}
    />
  )
}

export const CategoryMenu = ({ filters, onChange }: Props) => (
  <FilterMenu
    label="Category"
    options={categories.map((category) => ({ value: category, label: capital(category) }))}
    chosen={filters.category ?? []}
    onChange={(category) => onChange(parseFindingFilters({ ...filters, category }))}
  />
)
