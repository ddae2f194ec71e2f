import { sql } from 'kysely'
import type { Migration } from '#platform/database'

/** The first four tables are those of better-auth 1.7, under our names (see `accounts.ts`). */
const statements = [
  `create table users (
    id uuid primary key,
    name text not null,
    email text not null unique,
    email_verified boolean not null default false,
    image text,
    created_at timestamptz not null,
    updated_at timestamptz not null
  )`,
  `create table sessions (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    token text not null unique,
    expires_at timestamptz not null,
    ip_address text,
    user_agent text,
    created_at timestamptz not null,
    updated_at timestamptz not null
  )`,
  'create index sessions_by_user on sessions (user_id)',
  `create table accounts (
    id uuid primary key,
    account_id text not null,
    provider_id text not null,
    user_id uuid not null references users on delete cascade,
    access_token text,
    refresh_token text,
    id_token text,
    access_token_expires_at timestamptz,
    refresh_token_expires_at timestamptz,
    scope text,
    password text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (provider_id, account_id)
  )`,
  'create index accounts_by_user on accounts (user_id)',
  `create table verifications (
    id uuid primary key,
    identifier text not null,
    value text not null,
    expires_at timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
  )`,
  'create index verifications_by_identifier on verifications (identifier)',
  'create table workspaces (id uuid primary key, name text not null, created_at timestamptz not null)',
  `create table members (
    id uuid primary key,
    workspace_id uuid not null references workspaces on delete cascade,
    user_id uuid not null references users on delete cascade,
    role text not null check (role in ('viewer', 'analyst', 'admin')),
    created_at timestamptz not null,
    unique (user_id, workspace_id)
  )`,
  'create index members_by_workspace on members (workspace_id, id)',
  `create table api_keys (
    id uuid primary key,
    workspace_id uuid not null,
    user_id uuid not null,
    name text not null,
    role text not null check (role in ('viewer', 'analyst', 'admin')),
    start text not null,
    digest text not null unique,
    created_at timestamptz not null,
    last_used_at timestamptz,
    expires_at timestamptz,
    foreign key (user_id, workspace_id) references members (user_id, workspace_id) on delete cascade
  )`,
  'create index api_keys_by_workspace on api_keys (workspace_id, id desc)',
  `create table sign_in_failures (
    subject text primary key,
    failures integer not null default 0,
    last_at timestamptz not null,
    blocked_until timestamptz
  )`,
]

export const identityMigrations: readonly Migration[] = [
  {
    name: '2026-11-20-identity',
    async up(db) {
      for (const statement of statements) await sql.raw(statement).execute(db)
    },
  },
]
