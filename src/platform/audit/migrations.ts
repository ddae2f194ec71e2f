import { sql } from 'kysely'
import type { Migration } from '#platform/database'

export const auditMigrations: readonly Migration[] = [
  {
    name: '2026-11-20-audit',
    async up(db) {
      await sql`
        create table audit_entries (
          id uuid primary key,
          workspace_id uuid not null,
          at timestamptz not null,
          actor text not null,
          action text not null,
          subject text not null,
          outcome text not null,
          address text
        )`.execute(db)
      await sql`create index audit_entries_by_time on audit_entries (workspace_id, id desc)`.execute(db)
    },
  },
]
