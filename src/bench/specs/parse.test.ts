import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { InvalidSpec } from './errors.ts'
import { specJsonSchema } from './format.ts'
import { parseSpec } from './parse.ts'

const root = join(import.meta.dirname, '..', '..', '..')

function problemsOf(text: string): string[] {
  try {
    parseSpec(text, 'assay.spec.yaml')
  } catch (error) {
    if (error instanceof InvalidSpec) return error.problems.map(({ line, message }) => `${line}: ${message}`)
    throw error
  }
  return []
}

test.each(['notes', 'shop', 'poll'])('the starter spec %s is read', (name) => {
  const path = join(root, 'examples', 'specs', `${name}.yaml`)
  expect(parseSpec(readFileSync(path, 'utf8'), path).name).toBe(name)
})

test('the example of the documentation is a spec', () => {
  const page = readFileSync(join(root, 'docs', 'specs.md'), 'utf8')
  const [, example = ''] = /```yaml\n(.*?)```/s.exec(page) ?? []
  expect(parseSpec(example, 'docs/specs.md').flows?.map(({ id }) => id)).toEqual(['note-life'])
})

test('a misspelt name is reported with its line and what was meant', () => {
  const spec = `name: notes
flows:
  - id: life
    title: A note lives and dies
    steps:
      - name: creates
        request: { method: POST, path: /api/notes, jsn: { title: a } }
        expct: { status: 201 }
`
  expect(problemsOf(spec)).toEqual([
    '7: flows.0.steps.0.request: "jsn" is not known here; did you mean "json"?',
    '8: flows.0.steps.0: "expct" is not known here; did you mean "expect"?',
  ])
})

test('of a step that is none of the kinds, the nearest kind says what is wrong', () => {
  const spec = `name: notes
browser:
  - id: start
    title: The start page
    steps:
      - open: /
      - fill: { label: Address }
        whith: somebody
`
  expect(problemsOf(spec)).toEqual([
    '7: browser.0.steps.1.with: Invalid input: expected string, received undefined',
    '8: browser.0.steps.1: "whith" is not known here; did you mean "with"?',
  ])
})

test('wrong values, ids that are there twice and requirements that are not there are reported', () => {
  expect(problemsOf('name: notes\nendpoints:\n  - { method: GET, path: api/notes, answers: { 200: [] } }\n')).toEqual([
    '3: endpoints.0.path: begin with "/"',
  ])
  expect(
    problemsOf(`name: notes
requirements:
  - { id: R1, text: one }
  - { id: R1, text: other }
acceptance:
  - { id: A1, requirement: R2, check: something }
`),
  ).toEqual(['4: requirements.1.id: "R1" is there twice', '6: acceptance.0.requirement: there is no requirement "R2"'])
})

test('what is no YAML is reported with its line', () => {
  expect(problemsOf('name: notes\ntitle: "open\n')).toEqual(['3: Missing closing "quote'])
})

test('the published JSON Schema is the one of the format', () => {
  expect(JSON.parse(readFileSync(join(root, 'docs', 'spec.schema.json'), 'utf8'))).toEqual(specJsonSchema())
})
