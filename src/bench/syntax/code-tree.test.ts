import { expect, test } from 'vitest'
import { type CodeNode, codeTree, fieldOf, nodesUnder, textOf } from './code-tree.ts'

const outline = (node: CodeNode): unknown =>
  node.children.length === 0 ? textOf(node) : [node.type, ...node.children.map(outline)]

test('keeps named nodes, operators and positions', async () => {
  const root = await codeTree('python', 'x = 1\ny = a not in b\n')
  expect(outline(root)).toEqual([
    'module',
    ['expression_statement', ['assignment', 'x', '1']],
    ['expression_statement', ['assignment', 'y', ['comparison_operator', 'a', 'not in', 'b']]],
  ])
  const second = root.children[1]
  expect([second?.line, second?.column, second?.endLine]).toEqual([2, 1, 2])
  expect(fieldOf(second?.children[0], 'left')?.type).toBe('identifier')
})

test('offsets are JavaScript string offsets, also behind characters of four bytes', async () => {
  const root = await codeTree('javascript', "const a = '😀é'; call(b)")
  const call = [...nodesUnder(root)].find(({ type }) => type === 'call_expression')
  expect(call && textOf(call)).toBe('call(b)')
})

test('marks what the parser made up', async () => {
  const root = await codeTree('javascript', 'f(a')
  expect([...nodesUnder(root)].some((node) => node.missing || node.type === 'ERROR')).toBe(true)
})

test('walks in source order and skips what it is told to', async () => {
  const root = await codeTree('javascript', 'a(() => b)\nc')
  const names = (enter?: (node: CodeNode) => boolean) =>
    [...nodesUnder(root, enter)].filter(({ type }) => type === 'identifier').map(textOf)
  expect(names()).toEqual(['a', 'b', 'c'])
  expect(names(({ type }) => type !== 'arrow_function')).toEqual(['a', 'c'])
})
