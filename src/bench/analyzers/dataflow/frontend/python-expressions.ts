import { type CodeNode, fieldOf, textOf } from '#bench/syntax'
import type { Argument, CompareOperator, Temp } from '../ir/ir.ts'
import { codeChildren, type Lowering } from './lowering.ts'
import { lowerParameters } from './python-definitions.ts'
import { lowerString } from './python-strings.ts'
import { assign } from './python-targets.ts'

/** Lowers one Python expression to the temporary that holds its value. */
export function pythonExpression(node: CodeNode, low: Lowering): Temp {
  const { builder } = low
  const children = codeChildren(node)
  switch (node.type) {
    case 'identifier':
      return low.read(textOf(node), node)
    case 'string':
    case 'concatenated_string':
      return lowerString(node, low)
    case 'integer':
    case 'float':
      return low.constant(
        Number(
          textOf(node)
            .replaceAll('_', '')
            .replace(/^0o?(?=\d)/i, '') || '0',
        ),
        node,
      )
    case 'true':
      return low.constant(true, node)
    case 'false':
      return low.constant(false, node)
    case 'none':
      return low.constant(null, node)
    case 'attribute':
      return attribute(node, low)
    case 'subscript':
      return subscript(node, low)
    case 'call':
      return lowerCall(node, low)
    case 'binary_operator':
      return binary(node, low)
    case 'unary_operator': {
      const operator = fieldOf(node, 'operator')
      return builder.compute(
        {
          op: 'unary',
          operator: operator ? textOf(operator) : '',
          operand: operand(fieldOf(node, 'argument'), low, node),
        },
        node,
      )
    }
    case 'not_operator':
    case 'boolean_operator':
    case 'comparison_operator':
      return node.type === 'boolean_operator' ? shortCircuit(node, low) : truth(node, low)
    case 'conditional_expression':
      return conditional(children[1], children[0], children[2], node, low)
    case 'named_expression': {
      const value = operand(fieldOf(node, 'value'), low, node)
      const name = fieldOf(node, 'name')
      if (name !== undefined) low.write(textOf(name), value, node)
      return value
    }
    case 'list':
    case 'tuple':
    case 'set':
    case 'expression_list':
    case 'pattern_list':
      return builder.compute(
        {
          op: 'list',
          kind: node.type === 'list' || node.type === 'set' ? node.type : 'tuple',
          items: children.map((child) => ({ value: low.expression(child), spread: child.type === 'list_splat' })),
        },
        node,
      )
    case 'dictionary':
      return dictionary(children, node, low)
    case 'list_comprehension':
    case 'set_comprehension':
    case 'generator_expression':
    case 'dictionary_comprehension':
      return comprehension(node, low)
    case 'lambda':
      return low.inner({ name: 'lambda', kind: 'arrow', generator: false, start: node.start, end: node.end }, () => {
        lowerParameters(fieldOf(node, 'parameters'), low, false)
        const body = fieldOf(node, 'body')
        if (body !== undefined) low.builder.return(body, low.expression(body))
      })
    case 'yield': {
      const value = operand(children[0], low, node)
      if (builder.generated !== undefined) builder.effect({ op: 'append', list: builder.generated, value }, node)
      return low.join([], node)
    }
    case 'await':
    case 'parenthesized_expression':
    case 'list_splat':
    case 'dictionary_splat':
    case 'type':
      return operand(children[0], low, node)
    default:
      return low.join(
        children.map((child) => low.expression(child)),
        node,
      )
  }
}

function operand(node: CodeNode | undefined, low: Lowering, around: CodeNode): Temp {
  return node === undefined ? low.join([], around) : low.expression(node)
}

function attribute(node: CodeNode, low: Lowering): Temp {
  const object = operand(fieldOf(node, 'object'), low, node)
  const name = fieldOf(node, 'attribute')
  return low.builder.compute({ op: 'get', object, key: name ? textOf(name) : '', attribute: true }, node)
}

function subscript(node: CodeNode, low: Lowering): Temp {
  const object = operand(fieldOf(node, 'value'), low, node)
  const [index, ...more] = node.children.filter(({ field }) => field === 'subscript')
  if (index === undefined || index.type === 'slice') {
    return low.builder.compute({ op: 'rest', of: object, from: sliceStart(index) }, node)
  }
  const key =
    more.length === 0
      ? low.expression(index)
      : low.builder.compute(
          {
            op: 'list',
            kind: 'tuple',
            items: [index, ...more].map((each) => ({ value: low.expression(each), spread: false })),
          },
          index,
        )
  return low.builder.compute({ op: 'get', object, index: key, attribute: false }, node)
}

function sliceStart(slice: CodeNode | undefined): number {
  const first = slice?.children[0]
  return first?.type === 'integer' && slice?.start === first.start ? Number(textOf(first)) : 0
}

