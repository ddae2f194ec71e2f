import { type CodeNode, fieldOf, nodesUnder, textOf } from '#bench/syntax'
import type { Field, RequestFields, Route } from './interface.ts'
import { pythonArguments } from './python-modules.ts'

/** What handlers tell of themselves. */
export type Read = Pick<Route, 'request' | 'response' | 'responseOpen' | 'environment'>

/** What a Flask or Django handler reads of the request, and the JSON it answers with. */
export function pythonRequestRead(handler: CodeNode | undefined): Read {
  if (handler === undefined)
    return { request: { body: [], query: [], open: true }, response: [], responseOpen: true, environment: [] }
  return { request: flaskFields(handler), ...answered(handler), environment: environmentIn(handler) }
}

const bodyExpression =
  /^(?:flask\.)?(?:self\.)?request\.(?:json|form|files|values|data|POST|FILES|get_json\([^()]*\))$|^json\.loads\((?:self\.)?request\.(?:body|data|get_data\([^()]*\))(?:\.decode\([^()]*\))?\)$/
const queryExpression = /^(?:flask\.)?request\.(?:args|GET|query_params)$/

function flaskFields(handler: CodeNode): RequestFields {
  const body = new Map<string, boolean>()
  const query = new Map<string, boolean>()
  const aliases = new Map<string, 'body' | 'query'>()
  let open = false
  const nodes = [...nodesUnder(handler)]
  for (const node of nodes) {
    if (node.type !== 'assignment') continue
    const left = fieldOf(node, 'left')
    const right = fieldOf(node, 'right')
    const part = right === undefined ? undefined : partOf(right)
    if (left?.type === 'identifier' && part !== undefined) aliases.set(textOf(left), part)
  }
  const facts = refusals(nodes)
  for (const node of nodes) {
    const part = node.type === 'identifier' ? aliases.get(textOf(node)) : partOf(node)
    if (part === undefined || isTarget(node)) continue
    const found = part === 'body' ? body : query
    const use = fateOf(node)
    if (use.kind === 'field') {
      const optional = use.hasDefault || facts.optional.has(use.name)
      const refused =
        facts.required.has(use.name) ||
        (use.local !== undefined && facts.required.has(`=${use.local}`)) ||
        facts.refusedInPlace.has(node.start)
      found.set(
        use.name,
        (found.get(use.name) ?? false) ||
          (refused && !use.hasDefault) ||
          (use.subscript && !optional && part === 'body'),
      )
    } else if (use.kind === 'onward' && part === 'body') open = true
  }
  for (const name of facts.required)
    if (!name.startsWith('=') && !body.has(name) && aliases.size > 0) body.set(name, true)
  if (
    nodes.some(
      (node) => node.type === 'identifier' && textOf(node) === 'request' && node.parent?.type === 'argument_list',
    )
  )
    open = true
  return { body: listed(body), query: listed(query), open: open || delegates(nodes, aliases.size + body.size) }
}

/** `request.get_json() or {}` and the like. */
function partOf(node: CodeNode): 'body' | 'query' | undefined {
  const inner = node.type === 'boolean_operator' ? fieldOf(node, 'left') : node
  if (inner === undefined || (inner.type !== 'attribute' && inner.type !== 'call') || inner.end - inner.start > 120)
    return undefined
  const text = textOf(inner).replace(/\s+/g, '')
  if (bodyExpression.test(text)) return isCalled(inner) ? undefined : 'body'
  return queryExpression.test(text) ? 'query' : undefined
}

/** `request.json` in `request.json()` belongs to other libraries. */
function isCalled(node: CodeNode): boolean {
  return node.parent?.type === 'call' && node.field === 'function'
}

function isTarget(node: CodeNode): boolean {
  return node.parent?.type === 'assignment' && node.field === 'left'
}

type Use =
  | {
      readonly kind: 'field'
      readonly name: string
      readonly subscript: boolean
      readonly hasDefault: boolean
      readonly local: string | undefined
    }
  | { readonly kind: 'harmless' | 'onward' }

