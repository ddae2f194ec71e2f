import type { SyntaxNode } from '#bench/syntax'
import type { ModuleExports } from './site.ts'

/**
 * The names a Python module binds at its top level, also inside `if`, `try`, `with`, `for` and `while`. A module that
 * computes its names (`__getattr__`, `globals()`, `exec`, `sys.modules`) is dynamic.
 */
export function pythonExports(root: SyntaxNode, text: string): ModuleExports {
  const names = new Set<string>()
  const stars: string[] = []
  let dynamic = /\bglobals\(\)|\bexec\(|\bsys\.modules\[/.exec(text)?.[0]

  const bindTarget = (target: SyntaxNode | null) => {
    if (target === null) return
    if (target.type === 'identifier') names.add(target.text)
    else if (
      /_pattern$|^(?:tuple|list|parenthesized_expression|pattern_list|expression_list|as_pattern_target)$/.test(
        target.type,
      )
    ) {
      for (const child of target.namedChildren) bindTarget(child)
    }
  }
  const bindAssignment = (node: SyntaxNode | null) => {
    if (node?.type === 'assignment') {
      bindTarget(node.childForFieldName('left'))
      bindAssignment(node.childForFieldName('right'))
    } else if (node?.type === 'named_expression') bindTarget(node.childForFieldName('name'))
  }
  const visit = (node: SyntaxNode) => {
    switch (node.type) {
      case 'function_definition':
      case 'class_definition': {
        const name = node.childForFieldName('name')?.text
        if (name === '__getattr__') dynamic ??= 'def __getattr__'
        if (name) names.add(name)
        return
      }
      case 'decorated_definition': {
        const definition = node.childForFieldName('definition')
        if (definition) visit(definition)
        return
      }
      case 'expression_statement':
        for (const child of node.namedChildren) bindAssignment(child)
        return
      case 'type_alias_statement':
        bindTarget(node.childForFieldName('left')?.namedChildren[0] ?? null)
        return
      case 'import_statement':
      case 'import_from_statement':
        bindImport(node, names, stars)
        return
      case 'for_statement':
        bindTarget(node.childForFieldName('left'))
        break
      case 'as_pattern':
        bindTarget(node.childForFieldName('alias'))
        return
    }
    if (compound.has(node.type)) for (const child of node.namedChildren) if (child) visit(child)
  }
  for (const child of root.namedChildren) if (child) visit(child)
  for (const match of text.matchAll(/^[ \t]+global[ \t]+([\w, \t]+)$/gm)) {
    for (const name of (match[1] ?? '').split(',')) names.add(name.trim())
  }
  const isScript = /^if\s+__name__\s*==/m.test(text)
  return { names, stars, isScript, ...(dynamic !== undefined && { dynamic }) }
}

const compound = new Set([
  'if_statement',
  'elif_clause',
  'else_clause',
  'for_statement',
  'while_statement',
  'try_statement',
  'except_clause',
  'except_group_clause',
  'finally_clause',
  'with_statement',
  'with_clause',
  'with_item',
  'match_statement',
  'case_clause',
  'block',
])

function bindImport(node: SyntaxNode, names: Set<string>, stars: string[]): void {
  const module = node.childForFieldName('module_name')
  if (module && node.namedChildren.some((child) => child?.type === 'wildcard_import')) stars.push(module.text)
  for (const child of node.childrenForFieldName('name')) {
    if (child?.type === 'aliased_import') names.add(child.childForFieldName('alias')?.text ?? '')
    else if (child) names.add(module ? child.text : (child.text.split('.')[0] ?? child.text))
  }
}