function lowerCall(node: CodeNode, low: Lowering): Temp {
  const callee = fieldOf(node, 'function')
  const list = fieldOf(node, 'arguments')
  if (callee === undefined) return low.join([], node)
  if (callee.type === 'identifier' && textOf(callee) === 'super' && low.classBase !== undefined) {
    return low.builder.compute({ op: 'get', object: low.classBase, key: '$super', attribute: true }, node)
  }
  if (callee.type === 'attribute') {
    const object = fieldOf(callee, 'object')
    const name = fieldOf(callee, 'attribute')
    if (object !== undefined && name !== undefined) {
      const receiver = low.expression(object)
      const method = textOf(name)
      const target = low.builder.compute({ op: 'get', object: receiver, key: method, attribute: true }, callee)
      return low.builder.compute(
        { op: 'call', callee: target, receiver, method, arguments: lowerArguments(list, low), isNew: false },
        node,
      )
    }
  }
  const target = low.expression(callee)
  return low.builder.compute({ op: 'call', callee: target, arguments: lowerArguments(list, low), isNew: false }, node)
}

/** Positional, keyword and spread arguments. */
export function lowerArguments(list: CodeNode | undefined, low: Lowering): Argument[] {
  if (list === undefined) return []
  if (list.type === 'generator_expression') return [{ value: low.expression(list) }]
  return codeChildren(list).map((argument): Argument => {
    if (argument.type === 'keyword_argument') {
      const name = fieldOf(argument, 'name')
      return {
        value: operand(fieldOf(argument, 'value'), low, argument),
        name: name === undefined ? '' : textOf(name),
      }
    }
    const value = low.expression(argument)
    if (argument.type === 'list_splat') return { value, spread: 'list' }
    if (argument.type === 'dictionary_splat') return { value, spread: 'dictionary' }
    return { value }
  })
}

/** Chains of an operator may be long: they are walked, not recursed into. */
function binary(node: CodeNode, low: Lowering): Temp {
  const chain: CodeNode[] = []
  let at: CodeNode | undefined = node
  while (at !== undefined && at.type === 'binary_operator') {
    chain.push(at)
    at = fieldOf(at, 'left')
  }
  let left = operand(at, low, node)
  for (let index = chain.length - 1; index >= 0; index--) {
    const each = chain[index]
    if (each === undefined) continue
    const right = operand(fieldOf(each, 'right'), low, each)
    const operator = fieldOf(each, 'operator')
    left = low.builder.compute({ op: 'binary', operator: operator ? textOf(operator) : '', left, right }, each)
  }
  return left
}

/** `a or b` as a value: the branch refines what is known of `a`. */
function shortCircuit(node: CodeNode, low: Lowering): Temp {
  const { builder } = low
  const slot = low.temporary()
  const operator = fieldOf(node, 'operator')
  const right = builder.block()
  const end = builder.block()
  const value = operand(fieldOf(node, 'left'), low, node)
  builder.effect({ op: 'store', slot, value }, node)
  const isAnd = operator !== undefined && textOf(operator) === 'and'
  builder.branch(value, isAnd ? right : end, isAnd ? end : right)
  builder.enter(right)
  builder.effect({ op: 'store', slot, value: operand(fieldOf(node, 'right'), low, node) }, node)
  builder.jump(end)
  builder.enter(end)
  return builder.compute({ op: 'load', slot }, node)
}

function conditional(
  condition: CodeNode | undefined,
  then: CodeNode | undefined,
  otherwise: CodeNode | undefined,
  node: CodeNode,
  low: Lowering,
): Temp {
  const { builder } = low
  const slot = low.temporary()
  const yes = builder.block()
  const no = builder.block()
  const end = builder.block()
  if (condition === undefined) builder.branch(low.join([], node), yes, no)
  else low.condition(condition, yes, no)
  for (const [block, value] of [
    [yes, then],
    [no, otherwise],
  ] as const) {
    builder.enter(block)
    builder.effect({ op: 'store', slot, value: operand(value, low, node) }, node)
    builder.jump(end)
  }
  builder.enter(end)
  return builder.compute({ op: 'load', slot }, node)
}

/** A condition used as a value; simple ones stay one instruction, so that a variable can hold them. */
function truth(node: CodeNode, low: Lowering): Temp {
  if (node.type === 'not_operator') {
    return low.builder.compute(
      { op: 'unary', operator: 'not', operand: operand(fieldOf(node, 'argument'), low, node) },
      node,
    )
  }
  return (
    comparisons(node, low).reduce<Temp | undefined>(
      (all, each) =>
        all === undefined ? each : low.builder.compute({ op: 'binary', operator: 'and', left: all, right: each }, node),
      undefined,
    ) ?? low.join([], node)
  )
}

