import { isManifest } from '#bench/manifests'
import type { Analyzer } from '../contract.ts'
import { ruleOf } from './rules.ts'

/** What the app installs: known vulnerabilities, unpinned and abandoned packages, licences, code run at installation. */
export const dependencies: Analyzer = {
  id: 'dependencies',
  version: '1',
  title: 'Dependencies',
  description:
    'Takes the inventory of npm and Python packages from manifests and lock files and holds it against OSV advisories, registries and licences.',
  category: 'security',
  needs: { network: true },
  canary: {
    files: { 'requirements.txt': 'flask\n', 'app.py': 'import flask\n' },
    rule: 'unpinned-dependency',
  },
  rule: ruleOf,
  applies(app) {
    return app.files.some((file) => isManifest(file.path))
      ? { applies: true }
      : { applies: false, reason: 'no manifest or lock file of npm or Python' }
  },
  analyze: async (app, context) => (await import('./analyze.ts')).analyze(app, context),
}
