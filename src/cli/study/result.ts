import type { App } from '#bench/collection'
import { type Cell, type Comparison, comparisonSchema, matrixSchema, type Study } from '#bench/studies'
import type { Connection } from '../connection.ts'

/** Analyses that ended without a result, for one reason. */
export interface Unmeasured {
  readonly analyzer: string
  readonly outcome: 'error' | 'timed_out' | 'cancelled'
  readonly reason: string
  /** Names. */
  readonly apps: readonly string[]
}

/** All that is said of a study when it has ended. */
export interface StudyResult {
  readonly study: Study
  readonly apps: readonly App[]
  readonly comparison: Comparison
  /** The most frequent reasons first. */
  readonly unmeasured: readonly Unmeasured[]
}

/** Fetches what a study has come to. */
export async function readResult(connection: Connection, study: Study): Promise<StudyResult> {
  const comparison = await connection.get(comparisonSchema, `/studies/${study.id}/comparison`)
  const rows = await readMatrix(connection, study.id)
  return { study, comparison, apps: rows.map(({ app }) => app), unmeasured: groupUnmeasured(rows) }
}

type Row = { readonly app: App; readonly cells: readonly Cell[] }

async function readMatrix(connection: Connection, id: string): Promise<Row[]> {
  const rows: Row[] = []
  for (let cursor: string | undefined; ; ) {
    const part = await connection.get(matrixSchema, `/studies/${id}/matrix`, { cursor })
    rows.push(...part.rows)
    if (part.next === null) return rows
    cursor = part.next
  }
}

/** The cells without a result, put together by analyzer, outcome and reason. */
export function groupUnmeasured(rows: readonly Row[]): Unmeasured[] {
  const groups = new Map<string, Unmeasured & { apps: string[] }>()
  for (const { app, cells } of rows) {
    for (const { analyzer, outcome, reason } of cells) {
      if (outcome !== 'error' && outcome !== 'timed_out' && outcome !== 'cancelled') continue
      const key = JSON.stringify([analyzer, outcome, reason])
      const group = groups.get(key) ?? { analyzer, outcome, reason: reason ?? 'no reason given', apps: [] }
      if (!group.apps.includes(app.name)) group.apps.push(app.name)
      groups.set(key, group)
    }
  }
  return [...groups.values()].sort((a, b) => b.apps.length - a.apps.length || (a.analyzer < b.analyzer ? -1 : 1))
}

/** The result as `--json` prints it. New fields may come any time. */
export function toJson({ study, apps, comparison, unmeasured }: StudyResult, seconds: number): object {
  const { id, name, question, state, createdAt, startedAt, finishedAt, createdBy, repeats, analyzers } = study
  const { total, finished, cached, byOutcome } = study.progress
  return {
    study: { id, name, question, state, createdAt, startedAt, finishedAt, createdBy, repeats, analyzers },
    apps: study.apps,
    appList: apps.map((app) => ({ id: app.id, name: app.name, model: app.model, spec: app.spec, lines: app.lines })),
    analyses: { total, finished, cached, byOutcome },
    unmeasured,
    findings: study.findings,
    models: comparison.models,
    differences: comparison.differences,
    uncountedAnalyzers: comparison.uncountedAnalyzers,
    method: comparison.method,
    seconds: Math.round(seconds * 10) / 10,
  }
}
