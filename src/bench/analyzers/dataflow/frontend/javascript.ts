import { type CodeNode, fieldOf, textOf } from '#bench/syntax'
import type { Ids } from '../ir/builder.ts'
import type { ModuleIr } from '../ir/ir.ts'
import { javascriptCondition, javascriptExpression } from './javascript-expressions.ts'
import { lowerClass, lowerFunction } from './javascript-functions.ts'
import { lowerExport, lowerImport } from './javascript-modules.ts'
import { blockNames, hoistedNames, patternNames } from './javascript-names.ts'
import { assignPattern } from './javascript-patterns.ts'
import { codeChildren, Lowering } from './lowering.ts'
import { lowerTry } from './try.ts'

/** Lowers a JavaScript or TypeScript file, JSX included. Parts with syntax errors are lowered as far as understood. */
export function lowerJavaScript(path: string, root: CodeNode, ids: Ids): ModuleIr {
  const low = new Lowering(ids, { expression: javascriptExpression, statement, condition: javascriptCondition })
  for (const name of hoistedNames(root)) low.declare(name)
  block(codeChildren(root), low)
  return low.module(path, 'javascript', root)
}

/** Statements of one block: its names first, then its functions, then the rest, as JavaScript runs them. */
function block(statements: readonly CodeNode[], low: Lowering): void {
  for (const name of blockNames(statements)) low.declare(name)
  const isFunction = ({ type }: CodeNode): boolean => /^(?:generator_)?function_declaration$/.test(type)
  for (const each of statements) if (each.type === 'import_statement') low.statement(each)
  for (const each of statements) {
    const inner = each.type === 'export_statement' ? fieldOf(each, 'declaration') : each
    if (inner === undefined || !isFunction(inner)) continue
    const name = fieldOf(inner, 'name')
    if (name !== undefined) low.write(textOf(name), lowerFunction(inner, low), inner)
  }
  low.statements(statements.filter((each) => !isFunction(each) && each.type !== 'import_statement'))
}

function statement(node: CodeNode, low: Lowering): void {
  const { builder } = low
  const children = codeChildren(node)
  const [first] = children
  switch (node.type) {
    case 'expression_statement':
      for (const child of children) low.expression(child)
      return
    case 'lexical_declaration':
    case 'variable_declaration':
      for (const child of children) declarator(child, low)
      return
    case 'statement_block':
      low.inScope('block', () => block(children, low))
      return
    case 'return_statement': {
      const value = first === undefined ? low.constant(undefined, node) : low.expression(first)
      low.cleanUp()
      builder.return(node, builder.generated ?? value)
      return
    }
    case 'throw_statement':
      for (const child of children) low.expression(child)
      builder.throw()
      return
    case 'if_statement':
      lowerIf(node, low)
      return
    case 'for_statement':
    case 'while_statement':
    case 'do_statement':
    case 'for_in_statement':
      low.inScope('block', () => lowerLoop(node, low))
      return
    case 'labeled_statement': {
      const body = fieldOf(node, 'body')
      const label = fieldOf(node, 'label')
      if (body === undefined) return
      const exit = builder.block()
      low.loop(exit, undefined, () => low.statement(body), label === undefined ? '' : textOf(label))
      builder.continueIn(exit)
      return
    }
    case 'break_statement':
    case 'continue_statement': {
      const label = fieldOf(node, 'label')
      low.leave(
        node.type === 'break_statement' ? 'exit' : 'next',
        label === undefined || node.type === 'continue_statement' ? undefined : textOf(label),
      )
      return
    }
    case 'switch_statement':
      lowerSwitch(node, low)
      return
    case 'try_statement':
      tryStatement(node, low)
      return
    case 'function_declaration':
    case 'generator_function_declaration': {
      const name = fieldOf(node, 'name')
      if (name !== undefined) low.write(textOf(name), lowerFunction(node, low), node)
      return
    }
    case 'class_declaration':
    case 'abstract_class_declaration': {
      const name = fieldOf(node, 'name')
      if (name !== undefined) low.write(textOf(name), lowerClass(node, low), node)
      return
    }
    case 'import_statement':
      lowerImport(node, low)
      return
    case 'export_statement':
      lowerExport(node, low)
      return
    case 'else_clause':
    case 'ERROR':
    case 'ambient_declaration':
      low.statements(children)
      return
    case 'interface_declaration':
    case 'type_alias_declaration':
    case 'function_signature':
    case 'enum_declaration':
    case 'empty_statement':
    case 'comment':
    case 'hash_bang_line':
      return
    default:
      low.expression(node)
  }
}

function declarator(node: CodeNode, low: Lowering): void {
  const name = fieldOf(node, 'name')
  const value = fieldOf(node, 'value')
  if (name === undefined || node.type !== 'variable_declarator') return
  if (value !== undefined) assignPattern(name, low.expression(value), low)
}

