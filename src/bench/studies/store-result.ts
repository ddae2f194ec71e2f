import type { Kysely, Selectable } from 'kysely'
import { type AnalysisReport, analyzerById } from '#bench/analyzers'
import { jsonText, newId, plainText } from '#platform/database'
import { countBySeverity } from './counts.ts'
import type { StudyTables } from './tables.ts'

export type AnalysisRow = Selectable<StudyTables['analyses']>

/**
 * Writes how an analysis ended; part of the caller's transaction. The first to write wins: an analysis that has an
 * outcome (another worker finished it, the study was cancelled) keeps it.
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
  const counts = jsonText(countBySeverity(report.findings))
  const resultId =
    report.outcome === 'completed' ? await keepResult(trx, analysis, snapshot, report, counts, now) : null
  const updated = await trx
    .updateTable('analyses')
    .set({
      outcome: report.outcome,
      reason: report.reason === undefined ? null : plainText(report.reason),
      result_id: resultId,
      counts,
      analysed: report.coverage?.analysed ?? null,
      total: report.coverage?.total ?? null,
      log: jsonText(report.log),
      duration_ms: Math.round(report.durationMs),
      finished_at: new Date(now),
      worker_id: null,
    })
    .where('id', '=', analysis.id)
    .where('outcome', 'is', null)
    .executeTakeFirst()
  if (updated.numUpdatedRows === 0n) return false
  await trx
    .updateTable('study_apps')
    .set({ stale: true })
    .where('study_id', '=', analysis.study_id)
    .where('app_id', '=', analysis.app_id)
    .execute()
  return true
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
