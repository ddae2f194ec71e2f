import { groupBys } from '../../api/findings.ts'
import { Button } from '../../components/button.tsx'
import { SearchBox } from '../../components/searchBox.tsx'
import {
  activeFilters,
  type FindingFilters,
  findingsQueryOf,
  parseFindingFilters,
  sorts,
} from '../../lib/findingFilters.ts'
import { CategoryMenu, FacetMenu, type FacetName, StudyMenu } from './facetMenu.tsx'
import { FindingGroups } from './findingGroups.tsx'
import { FindingList } from './findingList.tsx'
import { ConfidenceMenu, LowConfidenceNote } from './lowConfidence.tsx'
import { SeverityChips } from './severityChips.tsx'

interface Props {
  readonly filters: FindingFilters
  /** Filters the screen has set; they are not offered. */
  readonly fixed?: readonly FacetName[]
  readonly onChange: (filters: FindingFilters) => void
}

const facets: readonly { readonly by: Exclude<FacetName, 'study'>; readonly label: string }[] = [
  { by: 'analyzer', label: 'Analyzer' },
  { by: 'model', label: 'Model' },
  { by: 'app', label: 'App' },
  { by: 'state', label: 'State' },
  { by: 'provenance', label: 'Provenance' },
  { by: 'cwe', label: 'CWE' },
  { by: 'owasp', label: 'OWASP' },
  { by: 'rule', label: 'Rule' },
]

const sortNames = {
  '-severity': 'Worst first',
  severity: 'Least first',
  path: 'By path',
  rule: 'By rule',
  app: 'By app',
} as const

const groupNames = {
  rule: 'rule',
  model: 'model',
  app: 'app',
  cwe: 'CWE',
  owasp: 'OWASP category',
  severity: 'severity',
  analyzer: 'analyzer',
  state: 'state',
  provenance: 'provenance',
  confidence: 'confidence',
} as const

/** Findings with everything to narrow, group and order them by; the whole view stands in the address. */
export const FindingsBrowser = ({ filters, fixed = [], onChange }: Props) => {
  const change = (part: { [K in keyof FindingFilters]?: FindingFilters[K] | undefined }) =>
    onChange(parseFindingFilters({ ...filters, ...part }))
  const clear = () => {
    const { study, sort, by } = filters
    onChange(parseFindingFilters({ study, sort, by, ...(fixed.includes('app') ? { app: filters.app } : {}) }))
  }
  const set = activeFilters(filters) - (fixed.includes('app') ? 1 : 0)
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <SearchBox label="Search findings" value={filters.q ?? ''} onChange={(q) => change({ q })} />
        <SeverityChips filters={filters} onChange={(severity) => change({ severity })} />
        <span className="flex gap-2 md:ml-auto">
          <select
            aria-label="Group by"
            value={filters.by ?? ''}
            onChange={(event) => change({ by: groupBys.find((by) => by === event.target.value) })}
            className="input"
          >
            <option value="">Not grouped</option>
            {groupBys.map((by) => (
              <option key={by} value={by}>
                By {groupNames[by]}
              </option>
            ))}
          </select>
          {filters.by ? null : (
            <select
              aria-label="Order"
              value={filters.sort ?? sorts[0]}
              onChange={(event) => {
                const sort = sorts.find((candidate) => candidate === event.target.value)
                change({ sort: sort === sorts[0] ? undefined : sort })
              }}
              className="input"
            >
              {sorts.map((sort) => (
                <option key={sort} value={sort}>
                  {sortNames[sort]}
                </option>
              ))}
            </select>
          )}
        </span>
      </div>
      <div className="-mx-3 flex items-center gap-1 overflow-x-auto px-3 py-0.5 md:mx-0 md:flex-wrap md:px-0">
        {fixed.includes('study') ? null : <StudyMenu filters={filters} onChange={onChange} />}
        <CategoryMenu filters={filters} onChange={onChange} />
        {facets
          .filter(({ by }) => !fixed.includes(by))
          .map(({ by, label }) => (
            <FacetMenu key={by} by={by} label={label} filters={filters} onChange={onChange} />
          ))}
        <ConfidenceMenu filters={filters} onChange={onChange} />
        {filters.path ? (
          <Button onClick={() => change({ path: undefined })} title="Stop filtering by path">
            {filters.path} ✕
          </Button>
        ) : null}
        {set > 0 ? (
          <Button look="quiet" onClick={clear}>
            Clear filters
          </Button>
        ) : null}
      </div>
      <LowConfidenceNote filters={filters} onChange={onChange} />
      {filters.by ? (
        <FindingGroups by={filters.by} filters={filters} onOpen={onChange} />
      ) : (
        <FindingList query={findingsQueryOf(filters)} filtered={set > 0} onClear={clear} />
      )}
    </div>
  )
}
