import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Expression, type ExpressionBuilder, type Kysely, type Selectable, type SqlBool, sql } from 'kysely'
import { z } from 'zod'
import { type Apps, decode } from '#bench/apps'
import { cweName, type FindingState, owaspName, severities } from '#bench/findings'
import { type Database, newId, plainText } from '#platform/database'
import { NotFound } from '#platform/errors'
import { cursorCodec, type Page, pageOf } from '#platform/http'
import { noFindings, rankOf, severityOf } from './counts.ts'
import type { FindingDetail, FindingGroups, FindingGroupsQuery, FindingItem, Triage } from './finding-resources.ts'
import type { FindingRouteServices } from './finding-routes.ts'
import type { StudyTables } from './tables.ts'

type FindingRow = Selectable<StudyTables['findings']> & { study_name: string }
type Filter = Omit<FindingGroupsQuery, 'by'>

/** Lines of code shown around a finding. */
const contextLines = 12

/** Columns a list can be sorted by, and the direction; the id settles ties. */
const sorts = {
  '-severity': { column: 'severity', direction: 'asc' },
  severity: { column: 'severity', direction: 'desc' },
  path: { column: 'path', direction: 'asc' },
  rule: { column: 'rule', direction: 'asc' },
  app: { column: 'app_name', direction: 'asc' },
} as const

const cursors = cursorCodec(z.object({ value: z.union([z.string(), z.number()]), id: z.uuid() }))

/** Opens the findings kept by studies. */
export function openFindings(database: Database, apps: Apps, now: () => number): FindingRouteServices {
  const db = database.tables<StudyTables>()

  async function row(workspace: string, id: string): Promise<FindingRow> {
    const found = await db
      .selectFrom('findings')
      .innerJoin('studies', 'studies.id', 'findings.study_id')
      .selectAll('findings')
      .select('studies.name as study_name')
      .where('findings.workspace_id', '=', workspace)
      .where('findings.id', '=', id)
      .executeTakeFirst()
    if (found === undefined)
      throw new NotFound(`There is no finding ${id}.`, {
        next: 'It may have gone with its study, or with a new analysis of its app.',
      })
    return found
  }

  async function detail(workspace: string, id: string): Promise<FindingDetail> {
    const found = await row(workspace, id)
    const history = await db
      .selectFrom('defect_events')
      .leftJoin('studies', 'studies.id', 'defect_events.study_id')
      .select([
        'defect_events.at',
        'defect_events.state',
        'defect_events.author',
        'defect_events.reason',
        'studies.name as study',
      ])
      .where('defect_events.workspace_id', '=', workspace)
      .where('app_name', '=', found.app_name)
      .where('fingerprint', '=', found.fingerprint)
      .orderBy('defect_events.id')
      .execute()
    return {
      ...toItem(found),
      history: history.map(({ at, ...event }) => ({ at: at.toISOString(), ...event })),
      code: await codeOf(found),
    }
  }

  async function codeOf(found: FindingRow): Promise<FindingDetail['code']> {
    const { location } = found.body
    if (location.kind !== 'file') return null
    const { snapshot } = await db
      .selectFrom('apps')
      .select('snapshot')
      .where('id', '=', found.app_id)
      .executeTakeFirstOrThrow()
    const app = await apps.snapshot(snapshot)
    const file = app.files.find(({ path }) => path === location.path)
    if (file?.encoding === undefined) return null
    const lines = decode(await readFile(join(app.root, file.path)), file.encoding).split(/\r\n?|\n/)
    const first = location.region?.startLine ?? 1
    const last = Math.min(location.region?.endLine ?? first, first + 100, lines.length)
    const from = Math.max(1, first - contextLines)
    return {
      path: location.path,
      startLine: from,
      lines: lines.slice(from - 1, last + contextLines).map((line) => line.slice(0, 2000)),
      highlight: { startLine: first, endLine: Math.max(first, last) },
    }
  }

  return {
    getFinding: detail,
    async listFindings(workspace, query) {
      const { column, direction } = sorts[query.sort]
      const comparison = direction === 'asc' ? '>' : '<'
      let select = db
        .selectFrom('findings')
        .innerJoin('studies', 'studies.id', 'findings.study_id')
        .selectAll('findings')
        .select('studies.name as study_name')
        .where((where) => where.and(conditions(where, workspace, query)))
      if (query.cursor !== undefined) {
        const { value, id } = cursors.decode(query.cursor)
        select = select.where(
          sql<SqlBool>`(findings.${sql.ref(column)}, findings.id) ${sql.raw(comparison)} (${value}, ${id}::uuid)`,
        )
      }
      const rows: FindingRow[] = await select
        .orderBy(`findings.${column}`, direction)
        .orderBy('findings.id', direction)
        .limit(query.limit + 1)
        .execute()
      const page: Page<FindingItem> = pageOf(
        rows,
        query.limit,
        (last) => cursors.encode({ value: last[column], id: last.id }),
        toItem,
      )
      return { ...page, total: await countOf(db, workspace, query) }
    },
    async groupFindings(workspace, query) {
      return groups(db, workspace, query)
    },
    async triageFinding(workspace, author, id, decision) {
      const found = await row(workspace, id)
      await decide(db, workspace, found, decision, author, now())
      return detail(workspace, id)
    },
  }
}

