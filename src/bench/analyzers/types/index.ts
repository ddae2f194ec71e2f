import type { Analyzer } from '../contract.ts'
import { installedTool } from '../installed-tool.ts'
import { isPython, isTypeScript } from './files.ts'
import { ruleOf } from './rules.ts'

const revision = 2

/** Type errors that hold without the app's dependencies: Python by pyright, TypeScript by tsc. */
export const types: Analyzer = {
  id: 'types',
  version: `${revision}+pyright-${installedTool('pyright')?.version ?? 'missing'}+typescript-${installedTool('typescript')?.version ?? 'missing'}`,
  title: 'Types',
  description:
    'Undefined names, wrong calls, missing members and values that may be absent, with pyright and TypeScript.',
  category: 'quality',
  needs: {},
  canary: {
    files: { 'app.py': 'def greet(name: str) -> str:\n    return "hello " + name\n\n\ngreet()\n' },
    rule: 'reportCallIssue',
  },
  timeout: 120_000,
  memory: 2048,
  rule: ruleOf,
  applies(app) {
    return app.files.some((file) => (isPython(file) || isTypeScript(file)) && file.role !== 'generated')
      ? { applies: true }
      : { applies: false, reason: 'no Python or TypeScript files' }
  },
  analyze: async (app, context) => (await import('./analyze.ts')).analyze(app, context),
}
