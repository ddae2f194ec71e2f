import type { Kysely, Selectable } from 'kysely'
import { confidences } from '#bench/findings'
import { type Comparison, compareModels } from '#bench/statistics'
import { severityOf } from './counts.ts'
import type { StudyTables } from './tables.ts'

/** Seed of every resampling, so that the same study always says the same. */
const seed = 20_261_120

/** What a study, finished or not, says about its models. */
export async function compareStudy(
  db: Kysely<StudyTables>,
  study: Selectable<StudyTables['studies']>,
): Promise<Comparison> {
  const apps = await db
    .selectFrom('study_apps')
    .innerJoin('apps', 'apps.id', 'study_apps.app_id')
    .innerJoin('snapshots', 'snapshots.digest', 'apps.snapshot')
    .select(['apps.id', 'apps.name', 'apps.model', 'apps.spec', 'apps.sample', 'snapshots.lines'])
    .where('study_id', '=', study.id)
    .orderBy('position')
    .execute()
  const analyses = await db
    .selectFrom('analyses')
    .select(['app_id', 'analyzer', 'outcome', 'analysed', 'total'])
    .where('study_id', '=', study.id)
    .where('outcome', 'is not', null)
    .execute()
  const findings = await db
    .selectFrom('findings')
    .select(['app_id', 'severity', 'provenance', 'confidence', 'analyzers', 'state'])
    .where('study_id', '=', study.id)
    .execute()
  return compareModels({
    apps,
    analyses: analyses.flatMap(({ app_id, analyzer, outcome, analysed, total }) =>
      outcome === null
        ? []
        : [
            {
              appId: app_id,
              analyzer,
              outcome,
              coverage: analysed === null || total === null ? null : { analysed, total },
            },
          ],
    ),
    findings: findings.map(({ app_id, severity, provenance, confidence, analyzers, state }) => ({
      appId: app_id,
      severity: severityOf(severity),
      provenance: provenance === 'scaffold' || provenance === 'dependency' ? provenance : 'model',
      witnesses: analyzers.map((analyzer) => ({ analyzer })),
      state,
      confidence: confidences[confidence] ?? 'low',
    })),
    options: { seed },
  })
}
