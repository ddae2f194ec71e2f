import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { createKey, keysQuery, revokeKey } from '../../api/members.ts'
import type { IssuedKey, Key, Role } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { CopyButton } from '../../components/copyButton.tsx'
import { DataTable, type TableColumn } from '../../components/dataTable.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { SelectField, TextField } from '../../components/field.tsx'
import { ActionProblem, EmptyState, Loading, ProblemPanel } from '../../components/notices.tsx'
import { Ago } from '../../components/time.tsx'
import { capital, timestamp } from '../../lib/format.ts'
import { ConfirmButton } from './memberList.tsx'
import { roleOptions } from './roleOptions.ts'

/** API keys for scripts and CI. A secret is shown once, when its key is made. */
export const Keys = () => {
  const client = useQueryClient()
  const keys = useQuery(keysQuery)
  const [making, setMaking] = useState(false)
  const revoke = useMutation({
    mutationFn: (key: Key) => revokeKey(key.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ['keys'] }),
  })
  const { mutate } = revoke
  const columns = useMemo(() => columnsFor(mutate), [mutate])
  if (keys.error) return <ProblemPanel error={keys.error} retry={() => void keys.refetch()} />
  if (!keys.data) return <Loading what="keys" />
  const create = (
    <Button look="primary" onClick={() => setMaking(true)}>
      Create a key
    </Button>
  )
  return (
    <div className="flex flex-col gap-3">
      {keys.data.items.length === 0 ? (
        <EmptyState title="No keys yet" action={create}>
          A key lets a script or a CI job speak to this server with a role of its own.
        </EmptyState>
      ) : (
        <>
          <div>{create}</div>
          <ActionProblem error={revoke.error} />
          <DataTable label="Keys" rows={keys.data.items} columns={columns} keyOf={(key) => key.id} order="-created" />
        </>
      )}
      {making ? <CreateKey onClose={() => setMaking(false)} /> : null}
    </div>
  )
}

const columnsFor = (revoke: (key: Key) => void): readonly TableColumn<Key>[] => [
  {
    id: 'name',
    header: 'Name',
    value: (key) => key.name,
    cell: (key) => <span className="font-medium">{key.name}</span>,
  },
  { id: 'start', header: 'Begins with', cell: (key) => <code className="mono">{key.start}…</code> },
  { id: 'role', header: 'Role', value: (key) => key.role, cell: (key) => capital(key.role) },
  { id: 'created', header: 'Created', value: (key) => key.createdAt, cell: (key) => <Ago at={key.createdAt} /> },
  {
    id: 'used',
    header: 'Last used',
    value: (key) => key.lastUsedAt ?? undefined,
    cell: (key) => (key.lastUsedAt ? <Ago at={key.lastUsedAt} /> : <span className="text-muted">never</span>),
  },
  {
    id: 'expires',
    header: 'Expires',
    value: (key) => key.expiresAt ?? undefined,
    cell: (key) => (key.expiresAt ? timestamp(key.expiresAt) : <span className="text-muted">never</span>),
  },
  {
    id: 'revoke',
    header: 'Actions',
    className: 'text-right',
    cell: (key) => <ConfirmButton label="Revoke" name={key.name} onConfirm={() => revoke(key)} />,
  },
]

const CreateKey = ({ onClose }: { readonly onClose: () => void }) => {
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [days, setDays] = useState('90')
  const create = useMutation({
    mutationFn: () => createKey({ name, role, ...(days === '' ? {} : { expiresInDays: Number(days) }) }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['keys'] }),
  })
  if (create.data) return <Secret issued={create.data} onClose={onClose} />
  return (
    <Dialog open onClose={onClose} title="Create a key">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <TextField label="Name" required placeholder="CI of the shop" value={name} onChange={setName} />
        <SelectField label="Role" value={role} options={roleOptions} onChange={setRole} />
        <TextField
          label="Expires in days"
          type="number"
          min={1}
          max={3650}
          value={days}
          onChange={setDays}
          hint="Leave empty for a key that never expires."
        />
        <ActionProblem error={create.error} />
        <Button type="submit" look="primary" busy={create.isPending}>
          Create
        </Button>
      </form>
    </Dialog>
  )
}

const Secret = ({ issued, onClose }: { readonly issued: IssuedKey; readonly onClose: () => void }) => (
  <Dialog
    open
    onClose={onClose}
    title={`Key “${issued.name}”`}
    description="Copy the secret now. It is shown this once; only its digest is kept."
    footer={
      <Button look="primary" onClick={onClose}>
        I have copied it
      </Button>
    }
  >
    <div className="flex items-center gap-2 rounded border border-line bg-sunken py-1 pl-3">
      <code className="mono flex-1 break-all">{issued.secret}</code>
      <CopyButton text={issued.secret} label="Copy the secret" />
    </div>
    <p className="label mt-3">
      Send it as a header: <code className="mono">Authorization: Bearer …</code>
    </p>
  </Dialog>
)
