import { z } from 'zod'
import type { Endpoint, Parameter, Place } from './endpoint.ts'

type Schema = z.infer<typeof schemaSchema>
const schemaSchema = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  format: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  example: z.unknown().optional(),
  default: z.unknown().optional(),
  required: z.union([z.array(z.string()), z.boolean()]).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
})
const parameterSchema = z.looseObject({
  name: z.string(),
  in: z.string(),
  required: z.boolean().optional(),
  schema: z.unknown().optional(),
  example: z.unknown().optional(),
})
const operationSchema = z.looseObject({
  parameters: z.array(z.unknown()).optional(),
  requestBody: z
    .looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.unknown().optional() })).optional() })
    .optional(),
})
const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()).optional() }).optional(),
  definitions: z.record(z.string(), z.unknown()).optional(),
  basePath: z.string().optional(),
})

const methods: ReadonlySet<string> = new Set(['get', 'post', 'put', 'patch', 'delete'])

/** The endpoints of an OpenAPI 3 or Swagger 2 document; none when it is something else. Never throws. */
export function endpointsOfOpenApi(document: unknown): Endpoint[] {
  const parsed = documentSchema.safeParse(document)
  if (!parsed.success) return []
  const { paths, components, definitions, basePath = '' } = parsed.data
  const named = { ...definitions, ...components?.schemas }
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => methods.has(method))
      .flatMap(([method, operation]): Endpoint[] => {
        const read = operationSchema.safeParse(operation)
        if (!read.success) return []
        const shared = Array.isArray(item['parameters']) ? item['parameters'] : []
        const stated = [...shared, ...(read.data.parameters ?? [])].flatMap((given) => parametersOf(given, named))
        return [
          {
            method: method.toUpperCase(),
            path: `${basePath.replace(/\/$/, '')}${path.replace(/\{([^{}]+)\}/g, (_, name: string) => `:${name.replace(/\W/g, '_')}`)}`,
            parameters: [...stated, ...bodyOf(read.data.requestBody?.content ?? {}, named)],
            origins: ['document'],
            open: false,
          },
        ]
      }),
  )
}

function parametersOf(given: unknown, named: Readonly<Record<string, unknown>>): Parameter[] {
  const parsed = parameterSchema.safeParse(given)
  if (!parsed.success) return []
  const { name, in: where, required = false, schema, example } = parsed.data
  const place = ({ path: 'path', query: 'query', header: 'header', cookie: 'cookie', formData: 'form' } as const)[where]
  if (where === 'body') return fieldsOf(schema, 'json', named)
  if (place === undefined) return []
  return [
    {
      ...fieldOf(name, place, required, resolved(schema ?? given, named)),
      ...(typeof example === 'string' && { sample: example }),
    },
  ]
}

function bodyOf(
  content: Readonly<Record<string, { schema?: unknown }>>,
  named: Readonly<Record<string, unknown>>,
): Parameter[] {
  for (const [type, place] of bodyTypes) {
    const found = Object.entries(content).find(([name]) => name.startsWith(type))
    if (found !== undefined) return fieldsOf(found[1].schema, place, named)
  }
  return []
}

const bodyTypes: readonly (readonly [string, Place])[] = [
  ['application/json', 'json'],
  ['application/x-www-form-urlencoded', 'form'],
  ['multipart/form-data', 'form'],
  ['application/xml', 'xml'],
]

function fieldsOf(schema: unknown, place: Place, named: Readonly<Record<string, unknown>>): Parameter[] {
  if (place === 'xml') return [{ name: 'body', place, required: true }]
  const whole = resolved(schema, named)
  const parts = [whole, ...(whole.allOf ?? []).map((part) => resolved(part, named))]
  return parts.flatMap((part) => {
    const required = Array.isArray(part.required) ? part.required : []
    return Object.entries(part.properties ?? {}).map(([name, property]) =>
      fieldOf(name, place, required.includes(name), resolved(property, named)),
    )
  })
}

function fieldOf(name: string, place: Place, required: boolean, schema: Schema): Parameter {
  const type = schema.format ?? (Array.isArray(schema.type) ? schema.type[0] : schema.type)
  const sample = [schema.example, schema.default, schema.enum?.[0]].find(
    (value) => typeof value === 'string' || typeof value === 'number',
  )
  const file = schema.format === 'binary'
  return {
    name,
    place: file ? 'file' : place,
    required,
    ...(type !== undefined && { type }),
    ...(sample !== undefined && { sample: String(sample) }),
  }
}

function resolved(schema: unknown, named: Readonly<Record<string, unknown>>, depth = 0): Schema {
  const parsed = schemaSchema.safeParse(schema)
  if (!parsed.success) return {}
  const name = parsed.data.$ref?.split('/').at(-1)
  return name === undefined || depth > 5 ? parsed.data : resolved(named[name], named, depth + 1)
}
