import type { AppSnapshot } from '#bench/apps'
import { type LaunchOptions, launch, type RunningApp } from '#bench/launch'
import { chooseRunner } from '#bench/sandbox'
import type { AnalysisContext } from './contract.ts'
import { NotApplicable } from './errors.ts'

/**
 * Starts the app for an analyzer that needs it running. Stop it by `await using`; it ends with the analysis in any case.
 *
 * @throws NotApplicable when there is nothing to start, or the app does not start by its own fault
 * @throws SandboxUnavailable when no sandbox can be provided here
 */
export async function startApp(
  app: AppSnapshot,
  context: AnalysisContext,
  options: Partial<Pick<LaunchOptions, 'observe' | 'limits' | 'environment'>> = {},
): Promise<RunningApp> {
  const { signal, log, cache, network, now } = context
  const runner = await chooseRunner({ preference: context.runner, signal })
  const result = await launch(app, { runner, signal, log: (message) => log(message), cache, network, now, ...options })
  if (result.outcome === 'running') return result.app
  if (result.outcome === 'not_applicable') throw new NotApplicable(result.reason)
  throw new NotApplicable(`The app does not start: ${result.failure.message}`)
}
