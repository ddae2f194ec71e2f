import type { PatternRule } from '../rule.ts'
import { autoescapeRules } from './autoescape.ts'
import { browserRules } from './browser.ts'
import { exposureRules } from './exposure.ts'
import { reactRules } from './react.ts'
import { tlsRules } from './tls.ts'

/** Every rule of the patterns analyzer. */
export const patternRules: readonly PatternRule[] = [
  ...exposureRules,
  ...tlsRules,
  ...autoescapeRules,
  ...browserRules,
  ...reactRules,
]
