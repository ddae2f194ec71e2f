import type { SyntaxNode } from '#bench/syntax'
import type { Source } from './source.ts'
import { operandsOf, partsOf, resolve, scopesAround } from './values.ts'

/** How far names are followed to their values. */
const depthLimit = 8
/** Characters of a function searched for checks of a name. */
const searchLimit = 50_000
/** Elements of a collection looked at. */
const elementLimit = 200

/** Names of calls whose result cannot carry an attack: numbers, lengths, identifiers made here. */
const harmless = new Set([
  'int',
  'float',
  'len',
  'bool',
  'Number',
  'parseInt',
  'parseFloat',
  'Boolean',
  'uuid4',
  'randomUUID',
])

/**
 * Whether a text is made of constants only: literals, joins and formats of constants, numbers, lists of placeholders,
 * names that hold nothing else, values looked up in a constant table or checked against one.
 */
export function isConstant(node: SyntaxNode | null | undefined, source: Source, depth = 0): boolean {
  if (node === null || node === undefined || depth > depthLimit) return false
  const next = (child: SyntaxNode | null | undefined): boolean => isConstant(child, source, depth + 1)
  switch (node.type) {
    case 'string':
    case 'template_string':
      return partsOf(node).every(next)
    case 'integer':
    case 'float':
    case 'number':
    case 'true':
    case 'false':
    case 'none':
    case 'null':
    case 'undefined':
    case 'regex':
      return true
    case 'binary_operator':
    case 'binary_expression':
    case 'boolean_operator':
      return operandsOf(node).every(next)
    case 'concatenated_string':
    case 'list':
    case 'tuple':
    case 'set':
    case 'array':
    case 'expression_list':
      return node.namedChildren.slice(0, elementLimit).every((child) => child.type === 'comment' || next(child))
    case 'comparison_operator':
    case 'not_operator':
    case 'unary_expression':
    case 'unary_operator':
      return true
    case 'parenthesized_expression':
    case 'as_expression':
    case 'non_null_expression':
    case 'satisfies_expression':
    case 'await':
    case 'await_expression':
      return next(node.namedChild(0))
    case 'dictionary':
    case 'object':
      return node.namedChildren
        .slice(0, elementLimit)
        .every((child) => child.type !== 'pair' || next(child.childForFieldName('value')))
    case 'conditional_expression':
      return next(node.namedChild(0)) && next(node.namedChild(2))
    case 'ternary_expression':
      return next(node.childForFieldName('consequence')) && next(node.childForFieldName('alternative'))
    case 'list_comprehension':
    case 'generator_expression':
    case 'set_comprehension':
      return next(node.childForFieldName('body')) || /\bif\s+\w+\s+in\s/.test(node.text)
    case 'subscript':
    case 'subscript_expression':
      return next(node.childForFieldName('value') ?? node.childForFieldName('object'))
    case 'attribute':
    case 'member_expression':
      return /(?:^|\.)(?:[A-Z][A-Z0-9_]+|__tablename__|tableName|table_name|length)$/.test(node.text)
    case 'identifier':
      return isConstantName(node, source, depth)
    case 'call':
    case 'call_expression':
      return isConstantCall(node, source, depth)
    default:
      return false
  }
}

function isConstantName(node: SyntaxNode, source: Source, depth: number): boolean {
  const name = node.text
  const { bindings, parameter } = resolve(name, node, source)
  if (isCheckedAgainstList(name, node, source)) return true
  if (parameter) return false
  if (bindings.length === 0) return /^[A-Z][A-Z0-9_]+$/.test(name)
  if (!bindings.slice(0, 20).every((binding) => isConstant(binding.value, source, depth + 1))) return false
  return addedTo(name, node, source).every((item) => isConstant(item, source, depth + 1))
}

/** What is appended to a list held by a name, in the same function. */
function addedTo(name: string, node: SyntaxNode, source: Source): SyntaxNode[] {
  const scope = scopesAround(node, source)[0]
  const items: SyntaxNode[] = []
  const methods = new Set([`${name}.append`, `${name}.push`, `${name}.extend`])
  for (const call of source.calls) {
    if (!methods.has(call.name)) continue
    if (scope !== undefined && (call.node.startIndex < scope.start || call.node.startIndex >= scope.end)) continue
    items.push(...call.arguments.namedChildren)
  }
  return items.slice(0, elementLimit)
}

/** `if name not in ALLOWED`, `ALLOWED.includes(name)`, `ALLOWED.has(name)` somewhere in the function. */
function isCheckedAgainstList(name: string, node: SyntaxNode, source: Source): boolean {
  const scope = scopesAround(node, source).at(-1)
  const code =
    scope === undefined
      ? source.text.slice(0, searchLimit)
      : source.text.slice(scope.start, Math.min(scope.end, scope.start + searchLimit))
  const quoted = name.replaceAll('$', '\\$')
  return new RegExp(
    `(?<!\\bfor\\s+)(?<![\\w.$])${quoted}\\s+(?:not\\s+)?in\\s+[A-Za-z_({[]|\\.(?:includes|has|hasOwnProperty|indexOf)\\(\\s*${quoted}\\b`,
  ).test(code)
}

function isConstantCall(node: SyntaxNode, source: Source, depth: number): boolean {
  const callee = node.childForFieldName('function')
  const list = node.childForFieldName('arguments')
  if (callee === null || list === null) return false
  const name = callee.text
  const last = /[\w$]*$/.exec(name)?.[0] ?? ''
  if (harmless.has(last)) return true
  const receiver = callee.childForFieldName('object')
  const given = (list.type === 'generator_expression' ? [list] : list.namedChildren).map((child) =>
    child.type === 'keyword_argument' ? child.childForFieldName('value') : child,
  )
  const all = given.every((child) => isConstant(child, source, depth + 1))
  if (receiver === null) return (name === 'text' || name === 'String' || name === 'str' || name === 'Array') && all
  switch (last) {
    case 'join':
      return source.family === 'python' ? all : isConstant(receiver, source, depth + 1)
    case 'format':
    case 'repeat':
    case 'fill':
    case 'concat':
    case 'replace':
      return all && (last === 'fill' || isConstant(receiver, source, depth + 1))
    case 'map':
      return isConstant(given[0]?.childForFieldName('body'), source, depth + 1)
    case 'get':
    case 'strip':
    case 'trim':
    case 'lower':
    case 'upper':
    case 'toLowerCase':
    case 'toUpperCase':
      return (
        isConstant(receiver, source, depth + 1) && (last !== 'get' || all || isConstant(given[1], source, depth + 1))
      )
    default:
      return false
  }
}
