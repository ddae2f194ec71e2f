import { sql } from 'kysely'
import type { Migration } from '#platform/database'

const statements = [
  `create table studies (
    id uuid primary key,
    workspace_id uuid not null,
    name text not null,
    question text,
    state text not null,
    analyzers text[] not null,
    repeats integer not null,
    options jsonb not null,
    priority integer not null default 0,
    created_by text not null,
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz
  )`,
  'create index studies_by_time on studies (workspace_id, id desc)',
  `create table study_apps (
    study_id uuid not null references studies on delete cascade,
    app_id uuid not null references apps,
    position integer not null,
    stale boolean not null default false,
    primary key (study_id, app_id)
  )`,
  'create index study_apps_by_app on study_apps (app_id)',
  `create table results (
    id uuid primary key,
    analyzer text not null,
    version text not null,
    options_digest text not null,
    snapshot text not null references snapshots,
    repeat integer not null,
    findings jsonb not null,
    metrics jsonb not null,
    coverage jsonb not null,
    checks jsonb not null,
    counts jsonb not null,
    log jsonb not null,
    duration_ms integer not null,
    reusable_until timestamptz not null
  )`,
  'create index results_by_question on results (snapshot, analyzer, version, options_digest, repeat)',
  `create table analyses (
    id uuid primary key,
    study_id uuid not null references studies on delete cascade,
    app_id uuid not null references apps,
    analyzer text not null,
    version text not null,
    repeat integer not null,
    options_digest text not null,
    queue text not null,
    outcome text,
    reason text,
    result_id uuid references results,
    cached boolean not null default false,
    attempts integer not null default 0,
    worker_id uuid,
    counts jsonb not null default '{"critical":0,"high":0,"medium":0,"low":0,"info":0}',
    analysed integer,
    total integer,
    log jsonb not null default '[]',
    duration_ms integer,
    started_at timestamptz,
    finished_at timestamptz,
    unique (study_id, app_id, analyzer, repeat)
  )`,
  'create index analyses_unfinished on analyses (study_id) where outcome is null',
  'create index analyses_at_work on analyses (worker_id) where outcome is null and worker_id is not null',
  `create table findings (
    id uuid primary key,
    workspace_id uuid not null,
    study_id uuid not null,
    app_id uuid not null,
    app_name text not null,
    model text,
    fingerprint text not null,
    severity smallint not null,
    category text not null,
    rule text not null,
    analyzers text[] not null,
    cwe integer[] not null,
    owasp text,
    path text not null,
    line integer not null,
    state text not null,
    provenance text not null,
    haystack text not null,
    foreign key (study_id, app_id) references study_apps on delete cascade
  )`,
  'create index findings_by_severity on findings (workspace_id, severity, id)',
  'create index findings_of_study on findings (study_id, severity, id)',
  'create index findings_of_app on findings (app_id, study_id, severity, id)',
  'create index findings_by_path on findings (workspace_id, path, id)',
  'create index findings_by_rule on findings (workspace_id, rule, id)',
  'create index findings_by_app_name on findings (workspace_id, app_name, id)',
  `create table finding_bodies (
    id uuid primary key,
    study_id uuid not null,
    app_id uuid not null,
    body jsonb not null,
    foreign key (study_id, app_id) references study_apps on delete cascade
  )`,
  'create index finding_bodies_of_app on finding_bodies (study_id, app_id)',
  `create table defects (
    workspace_id uuid not null,
    app_name text not null,
    fingerprint text not null,
    state text not null,
    known jsonb not null,
    primary key (workspace_id, app_name, fingerprint)
  )`,
  `create table defect_events (
    id uuid primary key,
    workspace_id uuid not null,
    app_name text not null,
    fingerprint text not null,
    at timestamptz not null,
    state text not null,
    author text,
    reason text,
    study_id uuid
  )`,
  'create index defect_events_of_defect on defect_events (workspace_id, app_name, fingerprint, id)',
  `create table workers (
    id uuid primary key,
    host text not null,
    pid integer not null,
    last_seen timestamptz not null
  )`,
]

