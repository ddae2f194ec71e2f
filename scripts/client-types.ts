/** TypeScript types of an OpenAPI 3.1 document, in the shape `openapi-fetch` takes. */

type Json = { readonly [key: string]: unknown }

/** @param document OpenAPI 3.1, with every reference into `#/components/schemas/` */
export function clientTypes(document: Json): string {
  const paths = record(document['paths'])
  const schemas = record(record(document['components'])['schemas'])
  return [
    '// Written by scripts/generate-client.ts from docs/openapi.json. Do not edit.',
    '',
    'export interface paths {',
    ...Object.entries(paths).map(([path, item]) => `  ${quote(path)}: ${indent(pathItem(record(item)))}`),
    '}',
    '',
    'export interface components {',
    '  schemas: {',
    ...Object.entries(schemas).map(([name, schema]) => `    ${quote(name)}: ${indent(indent(typeOf(schema)))}`),
    '  }',
    '}',
    '',
    ...Object.keys(schemas).map((name) => `export type ${name} = components['schemas']['${name}']`),
    '',
  ].join('\n')
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const

function pathItem(item: Json): string {
  return object([
    'parameters: { query?: never; header?: never; path?: never; cookie?: never }',
    ...methods.flatMap((method) =>
      item[method] === undefined
        ? [`${method}?: never`]
        : [...documentation(record(item[method])['summary']), `${method}: ${operation(record(item[method]))}`],
    ),
  ])
}

function operation(value: Json): string {
  return object([
    `parameters: ${object(['query', 'header', 'path', 'cookie'].map((where) => parameters(where, list(value['parameters']))))}`,
    value['requestBody'] === undefined ? 'requestBody?: never' : requestBody(record(value['requestBody'])),
    `responses: ${object(Object.entries(record(value['responses'])).map(([status, answer]) => response(status, record(answer))))}`,
  ])
}

function parameters(where: string, all: readonly unknown[]): string {
  const own = all.map(record).filter((parameter) => parameter['in'] === where)
  if (own.length === 0) return `${where}?: never`
  const required = own.some((parameter) => parameter['required'] === true)
  const members = own.flatMap((parameter) => [
    ...documentation(parameter['description']),
    `${quote(String(parameter['name']))}${parameter['required'] === true ? '' : '?'}: ${typeOf(parameter['schema'])}`,
  ])
  return `${where}${required ? '' : '?'}: ${object(members)}`
}

function requestBody(body: Json): string {
  return `requestBody${body['required'] === true ? '' : '?'}: { content: ${content(record(body['content']))} }`
}

function response(status: string, answer: Json): string {
  const body = answer['content'] === undefined ? 'content?: never' : `content: ${content(record(answer['content']))}`
  return `${status}: ${object(['headers: { [name: string]: unknown }', body])}`
}

function content(types: Json): string {
  return object(Object.entries(types).map(([type, value]) => `${quote(type)}: ${typeOf(record(value)['schema'])}`))
}

const primitives: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
}

/** The TypeScript type of a JSON Schema (2020-12, as zod writes it). */
export function typeOf(value: unknown): string {
  const schema = record(value)
  if (typeof schema['$ref'] === 'string') return `components['schemas']['${nameOf(schema['$ref'])}']`
  if ('const' in schema) return JSON.stringify(schema['const'])
  if (Array.isArray(schema['enum'])) return union(schema['enum'].map((option) => JSON.stringify(option)))
  const options = schema['oneOf'] ?? schema['anyOf']
  if (Array.isArray(options)) return union(options.map(typeOf))
  if (Array.isArray(schema['allOf'])) return schema['allOf'].map((part) => grouped(typeOf(part))).join(' & ')
  if (Array.isArray(schema['type'])) return union(schema['type'].map((type) => typeOf({ ...schema, type })))
  if (schema['type'] === 'array') return arrayType(schema)
  if (schema['type'] === 'object') return objectType(schema)
  if (schema['format'] === 'binary') return 'Blob'
  return primitives[String(schema['type'])] ?? 'unknown'
}

function arrayType(schema: Json): string {
  if (Array.isArray(schema['prefixItems'])) return `[${schema['prefixItems'].map(typeOf).join(', ')}]`
  return `${grouped(typeOf(schema['items']))}[]`
}

function objectType(schema: Json): string {
  const properties = Object.entries(record(schema['properties']))
  const required = list(schema['required'])
  const additional = schema['additionalProperties']
  if (properties.length === 0) return additional === undefined ? 'Record<string, never>' : recordType(schema)
  return object(
    properties.flatMap(([name, property]) => [
      ...documentation(record(property)['description']),
      `${quote(name)}${required.includes(name) ? '' : '?'}: ${typeOf(property)}`,
    ]),
  )
}

function recordType(schema: Json): string {
  const values = typeOf(schema['additionalProperties'])
  const names = record(schema['propertyNames'])['enum']
  if (!Array.isArray(names)) return `{ [key: string]: ${values} }`
  const required = list(schema['required'])
  return object(names.map((name) => `${quote(String(name))}${required.includes(name) ? '' : '?'}: ${values}`))
}

function object(members: readonly string[]): string {
  return members.length === 0
    ? 'Record<string, never>'
    : `{\n${members.map((member) => `  ${indent(member)}`).join('\n')}\n}`
}

function documentation(text: unknown): string[] {
  return typeof text === 'string' ? [`/** ${text.replaceAll('*/', '*∕')} */`] : []
}

function union(options: readonly string[]): string {
  return [...new Set(options)].join(' | ')
}

function grouped(type: string): string {
  return type.includes(' | ') || type.includes(' & ') ? `(${type})` : type
}

function quote(name: string): string {
  return /^[a-z_$][\w$]*$/i.test(name) ? name : `'${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

function indent(text: string): string {
  return text.replaceAll('\n', '\n  ')
}

function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1)
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
