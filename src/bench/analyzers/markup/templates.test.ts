import fc from 'fast-check'
import { expect, test } from 'vitest'
import { validateAttributes } from './attributes.ts'
import { pageOf } from './templates.ts'

test('positions stay, whatever the text', () => {
  const piece = fc.constantFrom(
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '#}',
    '<%',
    '<%=',
    '%>',
    '<p a="',
    '">',
    '<script>',
    '</script>',
    'x\n',
    '{',
    '}',
    "'",
  )
  fc.assert(
    fc.property(
      fc.constantFrom('html', 'jinja', 'ejs', 'vue', 'svelte'),
      fc.array(piece, { maxLength: 40 }),
      (language, pieces) => {
        const text = pieces.join('')
        const page = pageOf(language, text)
        expect(page.text.replace(/[^\r\n]/g, ' ')).toBe(text.replace(/[^\r\n]/g, ' '))
      },
    ),
    { seed: 4, numRuns: 500 },
  )
})

test.each(['{% ', '{{', '<% ', '<a ', '<a b="', '<script ', '{', "<a '"])('gets through a long run of %s', (piece) => {
  const text = piece.repeat(400_000 / piece.length)
  for (const language of ['jinja', 'ejs', 'vue', 'svelte'] as const) {
    expect(() => validateAttributes(pageOf(language, text))).not.toThrow()
  }
})
