import type { Analyzer } from '../contract.ts'
import { kindOf } from './files.ts'
import { containerRules } from './rules.ts'

const catalogue = new Map(containerRules.map((rule) => [rule.id, rule]))

/** Dockerfiles, compose files and nginx configurations. */
export const containers: Analyzer = {
  id: 'containers',
  version: '1',
  title: 'Containers and web server',
  description: 'Dockerfiles, compose files and nginx configurations: rights, secrets, images, ports, TLS.',
  category: 'security',
  needs: {},
  canary: {
    files: { Dockerfile: 'FROM python:latest\nCOPY app.py .\nCMD ["python", "app.py"]\n' },
    rule: 'unpinned-image',
  },
  rule: (id) => catalogue.get(id),
  applies: (app) =>
    app.files.some((file) => kindOf(file) !== undefined)
      ? { applies: true }
      : { applies: false, reason: 'No Dockerfile, compose file or nginx configuration.' },
  analyze: async (app, context) => (await import('./analyze.ts')).analyze(app, context),
}
