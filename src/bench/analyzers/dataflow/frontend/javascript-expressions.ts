import { type CodeNode, fieldOf, textOf } from '#bench/syntax'
import type { Argument, BlockId, CompareOperator, Temp } from '../ir/ir.ts'
import { lowerClass, lowerFunction } from './javascript-functions.ts'
import { lowerMarkup, lowerObject, lowerTemplate } from './javascript-literals.ts'
import { assignMember, assignPattern } from './javascript-patterns.ts'
import { codeChildren, type Lowering } from './lowering.ts'
import { unescaped } from './python-strings.ts'

const comparisons: Readonly<Record<string, CompareOperator>> = {
  '==': '==',
  '===': '==',
  '!=': '!=',
  '!==': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  in: 'in',
  instanceof: 'instanceof',
}
const shortCircuits: ReadonlySet<string> = new Set(['&&', '||', '??'])

/** Lowers one JavaScript or TypeScript expression to the temporary that holds its value. */
export function javascriptExpression(node: CodeNode, low: Lowering): Temp {
  const { builder } = low
  const children = codeChildren(node)
  const [first] = children
  const inner = (child: CodeNode | undefined): Temp =>
    child === undefined ? low.join([], node) : low.expression(child)
  switch (node.type) {
    case 'identifier':
    case 'shorthand_property_identifier':
      return textOf(node) === 'undefined' ? low.constant(undefined, node) : low.read(textOf(node), node)
    case 'this':
      return low.read('this', node)
    case 'string':
      return low.constant(unescaped(textOf(node).slice(1, -1)), node)
    case 'template_string':
      return lowerTemplate(node, low)
    case 'number':
      return low.constant(Number(textOf(node).replaceAll('_', '').replace(/n$/, '')), node)
    case 'true':
      return low.constant(true, node)
    case 'false':
      return low.constant(false, node)
    case 'null':
      return low.constant(null, node)
    case 'undefined':
      return low.constant(undefined, node)
    case 'regex': {
      const pattern = fieldOf(node, 'pattern')
      const flags = fieldOf(node, 'flags')
      return builder.compute(
        { op: 'regex', pattern: pattern ? textOf(pattern) : '', flags: flags ? textOf(flags) : '' },
        node,
      )
    }
    case 'member_expression': {
      const name = fieldOf(node, 'property')
      const object = inner(fieldOf(node, 'object'))
      return builder.compute({ op: 'get', object, key: name ? textOf(name) : '', attribute: true }, node)
    }
    case 'subscript_expression': {
      const object = inner(fieldOf(node, 'object'))
      return builder.compute({ op: 'get', object, index: inner(fieldOf(node, 'index')), attribute: false }, node)
    }
    case 'call_expression':
      return lowerCall(node, low)
    case 'new_expression': {
      const callee = inner(fieldOf(node, 'constructor'))
      const list = fieldOf(node, 'arguments')
      return builder.compute({ op: 'call', callee, arguments: lowerArguments(list, low), isNew: true }, node)
    }
    case 'binary_expression':
      return binary(node, low)
    case 'unary_expression': {
      const operator = fieldOf(node, 'operator')
      const operand = inner(fieldOf(node, 'argument'))
      return builder.compute({ op: 'unary', operator: operator ? textOf(operator) : '', operand }, node)
    }
    case 'update_expression': {
      const target = fieldOf(node, 'argument')
      if (target === undefined) return low.join([], node)
      const value = builder.compute(
        { op: 'binary', operator: '+', left: low.expression(target), right: low.constant(1, node) },
        node,
      )
      assignPattern(target, value, low)
      return value
    }
    case 'assignment_expression':
      return assignment(node, low)
    case 'augmented_assignment_expression': {
      const left = fieldOf(node, 'left')
      const operator = fieldOf(node, 'operator')
      if (left === undefined) return low.join([], node)
      const before = low.expression(left)
      const right = inner(fieldOf(node, 'right'))
      const name = operator === undefined ? '' : textOf(operator).replace(/=$/, '')
      const value = shortCircuits.has(name)
        ? low.join([before, right], node)
        : builder.compute({ op: 'binary', operator: name, left: before, right }, node)
      assignPattern(left, value, low)
      return value
    }
    case 'ternary_expression':
      return conditional(node, low)
    case 'arrow_function':
    case 'function_expression':
    case 'generator_function':
    case 'function':
      return lowerFunction(node, low)
    case 'class':
      return lowerClass(node, low)
    case 'object':
      return lowerObject(node, low, (method) => lowerFunction(method, low, 'method'))
    case 'array':
      return builder.compute(
        {
          op: 'list',
          kind: 'list',
          items: children.map((child) => ({ value: low.expression(child), spread: child.type === 'spread_element' })),
        },
        node,
      )
    case 'sequence_expression': {
      const values = children.map((child) => low.expression(child))
      return values.at(-1) ?? low.join([], node)
    }
    case 'yield_expression': {
      const value = inner(first)
      if (builder.generated !== undefined) builder.effect({ op: 'append', list: builder.generated, value }, node)
      return low.join([], node)
    }
    case 'await_expression':
    case 'parenthesized_expression':
    case 'spread_element':
    case 'as_expression':
    case 'satisfies_expression':
    case 'non_null_expression':
    case 'instantiation_expression':
      return inner(first)
    case 'type_assertion':
      return inner(children.at(-1))
    case 'jsx_element':
    case 'jsx_self_closing_element':
    case 'jsx_fragment':
      return lowerMarkup(node, low)
    case 'jsx_expression':
      return inner(first)
    default:
      return low.join(
        children.filter(({ type }) => !/type/.test(type)).map((child) => low.expression(child)),
        node,
      )
  }
}

