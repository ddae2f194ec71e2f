import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ToggleGroup } from 'radix-ui'
import { useMemo } from 'react'
import { comparisonQuery } from '../../api/studies.ts'
import { type DensityMetric, densityMetrics } from '../../api/types.ts'
import { OutcomeGlyph, SeverityGlyph } from '../../components/glyphs.tsx'
import { EmptyState, Loading, ProblemPanel } from '../../components/notices.tsx'
import { capital, count } from '../../lib/format.ts'
import { Differences } from './differences.tsx'
import { ModelTable } from './modelTable.tsx'

const route = getRouteApi('/studies/$studyId/models')

/** The models side by side: densities with their intervals on one scale, then who differs from whom. */
export const ModelsTab = () => {
  const { studyId } = route.useParams()
  const { metric = 'total', open } = route.useSearch()
  const navigate = route.useNavigate()
  const comparison = useQuery(comparisonQuery(studyId))
  const differences = useMemo(
    () => comparison.data?.differences.filter((difference) => difference.metric === metric) ?? [],
    [comparison.data, metric],
  )
  if (comparison.error && !comparison.data) {
    return <ProblemPanel error={comparison.error} retry={() => void comparison.refetch()} />
  }
  if (!comparison.data) return <Loading what="comparison" />
  const { models, method, uncountedAnalyzers } = comparison.data
  if (models.length === 0) {
    return (
      <EmptyState title="The apps of this study name no model" command="bin/assay study run DIR --name N">
        Put the apps into folders {'{model}/app{n}'}, or name their models in a manifest, to have them compared.
      </EmptyState>
    )
  }
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <MetricChoice
          value={metric}
          onChange={(chosen) =>
            void navigate({
              search: ({ metric: _metric, ...before }) => (chosen === 'total' ? before : { ...before, metric: chosen }),
              replace: true,
            })
          }
        />
        <p className="label">
          Findings the model wrote per 1,000 lines. Median over its apps, {Math.round(method.level * 100)} % interval by{' '}
          {method.interval} bootstrap, {count(method.resamples)} resamples, seed {method.seed}.
        </p>
      </div>
      {uncountedAnalyzers.length > 0 ? (
        <ul aria-label="Analyzers that are not counted" className="flex flex-col gap-0.5">
          {uncountedAnalyzers.map(({ analyzer, reason }) => (
            <li key={analyzer} className="flex items-center gap-2">
              <OutcomeGlyph status="error" />
              <span>
                <span className="font-medium">{analyzer}</span> is not counted for any model: it {reason}.
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      <ModelTable
        models={models}
        metric={metric}
        studyId={studyId}
        open={open}
        onOpen={(model) =>
          void navigate({
            search: ({ open: _open, ...before }) => (model === undefined ? before : { ...before, open: model }),
            replace: true,
          })
        }
      />
      <Differences differences={differences} metric={metric} method={method} studyId={studyId} />
    </div>
  )
}

const MetricChoice = ({
  value,
  onChange,
}: {
  readonly value: DensityMetric
  readonly onChange: (metric: DensityMetric) => void
}) => (
  <ToggleGroup.Root
    type="single"
    value={value}
    aria-label="Findings counted"
    onValueChange={(chosen) => {
      const metric = densityMetrics.find((candidate) => candidate === chosen)
      if (metric) onChange(metric)
    }}
    className="inline-flex flex-wrap rounded border border-edge bg-surface"
  >
    {densityMetrics.map((metric) => (
      <ToggleGroup.Item
        key={metric}
        value={metric}
        className="inline-flex items-center gap-1.5 px-2.5 py-1 text-sm first:rounded-l last:rounded-r data-[state=on]:bg-accent-soft data-[state=on]:font-medium data-[state=on]:text-accent"
      >
        {metric === 'total' ? null : <SeverityGlyph severity={metric} />}
        {metric === 'total' ? 'All' : capital(metric)}
      </ToggleGroup.Item>
    ))}
  </ToggleGroup.Root>
)
