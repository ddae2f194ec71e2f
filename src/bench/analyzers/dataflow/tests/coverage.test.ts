import { expect, test } from 'vitest'
import { analyzeFiles } from '../../testing.ts'
import { dataflow } from '../index.ts'

test('a page without scripts was read like any other file', async () => {
  const files = { 'index.html': '<!doctype html><p>hello</p>', 'app.js': 'let a = 1\n' }
  expect((await analyzeFiles(dataflow, files)).coverage).toEqual({ analysed: 2, total: 2, gaps: [] })
})

test('what was not understood, or is too large, is said', async () => {
  const files = { 'broken.py': 'def f(:\n    pass\nx = 1\n', 'data.js': 'let a = 1\n'.repeat(200_001) }
  const { coverage } = await analyzeFiles(dataflow, files)
  expect(coverage).toMatchObject({ analysed: 1, total: 2 })
  expect(coverage?.gaps).toContainEqual({
    path: 'broken.py',
    reason: 'syntax error at line 1: the rest was analysed',
  })
})
