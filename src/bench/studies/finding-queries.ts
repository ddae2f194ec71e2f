import {
  type Expression,
  type ExpressionBuilder,
  type ExpressionWrapper,
  type Kysely,
  type RawBuilder,
  type Selectable,
  type SqlBool,
  sql,
} from 'kysely'
import { z } from 'zod'
import { analyzerById } from '#bench/analyzers'
import { confidenceRank, confidences, cweName, owaspName, severities } from '#bench/findings'
import { InvalidInput } from '#platform/errors'
import { cursorCodec, type Page } from '#platform/http'
import { noFindings, rankOf, severityOf } from './counts.ts'
import type { FindingGroups, FindingGroupsQuery, FindingItem, FindingsQuery } from './finding-resources.ts'
import type { StudyTables } from './tables.ts'

/** A finding read whole, with the name of its study. */
export type FindingRow = Selectable<StudyTables['findings']> &
  Pick<Selectable<StudyTables['finding_bodies']>, 'body'> & { study_name: string }

type Filter = Omit<FindingGroupsQuery, 'by'>
type Group = FindingGroups['items'][number]

/** Columns a list can be sorted by, and the direction; the id settles ties. */
const sorts = {
  '-severity': { column: 'severity', direction: 'asc' },
  severity: { column: 'severity', direction: 'desc' },
  path: { column: 'path', direction: 'asc' },
  rule: { column: 'rule', direction: 'asc' },
  app: { column: 'app_name', direction: 'asc' },
} as const

const cursors = cursorCodec(z.object({ value: z.union([z.string(), z.number()]), id: z.uuid() }))

/** One page of findings in the order asked for, and how many there are in all. */
export async function pageOfFindings(
  db: Kysely<StudyTables>,
  workspace: string,
  query: FindingsQuery,
): Promise<Page<FindingItem>> {
  const { places, total } =
    query.q === undefined && query.path === undefined
      ? await walkIndex(db, workspace, query)
      : await searchAll(db, workspace, query)
  const shown = places.slice(0, query.limit)
  const rows = new Map((await rowsOf(db, shown)).map((row) => [row.id, row]))
  const last = shown.at(-1)
  return {
    items: shown.flatMap(({ id }) => rows.get(id) ?? []).map(toItem),
    next: places.length > query.limit && last !== undefined ? cursors.encode(last) : null,
    total,
  }
}

/** The wide part is read of the rows of one page only. */
async function rowsOf(db: Kysely<StudyTables>, places: readonly Place[]): Promise<FindingRow[]> {
  if (places.length === 0) return []
  return db
    .selectFrom('findings')
    .innerJoin('finding_bodies', 'finding_bodies.id', 'findings.id')
    .innerJoin('studies', 'studies.id', 'findings.study_id')
    .selectAll('findings')
    .select(['finding_bodies.body', 'studies.name as study_name'])
    .where(
      'findings.id',
      'in',
      places.map(({ id }) => id),
    )
    .execute()
}

/** Where a finding stands in the order asked for. */
interface Place {
  readonly id: string
  readonly value: string | number
}

interface Places {
  /** In order; one more than the page holds, where there is a next one. */
  readonly places: readonly Place[]
  readonly total: number
}

/** Follows an index until the page is full; only a full page leaves the number of all to be counted. */
async function walkIndex(db: Kysely<StudyTables>, workspace: string, query: FindingsQuery): Promise<Places> {
  const { column, direction } = sorts[query.sort]
  let select = db
    .selectFrom('findings')
    .select(['findings.id', `findings.${column} as value`])
    .where((where) => where.and(conditions(where, workspace, query)))
  if (query.cursor !== undefined) select = select.where(after(query.cursor, query.sort, 'findings'))
  const rows = await select
    .orderBy(`findings.${column}`, direction)
    .orderBy('findings.id', direction)
    .limit(query.limit + 1)
    .execute()
  const all = query.cursor === undefined && rows.length <= query.limit
  return { places: rows, total: all ? rows.length : await countOf(db, workspace, query) }
}

