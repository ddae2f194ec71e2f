import type { Analyzer } from '../contract.ts'
import { installedTool } from '../installed-tool.ts'
import { isSubject } from './files.ts'
import { ruleOf } from './rules.ts'

const revision = 1

/** Correctness, security and accessibility of JavaScript and TypeScript, by oxlint. */
export const javascriptLint: Analyzer = {
  id: 'javascript-lint',
  version: `${revision}+oxlint-${installedTool('oxlint')?.version ?? 'missing'}`,
  title: 'JavaScript lint',
  description:
    'Correctness, insecure calls, React and accessibility mistakes in JavaScript and TypeScript, with oxlint.',
  category: 'quality',
  needs: {},
  canary: {
    files: { 'app.js': "import x from './x.js'\nexport const run = (text) => eval(text + x)\n" },
    rule: 'eslint/no-eval',
  },
  rule: ruleOf,
  applies(app) {
    return app.files.some(isSubject)
      ? { applies: true }
      : { applies: false, reason: 'no JavaScript, TypeScript, Vue or Svelte files' }
  },
  analyze: async (app, context) => (await import('./analyze.ts')).analyze(app, context),
}
