import { useMutation } from '@tanstack/react-query'
import { replayFinding } from '../../api/findings.ts'
import type { FindingDetail } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { ActionProblem } from '../../components/notices.tsx'
import { Prose } from '../../components/prose.tsx'
import { duration } from '../../lib/format.ts'
import { Exchanges } from './exchanges.tsx'

const verdicts = {
  proven: 'It succeeds again',
  not_proven: 'It does not succeed now',
  error: 'It could not be made',
} as const

/** Makes the attack of a finding again, on the app started anew in the sandbox. */
export const ReplayPanel = ({ finding }: { readonly finding: FindingDetail }) => {
  const replay = useMutation({ mutationFn: () => replayFinding(finding.id) })
  return (
    <section className="panel flex min-w-0 flex-col gap-3 p-4">
      <h2 className="text-lg">Attack again</h2>
      <p className="text-muted">Starts the app in its sandbox and makes the attack with other accounts and values.</p>
      <div>
        <Button busy={replay.isPending} onClick={() => replay.mutate()}>
          {replay.isPending ? 'Attacking…' : 'Make the attack again'}
        </Button>
      </div>
      <div role="status" className="empty:hidden">
        {replay.data ? (
          <>
            <span className="font-medium">{verdicts[replay.data.outcome]}</span>{' '}
            <span className="text-muted">after {duration(replay.data.durationMs)}:</span>{' '}
            <Prose text={replay.data.reason} />
          </>
        ) : null}
      </div>
      <ActionProblem error={replay.error} />
      {replay.data ? <Exchanges evidence={replay.data} title="What it was answered" /> : null}
    </section>
  )
}
