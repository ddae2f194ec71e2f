import type { PGlite } from '@electric-sql/pglite'

const intervalMs = 10_000

/**
 * Does for the embedded database what PostgreSQL's autovacuum does by itself: without it, the planner knows nothing of
 * the tables, and no count can be answered from an index. A table is due when it has grown by a fifth since it was
 * last looked at (`autovacuum_vacuum_insert_scale_factor`); PGlite keeps no counts of changed rows to go by.
 *
 * @param onError told when a table could not be tidied; it is tried again later
 */
export function keepUp(pglite: PGlite, onError: (error: unknown) => void): Disposable {
  let running = false
  const timer = setInterval(() => {
    if (running || pglite.closed) return
    running = true
    tidy(pglite)
      .catch((error: unknown) => {
        if (!pglite.closed) onError(error)
      })
      .finally(() => {
        running = false
      })
  }, intervalMs)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/** Vacuums and analyzes the tables that are due. @returns their names */
export async function tidy(pglite: PGlite): Promise<readonly string[]> {
  const { rows } = await pglite.query<{ name: string }>(dueTables)
  const done: string[] = []
  for (const { name } of rows) {
    if (pglite.closed) break
    await pglite.exec(`vacuum (analyze) ${name}`)
    done.push(name)
  }
  return done
}

/** A few pages of slack keep small tables, which change all the time and cost nothing to scan, out of it. */
const dueTables = `
  select oid::regclass::text as name
  from pg_class
  where relkind = 'r' and relnamespace <> 'pg_catalog'::regnamespace and relnamespace <> 'information_schema'::regnamespace
    and pg_relation_size(oid) / current_setting('block_size')::int > greatest(relpages, 0) * 1.2 + 16
  order by pg_relation_size(oid)`
