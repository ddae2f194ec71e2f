import type { Analyzer } from '../contract.ts'
import { ruleOf } from './rules.ts'

/** Whether the running app does what it was asked to: the checks of its spec, and those its own code promises. */
export const conformance: Analyzer = {
  id: 'conformance',
  version: '1',
  title: 'Conformance',
  description:
    'Runs the acceptance checks of a spec on the running app; without one, checks derived from its routes, OpenAPI document and forms.',
  category: 'conformance',
  needs: { running: true },
  canary: {
    files: {
      'package.json': '{"name":"canary","private":true,"scripts":{"start":"node server.js"}}',
      'server.js': `const http = require('node:http')
http
  .createServer((request, response) => {
    response.writeHead(request.url === '/health' ? 500 : 200)
    response.end('ok')
  })
  .listen(Number(process.env.PORT || 3000), '127.0.0.1')
`,
      'assay.spec.yaml': 'name: canary\nendpoints:\n  - { method: GET, path: /health, answers: { 200: [] } }\n',
    },
    rule: 'endpoint',
  },
  timeout: 180_000,
  // Chromium counts with the process that analyses, where a spec has flows for the browser.
  memory: 6144,
  rule: ruleOf,
  applies: (app) =>
    app.files.some(({ role }) => role === 'source' || role === 'template')
      ? { applies: true }
      : { applies: false, reason: 'no source files' },
  analyze: async (app, context) => (await import('./analyze.ts')).analyze(app, context),
}
