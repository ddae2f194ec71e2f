import type { Analyzer } from '../contract.ts'
import { isTarget } from './files.ts'
import { complexityRules } from './rules.ts'

const catalogue = new Map(complexityRules.map((rule) => [rule.id, rule]))

/** Size, complexity and duplication of Python, JavaScript and TypeScript sources. */
export const complexity: Analyzer = {
  id: 'complexity',
  version: '1',
  title: 'Complexity and duplication',
  description:
    'Lines, cyclomatic and cognitive complexity, nesting, parameters and duplicated code, from syntax trees.',
  category: 'quality',
  needs: {},
  canary: {
    files: {
      'app.py': `def tangled(a):\n    for b in a:\n        if b:\n            for c in b:\n                if c:\n                    while c:\n                        if c > 1:\n                            c -= 1\n`,
    },
    rule: 'cognitive-complexity',
  },
  rule: (id) => catalogue.get(id),
  applies: (app) =>
    app.files.some(isTarget)
      ? { applies: true }
      : { applies: false, reason: 'No Python, JavaScript or TypeScript source files.' },
  analyze: async (app, context) => (await import('./analyze.ts')).analyze(app, context),
}