function lowerCall(node: CodeNode, low: Lowering): Temp {
  const { builder } = low
  const callee = fieldOf(node, 'function')
  const list = fieldOf(node, 'arguments')
  if (callee === undefined) return low.join([], node)
  if (list?.type === 'template_string') return taggedTemplate(callee, list, node, low)
  const [only] = list === undefined ? [] : codeChildren(list)
  if (callee.type === 'identifier' && textOf(callee) === 'require' && only?.type === 'string') {
    return builder.compute({ op: 'import', module: unescaped(textOf(only).slice(1, -1)) }, node)
  }
  if (callee.type === 'import' && only?.type === 'string') {
    return builder.compute({ op: 'import', module: unescaped(textOf(only).slice(1, -1)) }, node)
  }
  if (callee.type === 'member_expression') {
    const object = fieldOf(callee, 'object')
    const name = fieldOf(callee, 'property')
    if (object !== undefined && name !== undefined) {
      const receiver = low.expression(object)
      const method = textOf(name)
      const target = builder.compute({ op: 'get', object: receiver, key: method, attribute: true }, callee)
      return builder.compute(
        { op: 'call', callee: target, receiver, method, arguments: lowerArguments(list, low), isNew: false },
        node,
      )
    }
  }
  const target = low.expression(callee)
  return builder.compute({ op: 'call', callee: target, arguments: lowerArguments(list, low), isNew: false }, node)
}

/** `` tag`a${b}` `` is `tag(texts, b)`. */
function taggedTemplate(callee: CodeNode, template: CodeNode, node: CodeNode, low: Lowering): Temp {
  const { builder } = low
  const target = low.expression(callee)
  const texts = builder.compute({ op: 'list', kind: 'list', items: [] }, template)
  const values = template.children
    .filter(({ type }) => type === 'template_substitution')
    .flatMap((child) => codeChildren(child).slice(0, 1))
    .map((child): Argument => ({ value: low.expression(child) }))
  return builder.compute({ op: 'call', callee: target, arguments: [{ value: texts }, ...values], isNew: false }, node)
}

function lowerArguments(list: CodeNode | undefined, low: Lowering): Argument[] {
  if (list === undefined) return []
  return codeChildren(list).map((argument): Argument => {
    const value = low.expression(argument)
    return argument.type === 'spread_element' ? { value, spread: 'list' } : { value }
  })
}

