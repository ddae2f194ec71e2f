import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { findingQuery } from '../../api/findings.ts'
import type { FindingDetail } from '../../api/types.ts'
import { SeverityGlyph, SeverityName, StateBadge } from '../../components/glyphs.tsx'
import { Loading, Missing, ProblemPanel } from '../../components/notices.tsx'
import { PageHeader } from '../../components/pageHeader.tsx'
import { Prose } from '../../components/prose.tsx'
import { useMay } from '../../components/session.tsx'
import { Ago } from '../../components/time.tsx'
import { capital } from '../../lib/format.ts'
import { stepAt, walkOf } from '../../lib/pathWalk.ts'
import { cweOf, owaspOf, type Weakness } from '../../lib/weaknesses.ts'
import { CodeExcerpt } from './codeExcerpt.tsx'
import { Evidence } from './evidence.tsx'
import { Exchanges } from './exchanges.tsx'
import { PathWalk } from './pathWalk.tsx'
import { PlaceLink } from './placeLink.tsx'
import { ReplayPanel } from './replayPanel.tsx'
import { TriageForm } from './triageForm.tsx'

const route = getRouteApi('/findings/$findingId')

/** One finding with everything that makes it believable, and what a person decided about it. */
export const FindingScreen = () => {
  const { findingId } = route.useParams()
  const { step } = route.useSearch()
  const finding = useQuery(findingQuery(findingId))
  if (finding.error && !finding.data)
    return <ProblemPanel screen error={finding.error} retry={() => void finding.refetch()} />
  if (!finding.data) return <Loading what="finding" />
  return <Details finding={finding.data} number={step} />
}

interface DetailsProps {
  readonly finding: FindingDetail
  /** The step of the path in the address. */
  readonly number: number | undefined
}

const Details = ({ finding, number }: DetailsProps) => {
  const mayTriage = useMay('analyst')
  const navigate = route.useNavigate()
  const walk = walkOf(finding)
  const step = stepAt(walk, number)
  return (
    <>
      <PageHeader
        title={finding.title}
        above={
          <>
            <Link to="/findings" className="link">
              Findings
            </Link>
            {' / '}
            <Link to="/apps/$appId" params={{ appId: finding.app.id }} className="link">
              {finding.app.name}
            </Link>
          </>
        }
        below={
          <span className="flex flex-wrap items-center gap-x-4 gap-y-1 pt-1 text-ink">
            <SeverityName severity={finding.severity} />
            <span>
              <span className="text-muted">confidence</span> {finding.confidence}
            </span>
            <StateBadge state={finding.state} />
            <PlaceLink appId={finding.app.id} studyId={finding.study.id} place={finding.location} />
          </span>
        }
      />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <p className="max-w-prose text-lg [overflow-wrap:anywhere]">
            <Prose text={finding.message} />
          </p>
          {step ? (
            <PathWalk
              finding={finding}
              walk={walk}
              step={step}
              onStep={(to) => void navigate({ search: { step: to.number }, replace: true, resetScroll: false })}
            />
          ) : finding.code ? (
            <CodeExcerpt
              code={finding.code}
              appId={finding.app.id}
              studyId={finding.study.id}
              mark={<SeverityGlyph severity={finding.severity} label={`${finding.severity} finding`} />}
            />
          ) : finding.location.kind === 'file' ? (
            <p className="text-muted">The excerpt of this file is not kept.</p>
          ) : null}
          <div className="grid gap-4 md:grid-cols-2">
            <Block title="Why it matters">
              <p>
                <Prose text={finding.why} />
              </p>
            </Block>
            <Block title="How to fix it">
              <p>
                <Prose text={finding.fix} />
              </p>
              {finding.help ? (
                <p className="mt-2">
                  <OutLink href={finding.help}>More about this rule</OutLink>
                </p>
              ) : null}
            </Block>
          </div>
          <Exchanges evidence={finding.evidence} />
          {mayTriage && finding.witnesses.some(({ analyzer }) => analyzer === 'attack') ? (
            <ReplayPanel finding={finding} />
          ) : null}
          <Evidence
            evidence={finding.evidence}
            appId={finding.app.id}
            studyId={finding.study.id}
            hasCode={finding.code !== null || step !== undefined}
          />
          <History history={finding.history} />
        </div>
        <aside className="flex flex-col gap-4">
          {mayTriage ? <TriageForm finding={finding} /> : null}
          <Facts finding={finding} />
        </aside>
      </div>
    </>
  )
}

