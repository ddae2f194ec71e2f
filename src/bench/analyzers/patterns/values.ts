import type { SyntaxNode } from '#bench/syntax'
import type { Binding, Call, Scope, Source } from './source.ts'

/** Bindings of one name looked at. */
const bindingLimit = 500

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

/** `a`, `b`, `c` of `a + b + c`: the operands of a chain of binary operators, however long. */
export function operandsOf(node: SyntaxNode): SyntaxNode[] {
  const operands: SyntaxNode[] = []
  let left: SyntaxNode | null = node
  while (left !== null && /^(?:binary_operator|binary_expression|boolean_operator)$/.test(left.type)) {
    const right: SyntaxNode | null = left.childForFieldName('right')
    if (right !== null) operands.push(right)
    left = left.childForFieldName('left')
  }
  if (left !== null) operands.push(left)
  return operands.reverse()
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
  const all = (source.variables.get(name) ?? []).slice(0, bindingLimit)
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
