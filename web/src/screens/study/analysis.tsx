import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { analysisQuery } from '../../api/studies.ts'
import type { Analysis } from '../../api/types.ts'
import { buttonClass } from '../../components/button.tsx'
import { OutcomeGlyph, OutcomeName } from '../../components/glyphs.tsx'
import { Loading, Missing, ProblemPanel } from '../../components/notices.tsx'
import { PageHeader } from '../../components/pageHeader.tsx'
import { Ago } from '../../components/time.tsx'
import { count, duration, share } from '../../lib/format.ts'
import { Artifacts } from './artifacts.tsx'

const route = getRouteApi('/analyses/$analysisId')

/** One run of one analyzer on one app: how it ended, what it looked at, what it measured. */
export const AnalysisScreen = () => {
  const { analysisId } = route.useParams()
  const analysis = useQuery(analysisQuery(analysisId))
  if (analysis.error && !analysis.data) {
    return <ProblemPanel screen error={analysis.error} retry={() => void analysis.refetch()} />
  }
  if (!analysis.data) return <Loading what="analysis" />
  const { data } = analysis
  const status = data.state === 'finished' ? (data.outcome ?? 'queued') : data.state
  return (
    <>
      <PageHeader
        title={`${data.analyzer} on ${data.app.name}`}
        above={
          <Link to="/studies/$studyId" params={{ studyId: data.studyId }} className="link">
            Study
          </Link>
        }
        below={
          <>
            version <code className="mono break-all">{data.analyzerVersion}</code>
          </>
        }
        actions={
          <>
            <Link to="/apps/$appId" params={{ appId: data.app.id }} className={buttonClass()}>
              The app
            </Link>
            <Link
              to="/findings"
              search={{ study: data.studyId, app: data.app.id, analyzer: data.analyzer }}
              className={buttonClass('primary')}
            >
              Its findings
            </Link>
          </>
        }
      />
      <dl className="panel mb-4 flex flex-wrap gap-x-8 gap-y-3 px-4 py-3">
        <Fact name="Outcome">
          <OutcomeName status={status} />
        </Fact>
        {data.reason ? <Fact name="Reason">{data.reason}</Fact> : null}
        <Fact name="Took">
          {data.durationMs === null ? <Missing reason="Not finished yet" /> : duration(data.durationMs)}
          {data.cached ? <span className="text-muted"> from the cache</span> : null}
        </Fact>
        <Fact name="Files analysed">
          {data.coverage ? (
            <>
              {count(data.coverage.analysed)} of {count(data.coverage.total)}{' '}
              <span className="text-muted">{share(data.coverage.analysed, data.coverage.total)}</span>
            </>
          ) : (
            <Missing reason={data.reason ?? 'Nothing was measured yet'} />
          )}
        </Fact>
        <Fact name="Attempts">{count(data.attempts)}</Fact>
        <Fact name="Finished">
          {data.finishedAt ? <Ago at={data.finishedAt} /> : <Missing reason="Not finished yet" />}
        </Fact>
      </dl>
      <Artifacts analysis={data} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Checks checks={data.checks} />
        <Metrics metrics={data.metrics} />
        {data.coverage ? <Gaps gaps={data.coverage.gaps} appId={data.app.id} /> : null}
        <Log lines={data.log} />
      </div>
    </>
  )
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div>
    <dt className="label">{name}</dt>
    <dd>{children}</dd>
  </div>
)

const Section = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className="panel min-w-0 p-4">
    <h2 className="mb-2 text-lg">{title}</h2>
    {children}
  </section>
)

const checkStatus = {
  pass: 'completed',
  fail: 'failed_check',
  not_applicable: 'not_applicable',
  error: 'error',
} as const
const checkWords = { pass: 'Pass', fail: 'Fail', not_applicable: 'Not applicable', error: 'Error' } as const

const Checks = ({ checks }: { readonly checks: Analysis['checks'] }) =>
  checks.length === 0 ? null : (
    <Section title="Checks">
      <ul className="flex flex-col gap-2">
        {checks.map((check) => (
          <li key={check.id} className="flex items-start gap-2">
            <OutcomeGlyph status={checkStatus[check.outcome]} className="mt-1" />
            <span>
              <span className="font-medium">{checkWords[check.outcome]}:</span> {check.title}
              {check.reason ? <span className="block text-muted">{check.reason}</span> : null}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )

const Metrics = ({ metrics }: { readonly metrics: Analysis['metrics'] }) => {
  const entries = Object.entries(metrics).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.length === 0 ? null : (
    <Section title="Metrics">
      <dl className="grid grid-cols-[1fr_auto] gap-y-1">
        {entries.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="mono truncate">{name}</dt>
            <dd className="figure">{Number.isInteger(value) ? count(value) : value.toPrecision(4)}</dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}

const Gaps = ({
  gaps,
  appId,
}: {
  readonly gaps: NonNullable<Analysis['coverage']>['gaps']
  readonly appId: string
}) => (
  <Section title="Not analysed">
    {gaps.length === 0 ? <p className="text-muted">Every file it is meant for was analysed.</p> : null}
    <ul className="flex max-h-80 flex-col gap-1 overflow-y-auto">
      {gaps.map((gap) => (
        <li key={gap.path}>
          <Link to="/apps/$appId/code" params={{ appId }} search={{ path: gap.path }} className="mono link break-all">
            {gap.path}
          </Link>
          <span className="block text-muted">{gap.reason}</span>
        </li>
      ))}
    </ul>
  </Section>
)

const Log = ({ lines }: { readonly lines: readonly string[] }) =>
  lines.length === 0 ? null : (
    <Section title="Log">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre tabIndex={0} className="mono max-h-80 overflow-auto whitespace-pre-wrap">
        {lines.join('\n')}
      </pre>
    </Section>
  )
