import { useQuery } from '@tanstack/react-query'
import { groupsQuery } from '../../api/findings.ts'
import { type Severity, severities } from '../../api/types.ts'
import { SeverityGlyph } from '../../components/glyphs.tsx'
import { type FindingFilters, findingsQueryOf } from '../../lib/findingFilters.ts'
import { capital, count } from '../../lib/format.ts'

interface Props {
  readonly filters: FindingFilters
  readonly onChange: (severity: readonly Severity[]) => void
}

/** The severities with how many findings each would show, to be switched on and off. */
export const SeverityChips = ({ filters, onChange }: Props) => {
  const { severity: chosen = [], ...others } = filters
  const groups = useQuery(groupsQuery('severity', findingsQueryOf(others)))
  const countOf = (severity: Severity) => groups.data?.items.find(({ key }) => key === severity)?.count ?? 0
  return (
    <fieldset className="flex overflow-hidden rounded border border-edge bg-surface">
      <legend className="sr-only">Severity</legend>
      {severities.map((severity) => {
        const on = chosen.includes(severity)
        return (
          <label
            key={severity}
            title={capital(severity)}
            className={`relative flex h-[1.875rem] items-center gap-1.5 border-l border-line px-2 first:border-l-0 hover:bg-hover max-sm:gap-1 max-sm:px-1.5 ${on ? 'bg-accent-soft' : ''}`}
          >
            <input
              type="checkbox"
              checked={on}
              onChange={() => onChange(on ? chosen.filter((item) => item !== severity) : [...chosen, severity])}
              className="peer sr-only"
            />
            <span className="absolute inset-0 -outline-offset-2 outline-accent peer-focus-visible:outline-2" />
            <SeverityGlyph severity={severity} />
            <span className="max-xl:sr-only">{capital(severity)}</span>
            <span className={`text-sm max-sm:text-xs ${on ? 'text-ink' : 'text-muted'}`}>
              {groups.data ? count(countOf(severity)) : '…'}
            </span>
          </label>
        )
      })}
    </fieldset>
  )
}
