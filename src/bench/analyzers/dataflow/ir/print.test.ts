// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the programs under test are text
import { expect, test } from 'vitest'
import { codeTree } from '#bench/syntax'
import { lowerJavaScript } from '../frontend/javascript.ts'
import { lowerPython } from '../frontend/python.ts'
import { newIds } from './builder.ts'
import { printModule } from './print.ts'

test('a condition with short circuits becomes branches', async () => {
  const ids = newIds()
  const module = lowerPython('a.py', await codeTree('python', 'if a and not b:\n    x = 1\n'), ids)
  expect(printModule(module, ids.slotNames).trimEnd().split('\n')).toEqual([
    'module a.py()',
    ' b0:',
    '  t0 = global name="a"',
    '  branch t0 b4 b3',
    ' b1:',
    '  return',
    ' b2:',
    '  t2 = constant value=1',
    '  store slot=x value=2',
    '  jump b1',
    ' b3:',
    '  jump b1',
    ' b4:',
    '  t1 = global name="b"',
    '  branch t1 b3 b2',
  ])
})

test('both languages lower a method call with text to the same instructions', async () => {
  const lowered = async (language: 'python' | 'javascript', text: string): Promise<string> => {
    const ids = newIds()
    const lower = language === 'python' ? lowerPython : lowerJavaScript
    return printModule(lower('a', await codeTree(language, text), ids), ids.slotNames)
  }
  expect(await lowered('javascript', 'db.query(`a${b}`)')).toBe(await lowered('python', "db.query(f'a{b}')"))
})
