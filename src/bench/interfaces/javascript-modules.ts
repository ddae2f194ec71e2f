import { type CodeNode, fieldOf, nodesUnder, textOf } from '#bench/syntax'
import type { Source } from './sources.ts'

/** How a name came into being. */
export type Declaration = { readonly name: string; readonly scope: CodeNode } & (
  | { readonly kind: 'value'; readonly value: CodeNode | undefined; readonly constant: boolean }
  | { readonly kind: 'element'; readonly of: CodeNode; readonly key: string | number }
  | {
      readonly kind: 'parameter'
      readonly of: CodeNode
      readonly index: number
      readonly key?: string
      readonly initial?: CodeNode
    }
  | { readonly kind: 'import'; readonly from: string; readonly imported: string }
)

/** A JavaScript or TypeScript source with its names indexed. */
export interface Module {
  readonly source: Source
  readonly path: string
  readonly declarations: ReadonlyMap<string, readonly Declaration[]>
  /** `name = value`, `name += value`, `object.name = value`, keyed by the text of the left side. */
  readonly assignments: ReadonlyMap<string, readonly CodeNode[]>
  /** Exported name (`default`, `*` for `module.exports` itself) → what is exported. */
  readonly exports: ReadonlyMap<string, CodeNode>
  readonly reexports: readonly string[]
  readonly calls: readonly CodeNode[]
}

export interface Modules {
  readonly all: readonly Module[]
  /** The module an import of `specifier` in `from` means, if it is part of the app. */
  find(from: string, specifier: string): Module | undefined
}

export const functionTypes: ReadonlySet<string> = new Set([
  'function_declaration',
  'function_expression',
  'generator_function_declaration',
  'arrow_function',
  'method_definition',
])

