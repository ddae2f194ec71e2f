import type { Runner, RunnerId } from './contract.ts'
import { dockerRunner } from './docker/runner.ts'
import { SandboxUnavailable } from './errors.ts'
import { processRunner } from './process/runner.ts'

/** Every runner there is, the preferred first. */
export const runners: readonly Runner[] = [processRunner, dockerRunner]

export interface RunnerChoice {
  /** `auto` takes the first that works here. */
  readonly preference: RunnerId | 'auto'
  readonly signal: AbortSignal
}

/** Runners that worked in this process: what works goes on working, and trying takes as long as an app to start. */
const working = new Set<Runner>()

/**
 * The runner to use on this machine; each is tried once before it is believed.
 * @throws SandboxUnavailable when none works, with what to install
 */
export async function chooseRunner({ preference, signal }: RunnerChoice): Promise<Runner> {
  const reasons: string[] = []
  const next: string[] = []
  for (const runner of runners) {
    if (preference !== 'auto' && runner.id !== preference) continue
    if (working.has(runner)) return runner
    const report = await runner.examine(signal)
    if (report.available) {
      working.add(runner)
      return runner
    }
    reasons.push(`${runner.id}: ${report.reason}`)
    next.push(report.next)
  }
  throw new SandboxUnavailable(`No sandbox can be provided here. ${reasons.join(' ')}`, { next: next.join(' Or: ') })
}
