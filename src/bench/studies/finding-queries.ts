import { type Kysely, type RawBuilder, type Selectable, type SqlBool, sql } from 'kysely'
import type { Page } from '#platform/http'
import { conditions } from './finding-filter.ts'
import type { FindingIndex } from './finding-index/open.ts'
import { placesIn } from './finding-index/select.ts'
import { fromCursor, type Place, type Places, sorts, toCursor } from './finding-order.ts'
import type { FindingFilter, FindingItem, FindingsQuery } from './finding-resources.ts'
import type { StudyTables } from './tables.ts'

/** A finding read whole, with the name of its study. */
export type FindingRow = Selectable<StudyTables['findings']> &
  Pick<Selectable<StudyTables['finding_bodies']>, 'body'> & { study_name: string }

/** One page of findings in the order asked for, and how many there are in all. */
export async function pageOfFindings(
  db: Kysely<StudyTables>,
  index: FindingIndex,
  workspace: string,
  query: FindingsQuery,
): Promise<Page<FindingItem>> {
  const { places, total } =
    (await index.ask(workspace, (rows) => placesIn(rows, query))) ?? (await placesByQuery(db, workspace, query))
  const shown = places.slice(0, query.limit)
  const rows = new Map((await rowsOf(db, shown)).map((row) => [row.id, row]))
  const last = shown.at(-1)
  return {
    items: shown.flatMap(({ id }) => rows.get(id) ?? []).map(toItem),
    next: places.length > query.limit && last !== undefined ? toCursor(last) : null,
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

/** As `placesIn`, from the database. */
export async function placesByQuery(db: Kysely<StudyTables>, workspace: string, query: FindingsQuery): Promise<Places> {
  return query.q === undefined && query.path === undefined
    ? walkIndex(db, workspace, query)
    : searchAll(db, workspace, query)
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
  const { value, id } = fromCursor(cursor, sort)
  const { column, direction } = sorts[sort]
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

async function countOf(db: Kysely<StudyTables>, workspace: string, query: FindingFilter): Promise<number> {
  const { count } = await db
    .selectFrom('findings')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where((where) => where.and(conditions(where, workspace, query)))
    .executeTakeFirstOrThrow()
  return Number(count)
}
