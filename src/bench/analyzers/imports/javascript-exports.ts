import { query, type SyntaxNode } from '#bench/syntax'
import type { ModuleExports } from './site.ts'

/**
 * The names a JavaScript or TypeScript module exports, as ES module or by CommonJS assignments. `default` stands for the
 * default export. A module that computes its exports is dynamic.
 */
export function javascriptExports(root: SyntaxNode, text: string): ModuleExports {
  const found: Found = { names: new Set(), stars: [], dynamic: undefined }
  for (const child of root.namedChildren) if (child?.type === 'export_statement') readExport(child, found)
  // Most modules are either; the query over the whole tree is for those that mention CommonJS.
  if (/\bexports\b/.test(text)) {
    const pattern = '(assignment_expression left: (member_expression) @target right: (_) @value)'
    for (const { captures } of query(root.tree, pattern).matches(root)) {
      const [target, value] = captures
      if (target && value) readAssignment(target.node.text, value.node, found)
    }
    found.dynamic ??= /Object\.(?:assign|definePropert\w+)\((?:module\.)?exports|__exportStar|exports\[/.exec(text)?.[0]
  }
  const { names, stars, dynamic } = found
  return { names, stars, ...(dynamic !== undefined && { dynamic }) }
}

interface Found {
  readonly names: Set<string>
  readonly stars: string[]
  dynamic: string | undefined
}

function readExport(node: SyntaxNode, found: Found): void {
  const source = node.childForFieldName('source')
  const declaration = node.childForFieldName('declaration')
  if (node.children.some((child) => child?.type === 'default')) found.names.add('default')
  if (node.children.some((child) => child?.type === '=')) found.dynamic ??= 'export ='
  if (declaration) bindDeclaration(declaration, found.names)
  for (const child of node.namedChildren) {
    if (child?.type === 'export_clause') {
      for (const specifier of child.namedChildren) {
        const name = specifier?.childForFieldName('alias') ?? specifier?.childForFieldName('name')
        if (name) found.names.add(name.text.replace(/^["']|["']$/g, ''))
      }
    } else if (child?.type === 'namespace_export') {
      const name = child.namedChildren[0]?.text
      if (name) found.names.add(name)
    } else if (child?.type === 'import_alias') {
      const name = child.namedChildren[0]?.text
      if (name) found.names.add(name)
    }
  }
  const isStar =
    source && !node.namedChildren.some((child) => child?.type === 'export_clause' || child?.type === 'namespace_export')
  if (isStar) found.stars.push(source.text.slice(1, -1))
}

function bindDeclaration(declaration: SyntaxNode, names: Set<string>): void {
  if (declaration.type === 'lexical_declaration' || declaration.type === 'variable_declaration') {
    for (const declarator of declaration.namedChildren) {
      const target = declarator?.childForFieldName('name')
      if (target) bindPattern(target, names)
    }
    return
  }
  if (declaration.type === 'ambient_declaration') {
    for (const child of declaration.namedChildren) if (child) bindDeclaration(child, names)
    return
  }
  const name = declaration.childForFieldName('name')
  if (name) names.add(name.text)
}

function bindPattern(pattern: SyntaxNode, names: Set<string>): void {
  if (pattern.type === 'identifier' || pattern.type === 'shorthand_property_identifier_pattern') names.add(pattern.text)
  else if (
    pattern.type === 'pair_pattern' ||
    pattern.type === 'object_assignment_pattern' ||
    pattern.type === 'assignment_pattern'
  ) {
    const inner = pattern.childForFieldName('value') ?? pattern.childForFieldName('left')
    if (inner && pattern.type !== 'pair_pattern') bindPattern(pattern.childForFieldName('left') ?? inner, names)
    else if (inner) bindPattern(inner, names)
  } else for (const child of pattern.namedChildren) if (child) bindPattern(child, names)
}

/** `exports.x = …`, `module.exports.x = …`, `module.exports = { … }`. */
function readAssignment(target: string, value: SyntaxNode, found: Found): void {
  const property = /^(?:module\.)?exports\.([\w$]+)$/.exec(target)?.[1]
  if (property !== undefined && target !== 'module.exports') {
    found.names.add(property)
    return
  }
  if (target !== 'module.exports') return
  found.names.add('default')
  if (value.type !== 'object') {
    found.dynamic ??= 'module.exports is computed'
    return
  }
  for (const member of value.namedChildren) {
    if (member?.type === 'shorthand_property_identifier') found.names.add(member.text)
    else if (member?.type === 'pair' || member?.type === 'method_definition') {
      const key = member.childForFieldName('key') ?? member.childForFieldName('name')
      if (key?.type === 'computed_property_name') found.dynamic ??= 'computed keys in module.exports'
      else if (key) found.names.add(key.text.replace(/^["']|["']$/g, ''))
    } else if (member?.type === 'spread_element') found.dynamic ??= 'spread in module.exports'
  }
}
