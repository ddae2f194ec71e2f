import type { FindingDetail } from '../../api/types.ts'
import { Prose } from '../../components/prose.tsx'
import { PlaceLink } from './placeLink.tsx'

interface Props {
  readonly evidence: FindingDetail['evidence']
  readonly appId: string
  readonly studyId: string
  /** Whether the code itself is shown; then the snippet would say it twice. */
  readonly hasCode: boolean
}

/** The further places and facts a finding rests on, in the order a reader should visit them. */
export const Evidence = ({ evidence, appId, studyId, hasCode }: Props) => {
  const { related = [], facts = {}, snippet } = evidence
  // For the machine: what an attack is made again on. The exchanges say it to people.
  const entries = Object.entries(facts).filter(([name]) => name !== 'target')
  const showSnippet = !hasCode && snippet !== undefined && snippet !== ''
  if (related.length === 0 && entries.length === 0 && !showSnippet) return null
  return (
    <section className="panel min-w-0 p-4">
      <h2 className="mb-1.5 text-lg">Evidence</h2>
      {showSnippet ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled sideways, also by keyboard
        <pre tabIndex={0} className="mono mb-3 overflow-x-auto rounded bg-sunken p-2">
          {snippet}
        </pre>
      ) : null}
      {related.length > 0 ? (
        <ol className="flex list-decimal flex-col gap-1 pl-5">
          {related.map((step) => (
            <li key={`${step.message} ${JSON.stringify(step.location)}`}>
              <PlaceLink appId={appId} studyId={studyId} place={step.location} />{' '}
              <span className="block">
                <Prose text={step.message} />
              </span>
            </li>
          ))}
        </ol>
      ) : null}
      {entries.length > 0 ? (
        <dl className="mt-3 grid grid-cols-[minmax(6rem,auto)_1fr] gap-x-4 gap-y-1">
          {entries.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="mono break-all">{String(value)}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </section>
  )
}