/** No index knows parts of texts: looks at every one, once, for the page and the number of all. */
async function searchAll(db: Kysely<StudyTables>, workspace: string, query: FindingsQuery): Promise<Places> {
  const { column, direction } = sorts[query.sort]
  const rows = await db
    .with(
      (name) => name('matches').materialized(),
      (cte) =>
        cte
          .selectFrom('findings')
          .select(['findings.id', `findings.${column} as value`])
          .where((where) => where.and(conditions(where, workspace, query))),
    )
    .with('page', (cte) => {
      const page = cte.selectFrom('matches').select(['id', 'value'])
      return (query.cursor === undefined ? page : page.where(after(query.cursor, query.sort, 'matches')))
        .orderBy('value', direction)
        .orderBy('id', direction)
        .limit(query.limit + 1)
    })
    .selectFrom('page')
    .rightJoin(
      (all) => all.selectFrom('matches').select(sql<number>`count(*)::int`.as('total')).as('counted'),
      (join) => join.onTrue(),
    )
    .select(['page.id', 'page.value', 'counted.total'])
    .orderBy('page.value', direction)
    .orderBy('page.id', direction)
    .execute()
  return {
    places: rows.flatMap(({ id, value }) => (id === null || value === null ? [] : { id, value })),
    total: rows[0]?.total ?? 0,
  }
}

/** What comes after a cursor. */
function after(cursor: string, sort: FindingsQuery['sort'], table: 'findings' | 'matches'): RawBuilder<SqlBool> {
  const { value, id } = cursors.decode(cursor)
  const { column, direction } = sorts[sort]
  if (typeof value !== (column === 'severity' ? 'number' : 'string'))
    throw new InvalidInput('The cursor belongs to another order of the list.', { next: 'Start again without it.' })
  const place = sql.ref(table === 'matches' ? 'value' : `findings.${column}`)
  return sql<SqlBool>`(${place}, ${sql.ref(`${table}.id`)}) ${sql.raw(direction === 'asc' ? '>' : '<')} (${value}, ${id}::uuid)`
}

export function toItem(row: FindingRow): FindingItem {
  return {
    ...row.body,
    id: row.id,
    studyId: row.study_id,
    study: { id: row.study_id, name: row.study_name },
    app: { id: row.app_id, name: row.app_name, model: row.model },
    state: row.state,
  }
}

async function countOf(db: Kysely<StudyTables>, workspace: string, query: Filter): Promise<number> {
  const { count } = await db
    .selectFrom('findings')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where((where) => where.and(conditions(where, workspace, query)))
    .executeTakeFirstOrThrow()
  return Number(count)
}

function conditions(
  where: ExpressionBuilder<StudyTables, 'findings'>,
  workspace: string,
  query: Filter,
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
    all.push(sql<SqlBool>`lower(findings.path) like ${`%${escapeLike(query.path.toLowerCase())}%`}`)
  if (query.q !== undefined) all.push(where('findings.haystack', 'like', `%${escapeLike(query.q.toLowerCase())}%`))
  return all
}

/** What counts where nothing else is asked for, as `isCounted` has it. */
export function isCountedRow(
  where: ExpressionBuilder<StudyTables, 'findings'>,
): ExpressionWrapper<StudyTables, 'findings', SqlBool> {
  return where('findings.confidence', '<', confidenceRank('low'))
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

/** The column a grouping goes by. A finding counts under each analyzer that saw it, and under its first CWE. */
const groupings: Readonly<Record<FindingGroupsQuery['by'], RawBuilder<string | number | readonly string[] | null>>> = {
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

/** Findings counted by one property, the most frequent first. */
export async function groupsOfFindings(
  db: Kysely<StudyTables>,
  workspace: string,
  query: FindingGroupsQuery,
): Promise<FindingGroups> {
  const rows = await db
    .selectFrom('findings')
    .where((where) => where.and(conditions(where, workspace, query)))
    .select([groupings[query.by].as('key'), 'findings.severity', sql<number>`count(*)::int`.as('count')])
    .groupBy([sql`1`, 'findings.severity'])
    .execute()
  const items = new Map<string, Group>()
  for (const { key, severity, count } of rows) {
    for (const known of Array.isArray(key) ? key : [String(key ?? '')]) {
      const item = items.get(known) ?? emptyGroup(query.by, known)
      item.count += count
      item.bySeverity[severityOf(severity)] += count
      items.set(known, item)
    }
  }
  return { items: [...items.values()].sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1)) }
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
