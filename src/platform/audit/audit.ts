import { z } from 'zod'
import { type Database, newId } from '#platform/database'
import { cursorCodec, type Page, type PageRequest, pageOf } from '#platform/http'
import type { AuditEntry } from './resources.ts'
import type { AuditTables } from './tables.ts'

export interface NewAuditEntry {
  readonly workspace: string
  /** Who did it: an email address, `key NAME`, or what a stranger claimed to be. */
  readonly actor: string
  /** Dotted: `member.add`, `key.revoke`, `session.sign-in`. */
  readonly action: string
  /** What it was done to, in words a reader knows. Never a secret. */
  readonly subject: string
  readonly outcome: 'done' | 'refused'
  readonly address?: string | undefined
}

/** What was done by whom: written by the rooms, read by admins, never changed. */
export interface Audit {
  record(entry: NewAuditEntry): Promise<void>
  /** The newest first. */
  list(workspace: string, request: PageRequest): Promise<Page<AuditEntry>>
}

/** Texts from outside are cut here, so that nobody fills the log with one request. */
const longestText = 300
const cursors = cursorCodec(z.object({ id: z.uuid() }))

/** @param now epoch milliseconds */
export function openAudit(database: Database, now: () => number = Date.now): Audit {
  const db = database.tables<AuditTables>()
  return {
    async record({ workspace, actor, action, subject, outcome, address }) {
      const at = now()
      await db
        .insertInto('audit_entries')
        .values({
          id: newId(at),
          workspace_id: workspace,
          at: new Date(at),
          actor: storable(actor),
          action,
          subject: storable(subject),
          outcome,
          address: address ?? null,
        })
        .execute()
    },
    async list(workspace, { cursor, limit }) {
      let query = db
        .selectFrom('audit_entries')
        .selectAll()
        .where('workspace_id', '=', workspace)
        .orderBy('id', 'desc')
        .limit(limit + 1)
      if (cursor !== undefined) query = query.where('id', '<', cursors.decode(cursor).id)
      return pageOf(
        await query.execute(),
        limit,
        ({ id }) => cursors.encode({ id }),
        ({ id, at, actor, action, subject, outcome, address }) => ({
          id,
          at: at.toISOString(),
          actor,
          action,
          subject,
          outcome,
          address,
        }),
      )
    },
  }
}

/** PostgreSQL text holds no NUL. */
function storable(text: string): string {
  return text.replaceAll('\0', '').slice(0, longestText)
}
