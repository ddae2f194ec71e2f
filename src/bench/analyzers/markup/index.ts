import type { Analyzer } from '../contract.ts'
import { isTarget } from './files.ts'
import { catalogue } from './rules.ts'

/** Validity and static accessibility of HTML, templates and JSX. */
export const markup: Analyzer = {
  id: 'markup',
  version: '1',
  title: 'Markup and accessibility',
  description: 'Validity and accessibility of HTML and templates (html-validate) and of JSX (syntax trees).',
  category: 'accessibility',
  needs: {},
  canary: {
    files: {
      'index.html':
        '<!doctype html>\n<html lang="en"><head><title>a</title></head><body><img src="a.png"></body></html>\n',
    },
    rule: 'wcag/h37',
  },
  rule: (id) => catalogue.get(id),
  applies: (app) =>
    app.files.some(isTarget) ? { applies: true } : { applies: false, reason: 'No HTML, template or JSX files.' },
  analyze: async (app, context) => (await import('./analyze.ts')).analyze(app, context),
}
