import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import type { AppSnapshot } from '#bench/apps'
import { readText } from '#bench/apps'
import { shapeOf } from '#bench/interfaces'
import type { CheckOrigin, PlannedCheck, Scene } from '../check.ts'
import { UnusableSchema, validatorWithin } from '../schemas.ts'
import { newVisitor, sendAs } from '../visitor.ts'
import { anybody, ask, broken, type Ground } from './plan.ts'

/** An OpenAPI document of the app and where it came from. */
export interface Declared {
  readonly document: OpenApi
  readonly from: string
  readonly path?: string
}

const parameterSchema = z.looseObject({ in: z.string().optional(), required: z.boolean().optional() })
const operationSchema = z.looseObject({
  parameters: z.array(parameterSchema).optional(),
  responses: z.record(
    z.string(),
    z.looseObject({
      content: z.record(z.string(), z.looseObject({ schema: z.unknown() })).optional(),
      schema: z.unknown().optional(),
    }),
  ),
})
const openApiSchema = z.looseObject({
  openapi: z.string().optional(),
  swagger: z.string().optional(),
  servers: z.array(z.looseObject({ url: z.string() })).optional(),
  basePath: z.string().optional(),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
})
type OpenApi = z.infer<typeof openApiSchema>

/** Where frameworks serve the document they make. */
const served = ['/openapi.json', '/swagger.json', '/api/openapi.json', '/api-docs/swagger.json'] as const
const fileName = /(?:^|\/)(?:openapi|swagger)\.(?:json|ya?ml)$/i

/** The document the app carries as a file, or else serves. */
export async function findOpenApi(app: AppSnapshot, scene: Omit<Scene, 'record'>): Promise<Declared | undefined> {
  const file = app.files.find(({ path, kind }) => kind === 'text' && fileName.test(path))
  const carried = file && documentIn(await readText(app, file))
  if (file && carried) return { document: carried, from: `the OpenAPI document ${file.path}`, path: file.path }
  for (const path of served) {
    const { response } = await sendAs(
      newVisitor(),
      scene.backend,
      { method: 'GET', path },
      { purpose: 'looks for OpenAPI', values: new Map(), signal: scene.signal },
    )
    const document = response?.status === 200 ? documentIn(response.body) : undefined
    if (document) return { document, from: `the OpenAPI document the app serves at ${path}` }
  }
  return undefined
}

/** Every GET operation without required parameters answers what the document declares. */
export function openApiChecks({ document, from, path: file }: Declared, ground: Ground): readonly PlannedCheck[] {
  const prefix = prefixOf(document)
  return Object.entries(document.paths).flatMap(([path, operations]): PlannedCheck[] => {
    const operation = operationSchema.safeParse(operations['get'])
    if (!operation.success || path.includes('{') || operation.data.parameters?.some(({ required }) => required))
      return []
    const route = ground.routes.find(
      (each) => each.method === 'GET' && shapeOf(each.path) === shapeOf(`${prefix}${path}`),
    )
    const place = route ? { path: route.file, line: route.line } : file ? { path: file } : {}
    const origin: CheckOrigin = { kind: 'derived', from, ...place }
    return [
      {
        id: `declared-answer:GET ${path}`,
        title: `GET ${prefix}${path} answers what its document declares`,
        kind: 'declared-answer',
        origin,
        endpoint: { method: 'GET', path: `${prefix}${path}` },
        async run(scene) {
          const exchange = await ask(scene, anybody(ground), 'asks for it', { method: 'GET', path: `${prefix}${path}` })
          const { response } = exchange
          if (response === undefined || response.status >= 500) {
            return { outcome: 'fail', reason: broken(exchange) ?? 'It was not answered.', at: exchange }
          }
          const pointer = schemaPointer(operation.data, path, response.status)
          if (pointer === undefined) {
            return { outcome: 'not_applicable', reason: `No JSON is declared for the status ${response.status}.` }
          }
          try {
            const validate = await validatorWithin(document, pointer)
            const wrong = validate(JSON.parse(response.body))
            if (wrong === undefined) return { outcome: 'pass' }
            return {
              outcome: 'fail',
              reason: `The answer to GET ${prefix}${path} does not match: ${wrong}.`,
              at: exchange,
            }
          } catch (error) {
            if (error instanceof SyntaxError)
              return { outcome: 'fail', reason: `The answer to GET ${prefix}${path} is not JSON.` }
            if (error instanceof UnusableSchema)
              return { outcome: 'error', reason: `The schema cannot be used: ${error.message}` }
            throw error
          }
        },
      },
    ]
  })
}

function documentIn(text: string): OpenApi | undefined {
  try {
    const parsed = openApiSchema.safeParse(parseYaml(text, { maxAliasCount: 100 }))
    return parsed.success && (parsed.data.openapi ?? parsed.data.swagger) ? parsed.data : undefined
  } catch {
    // Not YAML and so not JSON either: no document.
    return undefined
  }
}

function prefixOf({ basePath, servers }: OpenApi): string {
  const [server] = servers ?? []
  const path =
    basePath ??
    (server && URL.canParse(server.url, 'http://app.invalid') ? new URL(server.url, 'http://app.invalid').pathname : '')
  return path.replace(/\/$/, '')
}

/** JSON pointer (RFC 6901) of the schema of an answer. */
function schemaPointer(operation: z.infer<typeof operationSchema>, path: string, status: number): string | undefined {
  const key = [String(status), `${Math.floor(status / 100)}XX`, 'default'].find((each) => each in operation.responses)
  const answer = key === undefined ? undefined : operation.responses[key]
  if (key === undefined || answer === undefined) return undefined
  const base = ['paths', path, 'get', 'responses', key]
  const type = Object.keys(answer.content ?? {}).find((each) => /\bjson\b/i.test(each))
  const parts = type ? [...base, 'content', type, 'schema'] : answer.schema ? [...base, 'schema'] : undefined
  return parts?.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
