import { Link } from '@tanstack/react-router'
import type { DensityMetric, ModelSummary } from '../../api/types.ts'
import { Bar } from '../../components/bar.tsx'
import { Missing } from '../../components/notices.tsx'
import { count, density, share } from '../../lib/format.ts'
import type { Scale } from '../../lib/scale.ts'

interface Props {
  readonly model: ModelSummary
  readonly metric: DensityMetric
  readonly studyId: string
  readonly scale: Scale
}

/** The evidence under a model's median: each app's value, and what each analyzer covered. */
export const ModelDetail = ({ model, metric, studyId, scale }: Props) => {
  const { perApp, mean, meanLow, meanHigh } = model.perKloc[metric]
  const severity = metric === 'total' ? {} : { severity: [metric] }
  return (
    <div className="grid gap-6 lg:grid-cols-2">
      <section>
        <h2 className="mb-1 text-sm">Apps, per 1,000 lines</h2>
        {perApp.length === 0 ? <p className="text-muted">No app could be measured.</p> : null}
        {mean === null ? null : (
          <p className="mb-1">
            Mean {density(mean)}{' '}
            {meanLow === null || meanHigh === null ? null : (
              <span className="text-muted">
                [{density(meanLow)}, {density(meanHigh)}]
              </span>
            )}
          </p>
        )}
        <ol className="max-h-72 overflow-y-auto">
          {perApp
            .toSorted((a, b) => b.value - a.value)
            .map((app) => (
              <li key={app.appId} className="grid grid-cols-[minmax(7rem,12rem)_4rem_1fr] items-center gap-2 py-0.5">
                <Link
                  to="/findings"
                  search={{ study: studyId, app: app.appId, provenance: ['model'], ...severity }}
                  className="quiet-link truncate"
                  title={app.name}
                >
                  {app.name}
                </Link>
                <span className="figure">{density(app.value)}</span>
                <Bar share={scale.at(app.value)} />
              </li>
            ))}
        </ol>
        {model.excludedApps.length > 0 ? (
          <>
            <h2 className="mt-3 mb-1 text-sm">Left out of the figures</h2>
            <ul className="max-h-40 overflow-y-auto">
              {model.excludedApps.map((app) => (
                <li key={app.appId}>
                  <Link
                    to="/apps/$appId"
                    params={{ appId: app.appId }}
                    search={{ study: studyId }}
                    className="quiet-link"
                  >
                    {app.name}
                  </Link>{' '}
                  <span className="text-muted">{app.reason}</span>
                </li>
              ))}
            </ul>
          </>
        ) : null}
      </section>
      <section>
        <h2 className="mb-1 text-sm">What was covered</h2>
        <table className="w-full max-w-xl">
          <thead>
            <tr>
              <th scope="col" className="table-head py-1">
                Analyzer
              </th>
              <th scope="col" className="table-head py-1 text-right">
                Analyses completed
              </th>
              <th scope="col" className="table-head py-1 text-right">
                Failed
              </th>
              <th scope="col" className="table-head py-1 text-right">
                Files analysed
              </th>
            </tr>
          </thead>
          <tbody>
            {model.coverage.map((entry) => (
              <tr key={entry.analyzer} className="border-t border-line">
                <td className="py-0.5">{entry.analyzer}</td>
                <td className="figure">{count(entry.completed)}</td>
                <td className={`figure ${entry.failed > 0 ? 'text-danger' : 'text-muted'}`}>{count(entry.failed)}</td>
                <td className="figure whitespace-nowrap">
                  {entry.total === 0 ? (
                    <Missing reason="There were no files for it, or no analysis of it completed" />
                  ) : (
                    <>
                      {count(entry.analysed)} of {count(entry.total)}{' '}
                      <span className="inline-block w-12 text-muted">{share(entry.analysed, entry.total)}</span>
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  )
}