function comparisons(node: CodeNode, low: Lowering): Temp[] {
  const operands = codeChildren(node).filter(({ field }) => field !== 'operators')
  const operators = node.children.filter(({ field }) => field === 'operators')
  const values = operands.map((each) => low.expression(each))
  const results: Temp[] = []
  for (let at = 0; at + 1 < values.length; at++) {
    const left = values[at]
    const right = values[at + 1]
    const operator = operators[at]
    if (left === undefined || right === undefined || operator === undefined) continue
    results.push(low.builder.compute({ op: 'compare', operator: compareOperator(textOf(operator)), left, right }, node))
  }
  return results
}

function compareOperator(text: string): CompareOperator {
  switch (text) {
    case 'is':
      return '=='
    case '!=':
    case '<>':
    case 'is not':
      return '!='
    case '<':
    case '<=':
    case '>':
    case '>=':
    case 'in':
      return text
    default:
      return text.startsWith('not') ? 'not in' : text.startsWith('is') ? '!=' : '=='
  }
}

/** Branches on a Python condition. */
export function pythonCondition(node: CodeNode, low: Lowering, then: number, otherwise: number): void {
  const { builder } = low
  const [first] = codeChildren(node)
  if (node.type === 'parenthesized_expression' && first !== undefined) low.condition(first, then, otherwise)
  else if (node.type === 'not_operator') {
    const argument = fieldOf(node, 'argument')
    if (argument !== undefined) low.condition(argument, otherwise, then)
    else builder.throw()
  } else if (node.type === 'boolean_operator') {
    const operator = fieldOf(node, 'operator')
    const left = fieldOf(node, 'left')
    const right = fieldOf(node, 'right')
    const middle = builder.block()
    const isAnd = operator !== undefined && textOf(operator) === 'and'
    if (left !== undefined) low.condition(left, isAnd ? middle : then, isAnd ? otherwise : middle)
    builder.enter(middle)
    if (right !== undefined) low.condition(right, then, otherwise)
  } else if (node.type === 'comparison_operator') {
    const results = comparisons(node, low)
    results.forEach((result, at) => {
      const next = at === results.length - 1 ? then : builder.block()
      builder.branch(result, next, otherwise)
      if (next !== then) builder.enter(next)
    })
    if (results.length === 0) builder.branch(low.join([], node), then, otherwise)
  } else builder.branch(low.expression(node), then, otherwise)
}

function dictionary(children: readonly CodeNode[], node: CodeNode, low: Lowering): Temp {
  const entries = children.map((child) => {
    if (child.type !== 'pair') return { value: low.expression(child), spread: true }
    const index = operand(fieldOf(child, 'key'), low, child)
    return { index, value: operand(fieldOf(child, 'value'), low, child), spread: false }
  })
  return low.builder.compute({ op: 'object', entries }, node)
}

function comprehension(node: CodeNode, low: Lowering): Temp {
  const { builder } = low
  const isDictionary = node.type === 'dictionary_comprehension'
  const result = isDictionary
    ? builder.compute({ op: 'object', entries: [] }, node)
    : builder.compute({ op: 'list', kind: node.type === 'set_comprehension' ? 'set' : 'list', items: [] }, node)
  low.inScope('block', () => {
    const exits: number[] = []
    for (const clause of codeChildren(node)) {
      if (clause.type === 'for_in_clause') {
        const source = operand(fieldOf(clause, 'right'), low, clause)
        const head = builder.block()
        const body = builder.block()
        const exit = builder.block()
        builder.continueIn(head)
        builder.branch(low.join([], clause), body, exit)
        builder.enter(body)
        const element = builder.compute({ op: 'element', of: source, keys: false }, clause)
        const left = fieldOf(clause, 'left')
        if (left !== undefined) assign(left, element, low, true)
        exits.push(exit, head)
      } else if (clause.type === 'if_clause') {
        const head = exits.at(-1)
        const condition = codeChildren(clause)[0]
        if (head === undefined || condition === undefined) continue
        const taken = builder.block()
        low.condition(condition, taken, head)
        builder.enter(taken)
      }
    }
    const body = fieldOf(node, 'body')
    if (isDictionary && body?.type === 'pair') {
      const index = operand(fieldOf(body, 'key'), low, body)
      const value = operand(fieldOf(body, 'value'), low, body)
      builder.effect({ op: 'set', object: result, index, attribute: false, value }, body)
    } else if (body !== undefined) builder.effect({ op: 'append', list: result, value: low.expression(body) }, body)
    for (let at = exits.length - 1; at > 0; at -= 2) {
      const head = exits[at]
      const exit = exits[at - 1]
      if (head === undefined || exit === undefined) continue
      builder.jump(head)
      builder.enter(exit)
    }
  })
  return result
}
