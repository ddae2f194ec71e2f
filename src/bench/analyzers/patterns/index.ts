import type { Analyzer } from '../contract.ts'
import { isTarget } from './files.ts'
import { patternRules } from './rules/index.ts'

const catalogue = new Map(patternRules.map((rule) => [rule.id, rule]))

/**
 * Rules about what a piece of code is, wherever its values come from, over the syntax trees of Python, JavaScript, TypeScript, JSX and the
 * scripts of pages. What depends on values and their ways is left to the data flow.
 */
export const patterns: Analyzer = {
  id: 'patterns',
  version: '2',
  title: 'Structural patterns',
  description: `${patternRules.length} rules on the form of Python, JavaScript and TypeScript code: raw HTML, escaping switched off, outdated TLS, open servers and files, endless effects.`,
  category: 'security',
  needs: {},
  canary: {
    files: { 'app.py': 'from jinja2 import Environment\nenv = Environment(autoescape=False)\n' },
    rule: 'autoescape-off',
  },
  rule: (id) => catalogue.get(id),
  applies: (app) =>
    app.files.some(isTarget)
      ? { applies: true }
      : { applies: false, reason: 'No Python, JavaScript or TypeScript source files.' },
  analyze: async (app, context) => (await import('./analyze.ts')).analyze(app, context),
}
