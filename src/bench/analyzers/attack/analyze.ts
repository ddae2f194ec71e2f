import type { AppSnapshot } from '#bench/apps'
import type { RunningApp } from '#bench/launch'
import type { AnalysisContext, AnalysisResult } from '../contract.ts'
import { startApp } from '../running-app.ts'
import { attackApp } from './attack.ts'
import { findingOf } from './finding.ts'
import { type Inventory, inventoryOf } from './inventory/inventory.ts'
import { type AttackOptions, readOptions } from './options.ts'
import { replay } from './replay.ts'

/** Starts the app, attacks it and says what was proven, what was withstood, and what could not be tried. */
export async function analyzeAttack(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
  const { signal } = context
  const options = readOptions(context.options)
  const inventory = await inventoryOf(app, signal)
  await using running = await startApp(app, context, { observe: true })
  if (options.replay !== undefined) return await again(options.replay, running, inventory, context)
  const report = await attackApp(running, inventory, options, signal)
  const made = report.checks.filter(({ outcome }) => outcome === 'pass' || outcome === 'fail')
  context.log(
    `${report.requests} requests to ${report.endpoints} endpoints; ${made.length} of ${report.checks.length} classes ran.`,
  )
  return {
    findings: report.proofs.map(findingOf),
    metrics: {
      requests: report.requests,
      endpoints: report.endpoints,
      parameters: report.parameters,
      'classes.tried': made.length,
      'classes.proven': made.filter(({ outcome }) => outcome === 'fail').length,
    },
    coverage: {
      analysed: made.length,
      total: report.checks.filter(({ outcome }) => outcome !== 'not_applicable').length,
      gaps: [],
    },
    checks: report.checks,
  }
}

/** The check that says what came of making an attack again: `fail` when it succeeds. */
export const replayCheck = 'replay'

async function again(
  finding: NonNullable<AttackOptions['replay']>,
  running: RunningApp,
  inventory: Inventory,
  { signal, now }: AnalysisContext,
): Promise<AnalysisResult> {
  const result = await replay(finding, running, inventory, { signal, seed: now % 1_000_003 })
  const check = { id: replayCheck, title: 'The attack made again' }
  return {
    findings: result.outcome === 'proven' ? [result.finding] : [],
    metrics: {},
    coverage: { analysed: 1, total: 1, gaps: [] },
    checks: [
      result.outcome === 'proven'
        ? { ...check, outcome: 'fail', reason: result.finding.message }
        : { ...check, outcome: result.outcome === 'error' ? 'error' : 'pass', reason: result.reason },
    ],
  }
}
