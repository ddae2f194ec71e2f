import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { NotFound } from '#platform/errors'
import type { Route } from '#platform/http'
import { type Asset, loadAssets, sendAsset } from './assets.ts'
import { apiPrefix, type OpenApiDocument, openApiDocument } from './openapi.ts'

/** Everything from this server: the page works without a network and without scripts written into it. */
const contentSecurityPolicy =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Assay API</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
<div id="page"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</html>
`

const start = `SwaggerUIBundle({
  url: '${apiPrefix}/openapi.json',
  dom_id: '#page',
  deepLinking: true,
  tryItOutEnabled: true,
  validatorUrl: null,
})
`

/** Swagger UI, as the package `@fastify/swagger-ui` brings it: its files alone, so that starting costs nothing. */
const swaggerFiles = ['/swagger-ui.css', '/swagger-ui-bundle.js'] as const

/** `/api/v1/openapi.json` and the page `/api/docs`; both are made when first asked for. */
export function serveDocumentation(server: FastifyInstance, routes: readonly Route[], version: string): void {
  let document: OpenApiDocument | undefined
  server.get(`${apiPrefix}/openapi.json`, async (_request, reply) => {
    document ??= openApiDocument(routes, version)
    return reply.header('cache-control', 'no-cache').send(document)
  })

  const written = {
    '/api/docs': ['text/html', page],
    '/api/docs/': ['text/html', page],
    '/api/docs/start.js': ['text/javascript', start],
  }
  for (const [url, [type, text]] of Object.entries(written)) {
    server.get(url, async (_request, reply) => {
      reply.header('content-security-policy', contentSecurityPolicy).header('cache-control', 'no-cache')
      return reply.type(`${type}; charset=utf-8`).send(text)
    })
  }

  let loading: Promise<ReadonlyMap<string, Asset>> | undefined
  for (const file of swaggerFiles) {
    server.get(`/api/docs${file}`, async (request, reply) => {
      loading ??= loadAssets(join(dirname(fileURLToPath(import.meta.resolve('@fastify/swagger-ui'))), 'static'))
      const asset = (await loading).get(file)
      if (asset === undefined) throw new NotFound(`The package @fastify/swagger-ui has no ${file}.`)
      return sendAsset(asset, request, reply)
    })
  }
}
