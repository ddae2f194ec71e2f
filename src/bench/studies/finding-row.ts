import { type Kysely, sql } from 'kysely'
import { confidenceRank, type Finding, type FindingState } from '#bench/findings'
import { digestId, jsonText } from '#platform/database'
import { rankOf } from './counts.ts'
import type { StudyTables } from './tables.ts'

/** The app whose findings are written, in one study. */
export interface FindingOwner {
  readonly workspace_id: string
  readonly study_id: string
  readonly app_id: string
  readonly name: string
  readonly model: string | null
}

const rowsPerInsert = 250

/**
 * Keeps findings: what lists filter, sort and group by in narrow rows, which are scanned whole; the wide rest beside
 * them, read for one page at a time. Part of the caller's transaction.
 */
export async function insertFindings(
  db: Kysely<StudyTables>,
  owner: FindingOwner,
  findings: readonly { readonly finding: Finding; readonly state: FindingState }[],
): Promise<void> {
  for (let from = 0; from < findings.length; from += rowsPerInsert) {
    const batch = findings.slice(from, from + rowsPerInsert)
    // One parameter for all rows: the embedded database spends longer on thousands of parameters than on the rows.
    const rows = jsonText(batch.map(({ finding, state }) => findingRow(finding, owner, state)))
    await sql`insert into findings select * from jsonb_populate_recordset(null::findings, ${rows}::jsonb)`.execute(db)
    const bodies = jsonText(batch.map(({ finding }) => ({ id: idOf(finding, owner), body: finding })))
    await sql`insert into finding_bodies select id, body from jsonb_to_recordset(${bodies}::jsonb) as given(id uuid, body jsonb)`.execute(
      db,
    )
  }
}

/** Forgets the findings of a study, or of one app in it; part of the caller's transaction. */
export async function deleteFindings(db: Kysely<StudyTables>, study: string, app?: string): Promise<void> {
  const own = app === undefined ? sql`` : sql`and app_id = ${app}`
  // Bodies by their ids: while a study runs the planner knows nothing of the rows, and would read them all.
  await sql`with gone as (delete from findings where study_id = ${study} ${own} returning id)
    delete from finding_bodies where id = any(array(select id from gone))`.execute(db)
}

function idOf(finding: Finding, owner: FindingOwner): string {
  return digestId(owner.study_id, owner.app_id, finding.fingerprint)
}

function findingRow(finding: Finding, owner: FindingOwner, state: FindingState) {
  const { location, title, message } = finding
  const place = location.kind === 'file' ? location.path : location.url
  return {
    id: idOf(finding, owner),
    workspace_id: owner.workspace_id,
    study_id: owner.study_id,
    app_id: owner.app_id,
    app_name: owner.name,
    model: owner.model,
    fingerprint: finding.fingerprint,
    severity: rankOf(finding.severity),
    category: finding.category,
    rule: finding.rule,
    analyzers: [...new Set(finding.witnesses.map(({ analyzer }) => analyzer))].sort(),
    cwe: finding.cwe,
    owasp: finding.owasp ?? null,
    path: location.kind === 'file' ? location.path : `${location.method} ${location.url}`,
    line: location.kind === 'file' ? (location.region?.startLine ?? 0) : 0,
    state,
    provenance: finding.provenance,
    confidence: confidenceRank(finding.confidence),
    haystack: [...(message.includes(title) ? [] : [title]), message, finding.rule, place].join('\n').toLowerCase(),
  } satisfies Record<keyof StudyTables['findings'], unknown>
}
