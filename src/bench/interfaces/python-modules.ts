import { type CodeNode, fieldOf, nodesUnder, textOf } from '#bench/syntax'
import { unknown } from './pattern.ts'
import type { Source } from './sources.ts'

/** A Python source with its module-level names indexed. */
export interface PythonModule {
  readonly path: string
  readonly source: Source
  /** Names assigned at module level or in a function (the first assignment wins) → the value. */
  readonly values: ReadonlyMap<string, CodeNode>
  /** Local name → where it comes from; `name` absent for `import a.b as c`. */
  readonly imports: ReadonlyMap<string, { readonly from: string; readonly name?: string }>
  readonly functions: ReadonlyMap<string, CodeNode>
  readonly classes: ReadonlyMap<string, CodeNode>
  readonly calls: readonly CodeNode[]
  readonly decorated: readonly CodeNode[]
}

export interface PythonWorld {
  readonly all: readonly PythonModule[]
  readonly settings: ReadonlyMap<string, string>
  /** The module an import in `from` means, if it is part of the app. */
  find(from: string, imported: string): PythonModule | undefined
}

/** A named thing at the place where it is defined. */
export interface PythonPlace {
  readonly module: PythonModule
  readonly node: CodeNode
}

export function indexPython(sources: readonly Source[], settings: ReadonlyMap<string, string>): PythonWorld {
  const all = sources.map(indexModule)
  const byPath = new Map(all.map((module) => [module.path, module]))
  return {
    all,
    settings,
    find(from, imported) {
      const dots = /^\.*/.exec(imported)?.[0].length ?? 0
      const rest = imported.slice(dots).replaceAll('.', '/')
      const folders = from.split('/').slice(0, -1)
      // An absolute import may start at any folder above: which one is on the path is decided at run time.
      const starts =
        dots > 0
          ? [folders.slice(0, folders.length - dots + 1)]
          : folders.map((_, at) => folders.slice(0, folders.length - at)).concat([[]])
      for (const start of starts) {
        const base = [...start, ...(rest === '' ? [] : [rest])].join('/')
        const found = byPath.get(`${base}.py`) ?? byPath.get(base === '' ? '__init__.py' : `${base}/__init__.py`)
        if (found !== undefined) return found
      }
      return undefined
    },
  }
}

function indexModule(source: Source): PythonModule {
  const values = new Map<string, CodeNode>()
  const imports = new Map<string, { readonly from: string; readonly name?: string }>()
  const functions = new Map<string, CodeNode>()
  const classes = new Map<string, CodeNode>()
  const calls: CodeNode[] = []
  const decorated: CodeNode[] = []
  for (const node of nodesUnder(source.root)) {
    if (node.type === 'call') calls.push(node)
    else if (node.type === 'decorated_definition') decorated.push(node)
    else if (node.type === 'assignment') {
      const left = fieldOf(node, 'left')
      const right = fieldOf(node, 'right')
      if (left?.type === 'identifier' && right !== undefined && !values.has(textOf(left)))
        values.set(textOf(left), right)
    } else if (node.type === 'function_definition' || node.type === 'class_definition') {
      const name = fieldOf(node, 'name')
      const index = node.type === 'function_definition' ? functions : classes
      if (name !== undefined && !index.has(textOf(name))) index.set(textOf(name), node)
    } else if (node.type === 'import_from_statement') indexFrom(node, imports)
    else if (node.type === 'import_statement') {
      for (const each of node.children) {
        const name = each.type === 'aliased_import' ? fieldOf(each, 'name') : each
        const alias = fieldOf(each, 'alias')
        if (name !== undefined) imports.set(textOf(alias ?? name), { from: textOf(name) })
      }
    }
  }
  return { path: source.path, source, values, imports, functions, classes, calls, decorated }
}

function indexFrom(node: CodeNode, imports: Map<string, { readonly from: string; readonly name?: string }>): void {
  const from = fieldOf(node, 'module_name')
  if (from === undefined) return
  for (const each of node.children) {
    if (each.field !== 'name') continue
    const name = each.type === 'aliased_import' ? fieldOf(each, 'name') : each
    const alias = each.type === 'aliased_import' ? fieldOf(each, 'alias') : undefined
    if (name !== undefined) imports.set(textOf(alias ?? name), { from: textOf(from), name: textOf(name) })
  }
}

/** What a name or dotted name stands for: its value's node, or its function or class, followed across imports. */
export function resolvePython(place: PythonPlace, world: PythonWorld, depth = 0): PythonPlace | undefined {
  if (depth > 8) return undefined
  const { module, node } = place
  if (node.type === 'identifier') return named(module, textOf(node), world, depth)
  if (node.type === 'attribute') {
    const object = fieldOf(node, 'object')
    const name = fieldOf(node, 'attribute')
    if (object === undefined || name === undefined) return undefined
    const target = moduleOf(module, textOf(object), world)
    return target === undefined ? undefined : named(target, textOf(name), world, depth)
  }
  return { module, node }
}

