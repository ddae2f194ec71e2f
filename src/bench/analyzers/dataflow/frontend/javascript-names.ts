import { type CodeNode, fieldOf, textOf } from '#bench/syntax'

const functions = new Set([
  'function_declaration',
  'generator_function_declaration',
  'function_expression',
  'generator_function',
  'arrow_function',
  'method_definition',
  'class_declaration',
  'class',
  'abstract_class_declaration',
])
const patterns = new Set([
  'object_pattern',
  'array_pattern',
  'pair_pattern',
  'rest_pattern',
  'assignment_pattern',
  'object_assignment_pattern',
])

/** Names `var` and function declarations give a whole function, found without entering inner functions. */
export function hoistedNames(body: CodeNode): string[] {
  const names: string[] = []
  const open: CodeNode[] = [body]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node !== body && functions.has(node.type)) continue
    if (node.type === 'variable_declaration') names.push(...declaredNames(node))
    else if (node.type === 'for_in_statement' && fieldOf(node, 'kind')?.type === 'var') {
      names.push(...patternNames(fieldOf(node, 'left')))
    }
    for (const child of node.children) open.push(child)
  }
  return names
}

/** Names declared directly in a block by `let`, `const`, `class`, `enum` and function declarations. */
export function blockNames(statements: readonly CodeNode[]): string[] {
  return statements.flatMap((statement) => {
    const inner = statement.type === 'export_statement' ? fieldOf(statement, 'declaration') : statement
    if (inner === undefined) return []
    if (inner.type === 'lexical_declaration' || inner.type === 'variable_declaration') return declaredNames(inner)
    if (!/^(?:generator_)?function_declaration$|class_declaration$|^enum_declaration$/.test(inner.type)) return []
    const name = fieldOf(inner, 'name')
    return name === undefined ? [] : [textOf(name)]
  })
}

function declaredNames(declaration: CodeNode): string[] {
  return declaration.children
    .filter(({ type }) => type === 'variable_declarator')
    .flatMap((declarator) => patternNames(fieldOf(declarator, 'name')))
}

/** The names a destructuring pattern binds. */
export function patternNames(pattern: CodeNode | undefined): string[] {
  if (pattern === undefined) return []
  if (pattern.type === 'identifier' || pattern.type === 'shorthand_property_identifier_pattern')
    return [textOf(pattern)]
  if (pattern.type === 'pair_pattern') return patternNames(fieldOf(pattern, 'value'))
  if (pattern.type === 'assignment_pattern' || pattern.type === 'object_assignment_pattern') {
    return patternNames(fieldOf(pattern, 'left'))
  }
  return patterns.has(pattern.type) ? pattern.children.flatMap((child) => patternNames(child)) : []
}
