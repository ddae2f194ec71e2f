import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '#platform/database'
import { openDatabase } from '#platform/database'
import { migrations } from '#server'
import type { StudyTables } from '../src/bench/studies/tables.ts'

/** Where a server keeps its rows. */
export interface RowsPlace {
  readonly data: string
  readonly databaseUrl?: string | undefined
}

/** An analysis that has ended, as far as it must never change again. */
export interface StoredAnalysis {
  readonly id: string
  readonly attempts: number
  readonly outcome: string
  readonly finishedAt: string
  readonly result: string | null
}

/** What a study says, without ids, times and the number of attempts: one line to a row, sorted. */
export interface StudyRows {
  readonly analyses: readonly string[]
  readonly findings: readonly string[]
  /** Rows of results, of which each completed analysis that was measured has exactly one. */
  readonly results: number
  readonly measured: number
  readonly attempts: number
}

/** The analyses that have ended, by id; read beside a server, or after it was killed. */
export async function storedAnalyses(place: RowsPlace): Promise<ReadonlyMap<string, StoredAnalysis>> {
  return reading(place, async (database) => {
    const rows = await database
      .tables<StudyTables>()
      .selectFrom('analyses')
      .select(['id', 'attempts', 'outcome', 'finished_at', 'result_id'])
      .where('outcome', 'is not', null)
      .execute()
    return new Map(
      rows.map(({ id, attempts, outcome, finished_at, result_id }) => [
        id,
        { id, attempts, outcome: outcome ?? '', finishedAt: finished_at?.toISOString() ?? '', result: result_id },
      ]),
    )
  })
}

/** Everything the one study of a database says. */
export async function studyRows(place: RowsPlace): Promise<StudyRows> {
  return reading(place, async (database) => {
    const db = database.tables<StudyTables>()
    const analyses = await db
      .selectFrom('analyses')
      .innerJoin('apps', 'apps.id', 'analyses.app_id')
      .leftJoin('results', 'results.id', 'analyses.result_id')
      .select([
        'apps.name', 'analyses.analyzer', 'analyses.version', 'analyses.repeat', 'analyses.outcome', 'analyses.reason', 'analyses.cached', 'analyses.counts',
        'analyses.attempts', 'analyses.analysed', 'analyses.total', 'results.metrics', 'results.coverage', 'results.checks',
      ]) // biome-ignore format: a list of columns
      .execute()
    const findings = await db
      .selectFrom('findings')
      .innerJoin('finding_bodies', 'finding_bodies.id', 'findings.id')
      .select(['app_name', 'state', 'severity', 'provenance', 'body'])
      .execute()
    const { count } = await db
      .selectFrom('results')
      .select((select) => select.fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow()
    return {
      analyses: analyses.map(({ cached: _, attempts: __, ...row }) => JSON.stringify(row)).sort(),
      findings: findings.map((row) => JSON.stringify(row)).sort(),
      results: Number(count),
      measured: analyses.filter(({ outcome, cached }) => outcome === 'completed' && !cached).length,
      attempts: analyses.reduce((sum, row) => sum + row.attempts, 0),
    }
  })
}

/** The embedded database is read from a copy: what a killed server left is for its successor to recover. */
async function reading<T>(place: RowsPlace, read: (database: Database) => Promise<T>): Promise<T> {
  if (place.databaseUrl !== undefined) {
    await using database = await openDatabase({ url: place.databaseUrl, migrations, connections: 2 })
    return await read(database)
  }
  const copy = await mkdtemp(join(tmpdir(), 'assay-rows-'))
  try {
    await cp(join(place.data, 'database'), copy, { recursive: true })
    await using database = await openDatabase({ directory: copy, migrations })
    return await read(database)
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}
