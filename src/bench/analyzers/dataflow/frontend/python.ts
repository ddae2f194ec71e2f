import { type CodeNode, fieldOf, nodesUnder, textOf } from '#bench/syntax'
import type { Ids } from '../ir/builder.ts'
import type { ModuleIr, Temp } from '../ir/ir.ts'
import { codeChildren, Lowering } from './lowering.ts'
import { declareNames, lowerClass, lowerFunction } from './python-definitions.ts'
import { pythonCondition, pythonExpression } from './python-expressions.ts'
import { assign, matchPattern } from './python-targets.ts'
import { lowerTry } from './try.ts'

/** Lowers a Python file. Parts with syntax errors are lowered as far as they are understood and reported as gaps. */
export function lowerPython(path: string, root: CodeNode, ids: Ids): ModuleIr {
  const low = new Lowering(ids, { expression: pythonExpression, statement, condition: pythonCondition })
  declareNames(root, low)
  low.statements(codeChildren(root))
  return low.module(path, 'python', root)
}

function statement(node: CodeNode, low: Lowering): void {
  const { builder } = low
  const children = codeChildren(node)
  const [first] = children
  switch (node.type) {
    case 'expression_statement':
      for (const child of children) lowerSimple(child, low)
      return
    case 'return_statement': {
      const value = first === undefined ? low.constant(null, node) : low.expression(first)
      low.cleanUp()
      builder.return(node, builder.generated ?? value)
      return
    }
    case 'raise_statement':
      for (const child of children) low.expression(child)
      builder.throw()
      return
    case 'if_statement':
      lowerIf(node, low)
      return
    case 'while_statement':
    case 'for_statement':
      lowerLoop(node, low)
      return
    case 'break_statement':
      low.leave('exit')
      return
    case 'continue_statement':
      low.leave('next')
      return
    case 'try_statement':
      tryStatement(node, low)
      return
    case 'with_statement':
      lowerWith(node, low)
      return
    case 'match_statement':
      lowerMatch(node, low)
      return
    case 'function_definition':
      lowerFunction(node, low)
      return
    case 'class_definition':
      lowerClass(node, low)
      return
    case 'decorated_definition': {
      const definition = fieldOf(node, 'definition')
      const decorators = node.children.filter(({ type }) => type === 'decorator')
      if (definition?.type === 'class_definition') lowerClass(definition, low, decorators)
      else if (definition !== undefined) lowerFunction(definition, low, decorators)
      return
    }
    case 'import_statement':
      for (const child of children) lowerImport(child, low)
      return
    case 'import_from_statement':
      lowerImportFrom(node, low)
      return
    case 'assert_statement': {
      if (first === undefined) return
      const passed = builder.block()
      const failed = builder.block()
      low.condition(first, passed, failed)
      builder.enter(failed)
      builder.throw()
      builder.enter(passed)
      return
    }
    case 'block':
    case 'ERROR':
      low.statements(children)
      return
    case 'global_statement':
    case 'nonlocal_statement':
    case 'pass_statement':
    case 'type_alias_statement':
    case 'future_import_statement':
    case 'comment':
      return
    case 'delete_statement':
      for (const child of children) {
        low.builder.compute({ op: 'unary', operator: 'delete', operand: low.expression(child) }, child)
      }
      return
    default:
      low.expression(node)
  }
}

/** An expression, or an assignment (which may be chained) and its value. */
function lowerSimple(node: CodeNode, low: Lowering): Temp {
  const left = fieldOf(node, 'left')
  const right = fieldOf(node, 'right')
  if (node.type === 'assignment') {
    if (right === undefined) return low.join([], node)
    const value =
      right.type === 'assignment' || right.type === 'augmented_assignment'
        ? lowerSimple(right, low)
        : low.expression(right)
    if (left !== undefined) assign(left, value, low)
    return value
  }
  if (node.type === 'augmented_assignment' && left !== undefined && right !== undefined) {
    const operator = fieldOf(node, 'operator')
    const before = low.expression(left)
    const value = low.builder.compute(
      {
        op: 'binary',
        operator: operator === undefined ? '' : textOf(operator).replace(/=$/, ''),
        left: before,
        right: low.expression(right),
      },
      node,
    )
    assign(left, value, low)
    return value
  }
  return low.expression(node)
}

function lowerIf(node: CodeNode, low: Lowering): void {
  const { builder } = low
  const after = builder.block()
  for (const clause of [node, ...node.children.filter(({ field }) => field === 'alternative')]) {
    const condition = fieldOf(clause, 'condition')
    const body = fieldOf(clause, 'consequence') ?? fieldOf(clause, 'body')
    const then = builder.block()
    const next = builder.block()
    if (condition === undefined) builder.jump(then)
    else low.condition(condition, then, next)
    builder.enter(then)
    if (body !== undefined) low.statement(body)
    if (builder.open) builder.jump(after)
    builder.enter(next)
    if (condition === undefined) break
  }
  if (builder.open) builder.jump(after)
  builder.enter(after)
}

function lowerLoop(node: CodeNode, low: Lowering): void {
  const { builder } = low
  const left = fieldOf(node, 'left')
  const right = fieldOf(node, 'right')
  const condition = fieldOf(node, 'condition')
  const source = right === undefined ? undefined : low.expression(right)
  const head = builder.block()
  const body = builder.block()
  const otherwise = builder.block()
  const exit = builder.block()
  builder.continueIn(head)
  if (condition !== undefined) low.condition(condition, body, otherwise)
  else builder.branch(low.join([], node), body, otherwise)
  builder.enter(body)
  if (left !== undefined && source !== undefined) {
    assign(left, builder.compute({ op: 'element', of: source, keys: false }, left), low)
  }
  low.loop(exit, head, () => {
    const block = fieldOf(node, 'body')
    if (block !== undefined) low.statement(block)
  })
  if (builder.open) builder.jump(head)
  builder.enter(otherwise)
  const alternative = fieldOf(node, 'alternative')
  const elseBody = alternative === undefined ? undefined : fieldOf(alternative, 'body')
  if (elseBody !== undefined) low.statement(elseBody)
  if (builder.open) builder.jump(exit)
  builder.enter(exit)
}

