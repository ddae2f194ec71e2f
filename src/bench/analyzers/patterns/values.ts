import type { SyntaxNode } from '#bench/syntax'
import type { Binding, Call, Scope, Source } from './source.ts'

/** How far names are followed to their values. */
const depthLimit = 8
/** Elements of a collection looked at. */
const elementLimit = 200

/** The literal a node is, or a name bound to just one: `{ value }`; undefined when it is computed. */
export function literalOf(
  node: SyntaxNode | undefined,
  source: Source,
  depth = 0,
): { readonly value: string | number | boolean | null } | undefined {
  if (node === undefined || depth > 3) return undefined
  switch (node.type) {
    case 'true':
      return { value: true }
    case 'false':
      return { value: false }
    case 'none':
    case 'null':
    case 'undefined':
      return { value: null }
    case 'integer':
    case 'float':
    case 'number':
      return { value: Number(node.text.replaceAll('_', '')) }
    case 'string':
    case 'template_string': {
      if (partsOf(node).length > 0) return undefined
      return { value: node.text.replace(/^[A-Za-z]{0,2}("""|'''|["'`])([\s\S]*)\1$/, '$2') }
    }
    case 'parenthesized_expression':
      return literalOf(node.namedChild(0) ?? undefined, source, depth)
    case 'identifier': {
      const found = resolve(node.text, node, source)
      const only = found.bindings.length === 1 ? found.bindings[0] : undefined
      return only?.kind === 'assignment' && only.target === node.text
        ? literalOf(only.value, source, depth + 1)
        : undefined
    }
    default:
      return undefined
  }
}

/** The text of a string literal (see {@link literalOf}). */
export function stringOf(node: SyntaxNode | undefined, source: Source): string | undefined {
  const literal = literalOf(node, source)?.value
  return typeof literal === 'string' ? literal : undefined
}

/** The expressions inserted into an f-string or template literal. */
export function partsOf(node: SyntaxNode): SyntaxNode[] {
  const parts: SyntaxNode[] = []
  for (const child of node.namedChildren) {
    if (child.type !== 'interpolation' && child.type !== 'template_substitution') continue
    const expression = child.namedChild(0)
    if (expression !== null) parts.push(expression)
  }
  return parts
}

/** Positional arguments of a call. */
export function positional(call: Call): SyntaxNode[] {
  return call.arguments.namedChildren.filter((node) => node.type !== 'keyword_argument' && node.type !== 'comment')
}

/** The value of a keyword argument (Python). */
export function keyword(call: Call, name: string): SyntaxNode | undefined {
  for (const node of call.arguments.namedChildren) {
    if (node.type === 'keyword_argument' && node.childForFieldName('name')?.text === name) {
      return node.childForFieldName('value') ?? undefined
    }
  }
  return undefined
}

/** True when arguments are spread into the call, so that any keyword may be among them. */
export function hasSpread(call: Call): boolean {
  return call.arguments.namedChildren.some(
    (node) => node.type === 'dictionary_splat' || node.type === 'list_splat' || node.type === 'spread_element',
  )
}

/** An object or dictionary literal, also behind one name; undefined when it is not one. */
export function objectOf(node: SyntaxNode | undefined, source: Source): SyntaxNode | undefined {
  if (node === undefined) return undefined
  if (node.type === 'object' || node.type === 'dictionary') return node
  if (
    node.type === 'as_expression' ||
    node.type === 'satisfies_expression' ||
    node.type === 'parenthesized_expression'
  ) {
    return objectOf(node.namedChild(0) ?? undefined, source)
  }
  if (node.type !== 'identifier') return undefined
  const { bindings } = resolve(node.text, node, source)
  const value = bindings.length === 1 && bindings[0]?.target === node.text ? bindings[0].value : undefined
  return value?.type === 'object' || value?.type === 'dictionary' ? value : undefined
}

/** The value under a key of an object or dictionary literal; `open` when a spread may hold it. */
export function property(object: SyntaxNode, name: string): { readonly value?: SyntaxNode; readonly open: boolean } {
  let open = false
  for (const child of object.namedChildren) {
    if (child.type === 'pair') {
      const key = child.childForFieldName('key')?.text.replace(/^['"]|['"]$/g, '')
      const value = child.childForFieldName('value')
      if (key === name && value !== null) return { value, open: false }
    } else if (child.type === 'shorthand_property_identifier' && child.text === name)
      return { value: child, open: false }
    else if (child.type === 'spread_element' || child.type === 'dictionary_splat') open = true
  }
  return { open }
}

/** The functions around a place, innermost first. */
export function scopesAround(node: SyntaxNode, source: Source): Scope[] {
  const at = node.startIndex
  const around: Scope[] = []
  for (const scope of source.scopes) {
    if (scope.start > at) break
    if (scope.end > at) around.unshift(scope)
  }
  return around
}

/** What binds a name where it is used: the bindings of the innermost function that has any; `parameter` when that function receives it. */
export function resolve(
  name: string,
  node: SyntaxNode,
  source: Source,
): { readonly bindings: readonly Binding[]; readonly parameter: boolean } {
  const all = source.variables.get(name) ?? []
  let outer = source.text.length + 1
  for (const scope of [...scopesAround(node, source), undefined]) {
    const start = scope?.start ?? 0
    const end = scope?.end ?? outer
    const bindings = all.filter((binding) => {
      const at = binding.node.startIndex
      return at >= start && at < end && innermostStart(at, source) === (scope?.start ?? -1)
    })
    const parameter = scope !== undefined && isParameter(name, scope)
    if (bindings.length > 0 || parameter) return { bindings, parameter }
    outer = source.text.length + 1
  }
  return { bindings: [], parameter: false }
}

function innermostStart(at: number, source: Source): number {
  for (let low = countUpTo(at, source.scopes) - 1; low >= 0; low--) {
    const scope = source.scopes[low]
    if (scope !== undefined && scope.end > at && scope.start < at) return scope.start
  }
  return -1
}

function countUpTo(at: number, scopes: readonly Scope[]): number {
  let low = 0
  let high = scopes.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((scopes[middle]?.start ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return low
}

/** The parameter list of a function as text. */
export function parametersOf(scope: Scope): string {
  const list = scope.node.childForFieldName('parameters') ?? scope.node.childForFieldName('parameter')
  return list?.text ?? ''
}

function isParameter(name: string, scope: Scope): boolean {
  return parametersOf(scope)
    .split(/[^\w$]+/)
    .includes(name)
}

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
    case 'concatenated_string':
    case 'binary_operator':
    case 'binary_expression':
    case 'boolean_operator':
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
  for (const call of source.calls) {
    if (call.name !== `${name}.append` && call.name !== `${name}.push` && call.name !== `${name}.extend`) continue
    if (scope !== undefined && (call.node.startIndex < scope.start || call.node.startIndex >= scope.end)) continue
    items.push(...call.arguments.namedChildren)
  }
  return items.slice(0, elementLimit)
}

/** `if name not in ALLOWED`, `ALLOWED.includes(name)`, `ALLOWED.has(name)` somewhere in the function. */
export function isCheckedAgainstList(name: string, node: SyntaxNode, source: Source): boolean {
  const scope = scopesAround(node, source).at(-1)
  const code = scope === undefined ? source.text.slice(0, 20_000) : source.text.slice(scope.start, scope.end)
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
