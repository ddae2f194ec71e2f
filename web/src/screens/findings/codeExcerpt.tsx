import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { FindingDetail } from '../../api/types.ts'
import { CodeText } from '../../components/codeText.tsx'
import { languageOf } from '../../lib/languages.ts'
import { useHighlight } from '../../lib/useHighlight.ts'

interface Props {
  readonly code: NonNullable<FindingDetail['code']>
  readonly appId: string
  readonly studyId: string
  /** Stands beside the number of the marked lines' first. */
  readonly mark: ReactNode
  /** The step of a path the lines show: the whole file goes on with it. */
  readonly walked?: { readonly finding: string; readonly step: number }
}

/** The lines around a finding with the guilty ones marked. */
export const CodeExcerpt = ({ code, appId, studyId, mark, walked }: Props) => {
  const lines = useHighlight(code.lines.join('\n'), languageOf(code.path))
  return (
    <figure className={walked ? 'min-w-0' : 'panel overflow-hidden'}>
      <figcaption className="flex items-center gap-3 border-b border-line px-3 py-1.5">
        <span className="mono min-w-0 flex-1 truncate">{code.path}</span>
        <Link
          to="/apps/$appId/code"
          params={{ appId }}
          search={{ path: code.path, study: studyId, line: code.highlight.startLine, ...walked }}
          className="link whitespace-nowrap"
        >
          Whole file
        </Link>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled sideways, also by keyboard */}
      <pre tabIndex={0} className="mono overflow-x-auto py-1.5 leading-5">
        {lines.map((tokens, index) => {
          const number = code.startLine + index
          const marked = number >= code.highlight.startLine && number <= code.highlight.endLine
          return (
            <div key={number} className={`flex w-max min-w-full ${marked ? 'bg-mark' : ''}`}>
              <span className="sticky left-0 flex w-16 shrink-0 items-center justify-end gap-1.5 pr-3 text-muted select-none">
                {number === code.highlight.startLine ? mark : null}
                {number}
              </span>
              <code className="pr-4">
                <CodeText tokens={tokens} />
                {'\n'}
              </code>
            </div>
          )
        })}
      </pre>
    </figure>
  )
}
