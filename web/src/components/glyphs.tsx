import type { ReactNode } from 'react'
import type { Cell, FindingState, Outcome, Severity } from '../api/types.ts'
import { capital, words } from '../lib/format.ts'

/** Each severity has its own shape, so that it is told apart without colour: from a heavy diamond to an open ring. */
const severityShapes: Readonly<Record<Severity, ReactNode>> = {
  critical: (
    <>
      <path d="M6 0.4 11.6 6 6 11.6 0.4 6Z" fill="currentColor" />
      <path d="M6 3.2v3.3M6 8v0.9" stroke="var(--color-surface)" strokeWidth="1.4" />
    </>
  ),
  high: <path d="M6 1 11.2 10.6H0.8Z" fill="currentColor" />,
  medium: <rect x="1.8" y="1.8" width="8.4" height="8.4" fill="currentColor" />,
  low: <circle cx="6" cy="6" r="3.8" fill="currentColor" />,
  info: <circle cx="6" cy="6" r="3.6" fill="none" stroke="currentColor" strokeWidth="1.4" />,
}

const severityColours: Readonly<Record<Severity, string>> = {
  critical: 'text-critical',
  high: 'text-high',
  medium: 'text-medium',
  low: 'text-low',
  info: 'text-info',
}

interface GlyphProps {
  /** Read out and shown on hover; leave it out where the word stands beside the glyph. */
  readonly label?: string
  readonly className?: string
}

const Glyph = ({ label, className = '', children }: GlyphProps & { readonly children: ReactNode }) => (
  // biome-ignore lint/a11y/noSvgWithoutTitle: without a label it is hidden, the word stands beside it
  <svg
    viewBox="0 0 12 12"
    className={`inline-block size-3 shrink-0 ${className}`}
    {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
  >
    {label ? <title>{label}</title> : null}
    {children}
  </svg>
)

export const SeverityGlyph = ({ severity, label, className = '' }: GlyphProps & { readonly severity: Severity }) => (
  <Glyph {...(label ? { label } : {})} className={`${severityColours[severity]} ${className}`}>
    {severityShapes[severity]}
  </Glyph>
)

/** Glyph and word together. */
export const SeverityName = ({ severity }: { readonly severity: Severity }) => (
  <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
    <SeverityGlyph severity={severity} />
    {capital(severity)}
  </span>
)

export type CellStatus = Outcome | Exclude<Cell['state'], 'finished'>

const stroke = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.5, strokeLinecap: 'round' } as const

const statusShapes: Readonly<Record<CellStatus | 'failed_check', ReactNode>> = {
  failed_check: <path d="M6 1.6v5.2M6 10v0.4" {...stroke} strokeWidth={2.2} />,
  completed: <path d="M1.8 6.4 4.8 9.4 10.2 2.8" {...stroke} />,
  not_applicable: <path d="M2.5 6h7" {...stroke} />,
  error: <path d="M2.4 2.4 9.6 9.6M9.6 2.4 2.4 9.6" {...stroke} strokeWidth={1.9} />,
  timed_out: (
    <>
      <circle cx="6" cy="6" r="4.8" {...stroke} />
      <path d="M6 3.4V6l2 1.4" {...stroke} />
    </>
  ),
  cancelled: (
    <>
      <circle cx="6" cy="6" r="4.8" {...stroke} />
      <path d="M2.8 9.2 9.2 2.8" {...stroke} />
    </>
  ),
  queued: <circle cx="6" cy="6" r="4.4" {...stroke} strokeDasharray="0.6 2.6" />,
  running: (
    <g className="turning">
      <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.5" opacity="0.25" />
      <path d="M6 1.4A4.6 4.6 0 0 1 10.6 6" {...stroke} />
    </g>
  ),
}

const statusColours: Readonly<Record<CellStatus | 'failed_check', string>> = {
  failed_check: 'text-danger',
  completed: 'text-accent',
  not_applicable: 'text-muted',
  error: 'text-danger',
  timed_out: 'text-danger',
  cancelled: 'text-muted',
  queued: 'text-muted',
  running: 'text-accent',
}

export const OutcomeGlyph = ({
  status,
  label,
  className = '',
}: GlyphProps & { readonly status: CellStatus | 'failed_check' }) => (
  <Glyph {...(label ? { label } : {})} className={`${statusColours[status]} ${className}`}>
    {statusShapes[status]}
  </Glyph>
)

export const OutcomeName = ({ status }: { readonly status: CellStatus }) => (
  <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
    <OutcomeGlyph status={status} />
    {capital(status)}
  </span>
)

const stateTones: Readonly<Record<FindingState, string>> = {
  open: 'border-edge text-ink',
  regressed: 'border-danger text-danger',
  fixed: 'border-line text-muted',
  accepted: 'border-line text-muted',
  false_positive: 'border-line text-muted',
}

export const StateBadge = ({ state }: { readonly state: FindingState }) => (
  <span className={`inline-block whitespace-nowrap rounded-sm border px-1 text-xs ${stateTones[state]}`}>
    {words(state)}
  </span>
)
