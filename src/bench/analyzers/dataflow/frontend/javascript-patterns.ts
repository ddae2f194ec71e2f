import { type CodeNode, fieldOf, textOf } from '#bench/syntax'
import type { Temp } from '../ir/ir.ts'
import { literalKey } from './javascript-literals.ts'
import { codeChildren, type Lowering } from './lowering.ts'

/** Stores a value into a name, a property, or a destructuring pattern. */
export function assignPattern(pattern: CodeNode, value: Temp, low: Lowering): void {
  const { builder } = low
  switch (pattern.type) {
    case 'identifier':
    case 'shorthand_property_identifier_pattern':
      low.write(textOf(pattern), value, pattern)
      return
    case 'member_expression':
    case 'subscript_expression':
      assignMember(pattern, value, low)
      return
    case 'assignment_pattern':
    case 'object_assignment_pattern': {
      const left = fieldOf(pattern, 'left')
      const right = fieldOf(pattern, 'right')
      if (left === undefined || right === undefined) return
      assignPattern(left, withDefault(value, right, pattern, low), low)
      return
    }
    case 'object_pattern':
      for (const child of codeChildren(pattern)) property(child, value, low)
      return
    case 'array_pattern':
      elements(pattern, value, low)
      return
    case 'rest_pattern':
    case 'parenthesized_expression':
    case 'non_null_expression':
    case 'as_expression': {
      const [inner] = codeChildren(pattern)
      if (inner !== undefined) assignPattern(inner, value, low)
      return
    }
    default:
      builder.effect({ op: 'store', slot: low.temporary(), value }, pattern)
  }
}

function property(child: CodeNode, value: Temp, low: Lowering): void {
  const { builder } = low
  const get = (key: string): Temp => builder.compute({ op: 'get', object: value, key, attribute: false }, child)
  switch (child.type) {
    case 'shorthand_property_identifier_pattern':
      low.write(textOf(child), get(textOf(child)), child)
      return
    case 'object_assignment_pattern': {
      const left = fieldOf(child, 'left')
      const right = fieldOf(child, 'right')
      if (left === undefined || right === undefined) return
      if (left.type === 'shorthand_property_identifier_pattern') {
        low.write(textOf(left), withDefault(get(textOf(left)), right, child, low), child)
      } else assignPattern(left, withDefault(value, right, child, low), low)
      return
    }
    case 'pair_pattern': {
      const key = fieldOf(child, 'key')
      const target = fieldOf(child, 'value')
      if (key === undefined || target === undefined) return
      const literal = literalKey(key)
      const [computed] = codeChildren(key)
      const part =
        literal !== undefined
          ? get(literal)
          : builder.compute(
              {
                op: 'get',
                object: value,
                attribute: false,
                index: computed === undefined ? low.join([], key) : low.expression(computed),
              },
              child,
            )
      assignPattern(target, part, low)
      return
    }
    case 'rest_pattern': {
      const [name] = codeChildren(child)
      if (name !== undefined) assignPattern(name, builder.compute({ op: 'rest', of: value, from: 0 }, child), low)
    }
  }
}

/** Elements by place; the gaps of `[, b]` are counted by their commas. */
function elements(pattern: CodeNode, value: Temp, low: Lowering): void {
  let at = 0
  let reached = pattern.start + 1
  for (const child of codeChildren(pattern)) {
    at += (pattern.source.slice(reached, child.start).match(/,/g) ?? []).length
    reached = child.end
    const part =
      child.type === 'rest_pattern'
        ? low.builder.compute({ op: 'rest', of: value, from: at }, child)
        : low.builder.compute({ op: 'get', object: value, key: at, attribute: false }, child)
    assignPattern(child, part, low)
  }
}

/** A value, or the default where it is undefined. */
function withDefault(value: Temp, right: CodeNode, node: CodeNode, low: Lowering): Temp {
  return low.join([value, low.expression(right)], node)
}

/** `object.key = value`, `object[index] = value`. */
export function assignMember(target: CodeNode, value: Temp, low: Lowering): void {
  const object = fieldOf(target, 'object')
  if (object === undefined) return
  const owner = low.expression(object)
  const name = fieldOf(target, 'property')
  const index = fieldOf(target, 'index')
  if (name !== undefined) {
    low.builder.effect({ op: 'set', object: owner, key: textOf(name), attribute: true, value }, target)
  } else if (index !== undefined) {
    low.builder.effect({ op: 'set', object: owner, index: low.expression(index), attribute: false, value }, target)
  }
}
