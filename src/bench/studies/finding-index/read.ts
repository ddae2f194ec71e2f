import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import { foldedPath } from '../finding-filter.ts'
import type { StudyTables } from '../tables.ts'
import type { ColumnName, IndexedRow, IndexedValue, Part } from './rows.ts'

/** Blocks of the table to a statement: about 1,000 findings. */
const blocksAtOnce = 64
/** Parts to a statement. */
const partsAtOnce = 10
/** After so long others have their turn. */
const turnMs = 40

/** What is read for each column. */
const expressions: Readonly<Record<ColumnName | 'id', RawBuilder<unknown>>> = {
  id: sql`findings.id`,
  study_id: sql`findings.study_id`,
  app_id: sql`findings.app_id`,
  app_name: sql`findings.app_name`,
  model: sql`findings.model`,
  severity: sql`findings.severity`,
  category: sql`findings.category`,
  rule: sql`findings.rule`,
  analyzers: sql`to_json(findings.analyzers)::text`,
  cwe: sql`to_json(findings.cwe)::text`,
  owasp: sql`findings.owasp`,
  path: sql`findings.path`,
  folded: foldedPath,
  state: sql`findings.state`,
  provenance: sql`findings.provenance`,
  confidence: sql`findings.confidence`,
  haystack: sql`findings.haystack`,
}

/** Columns as they come: one value to a column, since drivers take longer for each value than for what is in it. */
type Read = Readonly<Record<ColumnName, readonly IndexedValue[] | null> & { id: readonly string[] | null }>

const selected = sql.join(
  Object.entries(expressions).map(([name, expression]) => sql`json_agg(${expression}) as ${sql.ref(name)}`),
)

function toFindings([read]: readonly Read[]): readonly IndexedRow[] {
  if (read === undefined) return []
  const at = (name: ColumnName, row: number): IndexedValue => read[name]?.[row] ?? null
  return (read.id ?? []).map((id, row) => ({
    id,
    study_id: at('study_id', row),
    app_id: at('app_id', row),
    app_name: at('app_name', row),
    model: at('model', row),
    severity: at('severity', row),
    category: at('category', row),
    rule: at('rule', row),
    analyzers: at('analyzers', row),
    cwe: at('cwe', row),
    owasp: at('owasp', row),
    path: at('path', row),
    folded: at('folded', row),
    state: at('state', row),
    provenance: at('provenance', row),
    confidence: at('confidence', row),
    haystack: at('haystack', row),
  }))
}

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
  const paced = pace()
  const at = (block: number): RawBuilder<unknown> => sql`${`(${block},0)`}::tid`
  for (let from = 0; from < blocks; from += blocksAtOnce) {
    const read = await sql<Read>`
      select ${selected} from findings
      where ctid >= ${at(from)} and ctid < ${at(from + blocksAtOnce)} and workspace_id = ${workspace}`.execute(db)
    yield toFindings(read.rows)
    await paced()
  }
}

/** The findings of parts, some parts at a time. */
export async function* readParts(
  db: Kysely<StudyTables>,
  parts: readonly Part[],
): AsyncIterable<{ readonly parts: readonly Part[]; readonly findings: readonly IndexedRow[] }> {
  const paced = pace()
  for (let from = 0; from < parts.length; from += partsAtOnce) {
    const some = parts.slice(from, from + partsAtOnce)
    const [studies, apps] = [some.map(({ study_id }) => study_id), some.map(({ app_id }) => app_id)]
    const read = await sql<Read>`
      select ${selected} from unnest(${studies}::uuid[], ${apps}::uuid[]) as part (study_id, app_id)
      join findings on findings.study_id = part.study_id and findings.app_id = part.app_id`.execute(db)
    yield { parts: some, findings: toFindings(read.rows) }
    await paced()
  }
}

/**
 * The embedded database answers within one turn of the event loop, which nothing else would get. Not after every statement:
 * as long as there is something to read, every question costs a scan of the database.
 */
function pace(): () => Promise<void> {
  let began = performance.now()
  return async () => {
    if (performance.now() < began + turnMs) return
    await nextTurn()
    began = performance.now()
  }
}
