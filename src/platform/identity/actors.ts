import type { Database } from '#platform/database'
import { type Actor, roleAllows } from '#platform/http'
import { digestOf } from './keys.ts'
import type { IdentityTables } from './tables.ts'

export interface Actors {
  /** The member an API key stands for; undefined when it is unknown, expired or revoked. */
  ofKey(secret: string): Promise<Actor | undefined>
  /** The user in the workspace they joined first; undefined when they are in none. */
  ofUser(user: string, via: 'local' | 'session'): Promise<Actor | undefined>
}

/** A key's last use is written at most so often (milliseconds), not with every request. */
const usedResolution = 60_000

/** @param now epoch milliseconds */
export function openActors(database: Database, now: () => number): Actors {
  const db = database.tables<IdentityTables>()
  const members = db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .innerJoin('workspaces', 'workspaces.id', 'members.workspace_id')
    .select([
      'members.role',
      'users.id as user_id',
      'users.name as user_name',
      'users.email',
      'workspaces.id as workspace_id',
      'workspaces.name as workspace_name',
    ])

  return {
    async ofKey(secret) {
      const row = await members
        .innerJoin('api_keys', (join) =>
          join
            .onRef('api_keys.user_id', '=', 'members.user_id')
            .onRef('api_keys.workspace_id', '=', 'members.workspace_id'),
        )
        .select(['api_keys.id as key_id', 'api_keys.role as key_role', 'api_keys.expires_at', 'api_keys.last_used_at'])
        .where('api_keys.digest', '=', digestOf(secret))
        .executeTakeFirst()
      if (row === undefined) return undefined
      if (row.expires_at !== null && row.expires_at.getTime() <= now()) return undefined
      if (row.last_used_at === null || now() - row.last_used_at.getTime() > usedResolution) {
        await db
          .updateTable('api_keys')
          .set({ last_used_at: new Date(now()) })
          .where('id', '=', row.key_id)
          .execute()
      }
      const role = roleAllows(row.role, row.key_role) ? row.key_role : row.role
      return { ...toActor(row), via: 'key', role }
    },
    async ofUser(user, via) {
      const row = await members.where('users.id', '=', user).orderBy('members.id').limit(1).executeTakeFirst()
      return row && { ...toActor(row), via, role: row.role }
    },
  }
}

function toActor(row: {
  user_id: string
  user_name: string
  email: string
  workspace_id: string
  workspace_name: string
}): Pick<Actor, 'user' | 'workspace'> {
  return {
    user: { id: row.user_id, name: row.user_name, email: row.email },
    workspace: { id: row.workspace_id, name: row.workspace_name },
  }
}
