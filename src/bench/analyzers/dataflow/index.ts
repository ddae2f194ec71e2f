import type { Analyzer } from '../contract.ts'
import { isTarget } from './files.ts'
import { rules } from './models/rules.ts'

/** Follows outside text through an app's functions and files to where it does harm. */
export const dataflow: Analyzer = {
  id: 'dataflow',
  version: '2',
  title: 'Data flow',
  description: `Abstract interpretation of Python and JavaScript: ${rules.size} weaknesses, each finding with its whole path.`,
  category: 'security',
  needs: {},
  canary: {
    files: {
      'app.py':
        "import sqlite3\nfrom flask import Flask, request\napp = Flask(__name__)\n@app.route('/')\ndef find():\n    name = request.args['name']\n    sqlite3.connect('a.db').execute(f\"select * from t where name = '{name}'\")\n    return 'done'\n",
    },
    rule: 'sql-injection',
  },
  // Large programs are followed through all their files at once.
  timeout: 120_000,
  memory: 2048,
  rule: (id) => rules.get(id),
  applies: (app) =>
    app.files.some(isTarget)
      ? { applies: true }
      : { applies: false, reason: 'No Python, JavaScript or TypeScript source files.' },
  analyze: async (app, context) => (await import('./analyze.ts')).analyze(app, context),
}
