import { Link } from '@tanstack/react-router'
import type { FindingDetail } from '../../api/types.ts'
import { SeverityGlyph } from '../../components/glyphs.tsx'
import { Icon } from '../../components/icons.tsx'
import type { WalkStep } from '../../lib/pathWalk.ts'
import { StepControls } from '../findings/stepControls.tsx'

interface Props {
  readonly finding: FindingDetail
  readonly walk: readonly WalkStep[]
  readonly step: WalkStep
  readonly onStep: (step: WalkStep) => void
}

/** Above the code while a finding's path is walked: whose path it is, where one is, and the way out. */
export const PathBar = ({ finding, walk, step, onStep }: Props) => (
  <section aria-label="Path of the finding" className="flex flex-col gap-1.5 border-b border-line bg-sunken px-3 py-2">
    <div className="flex items-center gap-2">
      <SeverityGlyph severity={finding.severity} label={finding.severity} />
      <Link
        to="/findings/$findingId"
        params={{ findingId: finding.id }}
        search={{ step: step.number }}
        className="quiet-link min-w-0 flex-1 truncate font-medium"
      >
        {finding.title}
      </Link>
      <Link
        to="/apps/$appId/code"
        params={{ appId: finding.app.id }}
        search={{ path: step.path, line: step.line, study: finding.study.id }}
        replace
        aria-label="Leave the path"
        title="Leave the path"
        className="inline-flex size-6 shrink-0 items-center justify-center rounded text-muted hover:bg-hover hover:text-ink"
      >
        <Icon name="close" className="size-3" />
      </Link>
    </div>
    <StepControls walk={walk} step={step} onStep={onStep} />
  </section>
)
