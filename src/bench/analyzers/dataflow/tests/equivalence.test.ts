import { expect, test } from 'vitest'
import { type CodeNode, codeTree, fieldOf, nodesUnder, textOf } from '#bench/syntax'
import { analyzeFiles } from '../../testing.ts'
import { dataflow } from '../index.ts'
import type { Case } from '../suite/case.ts'
import { loadSuite } from '../suite/load.ts'

/** Changes of text that leave the meaning of a program as it is: applied from the end, so that offsets stay. */
interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}
type Change = (root: CodeNode, isPython: boolean) => readonly Edit[]

const statements = /^(?:expression_statement|return_statement|lexical_declaration|variable_declaration|if_statement)$/
const flows: ReadonlySet<string> = new Set([
  'sql-injection', 'command-injection', 'code-injection', 'template-injection', 'xss', 'path-traversal',
  'open-redirect', 'ssrf', 'ldap-injection', 'xpath-injection', 'insecure-deserialization', 'nosql-injection',
]) // biome-ignore format: one paragraph of words

/** Statements in the bodies of functions. */
function inFunctions(root: CodeNode): CodeNode[] {
  const found: CodeNode[] = []
  for (const node of nodesUnder(root)) {
    if (
      !/^(?:function_definition|arrow_function|function_declaration|function_expression|method_definition)$/.test(
        node.type,
      )
    )
      continue
    const body = fieldOf(node, 'body')
    for (const child of body?.children ?? []) if (statements.test(child.type)) found.push(child)
  }
  return found
}

function indent(node: CodeNode): string {
  const line = node.source.slice(node.source.lastIndexOf('\n', node.start - 1) + 1, node.start)
  return /^\s*$/.test(line) ? line : ''
}

/** `name = value` of a function body: the name and the value. */
function assigned(node: CodeNode): { readonly name: CodeNode; readonly value: CodeNode } | undefined {
  const inner =
    node.type === 'expression_statement'
      ? node.children[0]
      : node.children.find(({ type }) => type === 'variable_declarator')
  if (inner === undefined || (inner.type !== 'assignment' && inner.type !== 'variable_declarator')) return undefined
  const name = fieldOf(inner, 'left') ?? fieldOf(inner, 'name')
  const value = fieldOf(inner, 'right') ?? fieldOf(inner, 'value')
  const isPlain = value !== undefined && !/function|list$|yield|class|assignment|lambda/.test(value.type)
  return name?.type === 'identifier' && isPlain ? { name, value } : undefined
}

const namesUnder = (node: CodeNode): Set<string> =>
  new Set([...nodesUnder(node)].filter(({ type }) => type === 'identifier').map(textOf))

