import type { FastifyInstance } from 'fastify'
import type { Route } from '#platform/http'
import { apiPrefix, openApiDocument } from './openapi.ts'

/** Everything from this server: the page works without a network and without scripts written into it. */
const contentSecurityPolicy =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** `/api/v1/openapi.json` and the page `/api/docs`. */
export async function serveDocumentation(
  server: FastifyInstance,
  routes: readonly Route[],
  version: string,
): Promise<void> {
  const [swagger, swaggerUi] = await Promise.all([import('@fastify/swagger'), import('@fastify/swagger-ui')])
  const document = openApiDocument(routes, version)
  server.get(`${apiPrefix}/openapi.json`, async (_request, reply) => {
    reply.header('cache-control', 'no-cache')
    return document
  })
  await server.register(swagger.default, {
    mode: 'static',
    specification: {
      document: document,
    },
  })
  await server.register(swaggerUi.default, {
    routePrefix: '/api/docs',
    staticCSP: contentSecurityPolicy,
    uiConfig: { deepLinking: true, tryItOutEnabled: true, validatorUrl: null },
  })
}
