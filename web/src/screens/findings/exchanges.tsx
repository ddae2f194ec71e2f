import type { FindingDetail } from '../../api/types.ts'
import { CopyButton } from '../../components/copyButton.tsx'
import { Prose } from '../../components/prose.tsx'
import { requestText, responseText } from '../../lib/exchange.ts'
import { duration } from '../../lib/format.ts'

type Evidence = FindingDetail['evidence']
type Exchange = NonNullable<Evidence['exchanges']>[number]

interface Props {
  readonly evidence: Pick<Evidence, 'exchanges' | 'observed'>
  readonly title?: string
}

/** What proved the defect on the running app: the requests in order with their answers, and what was seen inside meanwhile. */
export const Exchanges = ({ evidence, title = 'Proof on the running app' }: Props) => {
  const { exchanges = [], observed = [] } = evidence
  if (exchanges.length === 0 && observed.length === 0) return null
  return (
    <section aria-label={title} className="panel min-w-0 overflow-hidden">
      <header className="border-b border-line px-4 py-3">
        <h2 className="text-lg">{title}</h2>
      </header>
      <ol>
        {exchanges.map((exchange, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the order is what tells two equal exchanges apart, and it never changes
          <li key={index} className="border-b border-line last:border-b-0">
            <ExchangeRow exchange={exchange} number={index + 1} open={index === exchanges.length - 1} />
          </li>
        ))}
      </ol>
      {observed.length > 0 ? (
        <div className="border-t border-line px-4 py-3">
          <h3 className="mb-1">Seen inside meanwhile</h3>
          <ul className="flex list-disc flex-col gap-1 pl-5">
            {observed.map((sentence) => (
              <li key={sentence} className="[overflow-wrap:anywhere]">
                <Prose text={sentence} />
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </section>
  )
}

interface RowProps {
  readonly exchange: Exchange
  readonly number: number
  readonly open: boolean
}

const ExchangeRow = ({ exchange, number, open }: RowProps) => {
  const { purpose, request, response, failure, milliseconds } = exchange
  return (
    <details open={open} className="group">
      <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-2 hover:bg-hover">
        <span className="figure text-muted">{number}</span>
        <span className="font-medium [overflow-wrap:anywhere]">
          <Prose text={purpose} />
        </span>
        <code className="mono min-w-0 truncate text-muted" title={`${request.method} ${request.url}`}>
          {request.method} {request.url}
        </code>
        <span className="ml-auto whitespace-nowrap">
          {response ? (
            <>
              <span className="text-muted">answered</span> <span className="figure">{response.status}</span>
            </>
          ) : (
            <span className="text-danger">no answer</span>
          )}{' '}
          <span className="text-muted">in {duration(milliseconds)}</span>
        </span>
      </summary>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-3 px-4 pb-3 xl:grid-cols-2">
        <Message title="Request" text={requestText(request)} />
        {response ? (
          <Message title={response.truncated ? 'Answer, cut' : 'Answer'} text={responseText(response)} />
        ) : (
          <p className="text-danger">{failure ?? 'The app did not answer.'}</p>
        )}
      </div>
    </details>
  )
}

const Message = ({ title, text }: { readonly title: string; readonly text: string }) => (
  <div className="min-w-0">
    <div className="flex items-center justify-between">
      <h3 className="label">{title}</h3>
      <CopyButton text={text} label={`Copy the ${title.toLowerCase()}`} />
    </div>
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      className="mono max-h-80 overflow-auto rounded bg-sunken p-2 whitespace-pre-wrap [overflow-wrap:anywhere]"
    >
      {text}
    </pre>
  </div>
)
