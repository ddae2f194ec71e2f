import { type CodeNode, fieldOf, nodesUnder, textOf } from '#bench/syntax'
import type { Member, Parameter, Temp } from '../ir/ir.ts'
import { codeChildren, type Lowering } from './lowering.ts'
import { boundNames } from './python-names.ts'

/** Lowers `def`, binds the name. */
export function lowerFunction(node: CodeNode, low: Lowering, decorators: readonly CodeNode[] = []): void {
  const name = nameOf(node)
  const body = fieldOf(node, 'body')
  const isMethod = low.scope.kind === 'class'
  const isStatic = decorators.some((decorator) => /^@\s*staticmethod\b/.test(textOf(decorator)))
  const evaluated = decorators.map((decorator) => prepared(decorator, low))
  const value = low.inner(
    {
      name,
      kind: isMethod && !isStatic ? 'method' : 'function',
      generator: isGenerator(body),
      start: node.start,
      end: node.end,
    },
    () => {
      if (body !== undefined) declareNames(body, low)
      lowerParameters(fieldOf(node, 'parameters'), low, isMethod && !isStatic)
      if (body !== undefined) low.statements(codeChildren(body))
    },
  )
  low.write(name, decorated(value, evaluated, low), node)
}

/** Names the body binds belong to the function, save those it declares otherwise. */
export function declareNames(body: CodeNode, low: Lowering): void {
  const { bound, global, nonlocal } = boundNames(body)
  for (const name of bound) if (!global.has(name) && !nonlocal.has(name)) low.declare(name)
  let outermost = low.scope
  while (outermost.parent !== undefined) outermost = outermost.parent
  for (const name of global) {
    if (outermost !== low.scope) low.declare(name, outermost)
  }
}

/** Lowers `class`: its body runs in place, what it binds become members. */
export function lowerClass(node: CodeNode, low: Lowering, decorators: readonly CodeNode[] = []): void {
  const { builder } = low
  const name = nameOf(node)
  const evaluated = decorators.map((decorator) => prepared(decorator, low))
  const superclasses = fieldOf(node, 'superclasses')
  const bases = (superclasses === undefined ? [] : codeChildren(superclasses))
    .filter(({ type }) => type !== 'keyword_argument')
    .map((base) => low.expression(base))
  const members: Member[] = []
  const outerBase = low.classBase
  const [base] = bases
  const baseSlot = low.temporary()
  if (base !== undefined) builder.effect({ op: 'store', slot: baseSlot, value: base }, node)
  low.inScope('class', () => {
    const body = fieldOf(node, 'body')
    if (body === undefined) return
    for (const bound of boundNames(body).bound) low.declare(bound)
    low.classBase = base
    low.statements(codeChildren(body))
    const kinds = memberKinds(body)
    for (const statement of codeChildren(body)) {
      const assignment = statement.type === 'expression_statement' ? statement.children[0] : undefined
      const target = fieldOf(assignment, 'left')
      const type = declaredType(fieldOf(assignment, 'type'))
      if (assignment?.type !== 'assignment' || target?.type !== 'identifier' || type === undefined) continue
      members.push({ name: textOf(target), value: low.expression(type), kind: 'declared' })
    }
    for (const [member, slot] of low.scope.names) {
      members.push({
        name: member,
        value: builder.compute({ op: 'load', slot }, node),
        kind: kinds.get(member) ?? 'static',
      })
    }
  })
  low.classBase = outerBase
  const value = builder.compute({ op: 'class', name, bases, members }, { start: node.start, end: node.start + 5 })
  low.write(name, decorated(value, evaluated, low), node)
}

function memberKinds(body: CodeNode): Map<string, Member['kind']> {
  const kinds = new Map<string, Member['kind']>()
  for (const statement of codeChildren(body)) {
    const definition = statement.type === 'decorated_definition' ? fieldOf(statement, 'definition') : statement
    if (definition?.type !== 'function_definition') continue
    const decorators = statement.children.filter(({ type }) => type === 'decorator').map(textOf)
    const has = (pattern: RegExp): boolean => decorators.some((decorator) => pattern.test(decorator))
    const kind = has(/^@\s*(?:\w+\.)?(?:cached_)?property\b/)
      ? 'getter'
      : has(/^@\s*staticmethod\b/)
        ? 'static'
        : 'method'
    if (!has(/\.setter\b/)) kinds.set(nameOf(definition), kind)
  }
  return kinds
}

