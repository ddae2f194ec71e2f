import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type DensityMetric, type Interval, type ModelSummary, outcomes } from '../../api/types.ts'
import { IconButton } from '../../components/button.tsx'
import { OutcomeGlyph } from '../../components/glyphs.tsx'
import { Icon } from '../../components/icons.tsx'
import { IntervalPlot, ScaleAxis } from '../../components/intervalPlot.tsx'
import { Missing } from '../../components/notices.tsx'
import { SeverityCountsLine } from '../../components/severityCounts.tsx'
import { count, density, share, words } from '../../lib/format.ts'
import { type Scale, scaleOver } from '../../lib/scale.ts'
import { ModelDetail } from './modelDetail.tsx'

interface Props {
  readonly models: readonly ModelSummary[]
  readonly metric: DensityMetric
  readonly studyId: string
  readonly open: string | undefined
  readonly onOpen: (model: string | undefined) => void
}

/** One row per model, the least findings first; the interval plots share a scale. A row opens to its apps. */
export const ModelTable = ({ models, metric, studyId, open, onOpen }: Props) => {
  const ordered = useMemo(
    () => models.toSorted((a, b) => (a.perKloc[metric].median ?? 1e9) - (b.perKloc[metric].median ?? 1e9)),
    [models, metric],
  )
  const scale = useMemo(
    () =>
      scaleOver(
        models.flatMap(({ perKloc }) => [
          perKloc[metric].high ?? 0,
          ...perKloc[metric].perApp.map(({ value }) => value),
        ]),
      ),
    [models, metric],
  )
  return (
    <div className="panel overflow-x-auto">
      <table aria-label="Models" className="w-full border-collapse">
        <thead>
          <tr className="border-b border-line align-bottom">
            <th scope="col" className="table-head px-3 py-2">
              Model
            </th>
            <th scope="col" className="table-head px-3 py-2 text-right">
              Apps
            </th>
            <th scope="col" className="table-head px-3 py-2 text-right">
              Lines
            </th>
            <th scope="col" className="table-head px-3 py-2">
              Analyses
            </th>
            <th scope="col" className="table-head px-3 py-2">
              Files covered
            </th>
            <th scope="col" className="table-head px-3 py-2 text-right whitespace-nowrap">
              Per 1,000 lines
            </th>
            <th scope="col" className="table-head w-1/3 min-w-56 px-3 py-2">
              <span className="sr-only">Median and interval</span>
              <ScaleAxis scale={scale} />
            </th>
            <th scope="col" className="table-head px-3 py-2">
              Findings
            </th>
          </tr>
        </thead>
        <tbody>
          {ordered.map((model) => {
            const isOpen = open === model.model
            return (
              <ModelRows
                key={model.model}
                model={model}
                metric={metric}
                scale={scale}
                studyId={studyId}
                open={isOpen}
                toggle={() => onOpen(isOpen ? undefined : model.model)}
              />
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

interface RowProps {
  readonly model: ModelSummary
  readonly metric: DensityMetric
  readonly scale: Scale
  readonly studyId: string
  readonly open: boolean
  readonly toggle: () => void
}

const ModelRows = ({ model, metric, scale, studyId, open, toggle }: RowProps) => {
  const interval = model.perKloc[metric]
  const analysed = model.coverage.reduce((sum, entry) => sum + entry.analysed, 0)
  const total = model.coverage.reduce((sum, entry) => sum + entry.total, 0)
  return (
    <>
      <tr className="border-t border-line first:border-t-0 hover:bg-hover">
        <th scope="row" className="px-2 py-1.5 text-left font-medium whitespace-nowrap">
          <span className="flex items-center gap-1">
            <IconButton
              label={`${open ? 'Close' : 'Open'} the apps of ${model.model}`}
              aria-expanded={open}
              onClick={toggle}
            >
              <Icon name={open ? 'down' : 'right'} className="size-3.5" />
            </IconButton>
            {model.model}
          </span>
        </th>
        <td className="figure px-3">
          <Link to="/studies/$studyId" params={{ studyId }} search={{ model: [model.model] }} className="quiet-link">
            {count(model.apps)}
          </Link>
          {model.excludedApps.length > 0 ? (
            <span
              className="block text-xs whitespace-nowrap text-danger"
              title="Left out of the figures; open the row for the reasons"
            >
              {count(model.excludedApps.length)} left out
            </span>
          ) : null}
        </td>
        <td className="figure px-3">{count(model.lines)}</td>
        <td className="px-3">
          <span className="flex gap-x-2.5">
            {outcomes
              .filter((outcome) => model.analyses.byOutcome[outcome] > 0)
              .map((outcome) => (
                <span key={outcome} className="inline-flex items-center gap-1" title={words(outcome)}>
                  <OutcomeGlyph status={outcome} label={words(outcome)} />
                  {count(model.analyses.byOutcome[outcome])}
                </span>
              ))}
          </span>
        </td>
        <td className="px-3 whitespace-nowrap">
          {total === 0 ? <Missing reason="No analysis of these apps is finished" /> : share(analysed, total)}
        </td>
        <td className="figure px-3 whitespace-nowrap">
          <IntervalFigures interval={interval} />
        </td>
        <td className="px-3">
          <IntervalDrawing interval={interval} scale={scale} name={model.model} />
        </td>
        <td className="px-3">
          <SeverityCountsLine counts={model.findings.bySeverity} filters={{ study: studyId, model: model.model }} />
        </td>
      </tr>
      {open ? (
        <tr>
          <td colSpan={8} className="border-t border-line bg-sunken p-3">
            <ModelDetail model={model} metric={metric} studyId={studyId} scale={scale} />
          </td>
        </tr>
      ) : null}
    </>
  )
}

const missingReason = ({ n }: Interval): string =>
  n === 0
    ? 'No app of this model has a finished analysis with coverage'
    : `${n === 1 ? 'One app is' : `${n} apps are`} too few for an interval`

const IntervalFigures = ({ interval }: { readonly interval: Interval }) => {
  const { median, low, high } = interval
  if (median === null) return <Missing reason={missingReason(interval)} />
  return (
    <>
      {density(median)}{' '}
      <span className="text-muted">
        {low === null || high === null ? (
          <Missing reason={missingReason(interval)} />
        ) : (
          `[${density(low)}, ${density(high)}]`
        )}
      </span>
    </>
  )
}

const IntervalDrawing = ({
  interval,
  scale,
  name,
}: {
  readonly interval: Interval
  readonly scale: Scale
  readonly name: string
}) => {
  const { median, low, high, perApp } = interval
  if (median === null) return null
  const text = low === null || high === null ? 'no interval' : `interval ${density(low)} to ${density(high)}`
  return (
    <IntervalPlot
      scale={scale}
      median={median}
      low={low ?? median}
      high={high ?? median}
      values={perApp.map(({ value }) => value)}
      label={`${name}: median ${density(median)}, ${text}, ${perApp.length} apps`}
    />
  )
}
