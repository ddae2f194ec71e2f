import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { addMember, changeRole, membersQuery, removeMember } from '../../api/members.ts'
import { type Member, type Role, roles } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { DataTable, type TableColumn } from '../../components/dataTable.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { SelectField, TextField } from '../../components/field.tsx'
import { ActionProblem, Loading, ProblemPanel } from '../../components/notices.tsx'
import { useMay, useSession } from '../../components/session.tsx'
import { Ago } from '../../components/time.tsx'
import { capital } from '../../lib/format.ts'
import { roleOptions } from './roleOptions.ts'

/** The people of the workspace; admins add, change and remove them. */
export const MemberList = () => {
  const client = useQueryClient()
  const admin = useMay('admin')
  const { user } = useSession()
  const members = useQuery(membersQuery)
  const [adding, setAdding] = useState(false)
  const change = useMutation({
    mutationFn: (action: () => Promise<unknown>) => action(),
    onSuccess: () => client.invalidateQueries({ queryKey: ['members'] }),
  })
  const { mutate } = change
  const columns = useMemo(
    () =>
      columnsFor({
        admin,
        own: user.id,
        setRole: (member, role) => mutate(() => changeRole(member.id, role)),
        remove: (member) => mutate(() => removeMember(member.id)),
      }),
    [admin, user.id, mutate],
  )
  if (members.error) return <ProblemPanel error={members.error} retry={() => void members.refetch()} />
  if (!members.data) return <Loading what="members" />
  return (
    <div className="flex flex-col gap-3">
      {admin ? (
        <div>
          <Button look="primary" onClick={() => setAdding(true)}>
            Add a member
          </Button>
        </div>
      ) : null}
      <ActionProblem error={change.error} />
      <DataTable
        label="Members"
        rows={members.data.items}
        columns={columns}
        keyOf={(member) => member.id}
        order="name"
      />
      <AddMember open={adding} onClose={() => setAdding(false)} />
    </div>
  )
}

interface Acts {
  readonly admin: boolean
  readonly own: string
  readonly setRole: (member: Member, role: Role) => void
  readonly remove: (member: Member) => void
}

const columnsFor = ({ admin, own, setRole, remove }: Acts): readonly TableColumn<Member>[] => [
  {
    id: 'name',
    header: 'Name',
    value: (member) => member.name,
    cell: (member) => (
      <>
        <span className="font-medium">{member.name}</span>
        {member.userId === own ? <span className="text-muted"> you</span> : null}
      </>
    ),
  },
  { id: 'email', header: 'E-mail', value: (member) => member.email, cell: (member) => member.email },
  {
    id: 'role',
    header: 'Role',
    value: (member) => roles.indexOf(member.role),
    cell: (member) =>
      admin && member.userId !== own ? (
        <select
          aria-label={`Role of ${member.name}`}
          value={member.role}
          onChange={(event) => {
            const role = roles.find((candidate) => candidate === event.target.value)
            if (role) setRole(member, role)
          }}
          className="input"
        >
          {roles.map((role) => (
            <option key={role} value={role}>
              {capital(role)}
            </option>
          ))}
        </select>
      ) : (
        capital(member.role)
      ),
  },
  {
    id: 'since',
    header: 'Since',
    value: (member) => member.createdAt,
    cell: (member) => <Ago at={member.createdAt} />,
  },
  ...(admin
    ? [
        {
          id: 'remove',
          header: 'Actions',
          className: 'text-right',
          cell: (member: Member) =>
            member.userId === own ? null : (
              <ConfirmButton label="Remove" name={member.name} onConfirm={() => remove(member)} />
            ),
        },
      ]
    : []),
]

/** A button that asks once more in its own place. */
export const ConfirmButton = ({
  label,
  name,
  onConfirm,
}: {
  readonly label: string
  readonly name: string
  readonly onConfirm: () => void
}) => {
  const [asked, setAsked] = useState(false)
  return asked ? (
    <span className="inline-flex gap-2">
      <Button autoFocus look="danger" onClick={onConfirm}>
        {label} {name}?
      </Button>
      <Button onClick={() => setAsked(false)}>Keep</Button>
    </span>
  ) : (
    <Button look="quiet" aria-label={`${label} ${name}`} onClick={() => setAsked(true)}>
      {label}
    </Button>
  )
}

const AddMember = ({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) => {
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const add = useMutation({
    mutationFn: () => addMember({ name, email, role, ...(password === '' ? {} : { password }) }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['members'] })
      setName('')
      setEmail('')
      setPassword('')
      onClose()
    },
  })
  return (
    <Dialog open={open} onClose={onClose} title="Add a member">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          add.mutate()
        }}
      >
        <TextField label="Name" required value={name} onChange={setName} />
        <TextField label="E-mail" type="email" required value={email} onChange={setEmail} />
        <SelectField label="Role" value={role} options={roleOptions} onChange={setRole} />
        <TextField
          label="Password (optional)"
          type="password"
          autoComplete="new-password"
          value={password}
          onChange={setPassword}
          hint="Without one, the member cannot sign in yet."
        />
        <ActionProblem error={add.error} />
        <Button type="submit" look="primary" busy={add.isPending}>
          Add
        </Button>
      </form>
    </Dialog>
  )
}
