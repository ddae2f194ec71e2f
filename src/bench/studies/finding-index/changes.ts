import { type Kysely, sql } from 'kysely'
import type { StudyTables } from '../tables.ts'
import type { Part } from './rows.ts'

/** What changed between two looks at the database. */
export interface Changes {
  readonly parts: readonly Part[]
  /** Whether changes may have been forgotten that were never seen here: everything is to be read again. */
  readonly incomplete: boolean
}

/**
 * Follows the records that triggers write of every change to `findings`, by whatever process (`migrations.ts`).
 *
 * Transactions end in another order than they began: a number higher than all seen so far would miss the ones that end
 * late. What a snapshot did see is every transaction below its `xmin` (PostgreSQL's manual, 9.27 "Transaction ID and
 * Snapshot Information Functions"), so each look begins there and leaves out what the looks before it saw.
 */
export class ChangeReader {
  readonly #db: Kysely<StudyTables>
  readonly #workspace: string
  /** Everything written by transactions below this was seen. */
  #from: bigint | undefined
  /** Records seen of transactions from there on. */
  #seen = new Map<string, bigint>()

  constructor(db: Kysely<StudyTables>, workspace: string) {
    this.#db = db
    this.#workspace = workspace
  }

  /** What was committed since the last call; nothing at the first, after which findings can be read. */
  async read(): Promise<Changes> {
    const from = this.#from
    // A record of a transaction that this server has not begun yet is from before a dump was restored into it.
    const { rows } = await sql<{ xmin: string; xid: string | null; forgotten: boolean } & Part>`
      select pg_snapshot_xmin(now.snapshot)::text as xmin, change.xid::text as xid,
        change.study_id, change.app_id, change.workspace_id is null as forgotten
      from (select pg_current_snapshot() as snapshot) as now
      left join finding_changes as change
        on (change.workspace_id = ${this.#workspace} or change.workspace_id is null)
        and change.xid >= coalesce(${from?.toString() ?? null}::xid8, pg_snapshot_xmin(now.snapshot))
        and change.xid < pg_snapshot_xmax(now.snapshot)`.execute(this.#db)
    const seen = new Map<string, bigint>()
    const parts = new Map<string, Part>()
    let incomplete = false
    const next = BigInt(rows[0]?.xmin ?? 0)
    for (const { xid, study_id, app_id, forgotten } of rows) {
      if (xid === null) continue
      const number = BigInt(xid)
      if (forgotten) {
        if (from !== undefined && number > from) incomplete = true
        continue
      }
      const key = `${xid} ${study_id} ${app_id}`
      if (number >= next) seen.set(key, number)
      if (!this.#seen.has(key)) parts.set(`${study_id} ${app_id}`, { study_id, app_id })
    }
    this.#from = next
    this.#seen = seen
    return { parts: from === undefined ? [] : [...parts.values()], incomplete }
  }

  /** The transaction with which the next look begins: records of earlier ones are not needed here any more. */
  get from(): bigint | undefined {
    return this.#from
  }
}

/** Records are forgotten when there are more than this. */
const recordsKept = 20_000

/**
 * Forgets the records of transactions before one, all of which have ended. A record without a workspace stays in their
 * place: who has not seen them reads everything again.
 */
export async function forgetChanges(db: Kysely<StudyTables>, before: bigint, kept = recordsKept): Promise<void> {
  await sql`
    with gone as (
      delete from finding_changes
      where (select count(*) from finding_changes) > ${kept}
        and (xid < ${before.toString()}::xid8 or xid >= pg_snapshot_xmax(pg_current_snapshot()))
      returning 1)
    insert into finding_changes (xid) select ${before.toString()}::xid8 where exists (select from gone)`.execute(db)
}
