import type { Analyzer } from '../contract.ts'
import { installedTool } from '../installed-tool.ts'
import { isSubject } from './files.ts'
import { ruleOf } from './rules.ts'

const revision = 1

/** Correctness and security of Python, by ruff. */
export const pythonLint: Analyzer = {
  id: 'python-lint',
  version: `${revision}+ruff-${installedTool('@astral-sh/ruff-wasm-nodejs')?.version ?? 'missing'}`,
  title: 'Python lint',
  description: 'Correctness, well-known traps and insecure calls in Python code, with ruff.',
  category: 'security',
  needs: {},
  canary: { files: { 'app.py': 'import subprocess\n\n\ndef run(text):\n    return eval(text)\n' }, rule: 'S307' },
  rule: ruleOf,
  applies(app) {
    return app.files.some(isSubject) ? { applies: true } : { applies: false, reason: 'no Python files' }
  },
  analyze: async (app, context) => (await import('./analyze.ts')).analyze(app, context),
}
