import { type ExecutionRouteServices, executionRoutes } from '#agents/engine'
import { type AppRouteServices, appRoutes } from '#bench/collection'
import { type FindingRouteServices, findingRoutes, type StudyRouteServices, studyRoutes } from '#bench/studies'
import { type Audit, auditRoutes } from '#platform/audit'
import type { Route } from '#platform/http'
import { type Identity, identityRoutes } from '#platform/identity'
import { type SystemServices, systemRoutes } from './system-routes.ts'

/** The services behind the API. */
export interface ApiServices {
  readonly identity: Identity
  readonly audit: Audit
  readonly apps: AppRouteServices
  readonly studies: StudyRouteServices
  readonly findings: FindingRouteServices
  readonly executions: ExecutionRouteServices
  readonly system: SystemServices
}

/** Every route of the API, in the order the API page shows them. */
export function apiRoutes(services: ApiServices, version: string): Route[] {
  return [
    ...appRoutes(services.apps),
    ...studyRoutes(services.studies),
    ...findingRoutes(services.findings),
    ...executionRoutes(services.executions),
    ...identityRoutes(services.identity),
    ...auditRoutes(services.audit),
    ...systemRoutes(services.system, version),
  ]
}
