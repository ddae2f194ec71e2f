import type { AppSnapshot } from '#bench/apps'
import { interfacesIn, readSources } from '#bench/interfaces'
import type { AnalysisResult, Analyzer } from '../contract.ts'
import { judgeAddresses } from './addresses.ts'
import { judgeAssets } from './assets.ts'
import { judgeFields } from './fields.ts'
import type { Wiring } from './finding.ts'
import { judgeRequests } from './requests.ts'
import { judgeRoutes } from './routes.ts'
import { ruleOf } from './rules.ts'
import { judgeSettings } from './settings.ts'
import { judgeTemplates } from './templates.ts'
import { judgeVocabulary } from './vocabulary.ts'

const codeLanguages: ReadonlySet<string | undefined> = new Set([
  'python',
  'javascript',
  'jsx',
  'typescript',
  'tsx',
  'vue',
  'svelte',
  'html',
  'jinja',
  'ejs',
])
const skippedRoles: ReadonlySet<string> = new Set(['test', 'vendored', 'generated', 'lock', 'asset'])

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
  async analyze(app, { signal }): Promise<AnalysisResult> {
    const sources = await readSources(app, signal)
    const interfaces = interfacesIn(sources)
    signal.throwIfAborted()
    const texts = new Map([
      ...sources.other,
      ...[...sources.scripts, ...sources.python, ...sources.markup].map(({ path, text }) => [path, text] as const),
    ])
    const all: Wiring = {
      ...interfaces,
      sources,
      texts,
      paths: [...app.files, ...app.excluded].map(({ path }) => path),
    }
    const judged = judgeRequests(all)
    const findings = [
      ...judged.findings,
      ...judgeFields(all, judged.matches),
      ...judgeVocabulary(all),
      ...judgeRoutes(all, judged),
      ...judgeAddresses(all),
      ...judgeSettings(all),
      ...judgeTemplates(all),
      ...judgeAssets(all),
    ]
    const files = codeFiles(app)
    const gaps = files.filter(({ path }) => !texts.has(path)).map(({ path }) => ({ path, reason: 'larger than 1 MB' }))
    return {
      findings,
      metrics: {
        routes: interfaces.routes.length,
        calls: interfaces.calls.filter(({ server }) => !server).length,
        'calls.matched': new Set(judged.matches.map(({ call }) => call)).size,
        'calls.unmatched': judged.unmatched,
        'calls.unresolved': judged.unresolved,
        'calls.external': judged.external,
        'environment.variables': new Set(interfaces.environment.map(({ name }) => name)).size,
      },
      coverage: { analysed: files.length - gaps.length, total: files.length, gaps },
    }
  },
}

function codeFiles(app: AppSnapshot) {
  return app.files.filter(
    ({ kind, language, role }) => kind === 'text' && codeLanguages.has(language) && !skippedRoles.has(role),
  )
}
