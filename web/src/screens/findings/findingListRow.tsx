import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import type { Finding } from '../../api/types.ts'
import { SeverityGlyph, StateBadge } from '../../components/glyphs.tsx'
import { Prose } from '../../components/prose.tsx'
import { placeText } from '../../lib/place.ts'

const template =
  'grid-cols-[1.75rem_minmax(14rem,5fr)_minmax(8rem,3fr)_minmax(6rem,1.4fr)_minmax(7rem,1.6fr)_5.5rem_6.5rem]'
const heads = ['', 'Finding', 'Where', 'App', 'Seen by', 'CWE', 'State'] as const

export const FindingListHead = ({ narrow }: { readonly narrow: boolean }) => (
  <thead className={narrow ? 'sr-only' : 'sticky top-0 z-10 block bg-surface'}>
    <tr className={`grid h-9 items-center border-b border-line ${template}`}>
      {heads.map((head) => (
        <th key={head} scope="col" className="table-head px-2">
          {head === '' ? <span className="sr-only">Severity</span> : head}
        </th>
      ))}
    </tr>
  </thead>
)

interface Props {
  readonly index: number
  readonly top: number
  readonly height: number
  readonly narrow: boolean
  readonly finding: Finding | undefined
}

/** One row, drawn only when it changes; the whole of it opens the finding. */
export const FindingListRow = memo(({ index, top, height, narrow, finding }: Props) => {
  const place = { height, transform: `translateY(${top}px)` }
  const shape = 'absolute inset-x-0 border-b border-line hover:bg-hover focus-within:bg-hover'
  if (!finding) {
    return (
      <tr aria-rowindex={index + 2} className={`${shape} flex items-center px-3`} style={place}>
        <td className="w-full">
          <span className="block h-2 w-2/5 rounded bg-line" />
          <span className="sr-only">Loading row {index + 1}</span>
        </td>
      </tr>
    )
  }
  return (
    <tr
      aria-rowindex={index + 2}
      className={`${shape} grid items-center ${narrow ? 'grid-cols-[1.75rem_1fr]' : template}`}
      style={place}
    >
      <td className="pl-2.5">
        <SeverityGlyph severity={finding.severity} label={finding.severity} />
      </td>
      {narrow ? <NarrowCell finding={finding} index={index} /> : <WideCells finding={finding} index={index} />}
    </tr>
  )
})

interface CellProps {
  readonly finding: Finding
  readonly index: number
}

const Title = ({ finding, index }: CellProps) => (
  <Link
    to="/findings/$findingId"
    params={{ findingId: finding.id }}
    preload={false}
    data-row={index}
    className="font-medium no-underline after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
  >
    {finding.title}
  </Link>
)

/** Only where low confidence was asked for does it stand in a list. */
const Guess = ({ finding }: { readonly finding: Finding }) =>
  finding.confidence === 'low' ? <span className="label rounded border border-line px-1">low confidence</span> : null

const WideCells = ({ finding, index }: CellProps) => (
  <>
    <td className="truncate px-2">
      <Title finding={finding} index={index} /> <Guess finding={finding} />
      <span className="text-muted">
        <Prose text={finding.message} />
      </span>
    </td>
    <td className="mono truncate px-2 [direction:rtl] text-left" title={placeText(finding.location)}>
      <bdi>{placeText(finding.location)}</bdi>
    </td>
    <td className="truncate px-2" title={finding.app.name}>
      {finding.app.name}
    </td>
    <td className="truncate px-2 text-muted">
      {finding.witnesses[0]?.analyzer}
      {finding.witnesses.length > 1 ? ` +${finding.witnesses.length - 1}` : ''}
    </td>
    <td className="truncate px-2 text-muted">{finding.cwe[0] === undefined ? 'none' : `CWE-${finding.cwe[0]}`}</td>
    <td className="px-2">
      <StateBadge state={finding.state} />
    </td>
  </>
)

const NarrowCell = ({ finding, index }: CellProps) => (
  <td className="min-w-0 py-1.5 pr-3">
    <span className="flex items-center gap-2">
      <span className="min-w-0 flex-1 truncate">
        <Title finding={finding} index={index} />
      </span>
      <Guess finding={finding} />
      {finding.state === 'open' ? null : <StateBadge state={finding.state} />}
    </span>
    <span className="block truncate text-sm text-muted">
      <Prose text={finding.message} />
    </span>
    <span className="flex gap-2 text-sm text-muted">
      <span className="mono min-w-0 flex-1 truncate">{placeText(finding.location)}</span>
      <span className="shrink-0">{finding.app.name}</span>
    </span>
  </td>
)
