import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { triage } from '../../api/findings.ts'
import type { FindingDetail, TriageState } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { ActionProblem } from '../../components/notices.tsx'

const decisions: readonly { readonly state: TriageState; readonly label: string; readonly done: string }[] = [
  { state: 'accepted', label: 'Accept', done: 'Accepted' },
  { state: 'false_positive', label: 'False positive', done: 'Marked as false positive' },
  { state: 'open', label: 'Reopen', done: 'Reopened' },
]

/** A person's decision about a finding; it needs a reason, and stays with the defect across studies. */
export const TriageForm = ({ finding }: { readonly finding: FindingDetail }) => {
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const decide = useMutation({
    mutationFn: (state: TriageState) => triage(finding.id, state, reason.trim()),
    onSuccess: (changed) => {
      client.setQueryData(['findings', 'one', finding.id], changed)
      void client.invalidateQueries({ queryKey: ['findings', 'groups'] })
      setReason('')
    },
  })
  const closed = finding.state === 'accepted' || finding.state === 'false_positive'
  const possible = decisions.filter(({ state }) => (state === 'open' ? closed : state !== finding.state))
  return (
    <section className="panel flex flex-col gap-3 p-4">
      <h2 className="text-lg">Decide</h2>
      <Field label="Reason" hint="Stays with the defect in later studies.">
        {(ids) => (
          <textarea
            {...ids}
            rows={3}
            maxLength={2000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            className="w-full rounded border border-edge bg-surface px-2 py-1"
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        {possible.map(({ state, label }) => (
          <Button
            key={state}
            disabled={reason.trim() === ''}
            busy={decide.isPending}
            title={reason.trim() === '' ? 'Give a reason first' : undefined}
            onClick={() => decide.mutate(state)}
          >
            {label}
          </Button>
        ))}
      </div>
      <div role="status" className="empty:hidden">
        {decide.isSuccess ? decisions.find(({ state }) => state === decide.variables)?.done : null}
      </div>
      <ActionProblem error={decide.error} />
    </section>
  )
}
