import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { matrixQuery } from '../../api/studies.ts'
import { OutcomeGlyph, SeverityGlyph } from '../../components/glyphs.tsx'
import { Loading, ProblemPanel } from '../../components/notices.tsx'
import { totalOf, worstOf } from '../../components/severityCounts.tsx'
import { capital, count, duration, plural } from '../../lib/format.ts'
import { statusOf } from '../study/matrixRows.ts'
import { AppMetrics } from './appMetrics.tsx'
import { Section } from './section.tsx'

interface Props {
  readonly studyId: string
  readonly appId: string
}

/** How each analyzer ended on this app in one study, and what it measured. */
export const AppOutcomes = ({ studyId, appId }: Props) => (
  <Section title="Outcomes and metrics">
    <Outcomes studyId={studyId} appId={appId} />
    <AppMetrics studyId={studyId} appId={appId} />
  </Section>
)

const Outcomes = ({ studyId, appId }: Props) => {
  const matrix = useQuery(matrixQuery(studyId))
  if (matrix.error) return <ProblemPanel error={matrix.error} retry={() => void matrix.refetch()} />
  if (!matrix.data) return <Loading what="outcomes" />
  const row = matrix.data.rows.find(({ app }) => app.id === appId)
  if (!row) return <p className="text-muted">The study has not planned this app.</p>
  return (
    <ul>
      {row.cells.map((cell) => {
        const worst = worstOf(cell.findings)
        return (
          <li
            key={cell.analysisId}
            className="grid grid-cols-[minmax(7rem,11rem)_auto_1fr] sm:grid-cols-[minmax(7rem,11rem)_9rem_1fr] items-center gap-2 border-t border-line py-1 first:border-t-0"
          >
            <Link
              to="/analyses/$analysisId"
              params={{ analysisId: cell.analysisId }}
              className="truncate no-underline hover:text-accent hover:underline"
            >
              {cell.analyzer}
              {cell.repeat > 1 ? <span className="text-muted"> #{cell.repeat}</span> : null}
            </Link>
            <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
              <OutcomeGlyph status={statusOf(cell)} />
              <span className="max-sm:sr-only">{capital(statusOf(cell))}</span>
            </span>
            <span className="flex min-w-0 items-center gap-2 text-muted">
              {worst ? (
                <Link
                  to="/findings"
                  search={{ study: studyId, app: appId, analyzer: cell.analyzer }}
                  className="quiet-link inline-flex items-center gap-1 text-ink"
                >
                  <SeverityGlyph severity={worst} label={`worst ${worst}`} />
                  {plural(totalOf(cell.findings), 'finding')}
                </Link>
              ) : (
                <span className="truncate" title={cell.reason ?? ''}>
                  {cell.reason ?? (cell.outcome === 'completed' ? '0 findings' : '')}
                </span>
              )}
              {cell.durationMs === null ? null : (
                <span className="ml-auto shrink-0 max-sm:hidden">
                  {cell.coverage ? `${count(cell.coverage.analysed)}/${count(cell.coverage.total)} files · ` : ''}
                  {duration(cell.durationMs)}
                </span>
              )}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
