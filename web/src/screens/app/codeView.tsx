import { Link } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import { type Finding, severities } from '../../api/types.ts'
import { CodeText } from '../../components/codeText.tsx'
import { SeverityGlyph, StateBadge } from '../../components/glyphs.tsx'
import { Prose } from '../../components/prose.tsx'
import { useShortcut } from '../../lib/shortcuts.ts'
import { useFillHeight } from '../../lib/useFillHeight.ts'
import { useHighlight } from '../../lib/useHighlight.ts'
import { useNarrow } from '../../lib/useMedia.ts'
import { findingsByLine } from './findingsByLine.ts'

interface Props {
  readonly appId: string
  readonly path: string
  readonly study: string | undefined
  readonly text: string
  readonly language: string | null
  readonly line: number | undefined
  readonly findings: readonly Finding[]
}

const lineHeight = 20

/** A file with its findings: a glyph in the gutter, the finding itself under the line. j and k go from one to the next. */
export const CodeView = ({ appId, path, study, text, language, line, findings }: Props) => {
  const box = useRef<HTMLDivElement>(null)
  const height = useFillHeight(box, useNarrow() ? 72 : 18)
  const lines = useHighlight(text, language)
  const marks = useMemo(() => findingsByLine(findings, lines.length), [findings, lines.length])
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => lineHeight + (marks.get(index + 1)?.length ?? 0) * 46,
    overscan: 30,
  })
  useEffect(() => {
    if (line !== undefined) virtual.scrollToIndex(line - 1, { align: 'center' })
  }, [virtual, line])

  const step = (by: 1 | -1) => {
    const marked = [...marks.keys()].sort((a, b) => a - b)
    const at = Number(document.activeElement?.closest('[data-line]')?.getAttribute('data-line') ?? Number.NaN)
    const next = Number.isNaN(at)
      ? marked.at(by === 1 ? 0 : -1)
      : by === 1
        ? marked.find((candidate) => candidate > at)
        : marked.findLast((candidate) => candidate < at)
    if (next === undefined) return
    virtual.scrollToIndex(next - 1, { align: 'center' })
    requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>(`[data-line="${next}"] [data-finding]`)?.focus(),
    )
  }
  useShortcut('j', 'Next finding in the file', () => step(1))
  useShortcut('k', 'Previous finding in the file', () => step(-1))

  return (
    // biome-ignore lint/a11y/useSemanticElements: a section would be a landmark of its own
    <div
      ref={box}
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      aria-label={`Code of ${path}`}
      className="mono overflow-auto leading-5 focus-visible:-outline-offset-2"
      style={{ height }}
    >
      <div className="relative w-max min-w-full" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const number = item.index + 1
          const here = marks.get(number)
          const worst = here && severities.find((severity) => here.some((finding) => finding.severity === severity))
          return (
            <div
              key={number}
              ref={virtual.measureElement}
              data-index={item.index}
              data-line={number}
              className="absolute inset-x-0"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <div className={`flex ${number === line ? 'bg-mark' : ''}`}>
                <Link
                  to="/apps/$appId/code"
                  params={{ appId }}
                  search={{ path, line: number, ...(study ? { study } : {}) }}
                  replace
                  tabIndex={-1}
                  aria-label={`Link to line ${number}`}
                  className="sticky left-0 flex w-16 shrink-0 items-center justify-end gap-1.5 bg-surface pr-3 text-muted no-underline select-none hover:text-accent"
                >
                  {worst ? <SeverityGlyph severity={worst} label={`${here?.length} here, worst ${worst}`} /> : null}
                  {number}
                </Link>
                <code className="whitespace-pre pr-4">
                  <CodeText tokens={lines[item.index] ?? []} />
                  {lines[item.index]?.length ? '' : ' '}
                </code>
              </div>
              {here?.map((finding) => (
                <InlineFinding key={finding.id} finding={finding} />
              ))}
            </div>
          )
        })}
      </div>
    </div>
  )
}

const InlineFinding = ({ finding }: { readonly finding: Finding }) => (
  <Link
    to="/findings/$findingId"
    params={{ findingId: finding.id }}
    preload={false}
    data-finding
    className="sticky left-4 my-0.5 ml-4 flex w-[min(46rem,calc(100vw-4.5rem))] md:left-16 md:ml-16 items-start gap-2 rounded border border-line bg-sunken px-2.5 py-1 font-sans text-base no-underline hover:bg-hover"
  >
    <SeverityGlyph severity={finding.severity} label={finding.severity} className="mt-1" />
    <span className="min-w-0 flex-1">
      <span className="font-medium">{finding.title}</span>{' '}
      {finding.state === 'open' ? null : <StateBadge state={finding.state} />}
      <span className="block truncate text-sm text-muted" title={finding.message}>
        <Prose text={finding.message} />
      </span>
    </span>
  </Link>
)
