import fc from 'fast-check'
import { expect, test } from 'vitest'
import { syntaxSourceOf } from './embedded.ts'

test('programs are given whole', () => {
  expect(syntaxSourceOf('jsx', 'a')).toEqual({ language: 'javascript', text: 'a', embedded: false })
  expect(syntaxSourceOf('markdown', 'a')).toBeUndefined()
})

test('pages give their scripts, everything else blank', () => {
  expect(syntaxSourceOf('html', '<p>a</p>\n<script>\nlet a\n</script>\n<script src="b.js"></script>')).toEqual({
    language: 'javascript',
    text: `${' '.repeat(8)}\n${' '.repeat(8)}\nlet a\n${' '.repeat(9)}\n${' '.repeat(28)}`,
    embedded: true,
  })
  expect(syntaxSourceOf('html', '<script type="application/json">{}</script>')).toBeUndefined()
  expect(syntaxSourceOf('vue', '<script setup lang="ts">let a: A</script>')?.language).toBe('typescript')
  expect(syntaxSourceOf('vue', '<script lang="tsx">let a = <b />;</script>')?.language).toBe('tsx')
})

test('template tags in scripts become names or blanks of the same length', () => {
  expect(syntaxSourceOf('jinja', '<script>a = {{ b }};{% if c %}d{% endif %}</script>')?.text.trim()).toBe(
    `a = _______;${' '.repeat(10)}d`,
  )
})

test('positions stay, whatever the text', () => {
  const piece = fc.constantFrom(
    '<script>',
    '</script>',
    '<script',
    '{{',
    '}}',
    '{%',
    '%}',
    '<%',
    '%>',
    'a\n',
    '\r\n',
    ' ',
    'ä',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('')
      const source = syntaxSourceOf('html', text)
      if (source === undefined) return
      expect(source.text.length).toBe(text.length)
      expect(source.text.replace(/[^\r\n]/g, ' ')).toBe(text.replace(/[^\r\n]/g, ' '))
    }),
    { seed: 3, numRuns: 500 },
  )
})
