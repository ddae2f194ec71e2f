import { expect, test } from 'vitest'
import { selectJson } from './json-path.ts'

const document = {
  items: [
    { id: 1, name: 'a' },
    { id: 2, owner: { id: 7 } },
  ],
  'a b': null,
}

test.each([
  ['$', [document]],
  ['$.items[0].id', [1]],
  ['$.items[-1].id', [2]],
  ['$.items[*].id', [1, 2]],
  ['$..id', [1, 2, 7]],
  ["$['a b']", [null]],
  ['$.nothing.here', []],
])('%s', (path, values) => {
  expect(selectJson(path, document)).toEqual(values)
})

test.each(['items', '$items', '$.items[', '$.items[?(@.id)]', '$.'])('%s is no path', (path) => {
  expect(() => selectJson(path, document)).toThrow(`"${path}" is not a JSON path.`)
})
