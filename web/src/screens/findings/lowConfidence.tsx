import { useQuery } from '@tanstack/react-query'
import { groupsQuery } from '../../api/findings.ts'
import { confidences } from '../../api/types.ts'
import { FilterMenu } from '../../components/filterMenu.tsx'
import { counted, type FindingFilters, findingsQueryOf, parseFindingFilters } from '../../lib/findingFilters.ts'
import { capital, plural } from '../../lib/format.ts'

interface Props {
  readonly filters: FindingFilters
  readonly onChange: (filters: FindingFilters) => void
}

/** How many findings there are of each confidence under the other filters. */
const useCounts = (filters: FindingFilters): ReadonlyMap<string, number> | undefined => {
  const { data } = useQuery(groupsQuery('confidence', findingsQueryOf({ ...filters, confidence: confidences })))
  return data && new Map(data.items.map(({ key, count }) => [key, count]))
}

export const ConfidenceMenu = ({ filters, onChange }: Props) => {
  const counts = useCounts(filters)
  const chosen = filters.confidence ?? counted
  return (
    <FilterMenu
      label="Confidence"
      options={confidences.map((confidence) => ({
        value: confidence,
        label: capital(confidence),
        count: counts?.get(confidence) ?? 0,
      }))}
      chosen={chosen}
      look={filters.confidence ? 'plain' : 'quiet'}
      onChange={(confidence) => onChange(parseFindingFilters({ ...filters, confidence }))}
    />
  )
}

/** Says how many findings are folded away, and unfolds them. */
export const LowConfidenceNote = ({ filters, onChange }: Props) => {
  const low = useCounts(filters)?.get('low') ?? 0
  if (filters.confidence || low === 0) return null
  return (
    <p role="status" className="flex flex-wrap items-center gap-x-2 text-sm text-muted">
      {plural(low, 'finding')} of low confidence not shown
      <button
        type="button"
        onClick={() => onChange({ ...filters, confidence: confidences })}
        className="link min-h-6 px-0.5"
      >
        Show
      </button>
    </p>
  )
}
