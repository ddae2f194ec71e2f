import type { AttackClass } from '../proof.ts'
import type { ClassId } from '../rules.ts'
import { codeInjection } from './code-injection.ts'
import { commandInjection } from './command-injection.ts'
import { crossOriginReading } from './cross-origin-reading.ts'
import { crossSiteRequestForgery } from './cross-site-request-forgery.ts'
import { crossSiteScripting } from './cross-site-scripting.ts'
import { debugConsole } from './debug-console.ts'
import { errorDetail } from './error-detail.ts'
import { jwtForgery } from './jwt-forgery.ts'
import { massAssignment } from './mass-assignment.ts'
import { memoryExhaustion } from './memory-exhaustion.ts'
import { missingAuthorization } from './missing-authorization.ts'
import { nosqlInjection } from './nosql-injection.ts'
import { openRedirect } from './open-redirect.ts'
import { pathTraversal } from './path-traversal.ts'
import { securityHeaders } from './security-headers.ts'
import { serverSideRequestForgery } from './server-side-request-forgery.ts'
import { sessionHandling } from './session-handling.ts'
import { slowPattern } from './slow-pattern.ts'
import { sqlInjection } from './sql-injection.ts'
import { templateInjection } from './template-injection.ts'
import { unlimitedLogin } from './unlimited-login.ts'
import { unrestrictedUpload } from './unrestricted-upload.ts'
import { unsafeDeserialisation } from './unsafe-deserialisation.ts'
import { xmlExternalEntities } from './xml-external-entities.ts'

/** Every class by its id. */
export const attackClasses: Readonly<Record<ClassId, AttackClass>> = {
  'cross-origin-reading': crossOriginReading,
  'open-redirect': openRedirect,
  'sql-injection': sqlInjection,
  'command-injection': commandInjection,
  'path-traversal': pathTraversal,
  'cross-site-scripting': crossSiteScripting,
  'template-injection': templateInjection,
  'code-injection': codeInjection,
  'server-side-request-forgery': serverSideRequestForgery,
  'nosql-injection': nosqlInjection,
  'unsafe-deserialisation': unsafeDeserialisation,
  'xml-external-entities': xmlExternalEntities,
  'unrestricted-upload': unrestrictedUpload,
  'missing-authorization': missingAuthorization,
  'mass-assignment': massAssignment,
  'cross-site-request-forgery': crossSiteRequestForgery,
  'jwt-forgery': jwtForgery,
  'session-handling': sessionHandling,
  'unlimited-login': unlimitedLogin,
  'debug-console': debugConsole,
  'error-detail': errorDetail,
  'slow-pattern': slowPattern,
  'memory-exhaustion': memoryExhaustion,
  'security-headers': securityHeaders,
}
