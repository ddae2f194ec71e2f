import { type CodeNode, fieldOf, textOf } from '#bench/syntax'
import type { Temp } from '../ir/ir.ts'
import { codeChildren, type Lowering } from './lowering.ts'
import { unescaped } from './python-strings.ts'

/** The key of a property written as a name, text or number; undefined when it is computed. */
export function literalKey(key: CodeNode): string | undefined {
  switch (key.type) {
    case 'property_identifier':
    case 'private_property_identifier':
    case 'shorthand_property_identifier':
    case 'shorthand_property_identifier_pattern':
    case 'identifier':
    case 'number':
      return textOf(key)
    case 'string':
      return unescaped(textOf(key).slice(1, -1))
    default:
      return undefined
  }
}

/** A template literal: its text and the expressions in it. */
export function lowerTemplate(node: CodeNode, low: Lowering): Temp {
  const parts: Temp[] = []
  let at = node.start + 1
  for (const child of node.children) {
    if (child.type !== 'template_substitution') continue
    if (child.start > at) parts.push(textPart(node, at, child.start, low))
    const [expression] = codeChildren(child)
    if (expression !== undefined) parts.push(low.expression(expression))
    at = child.end
  }
  if (node.end - 1 > at) parts.push(textPart(node, at, node.end - 1, low))
  return low.builder.compute({ op: 'text', parts }, node)
}

function textPart(node: CodeNode, start: number, end: number, low: Lowering): Temp {
  return low.constant(unescaped(node.source.slice(start, end)), { start, end })
}

/** `{ a, b: 1, [c]: 2, ...d, e() {} }`; `method` lowers a method. */
export function lowerObject(node: CodeNode, low: Lowering, method: (node: CodeNode) => Temp): Temp {
  const entries = codeChildren(node).map((child) => {
    switch (child.type) {
      case 'shorthand_property_identifier':
        return { key: textOf(child), value: low.read(textOf(child), child), spread: false }
      case 'spread_element': {
        const [inner] = codeChildren(child)
        return { value: inner === undefined ? low.join([], child) : low.expression(inner), spread: true }
      }
      case 'method_definition': {
        const name = fieldOf(child, 'name')
        return { key: (name === undefined ? undefined : literalKey(name)) ?? '', value: method(child), spread: false }
      }
      default: {
        const key = fieldOf(child, 'key')
        const held = fieldOf(child, 'value')
        const value = held === undefined ? low.join([], child) : low.expression(held)
        const literal = key === undefined ? undefined : literalKey(key)
        if (literal !== undefined) return { key: literal, value, spread: false }
        const [computed] = key === undefined ? [] : codeChildren(key)
        return { index: computed === undefined ? low.join([], child) : low.expression(computed), value, spread: false }
      }
    }
  })
  return low.builder.compute({ op: 'object', entries }, node)
}

/** A JSX element or fragment. */
export function lowerMarkup(node: CodeNode, low: Lowering): Temp {
  const opening = node.type === 'jsx_self_closing_element' ? node : fieldOf(node, 'open_tag')
  const name = opening === undefined ? undefined : fieldOf(opening, 'name')
  const tag = name === undefined ? '' : textOf(name)
  const attributes: { name?: string; value: Temp }[] = []
  for (const attribute of opening?.children ?? []) {
    if (attribute.field !== 'attribute') continue
    if (attribute.type === 'jsx_attribute') {
      const [key, held] = codeChildren(attribute)
      if (key === undefined) continue
      const value = held === undefined ? low.constant(true, attribute) : markupValue(held, low)
      attributes.push({ name: textOf(key), value })
    } else attributes.push({ value: markupValue(attribute, low) })
  }
  const children = node.children
    .filter(({ field, type }) => field === '' && /^jsx_(?:expression|element|self_closing_element)$/.test(type))
    .map((child) => markupValue(child, low))
  const component =
    name !== undefined && name.type === 'identifier' && /^[A-Z]/.test(tag) ? low.read(tag, name) : undefined
  return low.builder.compute(
    { op: 'markup', tag, attributes, children, ...(component !== undefined && { component }) },
    opening ?? node,
  )
}

function markupValue(node: CodeNode, low: Lowering): Temp {
  if (node.type !== 'jsx_expression') return low.expression(node)
  const [inner] = codeChildren(node)
  return inner === undefined ? low.join([], node) : low.expression(inner)
}
