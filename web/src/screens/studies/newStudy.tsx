import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { appsQuery } from '../../api/apps.ts'
import { createStudy } from '../../api/studies.ts'
import { analyzersQuery } from '../../api/system.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { TextField } from '../../components/field.tsx'
import { ActionProblem } from '../../components/notices.tsx'
import { count, plural } from '../../lib/format.ts'
import { AnalyzerChoice } from './analyzerChoice.tsx'
import { AppChoice } from './appChoice.tsx'
import { ImportForm } from './importForm.tsx'

/** Bring apps in, choose apps and analyzers, give the study a name; the plan is counted as you choose. */
export const NewStudyDialog = ({
  chosen,
  onClose,
}: {
  readonly chosen: readonly string[]
  readonly onClose: () => void
}) => {
  const client = useQueryClient()
  const navigate = useNavigate()
  const apps = useQuery(appsQuery)
  const analyzers = useQuery(analyzersQuery)
  const [selected, setSelected] = useState<ReadonlySet<string>>(() => new Set(chosen))
  const [changed, setWithout] = useState<ReadonlySet<string>>()
  const [name, setName] = useState('')
  const [question, setQuestion] = useState('')
  const [repeats, setRepeats] = useState('1')

  const known = analyzers.data?.items ?? []
  // Starting apps takes a minute each: it is asked for.
  const without = changed ?? new Set(known.filter(({ needs }) => needs.running).map(({ id }) => id))
  const picked = known.filter((analyzer) => !without.has(analyzer.id)).map(({ id }) => id)
  const times = Math.max(1, Math.min(100, Math.trunc(Number(repeats)) || 1))
  const planned = selected.size * picked.length * times

  const create = useMutation({
    mutationFn: () =>
      createStudy({
        name: name.trim(),
        apps: [...selected],
        ...(changed ? { analyzers: picked } : {}),
        ...(times > 1 ? { repeats: times } : {}),
        ...(question.trim() === '' ? {} : { question: question.trim() }),
      }),
    onSuccess: (study) => {
      void client.invalidateQueries({ queryKey: ['studies'], exact: true })
      void navigate({ to: '/studies/$studyId', params: { studyId: study.id } })
    },
  })
  const lacking =
    name.trim() === '' ? 'a name' : selected.size === 0 ? 'an app' : picked.length === 0 ? 'an analyzer' : undefined

  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title="New study"
      footer={
        <>
          <p className="mr-auto text-muted" aria-live="polite">
            {lacking
              ? `Still needs ${lacking}`
              : `${plural(selected.size, 'app')} × ${plural(picked.length, 'analyzer')}${times > 1 ? ` × ${times}` : ''} = ${plural(planned, 'analysis', 'analyses')}`}
          </p>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            disabled={lacking !== undefined}
            busy={create.isPending}
            onClick={() => create.mutate()}
          >
            {create.isPending ? 'Starting…' : 'Start the study'}
          </Button>
          {create.error ? (
            <div className="w-full">
              <ActionProblem error={create.error} />
            </div>
          ) : null}
        </>
      }
    >
      <div className="flex flex-col gap-6">
        <section className="grid gap-3 sm:grid-cols-[2fr_3fr_5rem]">
          <TextField label="Name" value={name} onChange={setName} required autoFocus maxLength={200} />
          <TextField label="Question (optional)" value={question} onChange={setQuestion} maxLength={1000} />
          <TextField label="Repeats" type="number" min={1} max={100} value={repeats} onChange={setRepeats} />
        </section>
        <ImportForm
          onImported={(imported) => {
            setSelected(new Set([...selected, ...imported.map(({ id }) => id)]))
            if (name === '' && imported.length > 0) setName(`${count(imported.length)} imported apps`)
          }}
        />
        <AppChoice apps={apps.data} error={apps.error} selected={selected} onChange={setSelected} />
        <AnalyzerChoice
          analyzers={analyzers.data?.items}
          error={analyzers.error}
          without={without}
          onChange={setWithout}
        />
      </div>
    </Dialog>
  )
}
