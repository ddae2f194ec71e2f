import type { AnalyzerPool, Canaries } from '#bench/analyzers'
import type { AppSnapshot } from '#bench/apps'
import type { Apps } from '#bench/collection'

/** What tools over the bench work with. */
export interface BenchServices {
  readonly apps: Apps
  readonly pool: AnalyzerPool
  readonly canaries: Canaries
  /** Options by analyzer, as the configuration has them. */
  readonly options: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** The code of an app of the workspace. @throws NotFound when it has none of that id */
export async function snapshotOf({ apps }: BenchServices, workspace: string, app: string): Promise<AppSnapshot> {
  const { snapshot } = await apps.getApp(workspace, app)
  return apps.snapshot(snapshot)
}
