import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { analysisQuery, matrixQuery } from '../../api/studies.ts'
import { count } from '../../lib/format.ts'

interface Props {
  readonly studyId: string
  readonly appId: string
}

/** The numbers the completed analyses of an app measured; each opens to its analysis. */
export const AppMetrics = ({ studyId, appId }: Props) => {
  const matrix = useQuery(matrixQuery(studyId))
  const cells = matrix.data?.rows.find(({ app }) => app.id === appId)?.cells ?? []
  const measured = cells.filter(({ outcome, repeat }) => outcome === 'completed' && repeat === 1)
  const analyses = useQueries({ queries: measured.map(({ analysisId }) => analysisQuery(analysisId)) })
  const groups = analyses.flatMap(({ data }) => (data && Object.keys(data.metrics).length > 0 ? [data] : []))
  if (groups.length === 0) return null
  return (
    <details className="mt-3 border-t border-line pt-2">
      <summary>
        Metrics <span className="label">of {groups.map(({ analyzer }) => analyzer).join(', ')}</span>
      </summary>
      <div className="mt-2 grid gap-x-8 gap-y-3 sm:grid-cols-2">
        {groups.map((analysis) => (
          <section key={analysis.id}>
            <h3 className="text-sm">
              <Link to="/analyses/$analysisId" params={{ analysisId: analysis.id }} className="link">
                {analysis.analyzer}
              </Link>
            </h3>
            <dl className="grid grid-cols-[1fr_auto] gap-x-3">
              {Object.entries(analysis.metrics)
                .sort(([a], [b]) => (a < b ? -1 : 1))
                .map(([name, value]) => (
                  <div key={name} className="contents">
                    <dt className="mono truncate text-muted" title={name}>
                      {name}
                    </dt>
                    <dd className="figure">{Number.isInteger(value) ? count(value) : value.toPrecision(4)}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </details>
  )
}
