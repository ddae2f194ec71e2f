import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { memberOf, parseJson, plain } from './json.ts'
import { ManifestSyntaxError } from './manifest.ts'
import { Positions } from './positions.ts'

function errorOf(text: string): string {
  try {
    parseJson(text)
  } catch (error) {
    if (error instanceof ManifestSyntaxError) return `${error.line}:${error.column} ${error.message}`
    throw error
  }
  return 'accepted'
}

describe('parseJson', () => {
  test('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        expect(JSON.stringify(plain(parseJson(text)))).toBe(JSON.stringify(JSON.parse(text)))
      }),
      { seed: 440, numRuns: 500 },
    )
  })

  test('accepts exactly what JSON.parse accepts', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '1',
      '-0.5e3',
      '01',
      'true',
      'null',
      ' ',
      '\n',
      '"',
      '\\',
      '//',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), (parts) => {
        const text = parts.join('')
        let valid = true
        try {
          JSON.parse(text)
        } catch {
          valid = false
        }
        expect(errorOf(text) === 'accepted').toBe(valid)
      }),
      { seed: 440, numRuns: 2000 },
    )
  })

  test('says where it went wrong', () => {
    expect(errorOf('{\n  "a": 1,\n  "b" 2\n}')).toBe(`3:7 expected ':' after "b", found "2"`)
    expect(errorOf('{"a": 1,}')).toBe('1:9 expected a property name in double quotes, found "}"')
    expect(errorOf('{"a": [1, 2')).toBe(`1:12 expected ',' or ']', found the end of the file`)
    expect(errorOf('{} x')).toBe('1:4 unexpected "x" after the end of the document')
    expect(errorOf('['.repeat(100_000))).toBe('1:202 nested too deeply')
  })

  test('keeps the places of keys', () => {
    const text = '{\n  "dependencies": {\n    "react": "^18.0.0"\n  }\n}'
    const dependencies = memberOf(parseJson(text), 'dependencies')
    const react = dependencies?.kind === 'object' ? dependencies.members.get('react') : undefined
    expect(new Positions(text).at(react?.offset ?? 0)).toEqual({ line: 3, column: 5 })
  })

  test('allows comments and trailing commas where asked', () => {
    const node = parseJson('{ /* a */ "x": [1, 2,], // end\n}', { comments: true })
    expect(plain(node)).toEqual({ x: [1, 2] })
    expect(errorOf('{ /* a */ }')).toBe('1:3 expected a property name in double quotes, found "/"')
  })
})
