import { type CodeNode, fieldOf, textOf } from '#bench/syntax'
import type { Temp } from '../ir/ir.ts'
import { codeChildren, type Lowering } from './lowering.ts'
import { captureNames } from './python-names.ts'

/**
 * Stores a value into an assignment target: a name, an attribute, an item, or a pattern of these.
 *
 * @param fresh names are declared in the innermost scope (comprehensions)
 */
export function assign(target: CodeNode, value: Temp, low: Lowering, fresh = false): void {
  const { builder } = low
  const children = codeChildren(target)
  switch (target.type) {
    case 'identifier':
      if (fresh) low.declare(textOf(target))
      low.write(textOf(target), value, target)
      return
    case 'attribute': {
      const object = fieldOf(target, 'object')
      const name = fieldOf(target, 'attribute')
      if (object === undefined || name === undefined) return
      builder.effect({ op: 'set', object: low.expression(object), key: textOf(name), attribute: true, value }, target)
      return
    }
    case 'subscript': {
      const object = fieldOf(target, 'value')
      const index = target.children.find(({ field }) => field === 'subscript')
      if (object === undefined || index === undefined) return
      const owner = low.expression(object)
      builder.effect({ op: 'set', object: owner, index: low.expression(index), attribute: false, value }, target)
      return
    }
    case 'list_splat_pattern':
    case 'as_pattern_target':
    case 'parenthesized_expression':
      for (const child of children) assign(child, value, low, fresh)
      return
    default:
      children.forEach((child, at) => {
        const part =
          child.type === 'list_splat_pattern'
            ? builder.compute({ op: 'rest', of: value, from: at }, child)
            : builder.compute({ op: 'get', object: value, key: at, attribute: false }, child)
        assign(child, part, low, fresh)
      })
  }
}

/**
 * Lowers a `case` pattern: binds its captures and answers the temporary that says whether it matched (undefined when it
 * always does).
 */
export function matchPattern(pattern: CodeNode, subject: Temp, low: Lowering): Temp | undefined {
  const { builder } = low
  const children = codeChildren(pattern)
  const [first] = children
  switch (pattern.type) {
    case 'case_pattern': {
      if (first === undefined) return textOf(pattern) === '_' ? undefined : low.join([], pattern)
      const [capture] = captureNames(pattern)
      if (capture !== undefined) {
        low.write(capture, subject, pattern)
        return undefined
      }
      if (first.type === 'dotted_name' && textOf(first) === '_') return undefined
      return matchPattern(first, subject, low)
    }
    case 'string':
    case 'concatenated_string':
    case 'integer':
    case 'float':
    case 'true':
    case 'false':
    case 'none':
      return builder.compute({ op: 'compare', operator: '==', left: subject, right: low.expression(pattern) }, pattern)
    case 'union_pattern': {
      if (children.every((child) => literals.has(child.type))) {
        const items = children.map((child) => ({ value: low.expression(child), spread: false }))
        const right = builder.compute({ op: 'list', kind: 'tuple', items }, pattern)
        return builder.compute({ op: 'compare', operator: 'in', left: subject, right }, pattern)
      }
      for (const child of children) matchPattern(child, subject, low)
      return low.join([], pattern)
    }
    case 'as_pattern': {
      const name = children.at(-1)
      const matched = first === undefined ? undefined : matchPattern(first, subject, low)
      if (name?.type === 'identifier') low.write(textOf(name), subject, pattern)
      return matched
    }
    case 'dict_pattern': {
      children.forEach((child, at) => {
        const key = children[at - 1]
        if (child.field !== 'value' || key === undefined) return
        const part = builder.compute(
          { op: 'get', object: subject, index: low.expression(key), attribute: false },
          child,
        )
        matchPattern(child, part, low)
      })
      bindRest(children, subject, low)
      return low.join([], pattern)
    }
    case 'list_pattern':
    case 'tuple_pattern':
      children.forEach((child, at) => {
        const part = builder.compute({ op: 'get', object: subject, key: at, attribute: false }, child)
        matchPattern(child, part, low)
      })
      bindRest(children, subject, low)
      return low.join([], pattern)
    case 'class_pattern':
      children.slice(1).forEach((child) => {
        const keyword = child.children[0]
        if (keyword?.type !== 'keyword_pattern') {
          matchPattern(child, subject, low)
          return
        }
        const [name, value] = keyword.children
        if (name === undefined || value === undefined) return
        const part = builder.compute({ op: 'get', object: subject, key: textOf(name), attribute: true }, child)
        matchPattern(value, part, low)
      })
      return low.join([], pattern)
    default:
      return low.join([], pattern)
  }
}

const literals = new Set(['string', 'integer', 'float', 'true', 'false', 'none'])

function bindRest(children: readonly CodeNode[], subject: Temp, low: Lowering): void {
  for (const child of children) {
    const splat = child.type === 'splat_pattern' ? child : child.children.find(({ type }) => type === 'splat_pattern')
    if (splat === undefined) continue
    for (const name of captureNames(splat)) {
      low.write(name, low.builder.compute({ op: 'rest', of: subject, from: 0 }, splat), splat)
    }
  }
}
