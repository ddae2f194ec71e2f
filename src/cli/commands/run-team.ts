import { visible } from '#bench/reports'
import { auditEntrySchema } from '#platform/audit'
import { InvalidInput, NotFound } from '#platform/errors'
import { issuedKeySchema, keySchema, type Member, memberSchema } from '#platform/identity'
import { type Connection, connect } from '../connection.ts'
import { localTime, print, printJson } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { renderTable } from '../table.ts'
import { terminalOf } from '../terminal.ts'
import type { ListFlags, NewKeyFlags, NewMemberFlags, RoleName } from './team.ts'

const listed = 50

/** `assay members list`. */
export async function listMembers(flags: ListFlags, context: CommandContext): Promise<void> {
  await using connection = await connectAsOwner(context)
  const { items } = await connection.list(memberSchema, '/members')
  if (flags.json) return printJson({ members: items })
  print(
    renderTable(
      [
        { title: 'email', flexible: true },
        { title: 'name', flexible: true },
        { title: 'role' },
        { title: 'since' },
        { title: 'id' },
      ],
      items.map(({ email, name, role, createdAt, id }) => [email, name, role, localTime(createdAt), id]),
      terminalOf(process.stdout),
    ),
  )
}

/** `assay members add`. */
export async function addMember(email: string, flags: NewMemberFlags, context: CommandContext): Promise<void> {
  const password = flags.passwordStdin ? await firstLine() : undefined
  await using connection = await connectAsOwner(context)
  const member = await connection.post(memberSchema, '/members', {
    email,
    name: flags.name,
    role: flags.role,
    ...(password !== undefined && { password }),
  })
  if (flags.json) return printJson({ member })
  const note = password === undefined ? ' Without a password they cannot sign in yet: see --password-stdin.' : ''
  print(`${visible(member.name)} (${visible(member.email)}) is ${member.role}.${note}\n`)
}

/** `assay members role`. */
export async function changeRole(
  who: string,
  role: RoleName,
  flags: ListFlags,
  context: CommandContext,
): Promise<void> {
  await using connection = await connectAsOwner(context)
  const { id } = await findMember(connection, who)
  const member = await connection.patch(memberSchema, `/members/${id}`, { role })
  if (flags.json) return printJson({ member })
  print(`${visible(member.name)} (${visible(member.email)}) is ${member.role}.\n`)
}

/** `assay members remove`. */
export async function removeMember(who: string, flags: ListFlags, context: CommandContext): Promise<void> {
  await using connection = await connectAsOwner(context)
  const member = await findMember(connection, who)
  await connection.delete(`/members/${member.id}`)
  if (flags.json) return printJson({ removed: member })
  print(`Removed ${visible(member.name)} (${visible(member.email)}), with sessions and keys.\n`)
}

/** `assay keys list`. */
export async function listKeys(flags: ListFlags, context: CommandContext): Promise<void> {
  await using connection = await connectAsOwner(context)
  const { items } = await connection.list(keySchema, '/keys')
  if (flags.json) return printJson({ keys: items })
  if (items.length === 0) return print('There is no key yet. Make one: assay keys create --name ci --role analyst\n')
  print(
    renderTable(
      [
        { title: 'name', flexible: true },
        { title: 'role' },
        { title: 'begins' },
        { title: 'created' },
        { title: 'last used' },
        { title: 'expires' },
        { title: 'id' },
      ],
      items.map(({ name, role, start, createdAt, lastUsedAt, expiresAt, id }) => [
        name,
        role,
        start,
        localTime(createdAt),
        lastUsedAt === null ? 'never' : localTime(lastUsedAt),
        expiresAt === null ? 'never' : localTime(expiresAt),
        id,
      ]),
      terminalOf(process.stdout),
    ),
  )
}

/** `assay keys create`. */
export async function createKey(flags: NewKeyFlags, context: CommandContext): Promise<void> {
  await using connection = await connectAsOwner(context)
  const key = await connection.post(issuedKeySchema, '/keys', {
    name: flags.name,
    role: flags.role,
    ...(flags.expires !== undefined && { expiresInDays: flags.expires }),
  })
  if (flags.json) return printJson({ key })
  print(`${key.secret}\n`)
  process.stderr.write(
    `The key '${visible(flags.name)}' (${key.role}) is shown this once: keep it, and pass it as ASSAY_KEY.\n`,
  )
}

/** `assay keys revoke`. */
export async function revokeKey(which: string, flags: ListFlags, context: CommandContext): Promise<void> {
  await using connection = await connectAsOwner(context)
  const { items } = await connection.list(keySchema, '/keys')
  const matches = items.filter(({ id, name }) => id === which || name === which)
  const [key] = matches
  if (key === undefined) throw new NotFound(`There is no key ${which}.`, { next: "'assay keys list' shows them." })
  if (matches.length > 1) {
    throw new InvalidInput(`${matches.length} keys are named ${which}: ${matches.map(({ id }) => id).join(', ')}.`, {
      next: 'Give the id.',
    })
  }
  await connection.delete(`/keys/${key.id}`)
  if (flags.json) return printJson({ revoked: key })
  print(`The key ${visible(key.name)} is no longer valid.\n`)
}

/** `assay audit list`. */
export async function listAudit(flags: ListFlags, context: CommandContext): Promise<void> {
  await using connection = await connectAsOwner(context)
  const { items, more } = await connection.list(auditEntrySchema, '/audit', { limit: flags.limit ?? listed })
  if (flags.json) return printJson({ entries: items, more })
  if (items.length === 0) return print('Nothing was recorded yet.\n')
  print(
    renderTable(
      [
        { title: 'when' },
        { title: 'who', flexible: true },
        { title: 'what' },
        { title: 'of what', flexible: true },
        { title: 'outcome' },
        { title: 'from' },
      ],
      items.map(({ at, actor, action, subject, outcome, address }) => [
        localTime(at),
        actor,
        action,
        subject,
        outcome,
        address ?? '',
      ]),
      terminalOf(process.stdout),
    ),
  )
  if (more) print(`Only the newest ${items.length} are shown; --limit shows more.\n`)
}

function connectAsOwner({ version, signal }: CommandContext): Promise<Connection> {
  return connect({ version, signal, asOwner: true })
}

async function findMember(connection: Connection, who: string): Promise<Member> {
  const { items } = await connection.list(memberSchema, '/members')
  const member = items.find(({ id, email }) => id === who || email === who.toLowerCase())
  if (member === undefined)
    throw new NotFound(`There is no member ${who}.`, { next: "'assay members list' shows them." })
  return member
}

/** The first line of standard input. */
async function firstLine(): Promise<string> {
  let text = ''
  process.stdin.setEncoding('utf8')
  for await (const chunk of process.stdin) {
    text += chunk
    if (text.includes('\n')) break
  }
  const line = text.split(/\r?\n/, 1)[0] ?? ''
  if (line === '')
    throw new InvalidInput('No password came from standard input.', { next: 'Pipe one line into the command.' })
  return line
}
