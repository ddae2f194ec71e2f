import { type AnalyzerPool, analyzerById } from '#bench/analyzers'
import type { AppSnapshot } from '#bench/apps'
import type { Finding } from '#bench/findings'
import { Conflict, Unavailable } from '#platform/errors'
import type { Replay } from './finding-resources.ts'

/** Whether the finding rests on an attack, which can be made again. */
export function isReplayable({ witnesses }: Pick<Finding, 'witnesses'>): boolean {
  return witnesses.some(({ analyzer }) => analyzer === 'attack')
}

/**
 * Starts the app in the sandbox and makes the attack of a finding again, with new sessions and values.
 * @throws Conflict when the finding rests on no attack; Unavailable when there is no attacking analyzer
 */
export async function replayFinding(
  pool: AnalyzerPool,
  app: AppSnapshot,
  finding: Finding,
  signal: AbortSignal,
): Promise<Replay> {
  if (!isReplayable(finding)) {
    throw new Conflict(`${finding.title} was seen in the source, not proven on the running app.`, {
      next: 'Run a study with the analyzer attack first.',
    })
  }
  const attack = analyzerById('attack')
  if (attack === undefined) throw new Unavailable('This release has no analyzer that attacks.')
  const { witnesses, evidence } = finding
  const report = await pool.run(attack, app, { replay: { witnesses, evidence } }, signal)
  signal.throwIfAborted()
  const [check] = report.checks
  const [proof] = report.findings
  const reason = check?.reason ?? report.reason ?? 'no reason given'
  const outcome = check?.outcome === 'fail' ? 'proven' : check?.outcome === 'pass' ? 'not_proven' : 'error'
  return {
    outcome,
    reason,
    exchanges: proof?.evidence.exchanges ?? [],
    observed: proof?.evidence.observed ?? [],
    durationMs: Math.round(report.durationMs),
  }
}
