import type { AppSnapshot } from '#bench/apps'
import type { LaunchOptions } from '../launch.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import type { Provisioned } from './provisioned.ts'

/** Makes the packages an app declares ready for its sandbox. */
export async function provisionApp(
  _app: AppSnapshot,
  _plan: LaunchPlan,
  _options: LaunchOptions,
): Promise<Provisioned> {
  return { provisions: [], mounts: [], environment: {}, links: [] }
}
