import type { Analyzer } from '../contract.ts'
import { isSource } from './files.ts'
import { ruleOf } from './rules.ts'

/** Whether everything the code imports is there: in the standard library, in the app, declared, and in the registry. */
export const imports: Analyzer = {
  id: 'imports',
  version: '1',
  title: 'Imports',
  description:
    'Resolves every import of Python, JavaScript, TypeScript, Vue and Svelte code: undeclared, unused and invented packages, modules and names the app does not have.',
  category: 'quality',
  needs: { network: true },
  canary: {
    files: {
      'app.py': 'import flask\nimport requests\n\nprint(flask, requests)\n',
      'requirements.txt': 'flask==3.0.0\n',
    },
    rule: 'undeclared-import',
  },
  rule: ruleOf,
  applies(app) {
    return app.files.some(isSource)
      ? { applies: true }
      : { applies: false, reason: 'no Python, JavaScript or TypeScript files' }
  },
  analyze: async (app, context) => (await import('./analyze.ts')).analyze(app, context),
}