/** Chains of an operator may be long: they are walked, not recursed into. */
function binary(node: CodeNode, low: Lowering): Temp {
  const operatorOf = (each: CodeNode): string => {
    const operator = fieldOf(each, 'operator')
    return operator === undefined ? '' : textOf(operator)
  }
  if (shortCircuits.has(operatorOf(node))) return shortCircuit(node, operatorOf(node), low)
  const chain: CodeNode[] = []
  let at: CodeNode | undefined = node
  while (at !== undefined && at.type === 'binary_expression' && !shortCircuits.has(operatorOf(at))) {
    chain.push(at)
    at = fieldOf(at, 'left')
  }
  let left = at === undefined ? low.join([], node) : low.expression(at)
  for (let index = chain.length - 1; index >= 0; index--) {
    const each = chain[index]
    if (each === undefined) continue
    const rightNode = fieldOf(each, 'right')
    const right = rightNode === undefined ? low.join([], each) : low.expression(rightNode)
    const operator = operatorOf(each)
    const compared = Object.hasOwn(comparisons, operator) ? comparisons[operator] : undefined
    left =
      compared !== undefined
        ? low.builder.compute({ op: 'compare', operator: compared, left, right }, each)
        : low.builder.compute({ op: 'binary', operator, left, right }, each)
  }
  return left
}

function shortCircuit(node: CodeNode, operator: string, low: Lowering): Temp {
  const { builder } = low
  const slot = low.temporary()
  const left = fieldOf(node, 'left')
  const right = fieldOf(node, 'right')
  const more = builder.block()
  const end = builder.block()
  const value = left === undefined ? low.join([], node) : low.expression(left)
  builder.effect({ op: 'store', slot, value }, left ?? node)
  if (operator === '??') builder.branch(low.join([], node), more, end)
  else builder.branch(value, operator === '&&' ? more : end, operator === '&&' ? end : more)
  builder.enter(more)
  if (right !== undefined) builder.effect({ op: 'store', slot, value: low.expression(right) }, right)
  builder.jump(end)
  builder.enter(end)
  return builder.compute({ op: 'load', slot }, node)
}

function conditional(node: CodeNode, low: Lowering): Temp {
  const { builder } = low
  const slot = low.temporary()
  const yes = builder.block()
  const no = builder.block()
  const end = builder.block()
  const condition = fieldOf(node, 'condition')
  if (condition === undefined) builder.branch(low.join([], node), yes, no)
  else low.condition(condition, yes, no)
  for (const [block, field] of [
    [yes, 'consequence'],
    [no, 'alternative'],
  ] as const) {
    builder.enter(block)
    const value = fieldOf(node, field)
    if (value !== undefined) builder.effect({ op: 'store', slot, value: low.expression(value) }, value)
    builder.jump(end)
  }
  builder.enter(end)
  return builder.compute({ op: 'load', slot }, node)
}

/** Branches on a JavaScript condition. */
export function javascriptCondition(node: CodeNode, low: Lowering, then: BlockId, otherwise: BlockId): void {
  const { builder } = low
  const [first] = codeChildren(node)
  const operator = fieldOf(node, 'operator')
  if (node.type === 'parenthesized_expression' && first !== undefined) low.condition(first, then, otherwise)
  else if (node.type === 'unary_expression' && operator !== undefined && textOf(operator) === '!') {
    const argument = fieldOf(node, 'argument')
    if (argument === undefined) builder.throw()
    else low.condition(argument, otherwise, then)
  } else if (node.type === 'binary_expression' && operator !== undefined && /^(?:&&|\|\|)$/.test(textOf(operator))) {
    const left = fieldOf(node, 'left')
    const right = fieldOf(node, 'right')
    const middle = builder.block()
    const isAnd = textOf(operator) === '&&'
    if (left !== undefined) low.condition(left, isAnd ? middle : then, isAnd ? otherwise : middle)
    builder.enter(middle)
    if (right !== undefined) low.condition(right, then, otherwise)
  } else builder.branch(low.expression(node), then, otherwise)
}

const exported = /^(?:module\.)?exports(?:\.(\w+))?$/

function assignment(node: CodeNode, low: Lowering): Temp {
  const left = fieldOf(node, 'left')
  const right = fieldOf(node, 'right')
  const value = right === undefined ? low.join([], node) : low.expression(right)
  if (left === undefined) return value
  const offered = left.type === 'member_expression' ? exported.exec(textOf(left)) : null
  if (offered !== null && low.resolve('module') === undefined && low.resolve('exports') === undefined) {
    low.builder.effect({ op: 'export', name: offered[1] ?? '$commonjs', value }, node)
    if (textOf(left) === 'module.exports') return value
  }
  if (left.type === 'member_expression' || left.type === 'subscript_expression') assignMember(left, value, low)
  else assignPattern(left, value, low)
  return value
}
