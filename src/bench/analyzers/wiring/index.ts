import type { Analyzer } from '../contract.ts'
import { codeFiles } from './files.ts'
import { ruleOf } from './rules.ts'

/** Whether the parts of an app fit together: requests and routes, fields, ports, settings, templates. */
export const wiring: Analyzer = {
  id: 'wiring',
  version: '1',
  title: 'Wiring',
  description:
    'Compares what the frontend requests with what the backend serves, and settings, templates and ports with what exists, on syntax trees.',
  category: 'conformance',
  needs: {},
  canary: {
    files: {
      'app.py':
        "from flask import Flask\napp = Flask(__name__)\n@app.route('/api/users')\ndef users():\n    return []\n",
      'App.jsx': "import React from 'react'\nfetch('/api/accounts')\n",
    },
    rule: 'missing-route',
  },
  rule: ruleOf,
  applies(app) {
    return codeFiles(app).length > 0
      ? { applies: true }
      : { applies: false, reason: 'no Python, JavaScript or HTML sources' }
  },
  analyze: async (app, context) => (await import('./analyze.ts')).analyze(app, context),
}
