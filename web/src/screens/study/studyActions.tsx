import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { AlertDialog, DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import {
  cancelStudy,
  deleteStudy,
  exportFormats,
  exportUrl,
  isLive,
  resumeStudy,
  retryStudy,
  studiesQuery,
} from '../../api/studies.ts'
import type { Study } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { Icon } from '../../components/icons.tsx'
import { ActionProblem } from '../../components/notices.tsx'
import { useMay } from '../../components/session.tsx'
import { plural } from '../../lib/format.ts'

const formatNames = {
  json: 'JSON: everything',
  csv: 'CSV: findings as a table',
  sarif: 'SARIF 2.1.0: for code scanners',
}
const item = 'block px-3 py-1.5 no-underline outline-none data-highlighted:bg-hover'

/** Cancel, resume, retry what failed, export, delete: what the state and the role allow. */
export const StudyActions = ({ study }: { readonly study: Study }) => {
  const client = useQueryClient()
  const mayRun = useMay('analyst')
  const mayDelete = useMay('admin')
  const act = useMutation({
    mutationFn: (action: () => Promise<Study>) => action(),
    onSuccess: (changed) => {
      client.setQueryData(['studies', study.id], changed)
      void client.invalidateQueries({ queryKey: ['studies'] })
    },
  })
  const { error, timed_out: timedOut, cancelled } = study.progress.byOutcome
  // Resuming brings back what was cancelled with the study.
  const failed = error + timedOut + (study.state === 'cancelled' ? 0 : cancelled)
  return (
    <>
      {mayRun && isLive(study) ? (
        <Button busy={act.isPending} onClick={() => act.mutate(() => cancelStudy(study.id))}>
          Cancel
        </Button>
      ) : null}
      {mayRun && study.state === 'cancelled' ? (
        <Button look="primary" busy={act.isPending} onClick={() => act.mutate(() => resumeStudy(study.id))}>
          Resume
        </Button>
      ) : null}
      {mayRun && !isLive(study) && failed > 0 ? (
        <Button
          busy={act.isPending}
          title="Runs again what ended in error, timed out or was cancelled"
          onClick={() => act.mutate(() => retryStudy(study.id, ['error', 'timed_out', 'cancelled']))}
        >
          Retry {plural(failed, 'analysis', 'analyses')}
        </Button>
      ) : null}
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger asChild>
          <Button>
            <Icon name="download" />
            Export
          </Button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Content align="end" sideOffset={4} className="panel z-50 py-1 shadow-xl">
          {exportFormats.map((format) => (
            <DropdownMenu.Item key={format} asChild>
              <a href={exportUrl(study.id, format)} download className={item}>
                {formatNames[format]}
              </a>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Root>
      {mayDelete && !isLive(study) ? <DeleteStudy study={study} /> : null}
      <div className="empty:hidden w-full">
        <ActionProblem error={act.error} />
      </div>
    </>
  )
}

const DeleteStudy = ({ study }: { readonly study: Study }) => {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [open, setOpen] = useState(false)
  const remove = useMutation({
    mutationFn: () => deleteStudy(study.id),
    onSuccess: async () => {
      // The list it leads to no longer shows the study, also before the server is asked again.
      client.setQueryData(studiesQuery.queryKey, (known) =>
        known ? { ...known, items: known.items.filter(({ id }) => id !== study.id) } : undefined,
      )
      await navigate({ to: '/studies' })
      client.removeQueries({ queryKey: ['studies', study.id] })
      void client.invalidateQueries({ queryKey: ['studies'] })
    },
  })
  return (
    <AlertDialog.Root open={open} onOpenChange={setOpen}>
      <AlertDialog.Trigger asChild>
        <Button look="quiet">Delete</Button>
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-40 bg-[#0008]" />
        <AlertDialog.Content className="panel fixed top-[20vh] left-1/2 z-50 flex w-[calc(100%-2rem)] max-w-md -translate-x-1/2 flex-col gap-3 p-4 shadow-2xl">
          <AlertDialog.Title className="text-lg font-semibold">Delete “{study.name}”?</AlertDialog.Title>
          <AlertDialog.Description className="text-muted">
            Its analyses and findings go with it. The apps stay, and results in the cache make a new study of them
            quick.
          </AlertDialog.Description>
          <ActionProblem error={remove.error} />
          <div className="flex justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>Keep it</Button>
            </AlertDialog.Cancel>
            <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
              Delete the study
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
