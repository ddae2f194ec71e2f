import type { Analyzer } from '../contract.ts'
import { ruleOf } from './rules.ts'

/** What people meet when they open the app: errors, dead ends, barriers, slowness. */
export const browser: Analyzer = {
  id: 'browser',
  version: '1',
  title: 'Browser',
  description:
    'Opens the pages of the running app in Chromium: errors, failed requests, dead links and buttons, WCAG 2.2 AA with axe-core, web vitals, pictures at two sizes and both colour schemes.',
  category: 'accessibility',
  needs: { running: true, browser: true },
  canary: {
    files: {
      'package.json': '{"name":"canary","private":true,"scripts":{"start":"node server.js"}}',
      'server.js': `const http = require('node:http')
const page = '<!doctype html><html lang="en"><title>Canary</title><main><h1>Canary</h1><button>Save</button></main></html>'
http
  .createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(page)
  })
  .listen(Number(process.env.PORT || 3000), '127.0.0.1')
`,
    },
    rule: 'dead-button',
  },
  timeout: 180_000,
  // Chromium's processes count with the one that analyses.
  memory: 6144,
  rule: ruleOf,
  applies: (app) =>
    app.files.some(({ role }) => role === 'source' || role === 'template')
      ? { applies: true }
      : { applies: false, reason: 'no source files' },
  analyze: async (app, context) => (await import('./analyze.ts')).analyze(app, context),
}
