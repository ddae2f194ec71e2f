import type { AppSnapshot } from '#bench/apps'
import { openBrowserFor, type SandboxedBrowser } from '#bench/browser'
import { browserChecks, type CheckResult, runChecks, runDerivedChecks, specChecks } from '#bench/specs'
import type { AnalysisContext, AnalysisResult, Check } from '../contract.ts'
import { startApp } from '../running-app.ts'
import { cut, findingsOf } from './findings.ts'
import { readOptions } from './options.ts'

/** Starts the app and runs the checks of its spec, and those derived from its code. */
export async function analyze(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
  const { signal, keep } = context
  const { spec, seed, derived } = await readOptions(app, context.options)
  await using running = await startApp(app, context)
  const scene = { app: running, backend: running.backend ?? running, seed, signal }
  const results: CheckResult[] = []
  let browser: Promise<SandboxedBrowser> | undefined
  try {
    if (spec !== undefined) {
      const stage = {
        origin: running.origin,
        async browser() {
          browser ??= openBrowserFor(running, signal)
          return browser
        },
        async picture(flow: string, content: Uint8Array) {
          const name = `flow-${flow}.png`
          await keep({ name, title: `Where the flow ${flow} stopped`, mediaType: 'image/png' }, content)
          return name
        },
      }
      results.push(...(await runChecks([...specChecks(spec), ...browserChecks(spec, stage)], scene)))
    }
    if (derived) results.push(...(await runDerivedChecks(app, scene)))
  } finally {
    // One that did not open has nothing to stop; the checks that needed it have said so.
    await browser?.then(
      (opened) => opened.stop(),
      () => undefined,
    )
  }
  await keep(
    { name: 'checks.json', title: 'Every check with its requests and answers', mediaType: 'application/json' },
    JSON.stringify(results.map(recorded), undefined, 1),
  )
  if (results.some(({ verdict }) => verdict.outcome === 'fail')) {
    const lines = running.logs().map(({ part, stream, text }) => `${part} ${stream}: ${text}`)
    await keep(
      { name: 'app.log', title: 'What the app printed', mediaType: 'text/plain' },
      lines.join('\n').slice(-4_000_000),
    )
  }
  const judged = results.filter(({ verdict: { outcome } }) => outcome === 'pass' || outcome === 'fail')
  // What does not apply is nothing left out; what could not be run is.
  const gaps = results.flatMap(({ check, verdict }) =>
    verdict.outcome === 'error' ? [{ path: check.id, reason: verdict.reason }] : [],
  )
  return {
    findings: findingsOf(results, running.origin),
    metrics: metricsOf(results, judged),
    coverage: { analysed: judged.length, total: judged.length + gaps.length, gaps },
    checks: results.map(checkOf),
  }
}

function metricsOf(results: readonly CheckResult[], judged: readonly CheckResult[]): Record<string, number> {
  const count = (outcome: string): number => results.filter(({ verdict }) => verdict.outcome === outcome).length
  return {
    checks: results.length,
    'checks.passed': count('pass'),
    'checks.failed': count('fail'),
    'checks.not-applicable': count('not_applicable'),
    'checks.error': count('error'),
    'checks.from-spec': results.filter(({ check }) => check.origin.kind === 'spec').length,
    ...(judged.length > 0 && { 'checks.passed.share': count('pass') / judged.length }),
  }
}

function checkOf({ check: { id, title }, verdict }: CheckResult): Check {
  return { id, title, outcome: verdict.outcome, ...('reason' in verdict && { reason: verdict.reason }) }
}

/** A check as it is kept beside the findings: those that passed show their exchanges, too. */
function recorded({ check: { id, title, kind, origin, endpoint }, verdict, exchanges }: CheckResult): unknown {
  const { outcome } = verdict
  const reason = 'reason' in verdict ? verdict.reason : undefined
  return { id, title, kind, origin, endpoint, outcome, reason, exchanges: exchanges.map(cut) }
}
