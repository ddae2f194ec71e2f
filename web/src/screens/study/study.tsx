import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Outlet } from '@tanstack/react-router'
import { isLive, studyQuery } from '../../api/studies.ts'
import { useStudyEvents } from '../../api/studyEvents.ts'
import { type Outcome, outcomes, type Study } from '../../api/types.ts'
import { OutcomeGlyph } from '../../components/glyphs.tsx'
import { Loading, ProblemPanel } from '../../components/notices.tsx'
import { PageHeader } from '../../components/pageHeader.tsx'
import { ProgressBar } from '../../components/progressBar.tsx'
import { SeverityCountsLine } from '../../components/severityCounts.tsx'
import { estimateText, StudyState } from '../../components/studyState.tsx'
import { TabLinks } from '../../components/tabLinks.tsx'
import { Ago } from '../../components/time.tsx'
import { count, duration, plural, words } from '../../lib/format.ts'
import { StudyActions } from './studyActions.tsx'

const route = getRouteApi('/studies/$studyId')

/** One study: what it asks, how far it is, and its tabs. */
export const StudyScreen = () => {
  const { studyId } = route.useParams()
  const study = useQuery(studyQuery(studyId))
  const connected = useStudyEvents(studyId, study.data ? isLive(study.data) : false)
  if (study.error && !study.data) return <ProblemPanel screen error={study.error} retry={() => void study.refetch()} />
  if (!study.data) return <Loading what="study" />
  const { data } = study
  const params = { studyId }
  return (
    <>
      <PageHeader
        title={data.name}
        above={
          <>
            <Link to="/studies" className="link underline">
              Studies
            </Link>{' '}
            · started <Ago at={data.startedAt ?? data.createdAt} />
            {data.createdBy ? ` by ${data.createdBy}` : ''}
            {data.startedAt && data.finishedAt
              ? `, took ${duration(Date.parse(data.finishedAt) - Date.parse(data.startedAt))}`
              : ''}
            {data.progress.cached > 0 ? `, ${plural(data.progress.cached, 'result')} from the cache` : ''}
          </>
        }
        below={data.question}
        actions={<StudyActions study={data} />}
      />
      <Summary study={data} connected={connected} />
      <TabLinks
        label="Study"
        tabs={[
          { label: 'Matrix', link: { to: '/studies/$studyId', params } },
          { label: 'Models', link: { to: '/studies/$studyId/models', params }, count: data.models.length },
          { label: 'Findings', link: { to: '/studies/$studyId/findings', params }, count: data.findings.total },
          { label: 'Activity', link: { to: '/studies/$studyId/activity', params } },
        ]}
      />
      <div className="pt-3">
        <Outlet />
      </div>
    </>
  )
}

const Summary = ({ study, connected }: { readonly study: Study; readonly connected: boolean }) => {
  const { progress } = study
  const live = isLive(study)
  return (
    <section aria-label="Progress" className="panel mb-3 overflow-hidden">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2 px-3 py-2">
        <StudyState state={study.state} />
        <span>
          {count(progress.finished)} of {plural(progress.total, 'analysis', 'analyses')}
          <span className="text-muted">
            {' '}
            ({plural(study.apps, 'app')} × {plural(study.analyzers.length, 'analyzer')}
            {study.repeats > 1 ? ` × ${study.repeats}` : ''})
          </span>
        </span>
        <OutcomeCounts byOutcome={progress.byOutcome} />
        {live ? (
          <span className="text-muted">
            {estimateText(progress)}
            {connected ? '' : ' reconnecting…'}
          </span>
        ) : null}
        <span className="flex flex-wrap items-center gap-x-3 md:ml-auto">
          <SeverityCountsLine counts={study.findings.bySeverity} filters={{ study: study.id }} />
          {study.findings.lowConfidence > 0 ? (
            <Link
              to="/studies/$studyId/findings"
              params={{ studyId: study.id }}
              search={{ confidence: ['low'] }}
              className="quiet-link text-sm text-muted"
            >
              {count(study.findings.lowConfidence)} of low confidence not counted
            </Link>
          ) : null}
        </span>
      </div>
      {progress.finished < progress.total ? (
        <ProgressBar value={progress.finished} total={progress.total} label="Analyses finished" />
      ) : null}
    </section>
  )
}

const OutcomeCounts = ({ byOutcome }: { readonly byOutcome: Record<Outcome, number> }) => (
  <span className="flex flex-wrap gap-x-3">
    {outcomes
      .filter((outcome) => byOutcome[outcome] > 0)
      .map((outcome) => (
        <span key={outcome} className="inline-flex items-center gap-1.5 whitespace-nowrap" title={words(outcome)}>
          <OutcomeGlyph status={outcome} />
          {count(byOutcome[outcome])} <span className="text-muted max-sm:sr-only">{words(outcome)}</span>
        </span>
      ))}
  </span>
)
