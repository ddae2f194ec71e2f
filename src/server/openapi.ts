import { z } from 'zod'
import { problemSchema, type Route } from '#platform/http'

type Json = { readonly [key: string]: unknown }
type Direction = 'input' | 'output'

/** An OpenAPI 3.1 document; plain JSON. */
export type OpenApiDocument = Json & {
  readonly openapi: string
  readonly info: Json & { readonly title: string; readonly version: string }
  readonly paths: Readonly<Record<string, Json>>
}

/** Where the routes are mounted. */
export const apiPrefix = '/api/v1'

/**
 * Describes the routes. Schemas with an id become components.
 * @throws Error for two different schemas of one id, and for two routes of one method and path
 */
export function openApiDocument(routes: readonly Route[], version: string): OpenApiDocument {
  const components = new Components()
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = `${apiPrefix}${route.path}`
    const operations = paths[path] ?? {}
    paths[path] = operations
    const method = route.method.toLowerCase()
    if (operations[method] !== undefined) throw new Error(`Two routes are ${route.method} ${path}.`)
    operations[method] = operation(route, components)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Assay',
      version,
      description: 'The workbench for AI-written software. Errors are `application/problem+json`; lists have cursors.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.flatMap((route) => route.tags))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components.all(),
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'assay.session_token' },
        key: { type: 'http', scheme: 'bearer', description: 'An API key: `assay_…`' },
      },
    },
  }
}

function operation(route: Route, components: Components): Json {
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    tags: route.tags,
    security: route.role === 'public' ? [] : [{ session: [] }, { key: [] }],
    'x-role': route.role,
    parameters: [
      ...parameters('path', route.params, components),
      ...parameters('query', route.query, components),
      ...(route.kind === 'events' ? [lastEventId] : []),
    ],
    ...(route.kind === 'json' && requestBody(route, components)),
    responses: {
      ...success(route, components),
      default: {
        description: 'It failed.',
        content: { 'application/problem+json': { schema: components.reference(problemSchema, 'output') } },
      },
    },
  }
}

const lastEventId = {
  name: 'Last-Event-ID',
  in: 'header',
  required: false,
  description: 'Id of the last event seen: those after it are sent again.',
  schema: { type: 'string' },
}

/** `GET /studies/{id}/matrix` → `getStudiesByIdMatrix`. */
function operationId(route: Route): string {
  const words = route.path.split(/[/{}-]+/).filter((word) => word !== '')
  const named = words.map((word) => (route.path.includes(`{${word}}`) ? `by-${word}` : word))
  const parts = named.flatMap((word) => word.split('-'))
  return route.method.toLowerCase() + parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('')
}

function parameters(where: 'path' | 'query', schema: z.ZodType | undefined, components: Components): Json[] {
  if (schema === undefined) return []
  const { properties, required } = components.inline(schema, 'input')
  if (!isJson(properties)) throw new Error(`The ${where} parameters of a route must be an object.`)
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = isJson(property) ? property : {}
    return {
      name,
      in: where,
      required: where === 'path' || (Array.isArray(required) && required.includes(name)),
      ...(description !== undefined && { description }),
      schema: rest,
    }
  })
}

function requestBody(route: Extract<Route, { kind: 'json' }>, components: Components): Json {
  if (route.body === undefined) return {}
  const content: Record<string, unknown> = {
    'application/json': { schema: components.reference(route.body, 'input') },
  }
  for (const type of route.uploads?.types ?? []) content[type] = { schema: { type: 'string', format: 'binary' } }
  return { requestBody: { required: !route.body.safeParse(undefined).success, content } }
}

function success(route: Route, components: Components): Json {
  if (route.kind === 'download') {
    const file = { schema: { type: 'string', format: 'binary' } }
    return {
      200: { description: 'The file.', content: Object.fromEntries(route.produces.map((type) => [type, file])) },
    }
  }
  if (route.kind === 'events') {
    const events = Object.entries(route.events).map(([event, data]) => ({
      type: 'object',
      properties: { event: { const: event }, data: components.reference(data, 'output') },
      required: ['event', 'data'],
    }))
    return {
      200: {
        description: 'Server-sent events.',
        content: { 'text/event-stream': { schema: { type: 'string' }, 'x-events': { oneOf: events } } },
      },
    }
  }
  if (route.status === 204) return { 204: { description: 'Done.' } }
  return {
    [route.status]: {
      description: route.status === 201 ? 'Created.' : 'OK.',
      content: { 'application/json': { schema: components.reference(route.response, 'output') } },
    },
  }
}

/** Schemas with ids, collected while routes refer to them. */
class Components {
  readonly #found = new Map<string, Json>()

  /** The JSON Schema of `schema`; parts with an id, itself included, become references. */
  reference(schema: z.ZodType, direction: Direction): Json {
    const id = schema.meta()?.id
    const inline = this.inline(schema, direction)
    if (id === undefined || inline['$ref'] !== undefined) return inline
    this.#add(id, inline)
    return { $ref: referenceTo(id) }
  }

  /** The same, but the schema itself stays in place. */
  inline(schema: z.ZodType, direction: Direction): Json {
    const { $schema, $defs, id, ...root } = toJsonSchema(schema, direction)
    for (const [name, definition] of Object.entries(isJson($defs) ? $defs : {})) this.#add(name, definition)
    return root
  }

  all(): Json {
    return Object.fromEntries([...this.#found].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  #add(id: string, definition: unknown): void {
    const { id: _, ...schema } = isJson(definition) ? definition : {}
    const known = this.#found.get(id)
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`Two different schemas are called ${id}; a request and an answer that differ need two names.`)
    }
    this.#found.set(id, schema)
  }
}

function referenceTo(id: string): string {
  return `#/components/schemas/${id}`
}

function toJsonSchema(schema: z.ZodType, direction: Direction): Json {
  const json = z.toJSONSchema(schema, {
    io: direction,
    unrepresentable: 'any',
    override({ jsonSchema }) {
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
    },
  })
  // Through text: the references are rewritten wherever they stand, and what is not JSON falls away.
  return JSON.parse(JSON.stringify(json), (key, value) =>
    key === '$ref' && typeof value === 'string' ? value.replace('#/$defs/', referenceTo('')) : value,
  )
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
