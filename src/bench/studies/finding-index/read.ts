import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import { foldedPath } from '../finding-filter.ts'
import type { StudyTables } from '../tables.ts'
import type { IndexedRow, Part } from './rows.ts'

/** Blocks of the table to a statement: about 1,000 findings, 15 ms on the embedded database. */
const blocksAtOnce = 64
/** Parts to a statement. */
const partsAtOnce = 10

const selected = sql`
  findings.id, findings.study_id, findings.app_id, findings.app_name, findings.model, findings.severity, findings.category,
  findings.rule, to_json(findings.analyzers)::text as analyzers, to_json(findings.cwe)::text as cwe, findings.owasp,
  findings.path, ${foldedPath} as folded, findings.state, findings.provenance, findings.confidence, findings.haystack`

/** How many findings a workspace has, up to one more than a limit. */
export async function countUpTo(db: Kysely<StudyTables>, workspace: string, limit: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count
    from (select from findings where workspace_id = ${workspace} limit ${limit + 1}) as counted`.execute(db)
  return rows[0]?.count ?? 0
}

/**
 * All findings of a workspace, a thousand at a time, in the order they lie in: no plan of the database is better for
 * reading all of them. What is written meanwhile is there or not; the changes recorded tell.
 */
export async function* readAll(db: Kysely<StudyTables>, workspace: string): AsyncIterable<readonly IndexedRow[]> {
  const { rows } = await sql<{ blocks: number }>`
    select (pg_relation_size('findings') / current_setting('block_size')::int)::int as blocks`.execute(db)
  const blocks = rows[0]?.blocks ?? 0
  const at = (block: number): RawBuilder<unknown> => sql`${`(${block},0)`}::tid`
  for (let from = 0; from < blocks; from += blocksAtOnce) {
    const read = await sql<IndexedRow>`
      select ${selected} from findings
      where ctid >= ${at(from)} and ctid < ${at(from + blocksAtOnce)} and workspace_id = ${workspace}`.execute(db)
    yield read.rows
    // The embedded database answers within one turn of the event loop.
    await nextTurn()
  }
}

/** The findings of parts, some parts at a time. */
export async function* readParts(
  db: Kysely<StudyTables>,
  parts: readonly Part[],
): AsyncIterable<{ readonly parts: readonly Part[]; readonly findings: readonly IndexedRow[] }> {
  for (let from = 0; from < parts.length; from += partsAtOnce) {
    const some = parts.slice(from, from + partsAtOnce)
    const [studies, apps] = [some.map(({ study_id }) => study_id), some.map(({ app_id }) => app_id)]
    const read = await sql<IndexedRow>`
      select ${selected} from unnest(${studies}::uuid[], ${apps}::uuid[]) as part (study_id, app_id)
      join findings on findings.study_id = part.study_id and findings.app_id = part.app_id`.execute(db)
    yield { parts: some, findings: read.rows }
    await nextTurn()
  }
}
