import { type CodeNode, fieldOf, nodesUnder, textOf } from '#bench/syntax'
import type { FunctionIr, Member, Temp } from '../ir/ir.ts'
import { literalKey } from './javascript-literals.ts'
import { hoistedNames, patternNames } from './javascript-names.ts'
import { assignPattern } from './javascript-patterns.ts'
import { codeChildren, type Lowering } from './lowering.ts'

/** Lowers a function, arrow or method to the value it is. */
export function lowerFunction(node: CodeNode, low: Lowering, kind?: FunctionIr['kind'], before?: () => void): Temp {
  const name = fieldOf(node, 'name')
  const body = fieldOf(node, 'body')
  const isArrow = node.type === 'arrow_function'
  return low.inner(
    {
      name: name === undefined ? 'anonymous' : textOf(name),
      kind: kind ?? (isArrow ? 'arrow' : 'function'),
      generator: node.type.startsWith('generator') || (body !== undefined && yields(body)),
      start: node.start,
      end: node.end,
    },
    () => {
      const { builder } = low
      if (!isArrow) {
        builder.self = low.declare('this')
        builder.all = low.declare('arguments')
      }
      lowerParameters(node, low)
      before?.()
      if (body === undefined) return
      for (const hoisted of hoistedNames(body)) low.declare(hoisted)
      if (body.type === 'statement_block') low.statement(body)
      else builder.return(body, low.expression(body))
    },
  )
}

function lowerParameters(node: CodeNode, low: Lowering): void {
  const { builder } = low
  const single = fieldOf(node, 'parameter')
  const list = fieldOf(node, 'parameters')
  const nodes = single !== undefined ? [single] : list === undefined ? [] : codeChildren(list)
  for (const parameter of nodes) {
    const pattern = fieldOf(parameter, 'pattern') ?? parameter
    if (textOf(pattern) === 'this') continue
    const target = pattern.type === 'assignment_pattern' ? (fieldOf(pattern, 'left') ?? pattern) : pattern
    const isRest = target.type === 'rest_pattern'
    const inner = isRest ? (codeChildren(target)[0] ?? target) : target
    const isName = inner.type === 'identifier'
    const name = isName ? textOf(inner) : `$${builder.parameters.length}`
    const slot = low.declare(name)
    builder.parameters.push({ slot, name, kind: isRest ? 'list' : 'plain' })
    const type = typeOf(parameter, low)
    if (type !== undefined) builder.effect({ op: 'typed', slot, type }, parameter)
    const filled = filledBy(parameter, low)
    if (filled !== undefined) builder.effect({ op: 'store', slot, value: filled }, parameter)
    const value =
      fieldOf(parameter, 'value') ?? (pattern.type === 'assignment_pattern' ? fieldOf(pattern, 'right') : undefined)
    if (value !== undefined) builder.effect({ op: 'default', slot, value: low.expression(value) }, value)
    if (!isName) {
      for (const each of patternNames(inner)) low.declare(each)
      assignPattern(inner, builder.compute({ op: 'load', slot }, inner), low)
    }
  }
}

/** What a decorator puts into a parameter: `@Query('name') name`. */
function filledBy(parameter: CodeNode, low: Lowering): Temp | undefined {
  const decorator = parameter.children.find(({ type }) => type === 'decorator')
  const [call] = decorator === undefined ? [] : codeChildren(decorator)
  const isFilling = call?.type === 'call_expression' && filling.test(textOf(fieldOf(call, 'function') ?? call))
  return isFilling ? low.expression(call) : undefined
}

const filling =
  /^(?:Query|QueryParams?|Param|Params|PathParams?|Body|BodyParams?|Headers?|HeaderParams?|CookieParam|Cookies|UploadedFiles?|Req|Request|Res|Response|Ip|HostParam|Session)$/

