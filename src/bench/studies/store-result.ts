import { type Kysely, type Selectable, sql, type Updateable } from 'kysely'
import { type AnalysisReport, analyzerById } from '#bench/analyzers'
import { jsonText, newId, plainText } from '#platform/database'
import { countBySeverity } from './counts.ts'
import type { EarlierAnswer } from './plan.ts'
import type { StudyTables } from './tables.ts'

export type AnalysisRow = Selectable<StudyTables['analyses']>

/**
 * For one analysis named by its id. Spelled so that the index of unfinished analyses does not offer itself: before the
 * table is analysed the planner takes it for tiny, and walks all of it to find one row.
 */
export const isUnfinished = sql<boolean>`coalesce(analyses.outcome, '') = ''`

/**
 * Writes how an attempt at an analysis ended; part of the caller's transaction. The first to write wins: an analysis
 * that has an outcome (another worker finished it, the study was cancelled) keeps it, and so does one that was begun
 * anew since.
 *
 * @returns whether this result was stored
 */
export async function storeResult(
  trx: Kysely<StudyTables>,
  analysis: AnalysisRow,
  snapshot: string,
  report: AnalysisReport,
  now: number,
): Promise<boolean> {
  if (!(await isCurrent(trx, analysis))) return false
  const counts = jsonText(countBySeverity(report.findings))
  await end(trx, analysis, {
    outcome: report.outcome,
    reason: report.reason === undefined ? null : plainText(report.reason),
    result_id: report.outcome === 'completed' ? await keepResult(trx, analysis, snapshot, report, counts, now) : null,
    counts,
    analysed: report.coverage?.analysed ?? null,
    total: report.coverage?.total ?? null,
    log: jsonText(report.log),
    artifacts: jsonText(report.artifacts),
    duration_ms: Math.round(report.durationMs),
    finished_at: new Date(now),
  })
  return true
}

/** Finishes an analysis with what an earlier one of the same question found; otherwise as {@link storeResult}. */
export async function storeAnswer(
  trx: Kysely<StudyTables>,
  analysis: AnalysisRow,
  answer: EarlierAnswer,
  now: number,
): Promise<boolean> {
  if (!(await isCurrent(trx, analysis))) return false
  await end(trx, analysis, {
    outcome: 'completed',
    reason: null,
    result_id: answer.id,
    cached: true,
    counts: jsonText(answer.counts),
    analysed: answer.coverage.analysed,
    total: answer.coverage.total,
    duration_ms: answer.durationMs,
    finished_at: new Date(now),
  })
  return true
}

/** Locks the row; false when the analysis ended, or another attempt began. */
async function isCurrent(trx: Kysely<StudyTables>, { id, attempts }: AnalysisRow): Promise<boolean> {
  const row = await trx
    .selectFrom('analyses')
    .select('id')
    .where('id', '=', id)
    .where(isUnfinished)
    .where('attempts', '=', attempts)
    .forUpdate()
    .executeTakeFirst()
  return row !== undefined
}

async function end(
  trx: Kysely<StudyTables>,
  { id, study_id, app_id }: AnalysisRow,
  values: Updateable<StudyTables['analyses']>,
): Promise<void> {
  await trx
    .updateTable('analyses')
    .set({ ...values, worker_id: null })
    .where('id', '=', id)
    .execute()
  await trx
    .updateTable('study_apps')
    .set({ stale: true })
    .where('study_id', '=', study_id)
    .where('app_id', '=', app_id)
    .execute()
}

/** Milliseconds for which an answer that rests on others' servers stands: advisories and packages appear every day. */
const networkAnswerMs = 24 * 60 * 60 * 1000
/** The same where a server could not be reached: it may be back soon. */
const partialAnswerMs = 15 * 60 * 1000

/** Keeps what was measured, for this study and for whoever asks the same question. */
async function keepResult(
  trx: Kysely<StudyTables>,
  analysis: AnalysisRow,
  snapshot: string,
  report: AnalysisReport,
  counts: string,
  now: number,
): Promise<string> {
  const id = newId(now)
  await trx
    .insertInto('results')
    .values({
      id,
      analyzer: analysis.analyzer,
      version: analysis.version,
      options_digest: analysis.options_digest,
      snapshot,
      repeat: analysis.repeat,
      findings: jsonText(report.findings),
      metrics: jsonText(report.metrics),
      coverage: jsonText(report.coverage ?? { analysed: 0, total: 0, gaps: [] }),
      checks: jsonText(report.checks),
      counts,
      log: jsonText(report.log),
      artifacts: jsonText(report.artifacts),
      duration_ms: Math.round(report.durationMs),
      reusable_until: reusableUntil(analysis.analyzer, report, now),
    })
    .execute()
  return id
}

function reusableUntil(analyzer: string, report: AnalysisReport, now: number): Date | string {
  if (report.checks.some((check) => check.outcome === 'error')) return new Date(now + partialAnswerMs)
  return analyzerById(analyzer)?.needs.network ? new Date(now + networkAnswerMs) : 'infinity'
}
