import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { codeTree, nodesUnder, textOf } from './code-tree.ts'
import { parse, query } from './syntax.ts'

// The JavaScript grammar stumbles over `class` as the only attribute of an element; the grammar of TSX does not.
const preact = 'export const Page = () => <p class="lead">Hello</p>\n'

test.each([
  ['class', preact],
  ['for', 'const a = <label for="name">Name</label>'],
  ['default', 'const a = <track default src="a.vtt" />'],
  ['namespaces', 'const a = <p on:click={f} class:active={b} use:x xlink:href="#a" prop:value={1} class="x">t</p>'],
  ['Qwik', 'const a = <button class={{ on: b }} onClick$={() => n++} bind:value={n}>t</button>'],
])('JSX as Preact, Solid and Qwik write it: %s', async (_, text) => {
  expect((await parse('javascript', text)).rootNode.hasError).toBe(false)
})

test('a query fits the tree it runs over, whichever grammar read it', async () => {
  for (const text of [preact, preact.replace('class', 'className')]) {
    const tree = await parse('javascript', text)
    const found = (await query(tree, '(jsx_attribute (property_identifier) @name)')).captures(tree.rootNode)
    expect(found.map(({ node }) => node.text)).toEqual([text.includes('className') ? 'className' : 'class'])
  }
})

test('trees of plain data name the attributes', async () => {
  const attributes = [...nodesUnder(await codeTree('javascript', preact))].filter(
    ({ type }) => type === 'jsx_attribute',
  )
  expect(attributes.map(textOf)).toEqual(['class="lead"'])
})

test('what is broken in either grammar stays broken, at its own place', async () => {
  const tree = await parse('javascript', `${preact}const b = = 2\n`)
  expect(tree.rootNode.hasError).toBe(true)
  const found = (await query(tree, '(ERROR) @error')).captures(tree.rootNode)
  expect(found.map(({ node }) => node.startPosition.row)).toEqual([1])
})

test('grammars asked for at once load one by one', async () => {
  // Loaded at once, the JavaScript grammar reads with the tables of another.
  const source = `
    const { parse, query } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)})
    const trees = await Promise.all(['typescript', 'javascript', 'tsx', 'python'].map((language) => parse(language, 'a')))
    const text = 'const a = <p class="x">t</p>'
    const tree = await parse('javascript', text)
    console.log(trees.every(({ rootNode }) => !rootNode.hasError), tree.language === trees[2].language)
  `
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', source])
  expect(stdout).toBe('true true\n')
})
