import type { AppSnapshot } from '#bench/apps'
import { type LaunchOptions, launch } from '#bench/launch'
import { chooseRunner } from '#bench/sandbox'
import type { AnalysisContext, AnalysisResult, Analyzer } from '../contract.ts'
import { NotApplicable } from '../errors.ts'
import { rules } from './rules.ts'

/** Attacks the running app in its sandbox and reports what it could prove. */
export const attack: Analyzer = {
  id: 'attack',
  version: '1',
  title: 'Attack',
  description:
    'Runs the app in a sandbox and attacks it: 24 classes, each with a proof, a control that excludes coincidence, and the requests to do it again.',
  category: 'security',
  needs: { running: true },
  canary: {
    files: {
      'server.js': canaryServer(),
      'package.json': '{"name":"canary","private":true,"scripts":{"start":"node server.js"}}\n',
    },
    rule: 'command-injection',
  },
  timeout: 240_000,
  rule: (id) => rules.get(id),
  applies: (app) =>
    app.components.some(({ role }) => role === 'backend' || role === 'fullstack') || hasServer(app)
      ? { applies: true }
      : { applies: false, reason: 'No server that could be attacked.' },
  analyze,
}

function hasServer(app: AppSnapshot): boolean {
  return app.files.some(
    ({ path, role }) =>
      role === 'source' && /(?:^|\/)(?:app|server|main|index|wsgi|run)\.(?:py|m?js|cjs|ts)$/.test(path),
  )
}

async function analyze(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
  const { signal } = context
  // Loaded here so that a list of analyzers costs nothing.
  const [{ attackApp }, { inventoryOf }, { readOptions }, { findingOf }] = await Promise.all([
    import('./attack.ts'),
    import('./inventory/inventory.ts'),
    import('./options.ts'),
    import('./finding.ts'),
  ])
  const options = readOptions(context.options)
  const inventory = await inventoryOf(app, signal)
  const runner = await chooseRunner({ preference: context.runner, signal })
  const launching: LaunchOptions = {
    runner,
    signal,
    log: context.log,
    cache: context.cache,
    network: context.network,
    now: context.now,
    observe: true,
  }
  const launched = await launch(app, launching)
  if (launched.outcome === 'not_applicable') throw new NotApplicable(launched.reason)
  if (launched.outcome === 'failed') throw new NotApplicable(`The app does not start: ${launched.failure.message}`)
  await using running = launched.app
  const report = await attackApp(running, inventory, options, signal)
  return {
    findings: report.proofs.map(findingOf),
    metrics: {
      requests: report.requests,
      endpoints: report.endpoints,
      parameters: report.parameters,
      'classes.tried': report.checks.filter(({ outcome }) => outcome === 'pass' || outcome === 'fail').length,
      'classes.proven': report.checks.filter(({ outcome }) => outcome === 'fail').length,
    },
    coverage: { analysed: report.endpoints, total: report.endpoints, gaps: [] },
    checks: report.checks,
  }
}

/** A server of ten lines that hands a parameter to the shell. */
function canaryServer(): string {
  return `const http = require('node:http')
const { exec } = require('node:child_process')
http.createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost')
  if (url.pathname === '/size') {
    const name = url.searchParams.get('name')
    exec('wc -c ' + name, (error, output) => response.end(String(error ?? output)))
  } else response.end('ok')
}).listen(process.env.PORT || 3000, '127.0.0.1')
`
}