function lowerIf(node: CodeNode, low: Lowering): void {
  const { builder } = low
  const after = builder.block()
  // `else if` chains are walked, not recursed into.
  for (let at: CodeNode | undefined = node; at !== undefined; ) {
    const condition = fieldOf(at, 'condition')
    const then = builder.block()
    const next = builder.block()
    if (condition === undefined) builder.branch(low.join([], at), then, next)
    else low.condition(condition, then, next)
    builder.enter(then)
    const body = fieldOf(at, 'consequence')
    if (body !== undefined) low.statement(body)
    if (builder.open) builder.jump(after)
    builder.enter(next)
    const alternative: CodeNode | undefined = fieldOf(at, 'alternative')
    const inner: CodeNode | undefined = alternative === undefined ? undefined : codeChildren(alternative)[0]
    at = inner?.type === 'if_statement' ? inner : undefined
    if (at === undefined && inner !== undefined) low.statement(inner)
  }
  if (builder.open) builder.jump(after)
  builder.enter(after)
}

function lowerLoop(node: CodeNode, low: Lowering): void {
  const { builder } = low
  const initializer = fieldOf(node, 'initializer')
  const left = fieldOf(node, 'left')
  const right = fieldOf(node, 'right')
  const condition = fieldOf(node, 'condition')
  const increment = fieldOf(node, 'increment')
  if (initializer !== undefined) {
    for (const name of blockNames([initializer])) low.declare(name)
    low.statement(initializer)
  }
  const source = right === undefined ? undefined : low.expression(right)
  const head = builder.block()
  const body = builder.block()
  const next = builder.block()
  const exit = builder.block()
  builder.continueIn(node.type === 'do_statement' ? body : head)
  builder.enter(head)
  if (condition === undefined || condition.type === 'empty_statement' || condition.type === ';') {
    builder.branch(low.join([], node), body, exit)
  } else
    low.condition(
      condition.type === 'expression_statement' ? (codeChildren(condition)[0] ?? condition) : condition,
      body,
      exit,
    )
  builder.enter(body)
  if (left !== undefined && source !== undefined) {
    const keys = node.children.some(({ field, type }) => field === 'operator' && type === 'in')
    if (fieldOf(node, 'kind') !== undefined) for (const name of patternNames(left)) low.declare(name)
    assignPattern(left, builder.compute({ op: 'element', of: source, keys }, left), low)
  }
  low.loop(exit, next, () => {
    const inner = fieldOf(node, 'body')
    if (inner !== undefined) low.statement(inner)
  })
  builder.continueIn(next)
  if (increment !== undefined) low.expression(increment)
  builder.jump(head)
  builder.enter(exit)
}

/** Cases are tested in order; each falls through to the next one's body. */
function lowerSwitch(node: CodeNode, low: Lowering): void {
  const { builder } = low
  const value = fieldOf(node, 'value')
  const list = fieldOf(node, 'body')
  const cases = list === undefined ? [] : codeChildren(list)
  const subject = value === undefined ? low.join([], node) : low.expression(value)
  const exit = builder.block()
  const bodies = cases.map(() => builder.block())
  const fallback = cases.findIndex(({ type }) => type === 'switch_default')
  cases.forEach((each, at) => {
    const body = bodies[at]
    const test = fieldOf(each, 'value')
    if (body === undefined || test === undefined) return
    const next = builder.block()
    const matched = builder.compute({ op: 'compare', operator: '==', left: subject, right: low.expression(test) }, test)
    builder.branch(matched, body, next)
    builder.enter(next)
  })
  builder.jump(bodies[fallback] ?? exit)
  low.inScope('block', () => {
    const inside = cases.flatMap((each) => codeChildren(each).filter(({ field }) => field === 'body'))
    for (const name of blockNames(inside)) low.declare(name)
    low.loop(exit, undefined, () => {
      cases.forEach((each, at) => {
        const body = bodies[at]
        if (body === undefined) return
        if (at === 0) builder.enter(body)
        else builder.continueIn(body)
        low.statements(codeChildren(each).filter(({ field }) => field === 'body'))
      })
    })
  })
  builder.continueIn(exit)
}

function tryStatement(node: CodeNode, low: Lowering): void {
  const body = fieldOf(node, 'body')
  const handler = fieldOf(node, 'handler')
  const finalizer = fieldOf(node, 'finalizer')
  const cleanup = finalizer === undefined ? undefined : fieldOf(finalizer, 'body')
  lowerTry(
    {
      node,
      body: () => {
        if (body !== undefined) low.statement(body)
      },
      handlers:
        handler === undefined
          ? []
          : [
              () =>
                low.inScope('block', () => {
                  const parameter = fieldOf(handler, 'parameter')
                  if (parameter !== undefined) {
                    for (const name of patternNames(parameter)) low.declare(name)
                    const error = low.builder.compute({ op: 'global', name: '$exception' }, handler)
                    assignPattern(parameter, error, low)
                  }
                  const caught = fieldOf(handler, 'body')
                  if (caught !== undefined) low.statement(caught)
                }),
            ],
      catchesAll: handler !== undefined,
      ...(cleanup !== undefined && { cleanup: () => low.statement(cleanup) }),
    },
    low,
  )
}
