import type { Analyzer } from '../contract.ts'
import { targets } from './files.ts'
import { ruleOf } from './rules.ts'

/** What generated code leaves undone: stubs, omissions, cut-off files, traces of the chat, controls that do nothing. */
export const completeness: Analyzer = {
  id: 'completeness',
  version: '1',
  title: 'Completeness',
  description:
    'Finds stubs, omitted code, cut-off files, chat residue, garbled text and controls that do nothing, on syntax trees.',
  category: 'quality',
  needs: {},
  canary: {
    files: { 'app.py': 'def export_notes(notes):\n    # TODO: implement\n    pass\n' },
    rule: 'stub',
  },
  rule: ruleOf,
  applies(app) {
    return targets(app).length > 0 ? { applies: true } : { applies: false, reason: 'no source files' }
  },
  analyze: async (app, context) => (await import('./analyze.ts')).analyze(app, context),
}