/** A person's decision holds for the defect in every study of the app. */
async function decide(
  db: Kysely<StudyTables>,
  workspace: string,
  found: FindingRow,
  { state, reason }: Triage,
  author: string,
  now: number,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    for (const table of ['defects', 'findings'] as const) {
      await trx
        .updateTable(table)
        .set({ state: state satisfies FindingState })
        .where('workspace_id', '=', workspace)
        .where('app_name', '=', found.app_name)
        .where('fingerprint', '=', found.fingerprint)
        .execute()
    }
    await trx
      .insertInto('defect_events')
      .values({
        id: newId(now),
        workspace_id: workspace,
        app_name: found.app_name,
        fingerprint: found.fingerprint,
        at: new Date(now),
        state,
        author: plainText(author),
        reason: plainText(reason),
        study_id: null,
      })
      .execute()
  })
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
  if (query.category !== undefined) all.push(where('findings.category', 'in', query.category))
  if (query.path !== undefined) all.push(where('findings.path', 'ilike', `%${escapeLike(query.path)}%`))
  if (query.q !== undefined) all.push(where('findings.haystack', 'like', `%${escapeLike(query.q.toLowerCase())}%`))
  return all
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

/** What a grouping goes by: an SQL expression for the key, and for the app a label beside it. */
const groupings: Readonly<Record<FindingGroupsQuery['by'], ReturnType<typeof sql<string | null>>>> = {
  rule: sql<string | null>`findings.rule`,
  model: sql<string | null>`findings.model`,
  app: sql<string | null>`findings.app_name`,
  cwe: sql<string | null>`findings.cwe[1]::text`,
  owasp: sql<string | null>`findings.owasp`,
  severity: sql<string | null>`findings.severity::text`,
  analyzer: sql<string | null>`witness`,
  state: sql<string | null>`findings.state`,
  provenance: sql<string | null>`findings.provenance`,
}

async function groups(db: Kysely<StudyTables>, workspace: string, query: FindingGroupsQuery): Promise<FindingGroups> {
  const key = groupings[query.by]
  const base = db
    .selectFrom('findings')
    .where((where) => where.and(conditions(where, workspace, query)))
    .select([
      key.as('key'),
      'findings.severity',
      sql<number>`count(*)::int`.as('count'),
      sql<string>`min(findings.body->>'title')`.as('title'),
    ])
    .groupBy([sql`1`, 'findings.severity'])
  const rows =
    query.by === 'analyzer'
      ? await base
          .innerJoin(
            sql<{ witness: string }>`lateral unnest(findings.analyzers)`.as<'unnested'>(sql`unnested(witness)`),
            (join) => join.onTrue(),
          )
          .execute()
      : await base.execute()
  const items = new Map<string, FindingGroups['items'][number]>()
  for (const row of rows) {
    const known = row.key ?? ''
    const item = items.get(known) ?? {
      key: query.by === 'severity' ? severityOf(Number(known)) : known,
      label: labelOf(query.by, known, row.title),
      count: 0,
      bySeverity: { ...noFindings },
    }
    item.count += row.count
    item.bySeverity[severityOf(row.severity)] += row.count
    items.set(known, item)
  }
  return { items: [...items.values()].sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1)) }
}

function labelOf(by: FindingGroupsQuery['by'], key: string, title: string): string {
  if (key === '') return 'none'
  if (by === 'rule') return title
  if (by === 'severity') return severities[Number(key)] ?? key
  if (by === 'cwe') return `CWE-${key} ${cweName(Number(key)) ?? ''}`.trim()
  if (by === 'owasp') return `${key} ${owaspName(key) ?? ''}`.trim()
  return key
}

function toItem(row: FindingRow): FindingItem {
  return {
    ...row.body,
    id: row.id,
    studyId: row.study_id,
    study: { id: row.study_id, name: row.study_name },
    app: { id: row.app_id, name: row.app_name, model: row.model },
    state: row.state,
  }
}
