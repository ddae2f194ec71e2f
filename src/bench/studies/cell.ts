import type { Selectable } from 'kysely'
import type { Cell } from './resources.ts'
import type { StudyTables } from './tables.ts'

/** An analysis as the matrix of its study shows it. */
export function toCell(row: Selectable<StudyTables['analyses']>): Cell {
  return {
    analysisId: row.id,
    analyzer: row.analyzer,
    repeat: row.repeat,
    state: row.outcome !== null ? 'finished' : row.started_at !== null ? 'running' : 'queued',
    outcome: row.outcome,
    reason: row.reason,
    durationMs: row.duration_ms,
    cached: row.cached,
    findings: row.counts,
    coverage: row.analysed === null || row.total === null ? null : { analysed: row.analysed, total: row.total },
  }
}