function fateOf(node: CodeNode): Use {
  let at = node
  while (at.parent?.type === 'boolean_operator' || at.parent?.type === 'parenthesized_expression') {
    // `data or {}` keeps being the data only on the left side.
    if (at.parent.type === 'boolean_operator' && at.field !== 'left') break
    at = at.parent
  }
  const parent = at.parent
  if (parent === undefined) return { kind: 'harmless' }
  // `data = request.get_json() or {}` gives the body a name; its uses are looked at by that name.
  if (parent.type === 'assignment' && partOf(node) !== undefined && fieldOf(parent, 'left')?.type === 'identifier')
    return { kind: 'harmless' }
  if (parent.type === 'subscript' && at.field === 'value') {
    const index = fieldOf(parent, 'subscript')
    const name = index === undefined ? undefined : literal(index)
    if (parent.parent?.type === 'assignment' && parent.field === 'left') return { kind: 'harmless' }
    return name === undefined
      ? { kind: 'onward' }
      : { kind: 'field', name, subscript: true, hasDefault: false, local: localOf(parent) }
  }
  if (parent.type === 'attribute' && at.field === 'object') {
    const method = textOf(fieldOf(parent, 'attribute') ?? parent)
    const call = parent.parent
    if (call?.type !== 'call') return { kind: 'onward' }
    const { positional, keyword } = pythonArguments(call)
    const name = positional[0] === undefined ? undefined : literal(positional[0])
    if ((method === 'get' || method === 'pop' || method === 'getlist') && name !== undefined) {
      const fallback = positional[1] ?? keyword.get('default')
      // `get('x', '')` is the same as `get('x')` to a check for emptiness, but not to a crash.
      const hasDefault = fallback !== undefined && !/^(?:''|""|None)$/.test(textOf(fallback))
      return {
        kind: 'field',
        name,
        subscript: method === 'pop' && fallback === undefined,
        hasDefault,
        local: localOf(call),
      }
    }
    return { kind: 'onward' }
  }
  const harmless = new Set([
    'not_operator',
    'if_statement',
    'comparison_operator',
    'boolean_operator',
    'expression_statement',
    'conditional_expression',
    'elif_clause',
  ])
  return { kind: harmless.has(parent.type) ? 'harmless' : 'onward' }
}

/** The variable a value ends up in: `title = data.get('title', '').strip()`. */
function localOf(node: CodeNode): string | undefined {
  let at = node
  while (
    at.parent !== undefined &&
    (at.parent.type === 'attribute' ||
      at.parent.type === 'call' ||
      at.parent.type === 'boolean_operator' ||
      at.parent.type === 'parenthesized_expression')
  )
    at = at.parent
  const left = at.parent?.type === 'assignment' ? fieldOf(at.parent, 'left') : undefined
  return left?.type === 'identifier' ? textOf(left) : undefined
}

interface Refusals {
  /** Field names, and `=name` for local variables, whose absence is refused. */
  readonly required: ReadonlySet<string>
  /** Field names only read behind `if 'x' in data`. */
  readonly optional: ReadonlySet<string>
  /** Starts of body expressions inside a refusing condition: `if not data.get('x'): return …`. */
  readonly refusedInPlace: ReadonlySet<number>
}

