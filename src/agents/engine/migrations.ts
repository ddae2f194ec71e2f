import { sql } from 'kysely'
import type { Migration } from '#platform/database'

const statements = [
  `create table executions (
    id uuid primary key,
    workspace_id uuid not null,
    agent text not null,
    agent_version text not null,
    task jsonb not null,
    state text not null,
    reason text,
    result jsonb,
    parent_id uuid references executions on delete cascade,
    created_by text not null,
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    epoch integer not null default 0,
    worker_id uuid
  )`,
  'create index executions_by_time on executions (workspace_id, id desc)',
  `create index executions_unfinished on executions (id) where state in ('queued', 'running')`,
  `create table execution_steps (
    execution_id uuid not null references executions on delete cascade,
    number integer not null,
    kind text not null,
    name text not null,
    state text not null,
    digest text not null,
    input jsonb,
    output jsonb,
    attempts integer not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    primary key (execution_id, number)
  )`,
  `create table execution_workers (
    id uuid primary key,
    host text not null,
    pid integer not null,
    last_seen timestamptz not null
  )`,
]

export const engineMigrations: readonly Migration[] = [
  {
    name: '2026-11-21-executions',
    async up(db) {
      for (const statement of statements) await sql.raw(statement).execute(db)
    },
  },
]
