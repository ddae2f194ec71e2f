import type { ColumnType, JSONColumnType } from 'kysely'
import type { Check, Coverage, KeptArtifact, Outcome } from '#bench/analyzers'
import type { AppTables } from '#bench/collection'
import type { Finding, FindingState } from '#bench/findings'
import type { SeverityCounts } from './resources.ts'

type Options = Readonly<Record<string, Readonly<Record<string, unknown>>>>
/** A JSON column: read as a value, written as text. */
type Json<T> = ColumnType<T, string, string>

export interface StudyTables extends AppTables {
  studies: {
    id: string
    workspace_id: string
    name: string
    question: string | null
    state: 'queued' | 'running' | 'completed' | 'cancelled'
    analyzers: string[]
    repeats: number
    options: Json<Options>
    priority: number
    created_by: string
    created_at: Date
    started_at: Date | null
    finished_at: Date | null
  }
  study_apps: {
    study_id: string
    app_id: string
    position: number
    /** Whether results came in that the findings of this app do not show yet. */
    stale: boolean
    /** The company of apps its findings were seen in; see `contextOf`. */
    context: string | null
  }
  /** One row for every planned analysis; the row is the checkpoint: with an outcome, it is finished. */
  analyses: {
    id: string
    study_id: string
    app_id: string
    analyzer: string
    version: string
    repeat: number
    options_digest: string
    queue: string
    outcome: Outcome | null
    reason: string | null
    result_id: string | null
    cached: boolean
    attempts: number
    worker_id: string | null
    counts: ColumnType<SeverityCounts, string | undefined, string>
    analysed: number | null
    total: number | null
    log: ColumnType<readonly string[], string | undefined, string>
    /** What it kept besides, however it ended; the keys are those of blobs. */
    artifacts: ColumnType<readonly KeptArtifact[], string | undefined, string>
    duration_ms: number | null
    started_at: Date | null
    finished_at: Date | null
  }
  /** What a completed analysis measured, by question: asked again, it is answered from here. */
  results: {
    id: string
    analyzer: string
    version: string
    options_digest: string
    snapshot: string
    repeat: number
    findings: JSONColumnType<readonly Finding[], string, string>
    metrics: Json<Readonly<Record<string, number>>>
    coverage: JSONColumnType<Coverage, string, string>
    checks: JSONColumnType<readonly Check[], string, string>
    counts: JSONColumnType<SeverityCounts, string, string>
    log: JSONColumnType<readonly string[], string, string>
    artifacts: JSONColumnType<readonly KeptArtifact[], string, string>
    duration_ms: number
    /** Until when it answers the same question: `infinity` for what depends on the code alone. */
    reusable_until: ColumnType<Date | number, Date | string, Date | string>
  }
  /** The merged findings of every app of every study: what lists filter, sort and group by. */
  findings: {
    id: string
    workspace_id: string
    study_id: string
    app_id: string
    app_name: string
    model: string | null
    fingerprint: string
    /** 0 critical … 4 info. */
    severity: number
    category: string
    rule: string
    analyzers: string[]
    cwe: number[]
    owasp: string | null
    path: string
    line: number
    state: FindingState
    provenance: string
    /** 0 high, 1 medium, 2 low. */
    confidence: number
    /** Lower-case title, message, rule and path, for search. */
    haystack: string
  }
  /** Which findings were written by which transaction: see `finding-index/changes.ts`. All null but the last: a gap. */
  finding_changes: {
    workspace_id: string | null
    study_id: string | null
    app_id: string | null
    xid: ColumnType<string, string | undefined, never>
  }
  /** The whole findings, apart because they are ten times as wide as what lists look at. */
  finding_bodies: {
    id: string
    body: Json<Finding>
  }
  /** The life of a defect of one app across studies. */
  defects: {
    workspace_id: string
    app_name: string
    fingerprint: string
    state: FindingState
    known: Json<Pick<Finding, 'fingerprint' | 'witnesses' | 'location'>>
  }
  defect_events: {
    id: string
    workspace_id: string
    app_name: string
    fingerprint: string
    at: Date
    state: FindingState
    author: string | null
    reason: string | null
    study_id: string | null
  }
  workers: {
    id: string
    host: string
    pid: number
    last_seen: Date
  }
}
