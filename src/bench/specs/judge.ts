import { isDeepStrictEqual } from 'node:util'
import type { Exchange } from '#bench/findings'
import type { DeclaredAnswer, Expectation, ValueExpectation } from './format.ts'
import { selectJson } from './json-path.ts'
import { validatorOf } from './schemas.ts'
import { statusIs, statusText } from './status.ts'
import { fillJson, fillText, type Values } from './template.ts'

/** Requests that merely have to work. */
const worked = ['1xx', '2xx', '3xx']

/**
 * Why an exchange is not what was expected, as one sentence; undefined when it is.
 * @throws UnusableSchema, InvalidInput for what the expectation itself does wrong
 */
export async function judge(
  exchange: Exchange,
  expected: Expectation,
  values: Values,
  declared?: DeclaredAnswer,
): Promise<string | undefined> {
  const { response } = exchange
  const request = `${exchange.request.method} ${new URL(exchange.request.url).pathname}`
  if (response === undefined) return `${request} was not answered: ${exchange.failure ?? 'no reason is known'}.`
  const wanted = expected.status ?? worked
  if (!statusIs(response.status, wanted)) {
    const what = expected.status === undefined ? 'below 400' : statusText(expected.status)
    return `${request} was answered with ${response.status} instead of ${what}.`
  }
  const wrong =
    wrongText(response.body, expected, values) ??
    wrongHeader(response.headers, expected, values) ??
    (await wrongJson(response.body, expected, values, declared))
  return wrong === undefined ? undefined : `The answer to ${request} ${wrong}.`
}

function wrongText(body: string, { contains = [], lacks = [] }: Expectation, values: Values): string | undefined {
  const missing = [contains]
    .flat()
    .map((text) => fillText(text, values))
    .find((text) => !body.includes(text))
  if (missing !== undefined) return `does not contain "${missing}"`
  const unwanted = [lacks]
    .flat()
    .map((text) => fillText(text, values))
    .find((text) => body.includes(text))
  return unwanted === undefined ? undefined : `contains "${unwanted}", which it must not`
}

function wrongHeader(
  headers: readonly (readonly [string, string])[],
  expected: Expectation,
  values: Values,
): string | undefined {
  for (const [name, text] of Object.entries(expected.headers ?? {})) {
    const given = headers.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
    if (given.length === 0) return `has no header ${name}`
    if (!given.some((value) => value.includes(fillText(text, values)))) {
      return `has ${name}: ${given[0]}, without "${fillText(text, values)}"`
    }
  }
  return undefined
}

async function wrongJson(
  body: string,
  expected: Expectation,
  values: Values,
  declared: DeclaredAnswer | undefined,
): Promise<string | undefined> {
  const schemas = [expected.schema, declared].filter((schema) => schema !== undefined && !isEmpty(schema))
  const places = Object.entries(expected.json ?? {})
  if (schemas.length === 0 && places.length === 0) return undefined
  const document = parsed(body)
  if (document === undefined) return 'is not JSON'
  for (const schema of schemas) {
    const wrong = schema === undefined ? undefined : (await validatorOf(schema))(document.value)
    if (wrong !== undefined) return `does not match what is declared: ${wrong}`
  }
  for (const [path, value] of places) {
    const wrong = wrongValue(selectJson(path, document.value), value, values)
    if (wrong !== undefined) return `has at ${path} ${wrong}`
  }
  return undefined
}

/** No fields: nothing is declared of the body, which may be empty or a file. */
function isEmpty(schema: DeclaredAnswer): boolean {
  return Array.isArray(schema) && schema.length === 0
}

function parsed(body: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body) }
  } catch {
    // Not JSON is an answer of its own.
    return undefined
  }
}

function wrongValue(found: readonly unknown[], expected: ValueExpectation, values: Values): string | undefined {
  if (typeof expected !== 'object' || expected === null) return unequal(found, expected, values)
  if ('exists' in expected)
    return found.length > 0 === expected.exists ? undefined : expected.exists ? 'nothing' : shown(found)
  if ('equals' in expected) return unequal(found, expected.equals, values)
  if ('length' in expected) {
    const [first] = found
    const length = typeof first === 'string' || Array.isArray(first) ? first.length : undefined
    return length === expected.length ? undefined : `${shown(found)}, not ${expected.length} of them`
  }
  const part = fillJson('contains' in expected ? expected.contains : expected.lacks, values)
  const holds = found.some((value) => includes(value, part))
  if ('contains' in expected) return holds ? undefined : `${shown(found)}, without ${JSON.stringify(part)}`
  return holds ? `${JSON.stringify(part)}, which it must not` : undefined
}

function unequal(found: readonly unknown[], expected: unknown, values: Values): string | undefined {
  const wanted = fillJson(expected, values)
  // A variable is a text; what it was captured from may have been a number.
  const same = (value: unknown): boolean =>
    isDeepStrictEqual(value, wanted) ||
    (typeof value === 'number' && typeof wanted === 'string' && String(value) === wanted)
  return found.some(same) ? undefined : `${shown(found)} instead of ${JSON.stringify(wanted)}`
}

function includes(value: unknown, part: unknown): boolean {
  if (isDeepStrictEqual(value, part)) return true
  if (typeof value === 'string' && typeof part === 'string') return value.includes(part)
  return Array.isArray(value) && value.some((element) => isDeepStrictEqual(element, part))
}

function shown(found: readonly unknown[]): string {
  if (found.length === 0) return 'nothing'
  const text = found
    .slice(0, 3)
    .map((value) => JSON.stringify(value))
    .join(', ')
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}
