import { type CodeNode, fieldOf, textOf } from '#bench/syntax'
import type { Temp } from '../ir/ir.ts'
import { lowerClass, lowerFunction } from './javascript-functions.ts'
import { patternNames } from './javascript-names.ts'
import { codeChildren, type Lowering } from './lowering.ts'

/** `import a, { b as c } from 'm'`, `import * as n from 'm'`, `import x = require('m')`. */
export function lowerImport(node: CodeNode, low: Lowering): void {
  const clause = node.children.find(({ type }) => type === 'import_clause' || type === 'import_require_clause')
  const module = moduleOf(node) ?? (clause === undefined ? undefined : moduleOf(clause))
  if (module === undefined) return
  if (clause === undefined) {
    imported(module, undefined, node, low)
    return
  }
  for (const child of codeChildren(clause)) {
    if (child.type === 'identifier') {
      const name = clause.type === 'import_require_clause' ? undefined : 'default'
      bind(textOf(child), imported(module, name, child, low), child, low)
    } else if (child.type === 'namespace_import') {
      const [name] = codeChildren(child)
      if (name !== undefined) bind(textOf(name), imported(module, undefined, child, low), child, low)
    } else if (child.type === 'named_imports') {
      for (const specifier of codeChildren(child)) {
        const name = fieldOf(specifier, 'name')
        if (name === undefined) continue
        const local = fieldOf(specifier, 'alias') ?? name
        bind(textOf(local), imported(module, textOf(name), specifier, low), specifier, low)
      }
    }
  }
}

function bind(name: string, value: Temp, node: CodeNode, low: Lowering): void {
  low.declare(name)
  low.write(name, value, node)
}

function imported(module: string, name: string | undefined, node: CodeNode, low: Lowering): Temp {
  return low.builder.compute({ op: 'import', module, ...(name !== undefined && { name }) }, node)
}

function moduleOf(node: CodeNode): string | undefined {
  const source = fieldOf(node, 'source')
  return source === undefined ? undefined : textOf(source).slice(1, -1)
}

/** `export const x`, `export default`, `export { a as b }`, `export * from 'm'`. */
export function lowerExport(node: CodeNode, low: Lowering): void {
  const { builder } = low
  const module = moduleOf(node)
  const declaration = fieldOf(node, 'declaration')
  const value = fieldOf(node, 'value')
  const isDefault = /^export\s+default\b/.test(node.source.slice(node.start, node.start + 40))
  if (value !== undefined) {
    builder.effect({ op: 'export', name: 'default', value: low.expression(value) }, node)
    return
  }
  if (declaration !== undefined) {
    exportDeclaration(declaration, isDefault, low)
    return
  }
  const clause = node.children.find(({ type }) => type === 'export_clause')
  if (clause === undefined) {
    if (module !== undefined)
      builder.effect({ op: 'export', name: '*', value: imported(module, undefined, node, low) }, node)
    return
  }
  for (const specifier of codeChildren(clause)) {
    const name = fieldOf(specifier, 'name')
    if (name === undefined) continue
    const offered = textOf(fieldOf(specifier, 'alias') ?? name)
    const held =
      module === undefined ? low.read(textOf(name), specifier) : imported(module, textOf(name), specifier, low)
    builder.effect({ op: 'export', name: offered, value: held }, specifier)
  }
}

function exportDeclaration(declaration: CodeNode, isDefault: boolean, low: Lowering): void {
  const { builder } = low
  const isFunction = /^(?:generator_)?function_declaration$/.test(declaration.type)
  const nameNode = fieldOf(declaration, 'name')
  if (nameNode === undefined && (isFunction || declaration.type === 'class_declaration')) {
    const value = isFunction ? lowerFunction(declaration, low) : lowerClass(declaration, low)
    builder.effect({ op: 'export', name: 'default', value }, declaration)
    return
  }
  // Functions were lowered when their block was entered.
  if (!isFunction) low.statement(declaration)
  const names =
    nameNode !== undefined
      ? [textOf(nameNode)]
      : declaration.children
          .filter(({ type }) => type === 'variable_declarator')
          .flatMap((child) => patternNames(fieldOf(child, 'name')))
  for (const name of names) {
    if (low.resolve(name) === undefined) continue
    const span = { start: declaration.start, end: Math.min(declaration.end, declaration.start + 60) }
    builder.effect({ op: 'export', name: isDefault ? 'default' : name, value: low.read(name, span) }, span)
  }
}
