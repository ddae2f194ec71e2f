import type { AppSnapshot } from '#bench/apps'
import type { AnalysisContext, AnalysisResult, Analyzer } from '../contract.ts'
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
    options: { classes: ['command-injection'] },
  },
  timeout: 240_000,
  // The app in its sandbox and Chromium in another count as what this process started; each has a limit of its own.
  memory: 6144,
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
  const { analyzeAttack } = await import('./analyze.ts')
  return analyzeAttack(app, context)
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
