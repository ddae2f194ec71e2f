import { expect, test } from 'vitest'
import { clientTypes, typeOf } from './client-types.ts'
import { outdatedFiles } from './generate-client.ts'

test('the committed API document and client types are up to date (node scripts/generate-client.ts)', () => {
  expect(outdatedFiles()).toEqual([])
})

test.each([
  [{ type: 'string', format: 'uuid' }, 'string'],
  [{ type: ['integer', 'null'] }, 'number | null'],
  [{ enum: ['a', 'b'] }, '"a" | "b"'],
  [{ const: 'x' }, '"x"'],
  [{ type: 'array', items: { type: ['string', 'null'] } }, '(string | null)[]'],
  [{ $ref: '#/components/schemas/App' }, "components['schemas']['App']"],
  [{ oneOf: [{ type: 'boolean' }, { type: 'null' }] }, 'boolean | null'],
  [
    { type: 'object', propertyNames: { type: 'string' }, additionalProperties: { type: 'number' } },
    '{ [key: string]: number }',
  ],
  [{}, 'unknown'],
])('%j is %s', (schema, type) => {
  expect(typeOf(schema)).toBe(type)
})

test('an object has its optional members and comments', () => {
  const schema = {
    type: 'object',
    properties: { id: { type: 'string' }, 'x-y': { type: 'number', description: 'How */ many.' } },
    required: ['id'],
  }
  expect(typeOf(schema)).toBe("{\n  id: string\n  /** How *∕ many. */\n  'x-y'?: number\n}")
})

test('a document becomes paths and components', () => {
  const text = clientTypes({
    paths: {
      '/a/{id}': {
        delete: {
          summary: 'Delete it',
          parameters: [{ in: 'path', name: 'id', required: true, schema: { type: 'string' } }],
          responses: { 204: { description: 'Done.' } },
        },
      },
    },
    components: { schemas: { A: { type: 'object', properties: {} } } },
  })
  expect(text).toContain("  '/a/{id}': {\n")
  expect(text).toContain('    /** Delete it */\n    delete: {\n')
  expect(text).toContain('        path: {\n          id: string\n        }\n')
  expect(text).toContain('          content?: never\n')
  expect(text).toContain("export type A = components['schemas']['A']\n")
})