const Block = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className="panel min-w-0 p-4">
    <h2 className="mb-1.5 text-lg">{title}</h2>
    {children}
  </section>
)

const OutLink = ({ href, children }: { readonly href: string; readonly children: ReactNode }) => (
  <a href={href} target="_blank" rel="noreferrer" className="link">
    {children}
    <span className="sr-only"> (opens in a new tab)</span> <span aria-hidden>↗</span>
  </a>
)

const Named = ({ weakness }: { readonly weakness: Weakness }) => (
  <OutLink href={weakness.url}>
    {weakness.id}
    {weakness.name ? ` ${weakness.name}` : ''}
  </OutLink>
)

const Facts = ({ finding }: { readonly finding: FindingDetail }) => (
  <dl className="panel flex flex-col gap-3 p-4">
    <Fact name="Weakness">
      {finding.cwe.length === 0 ? <Missing reason="No CWE describes this kind of defect" /> : null}
      {finding.cwe.map((number) => (
        <span key={number} className="block min-h-6">
          <Named weakness={cweOf(number)} />
        </span>
      ))}
    </Fact>
    {finding.owasp ? (
      <Fact name="OWASP Top 10">
        <Named weakness={owaspOf(finding.owasp)} />
      </Fact>
    ) : null}
    <Fact name={finding.witnesses.length > 1 ? `Seen by ${finding.witnesses.length} analyzers` : 'Seen by'}>
      {finding.witnesses.map((witness) => (
        <span key={`${witness.analyzer} ${witness.rule}`} className="block">
          {witness.analyzer} <code className="mono">{witness.rule}</code>{' '}
          <span className="label break-all">{witness.version}</span>
        </span>
      ))}
    </Fact>
    <Fact name="Put there by">{provenanceWords[finding.provenance]}</Fact>
    <Fact name="Category">{capital(finding.category)}</Fact>
    <Fact name="Rule">
      <Link to="/findings" search={{ rule: finding.rule }} className="link break-all">
        {finding.rule}
      </Link>
    </Fact>
    <Fact name="Study">
      <Link to="/studies/$studyId" params={{ studyId: finding.study.id }} className="link">
        {finding.study.name}
      </Link>
    </Fact>
    <Fact name="Fingerprint">
      <code className="mono break-all">{finding.fingerprint}</code>
    </Fact>
  </dl>
)

const provenanceWords = {
  model: 'The model that wrote the app',
  scaffold: 'The scaffold the model was given; not counted against the model',
  dependency: 'A dependency; not counted against the model',
} as const

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div>
    <dt className="label">{name}</dt>
    <dd className="[overflow-wrap:anywhere]">{children}</dd>
  </div>
)

const History = ({ history }: { readonly history: FindingDetail['history'] }) =>
  history.length === 0 ? null : (
    <Block title="History">
      <ol className="flex flex-col gap-1.5">
        {history.toReversed().map((event) => (
          <li key={`${event.at} ${event.state}`} className="flex flex-wrap items-baseline gap-x-2">
            <StateBadge state={event.state} />
            <span className="text-muted [overflow-wrap:anywhere]">
              <Ago at={event.at} />
              {event.author ? ` by ${event.author}` : ''}
              {event.study ? ` in ${event.study}` : ''}
            </span>
            {event.reason ? <span className="[overflow-wrap:anywhere]">{event.reason}</span> : null}
          </li>
        ))}
      </ol>
    </Block>
  )
