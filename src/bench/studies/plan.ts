import { createHash } from 'node:crypto'
import { type Insertable, type Kysely, type Selectable, sql } from 'kysely'
import { type Analyzer, analyzerById, type Coverage } from '#bench/analyzers'
import type { AppSnapshot } from '#bench/apps'
import type { Finding } from '#bench/findings'
import { jsonText, newId } from '#platform/database'
import { noFindings } from './counts.ts'
import { queueOf } from './queues.ts'
import type { SeverityCounts } from './resources.ts'
import type { StudyTables } from './tables.ts'

/** One app that joins a study. */
export interface PlannedApp {
  readonly id: string
  readonly snapshot: AppSnapshot
}

export interface Plan {
  readonly study: string
  readonly analyzers: readonly string[]
  readonly repeats: number
  readonly options: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Whether analyzers may ask others' servers. */
  readonly network: boolean
  readonly now: number
}

/** A row as JSON: what is left out is null. */
type NewAnalysis = Omit<Insertable<StudyTables['analyses']>, 'counts' | 'log' | 'artifacts'> & {
  readonly counts?: SeverityCounts
}

/** Rows to a statement; PostgreSQL takes 65 535 parameters. */
const rowsPerInsert = 1000

/**
 * The analyses of apps × analyzers × repeats, app by app, so that one app's analyses run close together. Those that do
 * not apply, and those whose question was answered before, are finished from the start.
 */
export async function planAnalyses(
  db: Kysely<StudyTables>,
  apps: readonly PlannedApp[],
  plan: Plan,
): Promise<NewAnalysis[]> {
  const chosen = plan.analyzers.flatMap((id) => analyzerById(id) ?? [])
  const digests = new Map(chosen.map((analyzer) => [analyzer.id, questionOptions(analyzer, plan)]))
  const answered = await answeredQuestions(db, chosen, digests, apps, plan.now)
  const at = new Date(plan.now)
  const rows: NewAnalysis[] = []
  for (const app of apps) {
    for (const analyzer of chosen) {
      const digest = digests.get(analyzer.id) ?? ''
      const applies = analyzer.applies(app.snapshot)
      for (let repeat = 1; repeat <= plan.repeats; repeat++) {
        const answer = answered.get(questionOf(app.snapshot.digest, analyzer, digest, repeat))
        const row: NewAnalysis = {
          id: newId(plan.now),
          study_id: plan.study,
          app_id: app.id,
          analyzer: analyzer.id,
          version: analyzer.version,
          repeat,
          options_digest: digest,
          queue: queueOf(analyzer),
          cached: false,
          attempts: 0,
        }
        if (!applies.applies)
          rows.push({ ...row, outcome: 'not_applicable', reason: applies.reason, finished_at: at, duration_ms: 0 })
        else if (answer === undefined) rows.push(row)
        else {
          rows.push({
            ...row,
            outcome: 'completed',
            cached: true,
            result_id: answer.id,
            counts: answer.counts,
            analysed: answer.coverage.analysed,
            total: answer.coverage.total,
            duration_ms: answer.duration_ms,
            finished_at: at,
          })
        }
      }
    }
  }
  return rows
}

/** Writes planned analyses; part of the caller's transaction. */
export async function insertAnalyses(db: Kysely<StudyTables>, rows: readonly NewAnalysis[]): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsPerInsert) {
    const batch = rows
      .slice(from, from + rowsPerInsert)
      .map((row) => ({ counts: noFindings, log: [], artifacts: [], ...row }))
    // One parameter for all rows: the embedded database spends longer on thousands of parameters than on the rows.
    await sql`insert into analyses select * from jsonb_populate_recordset(null::analyses, ${jsonText(batch)}::jsonb)`.execute(
      db,
    )
  }
}

/** Offline, a network analyzer answers another question. */
function questionOptions(analyzer: Analyzer, plan: Plan): string {
  const options = plan.options[analyzer.id] ?? {}
  return optionsDigest(analyzer.needs.network ? { ...options, network: plan.network } : options)
}

/** A digest of options that does not depend on the order of their keys. */
export function optionsDigest(options: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(canonicalJson(options)).digest('hex').slice(0, 32)
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`
}

async function answeredQuestions(
  db: Kysely<StudyTables>,
  chosen: readonly Analyzer[],
  digests: ReadonlyMap<string, string>,
  apps: readonly PlannedApp[],
  now: number,
) {
  const snapshots = [...new Set(apps.map(({ snapshot }) => snapshot.digest))]
  const answers = new Map<
    string,
    {
      id: string
      duration_ms: number
      counts: SeverityCounts
      coverage: Coverage
    }
  >()
  for (let from = 0; from < snapshots.length; from += rowsPerInsert) {
    const rows = await db
      .selectFrom('results')
      .select([
        'id',
        'snapshot',
        'analyzer',
        'version',
        'options_digest',
        'repeat',
        'duration_ms',
        'counts',
        'coverage',
      ])
      .where('reusable_until', '>', new Date(now))
      .where('snapshot', 'in', snapshots.slice(from, from + rowsPerInsert))
      .orderBy('id')
      .execute()
    for (const row of rows) {
      const analyzer = chosen.find(({ id }) => id === row.analyzer)
      if (analyzer === undefined || analyzer.version !== row.version || digests.get(analyzer.id) !== row.options_digest)
        continue
      answers.set(questionOf(row.snapshot, analyzer, row.options_digest, row.repeat), row)
    }
  }
  return answers
}

/** What an earlier analysis of the same question found. */
export interface EarlierAnswer {
  readonly id: string
  readonly outcome: 'completed'
  readonly counts: SeverityCounts
  readonly coverage: Coverage
  readonly findings: readonly Finding[]
  readonly durationMs: number
}

/** The answer to the question of one analysis, where it was given meanwhile. */
export async function earlierAnswer(
  db: Kysely<StudyTables>,
  analysis: Selectable<StudyTables['analyses']>,
  snapshot: string,
  now: number,
): Promise<EarlierAnswer | undefined> {
  const row = await db
    .selectFrom('results')
    .select(['id', 'counts', 'coverage', 'findings', 'duration_ms'])
    .where('snapshot', '=', snapshot)
    .where('analyzer', '=', analysis.analyzer)
    .where('version', '=', analysis.version)
    .where('options_digest', '=', analysis.options_digest)
    .where('repeat', '=', analysis.repeat)
    .where('reusable_until', '>', new Date(now))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { duration_ms: durationMs, ...answer } = row
  return { ...answer, outcome: 'completed', durationMs }
}

function questionOf(
  snapshot: string,
  analyzer: Pick<Analyzer, 'id' | 'version'>,
  options: string,
  repeat: number,
): string {
  return `${snapshot} ${analyzer.id} ${analyzer.version} ${options} ${repeat}`
}
