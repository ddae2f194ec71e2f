import type { Ajv2020, ErrorObject } from 'ajv/dist/2020.js'
import { messageOf } from '#platform/errors'
import type { DeclaredAnswer } from './format.ts'

/** What is wrong with a value by a schema, in one sentence; undefined when nothing is. */
export type Validate = (value: unknown) => string | undefined

/** The schema itself cannot be used; it says nothing about the answer. */
export class UnusableSchema extends Error {}

let loaded: Promise<() => Ajv2020> | undefined

/** Loaded when first needed: most runs validate nothing. */
function validators(): Promise<() => Ajv2020> {
  loaded ??= Promise.all([import('ajv/dist/2020.js'), import('ajv-formats')]).then(([{ Ajv2020 }, formats]) => () => {
    const ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: false, logger: false })
    formats.default.default(ajv)
    return ajv
  })
  return loaded
}

/** Of the names of fields an object (or each object of a list) must have, or of a JSON Schema. @throws UnusableSchema */
export async function validatorOf(declared: DeclaredAnswer): Promise<Validate> {
  if (Array.isArray(declared)) return (value) => missingField(declared, value)
  return compile(declared)
}

/** Of a schema that lies at `pointer` (a JSON pointer) inside a document and refers to others in it. @throws UnusableSchema */
export async function validatorWithin(document: object, pointer: string): Promise<Validate> {
  return compile({ $ref: `document:/#${encodeURI(pointer)}` }, document)
}

async function compile(schema: object, document?: object): Promise<Validate> {
  const ajv = (await validators())()
  try {
    if (document !== undefined) ajv.addSchema(document, 'document:/')
    const validate = ajv.compile(schema)
    return (value) => (validate(value) ? undefined : sentence(validate.errors?.[0]))
  } catch (error) {
    throw new UnusableSchema(messageOf(error), { cause: error })
  }
}

function sentence(error: ErrorObject | undefined): string {
  const where = error?.instancePath ? `${error.instancePath.slice(1).replaceAll('/', '.')} ` : 'it '
  return `${where}${error?.message ?? 'does not match'}`
}

function missingField(names: readonly string[], value: unknown): string | undefined {
  if (names.length === 0) return undefined
  if (typeof value !== 'object' || value === null) return 'it is no object'
  const missing = names.filter((name) => !Object.hasOwn(value, name))
  return missing.length === 0 ? undefined : `it lacks ${missing.map((name) => `"${name}"`).join(', ')}`
}
