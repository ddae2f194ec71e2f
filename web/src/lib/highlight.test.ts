import fc from 'fast-check'
import hljs from 'highlight.js/lib/core'
import python from 'highlight.js/lib/languages/python'
import { expect, test } from 'vitest'
import { linesOfTokens, plainLines } from './highlight.ts'

hljs.registerLanguage('python', python)
const textOf = (lines: { text: string }[][]) => lines.map((line) => line.map((token) => token.text).join('')).join('\n')

test('tokens by line, a string over two lines keeps its kind', () => {
  const lines = linesOfTokens(hljs.highlight('x = """a\nb"""', { language: 'python' }).value)
  expect(lines).toEqual([
    [
      { kind: '', text: 'x = ' },
      { kind: 'string', text: '"""a' },
    ],
    [{ kind: 'string', text: 'b"""' }],
  ])
})

test('markup in code stays text', () => {
  expect(textOf(linesOfTokens(hljs.highlight('"<b class=\\"x\\">&amp;</b>"', { language: 'python' }).value))).toBe(
    '"<b class=\\"x\\">&amp;</b>"',
  )
})

test('no character is lost or added', () => {
  const fragment = fc.constantFrom(
    'def f(x):\n',
    '  return "<&>"',
    "'",
    '"""',
    '\n',
    '# <span class="a">',
    '&lt;',
    '\t',
    'é',
  )
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 30 }), (parts) => {
      const code = parts.join('')
      expect(textOf(linesOfTokens(hljs.highlight(code, { language: 'python' }).value))).toBe(code)
      expect(textOf(plainLines(code))).toBe(code)
    }),
    { seed: 5 },
  )
})
