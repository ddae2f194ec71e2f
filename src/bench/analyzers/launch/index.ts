import type { Analyzer } from '../contract.ts'
import { ruleOf } from './rules.ts'

/** Whether the app starts from its own files alone, how fast, and why not. */
export const launch: Analyzer = {
  id: 'launch',
  version: '1',
  title: 'Launch',
  description:
    'Starts the app in the sandbox from its own files: does it start, how fast, with how much memory, and why not.',
  category: 'conformance',
  needs: { running: true },
  canary: {
    files: {
      'server.js': "require('assay-example-nonexistent-package')\nrequire('node:http').createServer().listen(3000)\n",
    },
    rule: 'missing-package',
  },
  timeout: 420_000,
  // The app, or the build of its pages, counts as what this process started; its sandbox has a limit of its own.
  memory: 4096,
  rule: ruleOf,
  applies: (app) =>
    app.files.some(({ role }) => role === 'source' || role === 'template')
      ? { applies: true }
      : { applies: false, reason: 'no source files' },
  analyze: async (app, context) => (await import('./analyze.ts')).analyze(app, context),
}
