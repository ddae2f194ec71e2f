import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { DensityMetric, Difference } from '../../api/types.ts'
import { IntervalPlot, ScaleAxis } from '../../components/intervalPlot.tsx'
import { Missing } from '../../components/notices.tsx'
import { signed } from '../../lib/format.ts'
import { scaleOver } from '../../lib/scale.ts'

interface Props {
  readonly differences: readonly Difference[]
  readonly metric: DensityMetric
  readonly level: number
  readonly studyId: string
}

/** Every pair of models with the difference of their medians, and whether it can be told from none. */
export const Differences = ({ differences, metric, level, studyId }: Props) => {
  const scale = useMemo(
    () => scaleOver(differences.flatMap(({ low, high, difference }) => [low ?? 0, high ?? 0, difference ?? 0])),
    [differences],
  )
  if (differences.length === 0) return <p className="text-muted">With one model there is nothing to compare.</p>
  const kind = metric === 'total' ? '' : ` ${metric}`
  return (
    <section>
      <h2 className="mb-2 text-lg">Who differs from whom</h2>
      <div className="panel overflow-x-auto">
        <table aria-label="Differences between models" className="w-full border-collapse">
          <thead>
            <tr className="border-b border-line align-bottom">
              <th scope="col" className="table-head px-3 py-2">
                Pair
              </th>
              <th scope="col" className="table-head px-3 py-2">
                Verdict
              </th>
              <th scope="col" className="table-head px-3 py-2 text-right whitespace-nowrap">
                Difference
              </th>
              <th scope="col" className="table-head w-2/5 min-w-56 px-3 py-2">
                <span className="sr-only">Interval</span>
                <ScaleAxis scale={scale} />
              </th>
            </tr>
          </thead>
          <tbody>
            {differences.map((entry) => (
              <tr key={`${entry.a} ${entry.b}`} className="border-t border-line first:border-t-0 hover:bg-hover">
                <th scope="row" className="px-3 py-1.5 text-left font-normal">
                  <ModelLink model={entry.a} studyId={studyId} /> <span className="text-muted">against</span>{' '}
                  <ModelLink model={entry.b} studyId={studyId} />
                </th>
                <td className="px-3 py-1.5">
                  <Verdict entry={entry} kind={kind} />
                </td>
                <td className="figure px-3 py-1.5 whitespace-nowrap">
                  {entry.difference === null ? (
                    <Missing reason="One of the models has no median" />
                  ) : (
                    <>
                      {signed(entry.difference)}{' '}
                      {entry.low === null || entry.high === null ? (
                        <Missing reason="Too few apps for an interval" />
                      ) : (
                        <span className="text-muted">
                          [{signed(entry.low)}, {signed(entry.high)}]
                        </span>
                      )}
                    </>
                  )}
                </td>
                <td className="px-3 py-1.5">
                  {entry.difference === null || entry.low === null || entry.high === null ? null : (
                    <IntervalPlot
                      scale={scale}
                      median={entry.difference}
                      low={entry.low}
                      high={entry.high}
                      zero
                      tone={entry.verdict === 'not_distinguishable' ? 'text-muted' : 'text-accent'}
                      label={`${entry.a} minus ${entry.b}: ${signed(entry.difference)}, interval ${signed(entry.low)} to ${signed(entry.high)}`}
                    />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="label mt-2">
        A verdict is given only where the {Math.round(level * 100)} % interval of the difference leaves out zero.
      </p>
    </section>
  )
}

const ModelLink = ({ model, studyId }: { readonly model: string; readonly studyId: string }) => (
  <Link to="/findings" search={{ study: studyId, model, provenance: ['model'] }} className="quiet-link">
    {model}
  </Link>
)

const Verdict = ({ entry, kind }: { readonly entry: Difference; readonly kind: string }) => {
  if (entry.verdict === 'not_distinguishable') return <span className="text-muted">Not distinguishable</span>
  const better = entry.verdict === 'a_better' ? entry.a : entry.b
  return (
    <>
      <span className="font-medium">{better}</span> has fewer{kind} findings
    </>
  )
}
