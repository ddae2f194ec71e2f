import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tagsIn } from './tags.ts'

const outline = (text: string) =>
  tagsIn(text).map(({ name, attributes, line }) => [line, name, Object.fromEntries(attributes)])

test('names, attributes and lines', () => {
  expect(
    outline('<!doctype html>\n<FORM action="/a" method=post novalidate>\n  <input name=\'x\' value="a > b"/>\n</form>'),
  ).toEqual([
    [2, 'form', { action: '/a', method: 'post', novalidate: '' }],
    [3, 'input', { name: 'x', value: 'a > b' }],
  ])
})

test('template expressions are passed over, also with quotes inside', () => {
  expect(outline(`<a href="{{ url_for("x", id=1) }}" {% if a > b %}class="c"{% endif %}>`)).toEqual([
    [1, 'a', { href: '{{ url_for("x", id=1) }}', class: 'c' }],
  ])
})

test('comments, scripts and styles are skipped', () => {
  expect(outline('<!-- <a> --><script>if (a<b) "<p>"</script><style>a{}</style><b>').map(([, name]) => name)).toEqual([
    'script',
    'style',
    'b',
  ])
})

test('never throws, and tags lie in the text in order', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'<>="\'{}% !-/ab\n'), maxLength: 80 }), (text) => {
      let before = 0
      for (const { start, end } of tagsIn(text)) {
        expect(start).toBeGreaterThanOrEqual(before)
        expect(end).toBeLessThanOrEqual(text.length)
        before = end
      }
    }),
    { seed: 5, numRuns: 2000 },
  )
})