/** A declared type that is a name of a library: `Request`, `express.Request`. */
function typeOf(parameter: CodeNode, low: Lowering): Temp | undefined {
  const annotation = fieldOf(parameter, 'type')
  const type = annotation === undefined ? undefined : codeChildren(annotation)[0]
  if (type === undefined) return undefined
  const named = type.type === 'generic_type' ? (fieldOf(type, 'name') ?? type) : type
  if (named.type === 'type_identifier' && low.resolve(textOf(named)) !== undefined)
    return low.read(textOf(named), named)
  if (named.type !== 'nested_type_identifier') return undefined
  const module = fieldOf(named, 'module')
  const name = fieldOf(named, 'name')
  if (module?.type !== 'identifier' || name === undefined) return undefined
  return low.builder.compute(
    { op: 'get', object: low.read(textOf(module), module), key: textOf(name), attribute: true },
    named,
  )
}

/** Lowers a class to the value it is. */
export function lowerClass(node: CodeNode, low: Lowering): Temp {
  const name = fieldOf(node, 'name')
  const body = fieldOf(node, 'body')
  const heritage = node.children.find(({ type }) => type === 'class_heritage')
  const extended = heritage === undefined ? undefined : nodesUnder(heritage)
  const baseNode = [...(extended ?? [])].find(
    ({ type, parent }) => /^(?:identifier|member_expression|call_expression)$/.test(type) && parent !== undefined,
  )
  const bases = baseNode === undefined ? [] : [low.expression(baseNode)]
  const members: Member[] = []
  const fields: CodeNode[] = []
  for (const member of body === undefined ? [] : codeChildren(body)) {
    const key = fieldOf(member, 'name') ?? fieldOf(member, 'property')
    const literal = key === undefined ? undefined : literalKey(key)
    if (key === undefined || literal === undefined) continue
    const words = member.source.slice(member.start, key.start)
    const isStatic = /\bstatic\b/.test(words)
    if (member.type === 'method_definition') {
      const kind: Member['kind'] = isStatic
        ? 'static'
        : /\bget\b/.test(words)
          ? 'getter'
          : /\bset\b/.test(words)
            ? 'setter'
            : 'method'
      const value = lowerFunction(
        member,
        low,
        'method',
        literal === 'constructor' ? () => parameterFields(member, low) : undefined,
      )
      if (kind !== 'setter') members.push({ name: literal, value, kind })
    } else if (/field_definition$/.test(member.type)) {
      const held = fieldOf(member, 'value')
      if (held === undefined) continue
      fields.push(member)
      members.push({ name: literal, value: fieldValue(held, low), kind: isStatic ? 'static' : 'field' })
    }
  }
  return low.builder.compute(
    { op: 'class', name: name === undefined ? 'anonymous' : textOf(name), bases, members },
    { start: node.start, end: Math.min(node.end, node.start + 60) },
  )
}

/** Functions in fields know `this`, so they are methods. */
function fieldValue(value: CodeNode, low: Lowering): Temp {
  if (value.type !== 'arrow_function') return low.expression(value)
  return lowerArrowMethod(value, low)
}

function lowerArrowMethod(node: CodeNode, low: Lowering): Temp {
  return low.inner({ name: 'field', kind: 'method', generator: false, start: node.start, end: node.end }, () => {
    const { builder } = low
    builder.self = low.declare('this')
    lowerParameters(node, low)
    const body = fieldOf(node, 'body')
    if (body === undefined) return
    for (const hoisted of hoistedNames(body)) low.declare(hoisted)
    if (body.type === 'statement_block') low.statement(body)
    else builder.return(body, low.expression(body))
  })
}

/** `constructor(private name: T)` sets a field. */
function parameterFields(constructorNode: CodeNode, low: Lowering): void {
  const list = fieldOf(constructorNode, 'parameters')
  for (const parameter of list === undefined ? [] : codeChildren(list)) {
    const pattern = fieldOf(parameter, 'pattern')
    const isField =
      parameter.children.some(({ type }) => type === 'accessibility_modifier') || /^readonly\b/.test(textOf(parameter))
    if (!isField || pattern?.type !== 'identifier') continue
    const name = textOf(pattern)
    const object = low.read('this', parameter)
    low.builder.effect({ op: 'set', object, key: name, attribute: true, value: low.read(name, pattern) }, parameter)
  }
}

function yields(body: CodeNode): boolean {
  for (const node of nodesUnder(body, ({ type }) => !/function|method_definition/.test(type))) {
    if (node.type === 'yield_expression') return true
  }
  return false
}
