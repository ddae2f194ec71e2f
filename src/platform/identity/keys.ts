import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Audit } from '#platform/audit'
import { type Database, newId } from '#platform/database'
import { Forbidden, NotFound } from '#platform/errors'
import { type Actor, cursorCodec, type Page, type PageRequest, pageOf, roleAllows } from '#platform/http'
import type { Author } from './members.ts'
import type { IssuedKey, Key, NewKey } from './resources.ts'
import type { IdentityTables } from './tables.ts'

export interface Keys {
  /** The newest first, expired ones included. */
  list(workspace: string, request: PageRequest): Promise<Page<Key>>
  /** @throws Forbidden when the key would carry more than its creator's role */
  issue(actor: Actor, key: NewKey, author: Author): Promise<IssuedKey>
  /** @throws NotFound */
  revoke(workspace: string, id: string, author: Author): Promise<void>
}

export const keyPrefix = 'assay_'
const shownCharacters = keyPrefix.length + 6
const day = 24 * 3600 * 1000
const cursors = cursorCodec(z.object({ id: z.uuid() }))

/** @param now epoch milliseconds */
export function openKeys(database: Database, audit: Audit, now: () => number): Keys {
  const db = database.tables<IdentityTables>()
  return {
    async list(workspace, { cursor, limit }) {
      let query = db
        .selectFrom('api_keys')
        .select(['id', 'name', 'role', 'start', 'created_at', 'last_used_at', 'expires_at'])
        .where('workspace_id', '=', workspace)
        .orderBy('id', 'desc')
        .limit(limit + 1)
      if (cursor !== undefined) query = query.where('id', '<', cursors.decode(cursor).id)
      return pageOf(await query.execute(), limit, ({ id }) => cursors.encode({ id }), toKey)
    },
    async issue(actor, { name, role, expiresInDays }, author) {
      if (!roleAllows(actor.role, role)) {
        throw new Forbidden(`A key cannot carry the role ${role}: you are ${actor.role}.`, {
          next: 'Ask for a key of your own role or less.',
        })
      }
      const secret = keyPrefix + randomBytes(32).toString('base64url')
      const row = {
        id: newId(now()),
        name,
        role,
        start: secret.slice(0, shownCharacters),
        created_at: new Date(now()),
        last_used_at: null,
        expires_at: expiresInDays === undefined ? null : new Date(now() + expiresInDays * day),
      }
      await db
        .insertInto('api_keys')
        .values({ ...row, workspace_id: actor.workspace.id, user_id: actor.user.id, digest: digestOf(secret) })
        .execute()
      await audit.record({
        workspace: actor.workspace.id,
        actor: author.name,
        action: 'key.issue',
        subject: `${name} as ${role}`,
        outcome: 'done',
        address: author.address,
      })
      return { ...toKey(row), secret }
    },
    async revoke(workspace, id, author) {
      const revoked = await db
        .deleteFrom('api_keys')
        .where('id', '=', id)
        .where('workspace_id', '=', workspace)
        .returning('name')
        .executeTakeFirst()
      if (revoked === undefined) throw new NotFound(`There is no key ${id} in this workspace.`)
      await audit.record({
        workspace,
        actor: author.name,
        action: 'key.revoke',
        subject: revoked.name,
        outcome: 'done',
        address: author.address,
      })
    },
  }
}

/** A key has 256 random bits: a plain digest cannot be guessed back, and looking it up costs one index probe. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

function toKey(row: {
  id: string
  name: string
  role: Key['role']
  start: string
  created_at: Date
  last_used_at: Date | null
  expires_at: Date | null
}): Key {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    start: row.start,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    expiresAt: row.expires_at?.toISOString() ?? null,
  }
}