const changes: Readonly<Record<string, Change>> = {
  'renamed variables': (root) => {
    const all = [...nodesUnder(root)]
    const names = new Set(
      inFunctions(root).flatMap((node) => {
        const name = assigned(node)?.name
        return name === undefined ? [] : [textOf(name)]
      }),
    )
    // A receiver's name is a hint of what it is; short forms of properties name two things.
    for (const node of all) {
      if (/^shorthand_property/.test(node.type)) names.delete(textOf(node))
      const object = /^(?:attribute|member_expression)$/.test(node.type) ? fieldOf(node, 'object') : undefined
      if (object?.type === 'identifier') names.delete(textOf(object))
      if (node.type === 'parameters' || node.type === 'formal_parameters')
        for (const name of namesUnder(node)) names.delete(name)
      if (node.type === 'keyword_argument') names.delete(textOf(fieldOf(node, 'name') ?? node))
      if (/^(?:global|nonlocal)_statement$/.test(node.type)) for (const name of namesUnder(node)) names.delete(name)
    }
    const attributes = new Set(
      all.flatMap((node) => (node.type === 'attribute' ? [fieldOf(node, 'attribute')?.start] : [])),
    )
    return all
      .filter((node) => node.type === 'identifier' && names.has(textOf(node)) && !attributes.has(node.start))
      .map((node) => ({ start: node.start, end: node.end, text: `${textOf(node)}Renamed` }))
  },
  'remarks and blank lines': (root, isPython) =>
    inFunctions(root).map((node) => ({
      start: node.start,
      end: node.start,
      text: `${isPython ? '# a remark' : '/* a remark */'}\n\n${indent(node)}`,
    })),
  'dead code': (root, isPython) =>
    inFunctions(root)
      .filter((node) => indent(node) !== '')
      .map((node) => ({
        start: node.start,
        end: node.start,
        text: isPython
          ? `if False:\n${indent(node)}    unused = 1\n${indent(node)}`
          : `if (false) { globalThis.unused = 1 }\n${indent(node)}`,
      })),
  'another sort of quotes': (root, isPython) =>
    [...nodesUnder(root)]
      .filter(
        ({ type, start, end, source }) => type === 'string' && /^(['"])[\w ./:-]*\1$/.test(source.slice(start, end)),
      )
      .filter((node) => !isWithin(node, root, isPython ? 'interpolation' : 'template_substitution'))
      .map((node) => ({
        start: node.start,
        end: node.end,
        text: node.source[node.start] === '"' ? `'${textOf(node).slice(1, -1)}'` : `"${textOf(node).slice(1, -1)}"`,
      })),
  'var for const': (root) =>
    inFunctions(root)
      .filter(({ type }) => type === 'lexical_declaration')
      .flatMap((node) => {
        const keyword = node.children.find((child) => /^(?:const|let)$/.test(textOf(child)))
        const length = /^(?:const|let)/.exec(textOf(node))?.[0].length
        return length === undefined
          ? []
          : [{ start: keyword?.start ?? node.start, end: node.start + length, text: 'var' }]
      }),
  'a helper': (root, isPython) => {
    const values = inFunctions(root).flatMap((node) => assigned(node)?.value ?? [])
    if (values.length === 0) return []
    const helper = isPython
      ? '\n\ndef handed_on(value):\n    return value\n'
      : '\nfunction handedOn(value) {\n  return value\n}\n'
    const name = isPython ? 'handed_on' : 'handedOn'
    const wrapped = values.flatMap(({ start, end }) => [
      { start, end: start, text: `${name}(` },
      { start: end, end, text: ')' },
    ])
    return [...wrapped, { start: root.end, end: root.end, text: helper }]
  },
  'independent statements in another order': (root) => {
    const edits: Edit[] = []
    const all = inFunctions(root)
    for (let at = 0; at + 1 < all.length; at++) {
      const [first, second] = [all[at], all[at + 1]]
      if (first === undefined || second === undefined) continue
      const [one, two] = [assigned(first), assigned(second)]
      const between = first.source.slice(first.end, second.start)
      if (one === undefined || two === undefined || !/^[;\s]*$/.test(between)) continue
      const names = [textOf(one.name), textOf(two.name)]
      if (
        names[0] === names[1] ||
        namesUnder(two.value).has(names[0] ?? '') ||
        namesUnder(one.value).has(names[1] ?? '')
      )
        continue
      edits.push(
        { start: first.start, end: first.end, text: textOf(second) },
        { start: second.start, end: second.end, text: textOf(first) },
      )
      at += 1
    }
    return edits
  },
}

function isWithin(node: CodeNode, root: CodeNode, type: string): boolean {
  for (const outer of nodesUnder(root))
    if (outer.type === type && outer.start <= node.start && outer.end >= node.end) return true
  return false
}

async function changed(files: Case['files'], change: Change): Promise<Record<string, string>> {
  const result: Record<string, string> = {}
  for (const [path, text] of Object.entries(files)) {
    const isPython = path.endsWith('.py')
    const language = isPython
      ? 'python'
      : /\.tsx$/.test(path)
        ? 'tsx'
        : /\.ts$/.test(path)
          ? 'typescript'
          : /\.[cm]?jsx?$/.test(path)
            ? 'javascript'
            : undefined
    result[path] = text
    if (language === undefined) continue
    const edits = [...change(await codeTree(language, text, `${path} ${text}`), isPython)].sort(
      (a, b) => b.start - a.start || b.end - a.end,
    )
    for (const { start, end, text: inserted } of edits) {
      result[path] = `${(result[path] ?? '').slice(0, start)}${inserted}${(result[path] ?? '').slice(end)}`
    }
  }
  return result
}

async function found(files: Readonly<Record<string, string>>): Promise<string> {
  const { findings } = await analyzeFiles(dataflow, files)
  const own = findings.filter(({ rule }) => flows.has(dataflow.rule(rule)?.defect ?? ''))
  return own
    .map(({ rule, confidence }) => `${rule} ${confidence}`)
    .sort()
    .join(', ')
}

/** The first cases of each framework and weakness. */
const cases = [
  ...Map.groupBy(
    loadSuite('open').filter(({ weakness }) => flows.has(weakness)),
    ({ framework, weakness, vulnerable }) => `${framework} ${weakness} ${vulnerable}`,
  ).values(),
].flatMap((group) => group.slice(0, 1))

for (const [what, change] of Object.entries(changes)) {
  test(`${what} change no finding of ${cases.length} programs`, async () => {
    const different: string[] = []
    let count = 0
    for (const one of cases) {
      const files = await changed(one.files, change)
      if (Object.entries(files).every(([path, text]) => one.files[path] === text)) continue
      count += 1
      const [before, after] = [await found(one.files), await found(files)]
      if (before !== after) different.push(`${one.id}: ${before} → ${after}`)
    }
    expect(count).toBeGreaterThan(10)
    expect(different).toEqual([])
  }, 120_000)
}
