import { Button } from '../../components/button.tsx'
import { Icon } from '../../components/icons.tsx'
import { Prose } from '../../components/prose.tsx'
import type { WalkStep } from '../../lib/pathWalk.ts'
import { useShortcut } from '../../lib/shortcuts.ts'

interface Props {
  readonly walk: readonly WalkStep[]
  readonly step: WalkStep
  readonly onStep: (step: WalkStep) => void
}

/** Goes along a path by buttons and by the keys n and p, and says where one is. */
export const StepControls = ({ walk, step, onStep }: Props) => {
  const before = walk[step.number - 2]
  const after = walk[step.number]
  const go = (to: WalkStep | undefined) => {
    if (to) onStep(to)
  }
  useShortcut('n', 'Next step of the path', () => go(after))
  useShortcut('p', 'Previous step of the path', () => go(before))
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <span className="flex gap-1.5">
        {/* Not disabled: a button that is switched off under the finger drops the focus. */}
        <Button aria-disabled={!before} onClick={() => go(before)} title="Previous step (p)">
          <Icon name="up" className="size-3" />
          Previous
        </Button>
        <Button aria-disabled={!after} onClick={() => go(after)} title="Next step (n)">
          <Icon name="down" className="size-3" />
          Next
        </Button>
      </span>
      <p role="status" className="min-w-0 flex-1 basis-60 [overflow-wrap:anywhere]">
        <span className="font-medium">
          Step {step.number} of {walk.length}
          {step.kind === 'step' ? '' : `, ${step.kind}`}
        </span>{' '}
        <span className="mono">
          {step.path}:{step.line}
        </span>{' '}
        <Prose text={step.message} />
      </p>
    </div>
  )
}
