import type { Insertable } from 'kysely'
import type { Finding, FindingState } from '#bench/findings'
import { digestId, jsonText, plainText } from '#platform/database'
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

/** A finding as it is kept: what lists filter, sort and group by in columns, the whole as `body`. */
export function findingRow(
  finding: Finding,
  owner: FindingOwner,
  state: FindingState,
): Insertable<StudyTables['findings']> {
  const { location } = finding
  return {
    id: digestId(owner.study_id, owner.app_id, finding.fingerprint),
    workspace_id: owner.workspace_id,
    study_id: owner.study_id,
    app_id: owner.app_id,
    app_name: owner.name,
    model: owner.model,
    fingerprint: finding.fingerprint,
    severity: rankOf(finding.severity),
    category: finding.category,
    rule: finding.rule,
    analyzers: [...new Set(finding.witnesses.map(({ analyzer }) => analyzer))],
    cwe: finding.cwe,
    owasp: finding.owasp ?? null,
    path: location.kind === 'file' ? plainText(location.path) : `${location.method} ${location.url}`,
    line: location.kind === 'file' ? (location.region?.startLine ?? 0) : 0,
    state,
    provenance: finding.provenance,
    haystack: plainText(
      `${finding.title}\n${finding.message}\n${finding.rule}\n${location.kind === 'file' ? location.path : location.url}\n${owner.name}`.toLowerCase(),
    ),
    body: jsonText(finding),
  }
}