/**
 * Findings of low confidence do not count: lists must be able to leave them out without reading bodies, and the counts kept
 * with analyses and results are taken again. The indexes carry the column, so that counting still reads nothing else.
 */
const confidenceStatements = [
  'alter table findings add column confidence smallint not null default 0',
  `update findings set confidence = case body->>'confidence' when 'low' then 2 else 1 end
    from finding_bodies where finding_bodies.id = findings.id and body->>'confidence' <> 'high'`,
  'alter table findings alter column confidence drop default',
  'drop index findings_by_severity',
  'create index findings_by_severity on findings (workspace_id, severity, id) include (confidence)',
  'drop index findings_of_study',
  'create index findings_of_study on findings (study_id, severity, id) include (confidence)',
  `update results set counts = (
    select jsonb_object_agg(name, (
      select count(*) from jsonb_array_elements(findings) as given
      where given->>'severity' = name and given->>'confidence' <> 'low'))
    from unnest(array['critical', 'high', 'medium', 'low', 'info']) as name)
    where findings @> '[{"confidence":"low"}]'`,
  `update analyses set counts = results.counts from results
    where results.id = analyses.result_id and results.findings @> '[{"confidence":"low"}]'`,
]

/**
 * Findings are written in bulk by transactions that hold the row of their app, and deleted with their study: looking up that
 * row for each of them again took a third of the time.
 */
const copyStatements = [
  'alter table study_apps add column context text',
  'alter table findings drop constraint findings_study_id_app_id_fkey',
  // With the index on them.
  'alter table finding_bodies drop column study_id, drop column app_id',
  'drop index analyses_unfinished',
  'create index analyses_unfinished on analyses (study_id, app_id) where outcome is null',
]

/**
 * Every change of findings leaves a record by which an index in memory, in any process, is brought up to date. And texts that
 * lists are sorted by are compared byte by byte, so that lists have the same order on every database, and in memory.
 */
const indexStatements = [
  `create table finding_changes (
    workspace_id uuid,
    study_id uuid,
    app_id uuid,
    xid xid8 not null default pg_current_xact_id()
  )`,
  'create unique index finding_changes_of_workspace on finding_changes (workspace_id, xid, study_id, app_id)',
  `create function record_finding_changes() returns trigger language plpgsql as $$
  begin
    insert into finding_changes (workspace_id, study_id, app_id)
      select distinct workspace_id, study_id, app_id from changed on conflict do nothing;
    return null;
  end $$`,
  // PostgreSQL's manual, 43.10 "Trigger Functions": a transition table belongs to a trigger of one event.
  ...['insert', 'update', 'delete'].map(
    (event) => `create trigger findings_after_${event} after ${event} on findings
      referencing ${event === 'delete' ? 'old' : 'new'} table as changed
      for each statement execute function record_finding_changes()`,
  ),
  `alter table findings
    alter column path type text collate "C", alter column rule type text collate "C", alter column app_name type text collate "C"`,
]

/** Analyses keep screenshots, logs and series, also those that failed; what answers a later question keeps them too. */
const artifactStatements = ['analyses', 'results'].map(
  (table) => `alter table ${table} add column artifacts jsonb not null default '[]'`,
)

export const studyMigrations: readonly Migration[] = [
  {
    name: '2026-11-20-studies',
    async up(db) {
      for (const statement of statements) await sql.raw(statement).execute(db)
    },
  },
  {
    name: '2026-11-21-confidence',
    async up(db) {
      for (const statement of confidenceStatements) await sql.raw(statement).execute(db)
    },
  },
  {
    name: '2026-11-21-copied-findings',
    async up(db) {
      for (const statement of copyStatements) await sql.raw(statement).execute(db)
    },
  },
  {
    name: '2026-11-21-finding-index',
    async up(db) {
      for (const statement of indexStatements) await sql.raw(statement).execute(db)
    },
  },
  {
    name: '2026-11-21-artifacts',
    async up(db) {
      for (const statement of artifactStatements) await sql.raw(statement).execute(db)
    },
  },
]
