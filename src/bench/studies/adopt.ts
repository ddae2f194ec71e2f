import { type Kysely, sql } from 'kysely'
import type { Database } from '#platform/database'
import { contextOf } from './context.ts'
import { deleteFindings } from './finding-row.ts'
import type { StudyTables } from './tables.ts'

/**
 * Shows the findings of a study all of whose analyses were answered before, by copying them from the earlier study that
 * asked exactly the same: the same apps, each seen beside the same others, with the same results. What merging them
 * again would write, row for row, at a fraction of the work.
 *
 * Nothing is copied when a later study spoke of one of the apps, or when a defect is in a state that seeing it again,
 * or not seeing it, would change.
 *
 * @returns whether the findings were copied
 */
export async function adoptFindings(database: Database, study: string): Promise<boolean> {
  const db = database.tables<StudyTables>()
  const { digest } = await contextOf(db, study)
  const earlier = await earlierStudy(db, study, digest)
  if (earlier === undefined) return false
  return db.transaction().execute(async (trx) => {
    await lockAllDefects(trx, study)
    // What was true before the locks were held may not be any more.
    if ((await earlierStudy(trx, study, digest)) !== earlier) return false
    if (!(await isUpToDate(trx, study, earlier))) return false
    await copy(trx, study, earlier)
    await trx.updateTable('study_apps').set({ stale: false, context: digest }).where('study_id', '=', study).execute()
    return true
  })
}

/** The latest study with the same apps in the same company, if each of its analyses has the same result. */
async function earlierStudy(db: Kysely<StudyTables>, study: string, context: string): Promise<string | undefined> {
  const { rows } = await sql<{ study_id: string }>`
    select other.study_id
    from study_apps own join study_apps other on other.app_id = own.app_id and other.study_id < own.study_id
    where own.study_id = ${study} and other.context = ${context} and not other.stale
    group by other.study_id
    having count(*) = (select count(*) from study_apps where study_id = ${study})
    order by other.study_id desc limit 1`.execute(db)
  const earlier = rows[0]?.study_id
  if (earlier === undefined) return undefined
  const differing = await sql`
    select 1
    from (select * from analyses where study_id = ${study}) own
    full join (select * from analyses where study_id = ${earlier}) other
      on other.app_id = own.app_id and other.analyzer = own.analyzer and other.repeat = own.repeat
    where own.id is null or other.id is null or own.outcome is null
      or own.outcome is distinct from other.outcome or own.result_id is distinct from other.result_id
    limit 1`.execute(db)
  return differing.rows.length === 0 ? earlier : undefined
}

/** As `lockDefects` does for one app, in one order for all. */
async function lockAllDefects(trx: Kysely<StudyTables>, study: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(owner, 0)) from (
    select distinct workspace_id || ' ' || name as owner
    from study_apps join apps on apps.id = study_apps.app_id where study_id = ${study} order by owner) as owners`.execute(
    trx,
  )
  await sql`select app_id from study_apps where study_id = ${study} order by app_id for update`.execute(trx)
}

/** Whether the earlier study spoke last of every app, and its findings are what is known of their defects. */
async function isUpToDate(trx: Kysely<StudyTables>, study: string, earlier: string): Promise<boolean> {
  const { rows } = await sql`
    with names as (
      select distinct apps.workspace_id, apps.name
      from study_apps join apps on apps.id = study_apps.app_id where study_apps.study_id = ${study})
    select 1 where exists (
      select from names join apps on apps.workspace_id = names.workspace_id and apps.name = names.name
      join study_apps on study_apps.app_id = apps.id
      where study_apps.study_id > ${earlier} and study_apps.study_id <> ${study})
    or exists (select from findings where study_id = ${earlier} and state = 'fixed')
    or exists (
      select app_name, fingerprint
      from names join defects on defects.workspace_id = names.workspace_id and defects.app_name = names.name
      where defects.state in ('open', 'regressed')
      except select app_name, fingerprint from findings where study_id = ${earlier})`.execute(trx)
  return rows.length === 0
}

async function copy(trx: Kysely<StudyTables>, study: string, earlier: string): Promise<void> {
  // Apps that joined before these were shown already, in other company.
  await deleteFindings(trx, study)
  const { rows } = await sql<{ name: string }>`
    select attname as name from pg_attribute
    where attrelid = 'findings'::regclass and attnum > 0 and not attisdropped and attname not in ('id', 'study_id')
    order by attnum`.execute(trx)
  const others = sql.join(rows.map(({ name }) => sql.ref(name)))
  // As `digestId(study, app, fingerprint)` makes it: the ids of findings are the same however they come about.
  const part = (text: ReturnType<typeof sql>) => sql`length(${text}) || ':' || ${text}`
  const hashed = sql`sha256(convert_to(
    ${part(sql`${study}::text`)} || ${part(sql`app_id::text`)} || ${part(sql`fingerprint`)}, 'UTF8'))`
  const id = sql`encode(substring(
    set_byte(set_byte(hash, 6, (get_byte(hash, 6) & 15) | 128), 8, (get_byte(hash, 8) & 63) | 128) from 1 for 16), 'hex')::uuid`
  await sql`
    with given as (
      select ${id} as new_id, own.* from (select *, ${hashed} as hash from findings where study_id = ${earlier}) as own),
    bodies as (
      insert into finding_bodies (id, body)
      select given.new_id, body from given join finding_bodies on finding_bodies.id = given.id)
    insert into findings (id, study_id, ${others}) select new_id, ${study}, ${others} from given`.execute(trx)
}
