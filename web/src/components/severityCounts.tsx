import { Link } from '@tanstack/react-router'
import { type Severity, type SeverityCounts, severities } from '../api/types.ts'
import type { FindingFilters } from '../lib/findingFilters.ts'
import { count } from '../lib/format.ts'
import { SeverityGlyph } from './glyphs.tsx'

interface Props {
  readonly counts: SeverityCounts
  /** Where each number opens to: the findings list narrowed to this and the severity. */
  readonly filters?: FindingFilters
}

/** Five numbers in fixed columns, zero kept quiet, each opening to its findings. */
export const SeverityCountsLine = ({ counts, filters }: Props) => (
  <span className="inline-grid grid-cols-[repeat(5,minmax(4rem,auto))] gap-x-1">
    {severities.map((severity) => (
      <SeverityCount key={severity} severity={severity} value={counts[severity]} {...(filters ? { filters } : {})} />
    ))}
  </span>
)

interface CountProps {
  readonly severity: Severity
  readonly value: number
  readonly filters?: FindingFilters
}
const SeverityCount = ({ severity, value, filters }: CountProps) => {
  const label = `${count(value)} ${severity}`
  const figure = (
    <>
      <SeverityGlyph severity={severity} className={value === 0 ? 'opacity-40' : ''} />
      <span className={value === 0 ? 'text-muted' : ''} aria-hidden>
        {count(value)}
      </span>
      <span className="sr-only">{label}</span>
    </>
  )
  const layout = 'inline-flex items-center justify-start gap-1.5'
  if (!filters || value === 0)
    return (
      <span className={layout} title={label}>
        {figure}
      </span>
    )
  return (
    <Link to="/findings" search={{ ...filters, severity: [severity] }} className={`${layout} quiet-link`} title={label}>
      {figure}
    </Link>
  )
}

/** The worst severity with a count, or undefined when there is none. */
export const worstOf = (counts: SeverityCounts): Severity | undefined =>
  severities.find((severity) => counts[severity] > 0)

export const totalOf = (counts: SeverityCounts): number =>
  severities.reduce((sum, severity) => sum + counts[severity], 0)
