import type { Analyzer } from '../contract.ts'
import { installedTool } from '../installed-tool.ts'
import { isSubject } from './files.ts'
import { ruleOf } from './rules.ts'

const revision = 1

/** Credentials in code and configuration, by form (secretlint and our own shapes) and by name and value. */
export const secrets: Analyzer = {
  id: 'secrets',
  version: `${revision}+secretlint-${installedTool('@secretlint/core')?.version ?? 'missing'}`,
  title: 'Secrets',
  description: 'Passwords, keys and tokens left in code and configuration, with secretlint and our own rules.',
  category: 'security',
  needs: {},
  canary: {
    files: { 'config.py': `DATABASE_URL = 'postgresql://shop:${'vR7t-Qm2x'}@db.internal.shop.test/shop'\n` },
    rule: 'password-in-address',
  },
  rule: ruleOf,
  applies(app) {
    return app.files.some(isSubject) ? { applies: true } : { applies: false, reason: 'no text files' }
  },
  analyze: async (app, context) => (await import('./analyze.ts')).analyze(app, context),
}
