import { type Expression, type ExpressionBuilder, type ExpressionWrapper, type SqlBool, sql } from 'kysely'
import { confidenceRank } from '#bench/findings'
import { rankOf } from './counts.ts'
import type { FindingFilter } from './finding-resources.ts'
import type { StudyTables } from './tables.ts'

/** What a filter asks of rows; `finding-index/select.ts` asks the same of the rows in memory. */
export function conditions(
  where: ExpressionBuilder<StudyTables, 'findings'>,
  workspace: string,
  query: FindingFilter,
): Expression<SqlBool>[] {
  const all: Expression<SqlBool>[] = [where('findings.workspace_id', '=', workspace)]
  if (query.study !== undefined) all.push(where('findings.study_id', '=', query.study))
  if (query.app !== undefined) all.push(where('findings.app_id', '=', query.app))
  if (query.model !== undefined) all.push(where('findings.model', '=', query.model))
  if (query.severity !== undefined) all.push(where('findings.severity', 'in', query.severity.map(rankOf)))
  if (query.analyzer !== undefined) all.push(sql<SqlBool>`findings.analyzers @> array[${query.analyzer}]::text[]`)
  if (query.rule !== undefined) all.push(where('findings.rule', '=', query.rule))
  if (query.cwe !== undefined) all.push(sql<SqlBool>`findings.cwe @> array[${query.cwe}]::integer[]`)
  if (query.owasp !== undefined) all.push(where('findings.owasp', '=', query.owasp))
  if (query.state !== undefined) all.push(where('findings.state', 'in', query.state))
  if (query.provenance !== undefined) all.push(where('findings.provenance', 'in', query.provenance))
  all.push(
    query.confidence === undefined
      ? isCountedRow(where)
      : where('findings.confidence', 'in', query.confidence.map(confidenceRank)),
  )
  if (query.category !== undefined) all.push(where('findings.category', 'in', query.category))
  // `ilike` folds every letter of every row anew and takes twice as long.
  if (query.path !== undefined)
    all.push(sql<SqlBool>`${foldedPath} like ${`%${escapeLike(query.path.toLowerCase())}%`}`)
  if (query.q !== undefined) all.push(where('findings.haystack', 'like', `%${escapeLike(query.q.toLowerCase())}%`))
  return all
}

/** The path in lower case. Its column is compared byte by byte, in which only ASCII has cases. */
export const foldedPath = sql<string>`lower(findings.path collate "default")`

/** What counts where nothing else is asked for, as `isCounted` has it. */
export function isCountedRow(
  where: ExpressionBuilder<StudyTables, 'findings'>,
): ExpressionWrapper<StudyTables, 'findings', SqlBool> {
  return where('findings.confidence', '<', confidenceRank('low'))
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
