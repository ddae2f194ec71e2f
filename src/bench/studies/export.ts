import type { Kysely, Selectable } from 'kysely'
import { type Report, renderCsv, renderJson, renderSarif } from '#bench/reports'
import type { Download } from '#platform/http'
import type { ExportFormat } from './routes.ts'
import type { StudyTables } from './tables.ts'

type StudyRow = Selectable<StudyTables['studies']>

const formats: Readonly<
  Record<
    ExportFormat,
    { readonly type: string; readonly extension: string; readonly render: (report: Report) => string }
  >
> = {
  json: { type: 'application/json', extension: 'json', render: renderJson },
  csv: { type: 'text/csv', extension: 'csv', render: renderCsv },
  sarif: { type: 'application/sarif+json', extension: 'sarif', render: renderSarif },
}

/** A study as a file to keep. */
export async function exportStudy(
  db: Kysely<StudyTables>,
  study: StudyRow,
  format: ExportFormat,
  version: string,
  now: number,
): Promise<Download> {
  const { type, extension, render } = formats[format]
  const name = study.name.replace(/[^\w.-]+/g, '-').replace(/^-+|-+$/g, '') || 'study'
  return { type, filename: `${name}.${extension}`, content: render(await studyReport(db, study, version, now)) }
}

/** Everything a study says, for rendering. */
export async function studyReport(
  db: Kysely<StudyTables>,
  study: StudyRow,
  version: string,
  now: number,
): Promise<Report> {
  const apps = await db
    .selectFrom('study_apps')
    .innerJoin('apps', 'apps.id', 'study_apps.app_id')
    .innerJoin('snapshots', 'snapshots.digest', 'apps.snapshot')
    .select(['apps.name', 'apps.model', 'apps.spec', 'snapshots.lines'])
    .where('study_id', '=', study.id)
    .orderBy('position')
    .execute()
  const analyses = await db
    .selectFrom('analyses')
    .innerJoin('apps', 'apps.id', 'analyses.app_id')
    .innerJoin('study_apps', (join) =>
      join.onRef('study_apps.app_id', '=', 'apps.id').onRef('study_apps.study_id', '=', 'analyses.study_id'),
    )
    .leftJoin('results', 'results.id', 'analyses.result_id')
    .select([
      'apps.name',
      'analyses.analyzer',
      'analyses.version',
      'analyses.repeat',
      'analyses.outcome',
      'analyses.reason',
      'analyses.duration_ms',
      'results.coverage',
      'results.checks',
    ])
    .where('analyses.study_id', '=', study.id)
    .orderBy('study_apps.position')
    .orderBy('analyses.analyzer')
    .orderBy('analyses.repeat')
    .execute()
  const findings = await db
    .selectFrom('findings')
    .innerJoin('finding_bodies', 'finding_bodies.id', 'findings.id')
    .select(['app_name', 'state', 'body'])
    .where('findings.study_id', '=', study.id)
    .orderBy('severity')
    .orderBy('app_name')
    .orderBy('path')
    .orderBy('line')
    .orderBy('findings.id')
    .execute()
  return {
    kind: 'study',
    name: study.name,
    version,
    createdAt: new Date(now).toISOString(),
    apps: apps.map((app) => ({ ...app })),
    analyses: analyses.map((row) => ({
      app: row.name,
      analyzer: row.analyzer,
      version: row.version,
      repeat: row.repeat,
      outcome: row.outcome ?? 'cancelled',
      ...(row.outcome === null ? { reason: 'Not finished yet.' } : row.reason !== null && { reason: row.reason }),
      ...(row.duration_ms !== null && { durationMs: row.duration_ms }),
      ...(row.coverage !== null && { coverage: row.coverage }),
      ...(row.checks !== null && row.checks.length > 0 && { checks: row.checks }),
    })),
    findings: findings.map(({ app_name, state, body }) => ({ ...body, app: app_name, state })),
  }
}
