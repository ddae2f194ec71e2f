import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { contentQuery } from '../../api/apps.ts'
import type { FindingDetail } from '../../api/types.ts'
import { SeverityGlyph } from '../../components/glyphs.tsx'
import { Loading, ProblemPanel } from '../../components/notices.tsx'
import { Prose } from '../../components/prose.tsx'
import { plural } from '../../lib/format.ts'
import { stepName, type WalkStep } from '../../lib/pathWalk.ts'
import { CodeExcerpt } from './codeExcerpt.tsx'
import { StepControls } from './stepControls.tsx'

interface Props {
  readonly finding: FindingDetail
  readonly walk: readonly WalkStep[]
  readonly step: WalkStep
  readonly onStep: (step: WalkStep) => void
}

/** The way of a value through the app, walked step by step: the list of steps beside the code of the current one. */
export const PathWalk = ({ finding, walk, step, onStep }: Props) => {
  const files = new Set(walk.map(({ path }) => path)).size
  return (
    <section aria-labelledby="path-title" className="panel min-w-0 overflow-hidden">
      <header className="flex flex-col gap-2 border-b border-line px-4 py-3">
        <h2 id="path-title" className="text-lg">
          Path{' '}
          <span className="text-base font-normal text-muted">
            {plural(walk.length, 'step')} through {plural(files, 'file')}
          </span>
        </h2>
        <StepControls walk={walk} step={step} onStep={onStep} />
      </header>
      <div className="grid grid-cols-[minmax(0,1fr)] xl:grid-cols-[minmax(0,1fr)_19rem]">
        <StepCode finding={finding} step={step} />
        <ol className="border-line max-xl:border-t xl:border-l xl:py-1">
          {walk.map((each) => (
            <li key={each.number}>
              <Link
                to="/findings/$findingId"
                params={{ findingId: finding.id }}
                search={{ step: each.number }}
                replace
                resetScroll={false}
                preload={false}
                aria-current={each.number === step.number ? 'step' : undefined}
                style={{ paddingLeft: `${0.75 + Math.min(each.depth, 6) * 0.75}rem` }}
                className="block border-l-2 border-transparent py-1 pr-3 no-underline hover:bg-hover focus-visible:-outline-offset-2 aria-[current=step]:border-accent aria-[current=step]:bg-accent-soft"
              >
                <span className="flex items-baseline gap-2">
                  <span className="shrink-0 font-medium">{stepName(each)}</span>
                  <span className="mono min-w-0 truncate text-muted" title={`${each.path}:${each.line}`}>
                    {each.path.slice(each.path.lastIndexOf('/') + 1)}:{each.line}
                  </span>
                </span>
                <span className="block text-sm [overflow-wrap:anywhere]">
                  <Prose text={each.message} />
                </span>
              </Link>
            </li>
          ))}
        </ol>
      </div>
    </section>
  )
}

/** Lines shown before and after a step. */
const around = 8

const StepCode = ({ finding, step }: { readonly finding: FindingDetail; readonly step: WalkStep }) => {
  const content = useQuery(contentQuery(finding.app.id, step.path))
  if (content.error) return <ProblemPanel error={content.error} retry={() => void content.refetch()} />
  if (!content.data) return <Loading what="code" />
  const lines = content.data.text.split(/\r\n?|\n/)
  if (step.line > lines.length) {
    return <p className="p-4 text-muted">The file is too long to be shown up to line {step.line}.</p>
  }
  const startLine = Math.max(1, step.line - around)
  const code = {
    path: step.path,
    startLine,
    lines: lines.slice(startLine - 1, step.lastLine + around),
    highlight: { startLine: step.line, endLine: step.lastLine },
  }
  return (
    <CodeExcerpt
      code={code}
      appId={finding.app.id}
      studyId={finding.study.id}
      walked={{ finding: finding.id, step: step.number }}
      mark={
        step.kind === 'sink' ? (
          <SeverityGlyph severity={finding.severity} label={`${finding.severity} finding`} />
        ) : (
          <span className="rounded-full bg-accent px-1 text-xs leading-4 text-accent-ink">
            <span className="sr-only">step </span>
            {step.number}
          </span>
        )
      }
    />
  )
}