/** A decorator's expression, evaluated before the definition, as Python does. */
function prepared(decorator: CodeNode, low: Lowering): { node: CodeNode; value: Temp } {
  const [expression] = codeChildren(decorator)
  return { node: decorator, value: expression === undefined ? low.join([], decorator) : low.expression(expression) }
}

function decorated(value: Temp, decorators: readonly { node: CodeNode; value: Temp }[], low: Lowering): Temp {
  return decorators.reduceRight(
    (inner, decorator) =>
      low.builder.compute(
        { op: 'call', callee: decorator.value, arguments: [{ value: inner }], isNew: false, decorates: true },
        decorator.node,
      ),
    value,
  )
}

/** Declares parameters with their defaults and declared types. */
export function lowerParameters(list: CodeNode | undefined, low: Lowering, isMethod: boolean): void {
  const { builder } = low
  let keywordOnly = false
  const nodes = list === undefined ? [] : codeChildren(list)
  nodes.forEach((node, at) => {
    if (node.type === 'keyword_separator' || textOf(node) === '*') {
      keywordOnly = true
      return
    }
    const named =
      node.type === 'identifier'
        ? node
        : [...nodesUnder(fieldOf(node, 'name') ?? node)].find(({ type }) => type === 'identifier')
    if (named === undefined) return
    const splat = node.children.find(({ type }) => type.endsWith('_splat_pattern'))?.type ?? node.type
    const kind: Parameter['kind'] = splat.startsWith('list_splat')
      ? 'list'
      : splat.startsWith('dictionary_splat')
        ? 'dictionary'
        : keywordOnly
          ? 'keyword-only'
          : 'plain'
    const name = textOf(named)
    const slot = low.declare(name)
    if (isMethod && at === 0 && kind === 'plain') builder.self = slot
    else builder.parameters.push({ slot, name, kind })
    if (kind === 'list') keywordOnly = true
    const declared = fieldOf(node, 'type')
    const type = declaredType(declared)
    if (type !== undefined && (kind === 'plain' || kind === 'keyword-only')) {
      builder.effect({ op: 'typed', slot, type: low.expression(type) }, type)
    }
    const value = fieldOf(node, 'value') ?? dependency(declared)
    if (value !== undefined) builder.effect({ op: 'default', slot, value: low.expression(value) }, value)
  })
}

/** What a type says of the value itself: `X` of `X`, `Optional[X]`, `X | None`, `Annotated[X, …]`. */
function declaredType(declared: CodeNode | undefined): CodeNode | undefined {
  const type = declared === undefined ? undefined : codeChildren(declared)[0]
  if (type === undefined) return undefined
  if (type.type === 'identifier' || type.type === 'attribute') return type
  if (type.type === 'binary_operator') return fieldOf(type, 'left')
  if (type.type !== 'generic_type') return undefined
  const [name, parameters] = codeChildren(type)
  if (name === undefined || !/^(?:Annotated|Optional)$/.test(textOf(name))) return undefined
  return declaredType(parameters === undefined ? undefined : codeChildren(parameters)[0])
}

/** `Depends(…)` in `Annotated[X, Depends(…)]` is what a default would be. */
function dependency(declared: CodeNode | undefined): CodeNode | undefined {
  const type = declared === undefined ? undefined : codeChildren(declared)[0]
  if (type?.type !== 'generic_type') return undefined
  const call = [...nodesUnder(type)].find((node) => node.type === 'call')
  return call !== undefined && /Depends\b/.test(textOf(call)) ? call : undefined
}

function isGenerator(body: CodeNode | undefined): boolean {
  if (body === undefined) return false
  for (const node of nodesUnder(body, ({ type }) => type !== 'function_definition' && type !== 'lambda')) {
    if (node.type === 'yield') return true
  }
  return false
}

function nameOf(node: CodeNode): string {
  const name = fieldOf(node, 'name')
  return name === undefined ? 'anonymous' : textOf(name)
}