function named(module: PythonModule, name: string, world: PythonWorld, depth: number): PythonPlace | undefined {
  const node = module.values.get(name) ?? module.functions.get(name) ?? module.classes.get(name)
  if (node !== undefined) {
    return node.type === 'identifier' && textOf(node) !== name
      ? (resolvePython({ module, node }, world, depth + 1) ?? { module, node })
      : { module, node }
  }
  const imported = module.imports.get(name)
  if (imported?.name === undefined) return undefined
  const target = world.find(module.path, imported.from)
  return target === undefined ? undefined : named(target, imported.name, world, depth + 1)
}

/** The module a (dotted) name means in another module. */
export function moduleOf(module: PythonModule, name: string, world: PythonWorld): PythonModule | undefined {
  const imported = module.imports.get(name)
  if (imported === undefined) return undefined
  if (imported.name === undefined) return world.find(module.path, imported.from)
  const dotted = imported.from.endsWith('.') ? `${imported.from}${imported.name}` : `${imported.from}.${imported.name}`
  return world.find(module.path, dotted)
}

/** Positional arguments of a call, and keyword arguments by name. */
export function pythonArguments(call: CodeNode): {
  readonly positional: readonly CodeNode[]
  readonly keyword: ReadonlyMap<string, CodeNode>
} {
  const positional: CodeNode[] = []
  const keyword = new Map<string, CodeNode>()
  for (const each of fieldOf(call, 'arguments')?.children ?? []) {
    const name = each.type === 'keyword_argument' ? fieldOf(each, 'name') : undefined
    const value = each.type === 'keyword_argument' ? fieldOf(each, 'value') : undefined
    if (name !== undefined && value !== undefined) keyword.set(textOf(name), value)
    else if (each.type !== 'comment') positional.push(each)
  }
  return { positional, keyword }
}

/** The text an expression gives, {@link unknown} for what is not known. */
export function pythonText({ module, node }: PythonPlace, world: PythonWorld, depth = 0): string {
  if (depth > 10) return unknown
  const of = (next: CodeNode | undefined) =>
    next === undefined ? unknown : pythonText({ module, node: next }, world, depth + 1)
  switch (node.type) {
    case 'string':
      return node.children
        .map((child) =>
          child.type === 'string_content' ? textOf(child) : child.type === 'interpolation' ? of(child.children[0]) : '',
        )
        .join('')
    case 'concatenated_string':
      return node.children.map(of).join('')
    case 'integer':
      return textOf(node)
    case 'parenthesized_expression':
      return of(node.children[0])
    case 'binary_operator':
      return textOf(fieldOf(node, 'operator') ?? node) === '+'
        ? of(fieldOf(node, 'left')) + of(fieldOf(node, 'right'))
        : unknown
    case 'boolean_operator': {
      const left = of(fieldOf(node, 'left'))
      return left === unknown ? of(fieldOf(node, 'right')) : left
    }
    case 'call': {
      const callee = fieldOf(node, 'function')
      const { positional } = pythonArguments(node)
      if (callee === undefined) return unknown
      if (/^(?:os\.getenv|getenv|os\.environ\.get|environ\.get|config)$/.test(textOf(callee))) {
        return (
          world.settings.get(of(positional[0])) ?? of(positional[1] ?? pythonArguments(node).keyword.get('default'))
        )
      }
      return /^(?:int|str)$/.test(textOf(callee)) ? of(positional[0]) : unknown
    }
    case 'identifier':
    case 'attribute': {
      const target = resolvePython({ module, node }, world)
      if (target !== undefined && target.node !== node) return pythonText(target, world, depth + 1)
      return node.type === 'attribute'
        ? classAttribute(textOf(fieldOf(node, 'attribute') ?? node), world, depth)
        : unknown
    }
    default:
      return unknown
  }
}

/** `settings.API_PREFIX`: the one class attribute of that name in the app. */
function classAttribute(name: string, world: PythonWorld, depth: number): string {
  if (!/^[A-Z][A-Z0-9_]+$/.test(name)) return unknown
  for (const module of world.all) {
    const node = module.values.get(name)
    if (node !== undefined) return pythonText({ module, node }, world, depth + 1)
  }
  return unknown
}

/** The decorators of a decorated definition, as expressions. */
export function decoratorsOf(decorated: CodeNode): CodeNode[] {
  return decorated.children.flatMap((each) =>
    each.type === 'decorator' ? each.children.filter(({ type }) => type !== 'comment').slice(0, 1) : [],
  )
}
