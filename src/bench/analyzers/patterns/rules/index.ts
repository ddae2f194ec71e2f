import type { PatternRule } from '../rule.ts'
import { browserRules } from './browser.ts'
import { cookieRules } from './cookies.ts'
import { corsRules } from './cors.ts'
import { credentialRules } from './credentials.ts'
import { cryptographyRules } from './cryptography.ts'
import { executionRules } from './execution.ts'
import { exposureRules } from './exposure.ts'
import { flowRules } from './flows.ts'
import { jwtRules } from './jwt.ts'
import { passwordRules } from './passwords.ts'
import { queryRules } from './queries.ts'
import { reactRules } from './react.ts'
import { requestRules } from './request.ts'
import { tlsRules } from './tls.ts'

/** Every rule of the patterns analyzer. */
export const patternRules: readonly PatternRule[] = [
  ...exposureRules,
  ...corsRules,
  ...cookieRules,
  ...credentialRules,
  ...passwordRules,
  ...cryptographyRules,
  ...jwtRules,
  ...tlsRules,
  ...queryRules,
  ...executionRules,
  ...requestRules,
  ...flowRules,
  ...browserRules,
  ...reactRules,
]
