import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Comparison, DensityMetric, Difference } from '../../api/types.ts'
import { IntervalPlot, ScaleAxis } from '../../components/intervalPlot.tsx'
import { Missing } from '../../components/notices.tsx'
import { plural, probability, signed } from '../../lib/format.ts'
import { scaleOver } from '../../lib/scale.ts'

interface Props {
  readonly differences: readonly Difference[]
  readonly metric: DensityMetric
  readonly method: Comparison['method']
  readonly studyId: string
}

/** Every pair of models with the difference of their means, and whether it can be told from none. */
export const Differences = ({ differences, metric, method, studyId }: Props) => {
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
                Difference of means
              </th>
              <th scope="col" className="table-head w-1/3 min-w-56 px-3 py-2">
                <span className="sr-only">Interval</span>
                <ScaleAxis scale={scale} />
              </th>
              <th scope="col" className="table-head px-3 py-2 whitespace-nowrap">
                Effect
              </th>
              <th scope="col" className="table-head px-3 py-2 text-right">
                p, adjusted
              </th>
              <th scope="col" className="table-head px-3 py-2 whitespace-nowrap">
                Rests on
              </th>
            </tr>
          </thead>
          <tbody>
            {differences.map((entry) => (
              <tr key={`${entry.a} ${entry.b}`} className="border-t border-line first:border-t-0 hover:bg-hover">
                <th scope="row" className="px-3 py-1.5 text-left font-normal whitespace-nowrap">
                  <ModelLink model={entry.a} studyId={studyId} /> <span className="text-muted">against</span>{' '}
                  <ModelLink model={entry.b} studyId={studyId} />
                </th>
                <td className="px-3 py-1.5">
                  <Verdict entry={entry} kind={kind} />
                </td>
                <td className="figure px-3 py-1.5 whitespace-nowrap">
                  {entry.difference === null ? (
                    <Missing reason="One of the models has no app that was measured fully" />
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
                <td className="px-3 py-1.5 whitespace-nowrap">
                  {entry.difference === null ? null : (
                    <>
                      {entry.magnitude} <span className="text-muted">δ {signed(entry.cliffsDelta)}</span>
                    </>
                  )}
                </td>
                <td className="figure px-3 py-1.5">
                  {entry.difference === null ? null : probability(entry.adjustedP)}
                </td>
                <td className="px-3 py-1.5 whitespace-nowrap text-muted">
                  {entry.paired ? plural(entry.n, 'matched pair') : plural(entry.n, 'app')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="label mt-2 max-w-4xl">
        A verdict needs both: an interval of {Math.round(method.level * 100)} % that leaves out zero and an adjusted p
        (test: {method.test}) of at most {probability(1 - method.level)}. Anything else is not distinguishable on these
        apps. Negative differences: the first model has fewer findings per 1,000 lines.
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
