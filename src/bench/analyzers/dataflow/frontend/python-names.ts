import { type CodeNode, fieldOf, textOf } from '#bench/syntax'

/** Names a function or module body binds, and those it declares as belonging to an outer level. */
export interface BoundNames {
  readonly bound: ReadonlySet<string>
  readonly global: ReadonlySet<string>
  readonly nonlocal: ReadonlySet<string>
}

const ownScope = new Set([
  'function_definition',
  'lambda',
  'class_definition',
  'list_comprehension',
  'set_comprehension',
  'dictionary_comprehension',
  'generator_expression',
])

/** Python's rule: a name bound anywhere in a function belongs to it, unless declared `global` or `nonlocal`. */
export function boundNames(body: CodeNode): BoundNames {
  const bound = new Set<string>()
  const global = new Set<string>()
  const nonlocal = new Set<string>()
  const open: CodeNode[] = [body]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node !== body && ownScope.has(node.type)) {
      const name = fieldOf(node, 'name')
      if (name !== undefined) bound.add(textOf(name))
      continue
    }
    switch (node.type) {
      case 'assignment':
      case 'augmented_assignment':
      case 'for_statement':
        for (const name of targetNames(fieldOf(node, 'left'))) bound.add(name)
        break
      case 'named_expression':
        for (const name of targetNames(fieldOf(node, 'name'))) bound.add(name)
        break
      case 'as_pattern_target':
        for (const name of targetNames(node)) bound.add(name)
        break
      case 'as_pattern': {
        const last = node.children.at(-1)
        if (last?.type === 'identifier') bound.add(textOf(last))
        break
      }
      case 'case_pattern':
      case 'splat_pattern': {
        for (const name of captureNames(node)) bound.add(name)
        break
      }
      case 'import_statement':
      case 'import_from_statement':
      case 'future_import_statement':
        for (const name of importedNames(node)) bound.add(name)
        continue
      case 'global_statement':
        for (const child of node.children) global.add(textOf(child))
        continue
      case 'nonlocal_statement':
        for (const child of node.children) nonlocal.add(textOf(child))
        continue
      case 'type_alias_statement':
        continue
    }
    for (const child of node.children) open.push(child)
  }
  return { bound, global, nonlocal }
}

/** The plain names among assignment targets: `a, (b, *c)`. */
export function targetNames(target: CodeNode | undefined): string[] {
  if (target === undefined) return []
  if (target.type === 'identifier') return [textOf(target)]
  if (target.type === 'attribute' || target.type === 'subscript') return []
  return target.children.flatMap((child) => targetNames(child))
}

/** `case name:` and `*rest` of a pattern. */
export function captureNames(pattern: CodeNode): string[] {
  if (pattern.type === 'splat_pattern') {
    return pattern.children.filter(({ type }) => type === 'identifier').map(textOf)
  }
  const only = pattern.children[0]
  if (pattern.children.length !== 1 || only?.type !== 'dotted_name' || only.children.length !== 1) return []
  const name = textOf(only)
  return name === '_' ? [] : [name]
}

function importedNames(statement: CodeNode): string[] {
  const names: string[] = []
  for (const child of statement.children) {
    if (child.field !== 'name') continue
    const alias = fieldOf(child, 'alias')
    if (alias !== undefined) names.push(textOf(alias))
    else {
      const name = textOf(child)
      names.push(statement.type === 'import_statement' ? (name.split('.')[0] ?? name) : name)
    }
  }
  return names
}
