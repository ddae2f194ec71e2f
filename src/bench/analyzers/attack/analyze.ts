import type { AppSnapshot } from '#bench/apps'
import type { AnalysisContext, AnalysisResult } from '../contract.ts'
import { startApp } from '../running-app.ts'
import { attackApp } from './attack.ts'
import { findingOf } from './finding.ts'
import { inventoryOf } from './inventory/inventory.ts'
import { readOptions } from './options.ts'

/** Starts the app, attacks it and says what was proven, what was withstood, and what could not be tried. */
export async function analyzeAttack(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
  const { signal } = context
  const options = readOptions(context.options)
  const inventory = await inventoryOf(app, signal)
  await using running = await startApp(app, context, { observe: true })
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
