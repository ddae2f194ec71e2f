import type { Route } from '#platform/http'
import { type OpenApiDocument, openApiDocument } from './openapi.ts'
import { type ApiServices, apiRoutes } from './routes.ts'

/** Stands for the services while only the declarations of routes are read. */
const neverCalled: ApiServices = new Proxy(Object.create(null), { get: () => neverCalled })

/** Every route, to be read and not to be run. */
export function declaredRoutes(version: string): Route[] {
  return apiRoutes(neverCalled, version)
}

/** The API as OpenAPI 3.1, without opening a database or a port. */
export function describeApi(version: string): OpenApiDocument {
  return openApiDocument(declaredRoutes(version), version)
}