function refusals(nodes: readonly CodeNode[]): Refusals {
  const required = new Set<string>()
  const optional = new Set<string>()
  const refusedInPlace = new Set<number>()
  const lists = new Map<string, string[]>()
  for (const node of nodes) {
    if (node.type === 'assignment') {
      const left = fieldOf(node, 'left')
      const names = stringsIn(fieldOf(node, 'right'))
      if (left?.type === 'identifier' && names.length > 0) lists.set(textOf(left), names)
    }
    if (node.type === 'comparison_operator' && isMembership(node, 'in')) {
      const name = node.children[0] === undefined ? undefined : literal(node.children[0])
      if (name !== undefined) optional.add(name)
    }
    if (node.type !== 'if_statement') continue
    const condition = fieldOf(node, 'condition')
    const consequence = fieldOf(node, 'consequence')
    if (condition === undefined || consequence === undefined || !refuses(consequence)) continue
    const conditionText = textOf(condition)
    const all = /\ball\s*\(/.test(conditionText)
    for (const inner of nodesUnder(condition)) {
      if (inner.type === 'comparison_operator' && isMembership(inner, 'not in')) {
        const name = inner.children[0] === undefined ? undefined : literal(inner.children[0])
        if (name !== undefined) required.add(name)
        // `for field in required: if field not in data: return …`
        const loop = inner.children[0] === undefined ? undefined : loopOver(node, textOf(inner.children[0]))
        if (loop !== undefined) for (const each of lists.get(textOf(loop)) ?? stringsIn(loop)) required.add(each)
      }
      if (inner.type === 'not_operator' && !/\band\b/.test(conditionText.replace(/not\s*\([^()]*\)/g, ''))) {
        for (const each of nodesUnder(inner)) {
          if (each.type === 'identifier') {
            required.add(`=${textOf(each)}`)
            refusedInPlace.add(each.start)
          }
        }
      }
      if (all && inner.type === 'for_in_clause') {
        const over = fieldOf(inner, 'right')
        if (over !== undefined) for (const each of lists.get(textOf(over)) ?? stringsIn(over)) required.add(each)
      }
    }
  }
  for (const name of required) optional.delete(name)
  return { required, optional, refusedInPlace }
}

function loopOver(node: CodeNode, variable: string): CodeNode | undefined {
  let at: CodeNode | undefined = node
  while (at !== undefined && at.type !== 'function_definition') {
    if (at.type === 'for_statement') {
      const left = fieldOf(at, 'left')
      if (left !== undefined && textOf(left) === variable) return fieldOf(at, 'right')
    }
    at = at.parent
  }
  return undefined
}

function isMembership(node: CodeNode, operator: string): boolean {
  return node.children.some((child) => child.field === 'operators' && textOf(child).replace(/\s+/g, ' ') === operator)
}

function refuses(consequence: CodeNode): boolean {
  return (
    /\b(?:return|raise|abort)\b/.test(textOf(consequence)) &&
    /\b4\d\d\b|raise|abort|error|flash|message/i.test(textOf(consequence))
  )
}

function stringsIn(node: CodeNode | undefined): string[] {
  if (node === undefined || (node.type !== 'list' && node.type !== 'tuple' && node.type !== 'set')) return []
  const names = node.children.flatMap((each) => literal(each) ?? [])
  return names.length === node.children.length ? names : []
}

/** Handlers that hand their work to something not visible: whatever that reads is unknown. */
function delegates(nodes: readonly CodeNode[], known: number): boolean {
  if (known > 0) return false
  return nodes.some(
    (node) =>
      node.type === 'call' &&
      /(?:json|payload|body|valid|load|schema|form)/i.test(textOf(fieldOf(node, 'function') ?? node)),
  )
}

function literal(node: CodeNode): string | undefined {
  if (node.type !== 'string' || node.children.some(({ type }) => type === 'interpolation')) return undefined
  return node.children.map((child) => (child.type === 'string_content' ? textOf(child) : '')).join('')
}

/** Fields as a route keeps them: name → required. */
export function listed(found: ReadonlyMap<string, boolean>): Field[] {
  return [...found].map(([name, required]) => ({ name, required }))
}

/** The names in literal JSON answers; open when an answer is anything else. */
export function answered(handler: CodeNode): Pick<Route, 'response' | 'responseOpen'> {
  const names = new Set<string>()
  let responseOpen = false
  for (const node of nodesUnder(handler)) {
    const returned = node.type === 'return_statement' ? node.children[0] : undefined
    if (returned === undefined) continue
    const value = returned.type === 'expression_list' ? returned.children[0] : returned
    const callee = value?.type === 'call' ? textOf(fieldOf(value, 'function') ?? value) : ''
    const isJson = /^(?:flask\.)?jsonify$|^JsonResponse$|^Response$|^JSONResponse$/.test(callee)
    const { positional, keyword } =
      value !== undefined && isJson ? pythonArguments(value) : { positional: [], keyword: new Map<string, CodeNode>() }
    const object = isJson ? positional[0] : value
    if (isJson && positional.length === 0) for (const name of keyword.keys()) names.add(name)
    else if (object?.type !== 'dictionary' || object.children.some(({ type }) => type === 'dictionary_splat'))
      responseOpen = true
    else {
      for (const pair of object.children) {
        const key = fieldOf(pair, 'key')
        const name = key === undefined ? undefined : literal(key)
        if (name !== undefined) names.add(name)
        else responseOpen = true
      }
    }
  }
  return { response: [...names], responseOpen: responseOpen || names.size === 0 }
}

/** Names of environment variables a handler reads. */
export function environmentIn(handler: CodeNode): string[] {
  const text = textOf(handler)
  return [
    ...new Set(
      [...text.matchAll(/\b(?:environ\.get|getenv)\(\s{0,5}["'](\w+)|environ\[["'](\w+)/g)].map(
        (match) => match[1] ?? match[2] ?? '',
      ),
    ),
  ]
}
