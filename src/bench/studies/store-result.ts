import { type Kysely, type Selectable, sql } from 'kysely'
import type { AnalysisReport } from '#bench/analyzers'
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

/** Keeps what was measured. Answers the same question for others, unless part of it could not be measured. */
async function keepResult(
  trx: Kysely<StudyTables>,
  analysis: AnalysisRow,
  snapshot: string,
  report: AnalysisReport,
  counts: string,
  now: number,
): Promise<string> {
  const id = newId(now)
  const reusable = report.checks.every((check) => check.outcome !== 'error')
  const kept = await trx
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
      reusable,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['snapshot', 'analyzer', 'version', 'options_digest', 'repeat'])
        .where(sql.ref('reusable'), '=', sql.lit(true))
        // Two studies asked the same question at once: both keep the first answer.
        .doUpdateSet((update) => ({ reusable: update.ref('results.reusable') })),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return kept.id
}
