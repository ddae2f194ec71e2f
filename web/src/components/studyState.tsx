import type { Study } from '../api/types.ts'
import { capital, count, duration, share } from '../lib/format.ts'
import { type CellStatus, OutcomeGlyph } from './glyphs.tsx'
import { ProgressBar } from './progressBar.tsx'

const glyphs: Readonly<Record<Study['state'], CellStatus>> = {
  queued: 'queued',
  running: 'running',
  completed: 'completed',
  cancelled: 'cancelled',
}

export const StudyState = ({ state }: { readonly state: Study['state'] }) => (
  <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
    <OutcomeGlyph status={glyphs[state]} />
    {capital(state)}
  </span>
)

/** How many analyses are finished, with a bar while more are coming. */
export const StudyProgress = ({ study }: { readonly study: Study }) => {
  const { finished, total } = study.progress
  return (
    <span className="inline-flex w-full max-w-32 flex-col gap-1">
      <span className="text-sm whitespace-nowrap">
        {count(finished)} of {count(total)} <span className="text-muted">{share(finished, total)}</span>
      </span>
      {study.state === 'completed' ? null : (
        <ProgressBar value={finished} total={total} label={`Analyses finished in ${study.name}`} />
      )}
    </span>
  )
}

/** `about 2 min 10 s left · 6.4 analyses/s`, as far as it is known. */
export const estimateText = ({ etaSeconds, throughputPerSecond }: Study['progress']): string =>
  [
    etaSeconds === null ? undefined : `about ${duration(etaSeconds * 1000)} left`,
    throughputPerSecond === null ? undefined : `${throughputPerSecond.toFixed(1)} analyses/s`,
  ]
    .filter((part) => part !== undefined)
    .join(' · ')
