import { type Kysely, type RawBuilder, sql } from 'kysely'
import { analyzerById } from '#bench/analyzers'
import { confidences, cweName, owaspName, severities } from '#bench/findings'
import { noFindings, severityOf } from './counts.ts'
import { conditions } from './finding-filter.ts'
import type { FindingIndex } from './finding-index/open.ts'
import { type GroupedCount, groupRows } from './finding-index/select.ts'
import type { FindingGroups, FindingGroupsQuery } from './finding-resources.ts'
import type { StudyTables } from './tables.ts'

type Group = FindingGroups['items'][number]

/** Findings counted by one property, the most frequent first. */
export async function groupsOfFindings(
  db: Kysely<StudyTables>,
  index: FindingIndex,
  workspace: string,
  query: FindingGroupsQuery,
): Promise<FindingGroups> {
  const counts =
    (await index.ask(workspace, (rows) => groupRows(rows, query))) ?? (await countsByQuery(db, workspace, query))
  const items = new Map<string, Group>()
  for (const { key, severity, count } of counts) {
    for (const known of typeof key === 'object' && key !== null ? key : [String(key ?? '')]) {
      const item = items.get(known) ?? emptyGroup(query.by, known)
      item.count += count
      item.bySeverity[severityOf(severity)] += count
      items.set(known, item)
    }
  }
  return { items: [...items.values()].sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1)) }
}

/** The column a grouping goes by. A finding counts under each analyzer that saw it, and under its first CWE. */
const groupings: Readonly<Record<FindingGroupsQuery['by'], RawBuilder<GroupedCount['key']>>> = {
  rule: sql<string>`findings.rule`,
  model: sql<string | null>`findings.model`,
  app: sql<string>`findings.app_name`,
  cwe: sql<number | null>`findings.cwe[1]`,
  owasp: sql<string | null>`findings.owasp`,
  severity: sql<number>`findings.severity`,
  analyzer: sql<readonly string[]>`findings.analyzers`,
  state: sql<string>`findings.state`,
  provenance: sql<string>`findings.provenance`,
  confidence: sql<number>`findings.confidence`,
}

/** As `groupRows`, from the database. */
export async function countsByQuery(
  db: Kysely<StudyTables>,
  workspace: string,
  query: FindingGroupsQuery,
): Promise<readonly GroupedCount[]> {
  return db
    .selectFrom('findings')
    .where((where) => where.and(conditions(where, workspace, query)))
    .select([groupings[query.by].as('key'), 'findings.severity', sql<number>`count(*)::int`.as('count')])
    .groupBy([sql`1`, 'findings.severity'])
    .execute()
}

function emptyGroup(by: FindingGroupsQuery['by'], known: string): Group {
  const key =
    by === 'severity' ? severityOf(Number(known)) : by === 'confidence' ? (confidences[Number(known)] ?? known) : known
  return { key, label: labelOf(by, known), count: 0, bySeverity: { ...noFindings } }
}

function labelOf(by: FindingGroupsQuery['by'], key: string): string {
  if (key === '') return 'none'
  if (by === 'rule') return titleOf(key)
  if (by === 'severity') return severities[Number(key)] ?? key
  if (by === 'confidence') return confidences[Number(key)] ?? key
  if (by === 'cwe') return `CWE-${key} ${cweName(Number(key)) ?? ''}`.trim()
  if (by === 'owasp') return `${key} ${owaspName(key) ?? ''}`.trim()
  return key
}

/** The title of `analyzer/rule`, which may hold further slashes; itself where this release has no such rule. */
function titleOf(key: string): string {
  const slash = key.indexOf('/')
  return analyzerById(key.slice(0, slash))?.rule(key.slice(slash + 1))?.title ?? key
}
