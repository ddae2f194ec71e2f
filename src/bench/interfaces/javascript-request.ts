import { type CodeNode, fieldOf, nodesUnder, textOf } from '#bench/syntax'
import type { Field, RequestFields, Route } from './interface.ts'
import { argumentsOf, declarationOf, functionTypes, keyText, type Module, patternNames } from './javascript-modules.ts'
import { newTrace, type Place, resolve, type World } from './javascript-values.ts'

type Read = Pick<Route, 'request' | 'response' | 'responseOpen' | 'environment'> & { readonly name: string | undefined }

/** What a JavaScript handler reads of its request and answers with. */
export function requestRead(handler: Place | undefined, middleware: readonly Place[], world: World): Read {
  const at = handler === undefined ? undefined : resolve(handler, world, newTrace())
  const name =
    handler !== undefined && (handler.node.type === 'identifier' || handler.node.type === 'member_expression')
      ? textOf(handler.node)
      : undefined
  if (at === undefined || !functionTypes.has(at.node.type)) {
    return { name, request: { body: [], query: [], open: true }, response: [], responseOpen: true, environment: [] }
  }
  const fields = fieldsRead(at.node, at.module)
  // Middleware named after validation reads fields of its own.
  const validated = middleware.some(({ node }) => /valid|schema|upload|multer|body\(|check\(|parse/i.test(textOf(node)))
  return {
    name,
    request: { ...fields, open: fields.open || validated },
    ...answered(at.node),
    environment: [...new Set([...textOf(at.node).matchAll(/process\.env\.(\w+)/g)].map((match) => match[1] ?? ''))],
  }
}

/** The fields of body and query a handler function reads. */
export function fieldsRead(handler: CodeNode, module: Module): RequestFields {
  const request = requestName(handler)
  const body = new Map<string, boolean>()
  const query = new Map<string, boolean>()
  let open = false
  if (request === undefined) return { body: [], query: [], open: true }
  const required = namesRequired(handler)
  for (const node of nodesUnder(handler)) {
    const part = partOf(node, request)
    if (part === undefined) continue
    const found = part === 'body' ? body : query
    const complete = fieldsOf(node, module, handler, (name, local, optional) => {
      found.set(
        name,
        (found.get(name) ?? false) || (!optional && (required.has(local) || required.has(`${textOf(node)}.${name}`))),
      )
    })
    if (part === 'body') open ||= !complete
  }
  // The request itself goes on to other code.
  open ||= passesOn(handler, request)
  return { body: fieldsIn(body), query: fieldsIn(query), open }
}

function requestName(handler: CodeNode): string | undefined {
  const parameters = fieldOf(handler, 'parameters')?.children ?? []
  const first = fieldOf(handler, 'parameter') ?? parameters[0]
  const pattern = first === undefined ? undefined : (fieldOf(first, 'pattern') ?? first)
  if (pattern?.type === 'object_pattern') return ''
  return pattern?.type === 'identifier' ? textOf(pattern) : undefined
}

/** Whether an expression is the request's body or query. */
function partOf(node: CodeNode, request: string): 'body' | 'query' | undefined {
  const text = node.end - node.start < 80 ? textOf(node).replace(/\s+/g, '') : ''
  if (node.type === 'member_expression') {
    if (request === '' && text === 'request.body') return 'body'
    if (text === `${request}.body` || text === `${request}.request.body`) return 'body'
    if (text === `${request}.query` || text === `${request}.request.query`) return 'query'
  }
  if (
    node.type === 'await_expression' &&
    (text === `await${request}.json()` ||
      text === `await${request}.req.json()` ||
      (request === '' && text === 'awaitrequest.json()'))
  )
    return 'body'
  return undefined
}

type Report = (name: string, local: string, optional: boolean) => void

/** Reports the fields taken from an expression; false when it goes on to code that may read more. */
function fieldsOf(node: CodeNode, module: Module, within: CodeNode, report: Report): boolean {
  let at = node
  let parent = at.parent
  while (parent !== undefined && (passThrough.has(parent.type) || isDefaulted(parent, at))) {
    at = parent
    parent = at.parent
  }
  if (parent === undefined) return true
  if (parent.type === 'member_expression' && fieldOf(parent, 'object') === at) {
    const name = textOf(fieldOf(parent, 'property') ?? parent)
    report(name, assignedName(parent) ?? '', false)
    return true
  }
  if (parent.type === 'subscript_expression' && fieldOf(parent, 'object') === at) {
    const index = fieldOf(parent, 'index')
    if (index?.type !== 'string') return false
    report(keyText(index), assignedName(parent) ?? '', false)
    return true
  }
  if (parent.type === 'variable_declarator') {
    const name = fieldOf(parent, 'name')
    if (name?.type === 'object_pattern') return patternFields(name, report)
    if (name?.type === 'identifier') return aliasFields(textOf(name), name, module, within, report)
  }
  if (parent.type === 'unary_expression' || parent.type === 'expression_statement' || parent.type === 'if_statement')
    return true
  return false
}

const passThrough = new Set([
  'parenthesized_expression',
  'as_expression',
  'non_null_expression',
  'await_expression',
  'satisfies_expression',
])

function isDefaulted(parent: CodeNode, at: CodeNode): boolean {
  return (
    parent.type === 'binary_expression' &&
    fieldOf(parent, 'left') === at &&
    /^(?:\|\||\?\?)$/.test(textOf(fieldOf(parent, 'operator') ?? parent))
  )
}

function patternFields(pattern: CodeNode, report: Report): boolean {
  for (const { local, key, initial } of patternNames(pattern)) report(String(key), local, initial !== undefined)
  return !pattern.children.some(({ type }) => type === 'rest_pattern')
}

function aliasFields(alias: string, place: CodeNode, module: Module, within: CodeNode, report: Report): boolean {
  let complete = true
  const declared = declarationOf(module, alias, place)
  for (const node of nodesUnder(within)) {
    if ((node.type !== 'identifier' && node.type !== 'shorthand_property_identifier') || textOf(node) !== alias)
      continue
    if (node === place || declarationOf(module, alias, node) !== declared) continue
    complete = fieldsOf(node, module, within, report) && complete
  }
  return complete
}

/** `const title = req.body.title`: the local name. */
function assignedName(node: CodeNode): string | undefined {
  let at = node
  while (
    at.parent !== undefined &&
    (passThrough.has(at.parent.type) || at.parent.type === 'call_expression' || isDefaulted(at.parent, at))
  )
    at = at.parent
  const name = at.parent?.type === 'variable_declarator' ? fieldOf(at.parent, 'name') : undefined
  return name?.type === 'identifier' ? textOf(name) : undefined
}

/** Names whose absence makes the handler refuse: `if (!title || !req.body.email) return …`. */
function namesRequired(handler: CodeNode): Set<string> {
  const names = new Set<string>()
  for (const node of nodesUnder(handler)) {
    if (node.type !== 'if_statement') continue
    const condition = fieldOf(node, 'condition')
    const consequence = fieldOf(node, 'consequence')
    if (condition === undefined || consequence === undefined || !refuses(consequence)) continue
    // `if (!a && !b)` refuses only when both are missing: neither is required.
    if (textOf(condition).includes('&&')) continue
    for (const inner of nodesUnder(condition)) {
      const negated =
        inner.type === 'unary_expression' && textOf(inner).startsWith('!') ? fieldOf(inner, 'argument') : undefined
      if (negated === undefined) continue
      const text = textOf(negated)
        .replace(/\?\./g, '.')
        .replace(/\.trim\(\)$/, '')
      if (/^[\w.]+$/.test(text)) names.add(text)
    }
  }
  return names
}

function refuses(consequence: CodeNode): boolean {
  const text = textOf(consequence)
  return /\b(?:return|throw)\b/.test(text) && /\b4\d\d\b|throw|badRequest|BadRequest|error/i.test(text)
}

function passesOn(handler: CodeNode, request: string): boolean {
  if (request === '') return true
  for (const node of nodesUnder(handler)) {
    if (node.type !== 'call_expression') continue
    if (argumentsOf(node).some((argument) => argument.type === 'identifier' && textOf(argument) === request))
      return true
  }
  return false
}

function fieldsIn(found: ReadonlyMap<string, boolean>): Field[] {
  return [...found].map(([name, required]) => ({ name, required }))
}

/** The names in literal JSON answers; open when an answer is anything else. */
function answered(handler: CodeNode): Pick<Route, 'response' | 'responseOpen'> {
  const names = new Set<string>()
  let responseOpen = false
  for (const node of nodesUnder(handler)) {
    if (node.type !== 'call_expression') continue
    const callee = fieldOf(node, 'function')
    const first = argumentsOf(node)[0]
    if (callee === undefined || !/\.(?:json|send|render|sendFile|redirect|pipe|end|sendStatus)$/.test(textOf(callee)))
      continue
    if (first?.type !== 'object' || first.children.some(({ type }) => type === 'spread_element')) {
      responseOpen ||= first !== undefined
      continue
    }
    for (const each of first.children) {
      const key = fieldOf(each, 'key')
      if (key !== undefined) names.add(keyText(key))
      else if (each.type === 'shorthand_property_identifier') names.add(textOf(each))
    }
  }
  return { response: [...names], responseOpen: responseOpen || names.size === 0 }
}
