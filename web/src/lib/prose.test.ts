import fc from 'fast-check'
import { expect, test } from 'vitest'
import { proseParts } from './prose.ts'

const shown = (sentence: string): string =>
  proseParts(sentence)
    .map(({ kind, text }) => (kind === 'code' ? `[${text}]` : text))
    .join('')

test.each([
  ['`app.run` is started with `debug` on.', '[app.run] is started with [debug] on.'],
  ['nothing to see', 'nothing to see'],
  ['a lone ` backtick', 'a lone ` backtick'],
  ['`a` and ` alone', '[a] and ` alone'],
  ['empty `` pair', 'empty `` pair'],
  ['`<img src=x onerror=alert(1)>`', '[<img src=x onerror=alert(1)>]'],
  ['', ''],
])('%s', (sentence, expected) => {
  expect(shown(sentence)).toBe(expected)
})

test('no character is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('`', 'a', ' ', '<', '\n')), (characters) => {
      const sentence = characters.join('')
      const again = proseParts(sentence).map(({ kind, text }) => (kind === 'code' ? `\`${text}\`` : text))
      expect(again.join('')).toBe(sentence)
    }),
    { seed: 7, numRuns: 500 },
  )
})
