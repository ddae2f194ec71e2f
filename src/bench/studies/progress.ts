import { type Kysely, sql } from 'kysely'
import { noOutcomes } from './counts.ts'
import type { OutcomeCounts, Progress } from './resources.ts'
import type { StudyTables } from './tables.ts'

/** Milliseconds of the recent past that rates are taken from. */
const windowMs = 20_000

interface Group {
  study_id: string
  analyzer: string
  outcome: keyof OutcomeCounts | null
  count: number
  cached: number
  active: number
  median_ms: number | null
  recent: number
  recent_ms: number
}

/**
 * How far studies are. The estimate weighs what is left by each analyzer's median duration, and divides by the work
 * done per second of late.
 */
export async function progressOf(
  db: Kysely<StudyTables>,
  studies: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, Progress>> {
  if (studies.length === 0) return new Map()
  const since = new Date(now - windowMs)
  const { rows } = await sql<Group>`
    select study_id, analyzer, outcome,
      count(*)::int as count,
      (count(*) filter (where cached))::int as cached,
      (count(*) filter (where outcome is null and started_at is not null))::int as active,
      percentile_cont(0.5) within group (order by duration_ms) filter (where outcome in ('completed', 'error', 'timed_out') and not cached) as median_ms,
      (count(*) filter (where finished_at >= ${since} and not cached and outcome <> 'not_applicable'))::int as recent,
      coalesce(sum(duration_ms) filter (where finished_at >= ${since} and not cached), 0)::float8 as recent_ms
    from analyses where study_id = any(${[...studies]}::uuid[])
    group by study_id, analyzer, outcome`.execute(db)
  const started = new Map(
    (
      await db
        .selectFrom('studies')
        .select(['id', 'started_at', 'finished_at'])
        .where('id', 'in', [...studies])
        .execute()
    ).map((row) => [row.id, row]),
  )
  return new Map(
    studies.map((study) => {
      const times = started.get(study)
      const running =
        times?.started_at && !times.finished_at
          ? Math.max(1, Math.min(windowMs, now - times.started_at.getTime()))
          : null
      return [
        study,
        summarise(
          rows.filter((row) => row.study_id === study),
          running,
        ),
      ]
    }),
  )
}

function summarise(groups: readonly Group[], recentMs: number | null): Progress {
  const byOutcome: OutcomeCounts = { ...noOutcomes }
  const perAnalyzer = new Map<string, Progress['perAnalyzer'][number]>()
  for (const { analyzer, outcome, count, active, median_ms } of groups) {
    const entry = perAnalyzer.get(analyzer) ?? { analyzer, total: 0, finished: 0, active: 0, medianMs: null }
    perAnalyzer.set(analyzer, {
      analyzer,
      total: entry.total + count,
      finished: entry.finished + (outcome === null ? 0 : count),
      active: entry.active + active,
      medianMs:
        entry.medianMs === null ? median_ms : median_ms === null ? entry.medianMs : Math.max(entry.medianMs, median_ms),
    })
    if (outcome !== null) byOutcome[outcome] += count
  }
  const sum = (of: (group: Group) => number): number => groups.reduce((total, group) => total + of(group), 0)
  const total = sum(({ count }) => count)
  const finished = sum(({ count, outcome }) => (outcome === null ? 0 : count))
  const recent = sum((group) => group.recent)
  const workDone = sum((group) => group.recent_ms)
  const known = [...perAnalyzer.values()].flatMap(({ medianMs }) => medianMs ?? [])
  const typical = known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length
  const workLeft =
    typical === null
      ? null
      : [...perAnalyzer.values()].reduce(
          (left, entry) => left + (entry.total - entry.finished) * (entry.medianMs ?? typical),
          0,
        )
  return {
    total,
    finished,
    cached: sum(({ cached }) => cached),
    byOutcome,
    perAnalyzer: [...perAnalyzer.values()].sort((a, b) => (a.analyzer < b.analyzer ? -1 : 1)),
    throughputPerSecond: recentMs === null || recent === 0 ? null : round(recent / (recentMs / 1000)),
    etaSeconds:
      recentMs === null || workLeft === null || workDone === 0
        ? null
        : finished === total
          ? 0
          : round((workLeft / workDone) * (recentMs / 1000)),
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
