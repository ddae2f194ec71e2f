import { sql } from 'kysely'
import type { Migration } from '#platform/database'

const statements = [
  `create table snapshots (
    digest text primary key,
    files jsonb not null,
    excluded jsonb not null,
    components jsonb not null,
    archive text not null,
    file_count integer not null,
    bytes integer not null,
    lines integer not null,
    stack text[] not null
  )`,
  `create table apps (
    id uuid primary key,
    workspace_id uuid not null,
    name text not null,
    model text,
    spec text,
    sample integer,
    snapshot text not null references snapshots,
    scaffold text references snapshots,
    created_at timestamptz not null,
    unique (workspace_id, name, snapshot)
  )`,
  'create index apps_by_time on apps (workspace_id, id desc)',
]

export const appMigrations: readonly Migration[] = [
  {
    name: '2026-11-20-apps',
    async up(db) {
      for (const statement of statements) await sql.raw(statement).execute(db)
    },
  },
]