function tryStatement(node: CodeNode, low: Lowering): void {
  const clauses = node.children.filter(({ type }) => type === 'except_clause' || type === 'except_group_clause')
  const body = fieldOf(node, 'body')
  const otherwise = node.children.find(({ type }) => type === 'else_clause')
  const cleanup = node.children.find(({ type }) => type === 'finally_clause')
  const lowerBlock = (clause: CodeNode | undefined) => () => {
    const block = clause?.children.find(({ type }) => type === 'block')
    if (block !== undefined) low.statement(block)
  }
  lowerTry(
    {
      node,
      body: () => (body === undefined ? undefined : low.statements(codeChildren(body))),
      otherwise: lowerBlock(otherwise),
      handlers: clauses.map((clause) => () => {
        const pattern = fieldOf(clause, 'value')
        const isNamed = pattern?.type === 'as_pattern'
        const target = isNamed ? fieldOf(pattern, 'alias') : undefined
        const type = isNamed ? codeChildren(pattern)[0] : pattern
        const error = low.builder.compute(
          type === undefined
            ? { op: 'global', name: '$exception' }
            : { op: 'get', object: low.expression(type), key: '$raised', attribute: true },
          clause,
        )
        if (target !== undefined) assign(target, error, low)
        lowerBlock(clause)()
      }),
      catchesAll: clauses.some((clause) => {
        const pattern = fieldOf(clause, 'value')
        return pattern === undefined || /^(?:Base)?Exception\b/.test(textOf(pattern))
      }),
      ...(cleanup !== undefined && { cleanup: lowerBlock(cleanup) }),
    },
    low,
  )
}

function lowerWith(node: CodeNode, low: Lowering): void {
  const clause = node.children.find(({ type }) => type === 'with_clause')
  for (const item of clause === undefined ? [] : codeChildren(clause)) {
    const value = fieldOf(item, 'value')
    if (value === undefined) continue
    const alias = value.type === 'as_pattern' ? fieldOf(value, 'alias') : undefined
    const opened = alias === undefined ? value : codeChildren(value)[0]
    if (opened === undefined) continue
    const resource = low.expression(opened)
    const entered = low.builder.compute({ op: 'get', object: resource, key: '$enter', attribute: true }, opened)
    if (alias !== undefined) assign(alias, entered, low)
  }
  const body = fieldOf(node, 'body')
  if (body !== undefined) low.statement(body)
}

function lowerMatch(node: CodeNode, low: Lowering): void {
  const { builder } = low
  const subjects = node.children.filter(({ field }) => field === 'subject')
  const [only] = subjects
  if (only === undefined) return
  const values = subjects.map((subject) => low.expression(subject))
  const [value] = values
  if (value === undefined) return
  const subject =
    values.length === 1
      ? value
      : builder.compute(
          { op: 'list', kind: 'tuple', items: values.map((each) => ({ value: each, spread: false })) },
          node,
        )
  const after = builder.block()
  for (const clause of nodesUnder(fieldOf(node, 'body') ?? node, ({ type }) => type !== 'case_clause')) {
    if (clause.type !== 'case_clause') continue
    const body = builder.block()
    const next = builder.block()
    const patterns = clause.children.filter(({ type }) => type === 'case_pattern')
    const [pattern] = patterns
    const matched =
      pattern === undefined || patterns.length > 1 ? low.join([], clause) : matchPattern(pattern, subject, low)
    const guard = fieldOf(clause, 'guard')
    const condition = guard === undefined ? undefined : codeChildren(guard)[0]
    const passed = condition === undefined ? body : builder.block()
    if (matched === undefined) builder.jump(passed)
    else builder.branch(matched, passed, next)
    if (condition !== undefined) {
      builder.enter(passed)
      low.condition(condition, body, next)
    }
    builder.enter(body)
    const block = fieldOf(clause, 'consequence')
    if (block !== undefined) low.statement(block)
    if (builder.open) builder.jump(after)
    builder.enter(next)
  }
  if (builder.open) builder.jump(after)
  builder.enter(after)
}

function lowerImport(node: CodeNode, low: Lowering): void {
  const alias = fieldOf(node, 'alias')
  const named = alias === undefined ? node : fieldOf(node, 'name')
  if (named === undefined) return
  const module = textOf(named)
  const head = module.split('.')[0] ?? module
  const bound = alias === undefined ? head : textOf(alias)
  // `import a.b` runs `a.b` and binds `a`.
  const value = low.builder.compute({ op: 'import', module }, node)
  const given =
    alias === undefined && head !== module ? low.builder.compute({ op: 'import', module: head }, node) : value
  low.write(bound, given, node)
}

function lowerImportFrom(node: CodeNode, low: Lowering): void {
  const source = fieldOf(node, 'module_name')
  const module = source === undefined ? '' : textOf(source)
  for (const child of node.children) {
    if (child.type === 'wildcard_import') {
      const value = low.builder.compute({ op: 'import', module }, child)
      low.builder.effect({ op: 'export', name: '*', value }, child)
    }
    if (child.field !== 'name') continue
    const alias = fieldOf(child, 'alias')
    const name = textOf(alias === undefined ? child : (fieldOf(child, 'name') ?? child))
    const value = low.builder.compute({ op: 'import', module, name }, child)
    low.write(alias === undefined ? name : textOf(alias), value, child)
  }
}
