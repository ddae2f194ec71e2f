import type { Transaction } from 'kysely'
import { z } from 'zod'
import type { Audit } from '#platform/audit'
import { type Database, newId } from '#platform/database'
import { Conflict, NotFound } from '#platform/errors'
import { cursorCodec, type Page, type PageRequest, pageOf, type Role } from '#platform/http'
import type { Member, NewMember } from './resources.ts'
import type { IdentityTables } from './tables.ts'

/** Who changes something, for the audit log. */
export interface Author {
  readonly name: string
  readonly address?: string | undefined
}

export interface Members {
  /** In the order they joined. */
  list(workspace: string, request: PageRequest): Promise<Page<Member>>
  /** @throws Conflict when the address is a member already, or belongs to somebody and a password is given */
  add(workspace: string, member: NewMember, author: Author): Promise<Member>
  /** @throws NotFound @throws Conflict when no admin would be left */
  changeRole(workspace: string, id: string, role: Role, author: Author): Promise<Member>
  /** Ends the member's sessions and keys too. @throws NotFound @throws Conflict when no admin would be left */
  remove(workspace: string, id: string, author: Author): Promise<void>
}

const cursors = cursorCodec(z.object({ id: z.uuid() }))

/** The owner of the machine is a member like others, but cannot be changed; only in local mode does he sign in. */
export interface LocalOwner {
  readonly user: string
  readonly signsIn: boolean
}

/** @param now epoch milliseconds */
export function openMembers(database: Database, audit: Audit, owner: LocalOwner, now: () => number): Members {
  const db = database.tables<IdentityTables>()
  return {
    async list(workspace, { cursor, limit }) {
      let query = memberRows(db, workspace)
        .orderBy('members.id')
        .limit(limit + 1)
      if (cursor !== undefined) query = query.where('members.id', '>', cursors.decode(cursor).id)
      return pageOf(await query.execute(), limit, ({ id }) => cursors.encode({ id }), toMember)
    },
    async add(workspace, member, author) {
      const password = member.password === undefined ? undefined : await hashed(member.password)
      const id = await db.transaction().execute(async (tx) => {
        const user = await findOrCreateUser(tx, member, password, now())
        const added = await tx
          .insertInto('members')
          .values({
            id: newId(now()),
            workspace_id: workspace,
            user_id: user,
            role: member.role,
            created_at: new Date(now()),
          })
          .onConflict((conflict) => conflict.doNothing())
          .returning('id')
          .executeTakeFirst()
        if (added === undefined) {
          throw new Conflict(`${member.email} is a member already.`, { next: 'Change the role of the member instead.' })
        }
        return added.id
      })
      const subject = `${member.email} as ${member.role}`
      await audit.record({ workspace, ...entry(author), action: 'member.add', subject })
      return getMember(db, workspace, id)
    },
    async changeRole(workspace, id, role, author) {
      const before = await db.transaction().execute(async (tx) => {
        await lockWorkspace(tx, workspace)
        const member = await getMember(tx, workspace, id)
        if (role !== 'admin') await keepOneAdmin(tx, workspace, member, owner)
        await tx.updateTable('members').set({ role }).where('id', '=', id).execute()
        return member
      })
      const subject = `${before.email} from ${before.role} to ${role}`
      await audit.record({ workspace, ...entry(author), action: 'member.change-role', subject })
      return getMember(db, workspace, id)
    },
    async remove(workspace, id, author) {
      const member = await db.transaction().execute(async (tx) => {
        await lockWorkspace(tx, workspace)
        const leaving = await getMember(tx, workspace, id)
        await keepOneAdmin(tx, workspace, leaving, owner)
        await tx.deleteFrom('members').where('id', '=', id).execute()
        await tx
          .deleteFrom('sessions')
          .where('user_id', '=', leaving.userId)
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(selectFrom('members').select('members.id').whereRef('members.user_id', '=', 'sessions.user_id')),
            ),
          )
          .execute()
        return leaving
      })
      await audit.record({ workspace, ...entry(author), action: 'member.remove', subject: member.email })
    },
  }
}

function entry({ name, address }: Author): { actor: string; outcome: 'done'; address: string | undefined } {
  return { actor: name, outcome: 'done', address }
}

type Query = Pick<Transaction<IdentityTables>, 'selectFrom'>

function memberRows(db: Query, workspace: string) {
  return db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select(['members.id', 'members.user_id', 'members.role', 'members.created_at', 'users.name', 'users.email'])
    .where('members.workspace_id', '=', workspace)
}

function toMember(row: {
  id: string
  user_id: string
  role: Role
  created_at: Date
  name: string
  email: string
}): Member {
  const { id, user_id, role, created_at, name, email } = row
  return { id, userId: user_id, name, email, role, createdAt: created_at.toISOString() }
}

async function getMember(db: Query, workspace: string, id: string): Promise<Member> {
  const row = await memberRows(db, workspace).where('members.id', '=', id).executeTakeFirst()
  if (row === undefined) throw new NotFound(`There is no member ${id} in this workspace.`)
  return toMember(row)
}

/** Changes of roles wait for each other, so that two admins cannot demote one another at once. */
async function lockWorkspace(tx: Transaction<IdentityTables>, workspace: string): Promise<void> {
  await tx.selectFrom('workspaces').select('id').where('id', '=', workspace).forUpdate().execute()
}

async function keepOneAdmin(
  tx: Transaction<IdentityTables>,
  workspace: string,
  member: Member,
  owner: LocalOwner,
): Promise<void> {
  if (member.userId === owner.user) throw new Conflict('The local owner stays admin.')
  if (member.role !== 'admin' || owner.signsIn) return
  const other = await tx
    .selectFrom('members')
    .select('id')
    .where('workspace_id', '=', workspace)
    .where('role', '=', 'admin')
    .where('id', '<>', member.id)
    .where('user_id', '<>', owner.user)
    .executeTakeFirst()
  if (other === undefined) {
    throw new Conflict(`${member.email} is the only admin who can sign in.`, {
      next: 'Make another member admin first.',
    })
  }
}

async function hashed(password: string): Promise<string> {
  const { hashPassword } = await import('better-auth/crypto')
  return hashPassword(password)
}

async function findOrCreateUser(
  tx: Transaction<IdentityTables>,
  member: NewMember,
  password: string | undefined,
  now: number,
): Promise<string> {
  const at = new Date(now)
  const dates = { created_at: at, updated_at: at }
  const id = newId(now)
  const created = await tx
    .insertInto('users')
    .values({ id, name: member.name, email: member.email, email_verified: true, image: null, ...dates })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (created === undefined) return existingUser(tx, member, password)
  if (password !== undefined) {
    await tx
      .insertInto('accounts')
      .values({ id: newId(now), account_id: id, provider_id: 'credential', user_id: id, password, ...dates })
      .execute()
  }
  return id
}

async function existingUser(
  tx: Transaction<IdentityTables>,
  { email }: NewMember,
  password: string | undefined,
): Promise<string> {
  if (password !== undefined) {
    throw new Conflict(`${email} has an account already; its password cannot be set here.`, {
      next: 'Add the member without a password.',
    })
  }
  const user = await tx.selectFrom('users').select('id').where('email', '=', email).executeTakeFirstOrThrow()
  return user.id
}
