import { parse as parseYaml } from 'yaml'
import type { AppSnapshot } from '#bench/apps'
import { readText } from '#bench/apps'
import { interfacesIn, readSources } from '#bench/interfaces'
import { type Endpoint, unite } from './endpoint.ts'
import { endpointsOfOpenApi } from './from-openapi.ts'
import { endpointsOfCalls, endpointsOfRoutes } from './from-routes.ts'
import { endpointsInSource } from './from-source.ts'

/** What an app's files say about where it takes requests. */
export interface Inventory {
  readonly endpoints: readonly Endpoint[]
  /** All code of the backend, to see what a class could find there at all. */
  readonly code: string
}

/** Bytes beyond which a document of interfaces is not read. */
const documentLimit = 2_000_000

/** Reads routes, plain servers, the front end's requests and OpenAPI documents of an app. Nothing is run. */
export async function inventoryOf(app: AppSnapshot, signal: AbortSignal): Promise<Inventory> {
  const sources = await readSources(app, signal)
  const interfaces = interfacesIn(sources)
  const code = [...sources.python, ...sources.scripts]
  const documents: Endpoint[] = []
  for (const file of app.files) {
    if (!/(?:openapi|swagger)[\w.-]*\.(?:json|ya?ml)$/i.test(file.path) || file.size > documentLimit) continue
    documents.push(...endpointsOfOpenApi(parseYaml(await readText(app, file))))
  }
  const routes = endpointsOfRoutes(interfaces.routes, code)
  return {
    endpoints: unite([
      ...routes,
      ...code.flatMap(endpointsInSource),
      ...documents,
      ...endpointsOfCalls(interfaces.calls),
    ]),
    code: [...code, ...sources.markup].map(({ text }) => text).join('\n'),
  }
}