export function indexModules(sources: readonly Source[]): Modules {
  const all = sources.map(indexModule)
  const byPath = new Map(all.map((module) => [module.path, module]))
  return {
    all,
    find(from, specifier) {
      const bases = specifier.startsWith('.')
        ? [joined(from.slice(0, Math.max(0, from.lastIndexOf('/'))), specifier)]
        : aliasBases(from, specifier)
      for (const base of bases) {
        for (const suffix of suffixes) {
          const found = byPath.get(base === '' ? suffix.replace(/^\//, '') : base + suffix)
          if (found !== undefined) return found
        }
        const typed = byPath.get(base.replace(/\.js(x?)$/, '.ts$1'))
        if (typed !== undefined) return typed
      }
      return undefined
    },
  }
}

const suffixes = [
  '',
  '.js',
  '.jsx',
  '.ts',
  '.tsx',
  '.mjs',
  '.cjs',
  '.vue',
  '/index.js',
  '/index.jsx',
  '/index.ts',
  '/index.tsx',
]

/** `@/api`, `~/api`, `src/api`: from any folder above the importing file, and its `src`. */
function aliasBases(from: string, specifier: string): string[] {
  const match = /^(?:[@~]\/|#\/?|\$lib\/|(?=src\/))(.+)$/.exec(specifier)
  if (match?.[1] === undefined) return []
  const rest = specifier.startsWith('$lib/') ? `lib/${match[1]}` : match[1]
  const folders = from.split('/').slice(0, -1)
  return folders
    .map((_, at) => folders.slice(0, folders.length - at).join('/'))
    .concat('')
    .flatMap((folder) => [joined(folder, rest), joined(folder, `src/${rest}`)])
}

function joined(folder: string, relative: string): string {
  const parts = folder === '' ? [] : folder.split('/')
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}

function indexModule(source: Source): Module {
  const declarations = new Map<string, Declaration[]>()
  const assignments = new Map<string, CodeNode[]>()
  const exports = new Map<string, CodeNode>()
  const reexports: string[] = []
  const calls: CodeNode[] = []
  const declare = (declaration: Declaration) => {
    const known = declarations.get(declaration.name)
    if (known === undefined) declarations.set(declaration.name, [declaration])
    else known.push(declaration)
  }
  for (const node of nodesUnder(source.root)) {
    if (node.type === 'call_expression' || node.type === 'new_expression') calls.push(node)
    else if (node.type === 'variable_declarator') declareVariable(node, declare)
    else if (node.type === 'import_statement') declareImports(node, declare)
    else if (node.type === 'export_statement') indexExport(node, exports, reexports)
    else if (node.type === 'assignment_expression' || node.type === 'augmented_assignment_expression') {
      const left = fieldOf(node, 'left')
      if (left !== undefined) indexAssignment(node, textOf(left), assignments, exports)
    } else if (functionTypes.has(node.type) || node.type === 'class_declaration') {
      const name = fieldOf(node, 'name')
      if (name !== undefined && node.type !== 'method_definition') {
        declare({ kind: 'value', name: textOf(name), scope: scopeOf(node.parent ?? node), value: node, constant: true })
      }
      if (functionTypes.has(node.type)) declareParameters(node, declare)
    }
  }
  return { source, path: source.path, declarations, assignments, exports, reexports, calls }
}

type Declare = (declaration: Declaration) => void

function declareVariable(node: CodeNode, declare: Declare): void {
  const name = fieldOf(node, 'name')
  const value = fieldOf(node, 'value')
  const scope = scopeOf(node)
  const constant = /^const\b/.test(node.parent === undefined ? '' : textOf(node.parent))
  if (name?.type === 'identifier') declare({ kind: 'value', name: textOf(name), scope, value, constant })
  else if (name !== undefined && value !== undefined) {
    // CommonJS: `const { a } = require('./x')` is an import.
    const required = requiredModule(value)
    for (const { local, key } of patternNames(name)) {
      if (required !== undefined && typeof key === 'string') {
        declare({ kind: 'import', name: local, scope, from: required, imported: key })
      } else declare({ kind: 'element', name: local, scope, of: value, key })
    }
  }
}

/** The specifier of `require('x')`, also inside `await import('x')`. */
export function requiredModule(node: CodeNode): string | undefined {
  const call = node.type === 'await_expression' ? node.children[0] : node
  if (call?.type !== 'call_expression') return undefined
  const callee = fieldOf(call, 'function')
  const argument = argumentsOf(call)[0]
  if (callee === undefined || argument?.type !== 'string') return undefined
  return textOf(callee) === 'require' || callee.type === 'import' ? textOf(argument).slice(1, -1) : undefined
}

/** A name a pattern binds, and the key or index it takes. */
export interface BoundName {
  readonly local: string
  readonly key: string | number
  readonly initial?: CodeNode
}

/** The names a destructuring pattern binds, with the key or index each takes. One level deep. */
export function patternNames(pattern: CodeNode): BoundName[] {
  return pattern.children.flatMap((child, index): BoundName[] => {
    if (child.type === 'shorthand_property_identifier_pattern') return [{ local: textOf(child), key: textOf(child) }]
    if (child.type === 'object_assignment_pattern') {
      const left = fieldOf(child, 'left')
      const initial = fieldOf(child, 'right')
      return left === undefined ? [] : [{ local: textOf(left), key: textOf(left), ...(initial && { initial }) }]
    }
    if (child.type === 'pair_pattern') {
      const key = fieldOf(child, 'key')
      const value = fieldOf(child, 'value')
      if (key === undefined || value === undefined) return []
      const target = value.type === 'assignment_pattern' ? fieldOf(value, 'left') : value
      const initial = value.type === 'assignment_pattern' ? fieldOf(value, 'right') : undefined
      return target?.type === 'identifier'
        ? [{ local: textOf(target), key: keyText(key), ...(initial && { initial }) }]
        : []
    }
    if (child.type === 'identifier' && pattern.type === 'array_pattern') return [{ local: textOf(child), key: index }]
    return []
  })
}

function declareImports(node: CodeNode, declare: Declare): void {
  const from = fieldOf(node, 'source')
  const clause = node.children.find(({ type }) => type === 'import_clause')
  if (from === undefined || clause === undefined) return
  const scope = scopeOf(node)
  const specifier = textOf(from).slice(1, -1)
  for (const part of clause.children) {
    if (part.type === 'identifier')
      declare({ kind: 'import', name: textOf(part), scope, from: specifier, imported: 'default' })
    if (part.type === 'namespace_import') {
      const local = part.children[0]
      if (local !== undefined) declare({ kind: 'import', name: textOf(local), scope, from: specifier, imported: '*' })
    }
    if (part.type !== 'named_imports') continue
    for (const each of part.children) {
      const name = fieldOf(each, 'name')
      const alias = fieldOf(each, 'alias')
      if (name !== undefined)
        declare({ kind: 'import', name: textOf(alias ?? name), scope, from: specifier, imported: textOf(name) })
    }
  }
}

function declareParameters(node: CodeNode, declare: Declare): void {
  const list = fieldOf(node, 'parameters')
  const single = fieldOf(node, 'parameter')
  const parameters = list?.children.filter(({ type }) => type !== 'comment') ?? (single === undefined ? [] : [single])
  for (const [index, parameter] of parameters.entries()) {
    const typed = parameter.type === 'required_parameter' || parameter.type === 'optional_parameter'
    const pattern = typed
      ? fieldOf(parameter, 'pattern')
      : parameter.type === 'assignment_pattern'
        ? fieldOf(parameter, 'left')
        : parameter
    const initial = typed
      ? fieldOf(parameter, 'value')
      : parameter.type === 'assignment_pattern'
        ? fieldOf(parameter, 'right')
        : undefined
    if (pattern === undefined) continue
    const common = { kind: 'parameter', scope: node, of: node, index } as const
    if (pattern.type === 'identifier') declare({ ...common, name: textOf(pattern), ...(initial && { initial }) })
    else {
      for (const { local, key, initial: own } of patternNames(pattern)) {
        declare({ ...common, name: local, key: String(key), ...(own && { initial: own }) })
      }
    }
  }
}

function indexExport(node: CodeNode, exports: Map<string, CodeNode>, reexports: string[]): void {
  const from = fieldOf(node, 'source')
  if (from !== undefined) {
    reexports.push(textOf(from).slice(1, -1))
    return
  }
  const declaration = fieldOf(node, 'declaration')
  const value = fieldOf(node, 'value')
  const text = textOf(node)
  if (/^export\s+default\b/.test(text)) {
    const target = value ?? declaration ?? node.children.at(-1)
    if (target !== undefined) exports.set('default', target)
    return
  }
  if (declaration !== undefined) {
    const name = fieldOf(declaration, 'name')
    if (name !== undefined) exports.set(textOf(name), declaration)
    for (const each of declaration.children) {
      const local = each.type === 'variable_declarator' ? fieldOf(each, 'name') : undefined
      if (local?.type === 'identifier') exports.set(textOf(local), local)
    }
  }
  for (const clause of node.children.filter(({ type }) => type === 'export_clause')) {
    for (const each of clause.children) {
      const name = fieldOf(each, 'name')
      if (name !== undefined) exports.set(textOf(fieldOf(each, 'alias') ?? name), name)
    }
  }
}

function indexAssignment(
  node: CodeNode,
  left: string,
  assignments: Map<string, CodeNode[]>,
  exports: Map<string, CodeNode>,
): void {
  const known = assignments.get(left)
  if (known === undefined) assignments.set(left, [node])
  else known.push(node)
  const right = fieldOf(node, 'right')
  const exported = /^(?:module\.)?exports(?:\.(\w+))?$/.exec(left)
  if (exported === null || right === undefined) return
  exports.set(exported[1] ?? '*', right)
  if (exported[1] !== undefined || right.type !== 'object') return
  for (const each of right.children) {
    if (each.type === 'shorthand_property_identifier') exports.set(textOf(each), each)
    const key = each.type === 'pair' ? fieldOf(each, 'key') : undefined
    const value = fieldOf(each, 'value')
    if (key !== undefined && value !== undefined) exports.set(keyText(key), value)
  }
}

/** The block or function a name declared at a node is visible in. */
function scopeOf(node: CodeNode): CodeNode {
  let at = node
  while (
    at.parent !== undefined &&
    at.type !== 'statement_block' &&
    at.type !== 'program' &&
    !functionTypes.has(at.type)
  )
    at = at.parent
  return at
}

/** What a name means at a place: the innermost declaration whose scope holds the place. */
export function declarationOf(module: Module, name: string, place: CodeNode): Declaration | undefined {
  let best: Declaration | undefined
  for (const each of module.declarations.get(name) ?? []) {
    const { scope } = each
    if (scope.source !== place.source || scope.start > place.start || scope.end < place.end) continue
    if (
      best === undefined ||
      scope.start > best.scope.start ||
      (scope.start === best.scope.start && scope.end < best.scope.end)
    )
      best = each
  }
  return best
}

/** The arguments of a call, without comments. */
export function argumentsOf(call: CodeNode): readonly CodeNode[] {
  return fieldOf(call, 'arguments')?.children.filter(({ type }) => type !== 'comment') ?? []
}

/** The text of a property key: `a`, `'a'`, `"a"`. */
export function keyText(key: CodeNode): string {
  return key.type === 'string' ? textOf(key).slice(1, -1) : textOf(key)
}

/** The innermost function around a node. */
export function functionAround(node: CodeNode): CodeNode | undefined {
  let at = node.parent
  while (at !== undefined && !functionTypes.has(at.type)) at = at.parent
  return at
}
