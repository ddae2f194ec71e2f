import { type CodeNode, fieldOf, nodesUnder, textOf } from '#bench/syntax'
import { declarationOf, functionAround, type Module, patternNames } from './javascript-modules.ts'

/** A field taken from an answer. */
export interface FieldRead {
  readonly name: string
  readonly line: number
}

/** What every answer object has by itself. */
const ownMembers: ReadonlySet<string> = new Set([
  'json',
  'text',
  'blob',
  'ok',
  'status',
  'statusText',
  'headers',
  'body',
  'data',
  'then',
  'catch',
  'finally',
  'length',
  'map',
  'filter',
  'forEach',
  'find',
  'reduce',
  'slice',
  'sort',
  'some',
  'every',
  'includes',
  'join',
  'concat',
  'push',
  'toString',
  'flatMap',
  'at',
  'reverse',
  'entries',
  'keys',
  'values',
])

/**
 * The top-level fields the code around a call reads from the JSON it answers:
 * `const r = await fetch(…); const d = await r.json(); d.items`, and axios' `r.data.items`.
 *
 * @param wrapped the call is of a function of the app that gives back the JSON itself
 */
export function answerReads(module: Module, call: CodeNode, via: string, wrapped: boolean): FieldRead[] {
  const within = functionAround(call) ?? module.source.root
  const holder = declaredBy(call)
  if (holder === undefined) return []
  if (wrapped) return readsOf(module, holder, within)
  if (via === 'fetch') {
    if (holder.type !== 'identifier') return []
    return usesOf(module, holder, within).flatMap((use) => {
      const method = use.parent?.type === 'member_expression' ? use.parent : undefined
      const parsed =
        method?.parent?.type === 'call_expression' && textOf(fieldOf(method, 'property') ?? method) === 'json'
          ? method.parent
          : undefined
      const result = parsed === undefined ? undefined : declaredBy(parsed)
      return result === undefined ? [] : readsOf(module, result, within)
    })
  }
  if (holder.type === 'object_pattern') {
    const data = patternNames(holder).find(({ key }) => key === 'data')
    const local =
      data === undefined
        ? undefined
        : [...nodesUnder(holder)].find((node) => textOf(node) === data.local && node.children.length === 0)
    return local === undefined ? [] : readsOf(module, local, within)
  }
  return usesOf(module, holder, within).flatMap((use): FieldRead[] => {
    const data =
      use.parent?.type === 'member_expression' && textOf(fieldOf(use.parent, 'property') ?? use) === 'data'
        ? use.parent
        : undefined
    if (data === undefined) return []
    const held = declaredBy(data)
    return held === undefined ? memberRead(data) : readsOf(module, held, within)
  })
}

/** The name or pattern an expression's value is given: `const x = await …`. */
function declaredBy(node: CodeNode): CodeNode | undefined {
  let at = node
  while (
    at.parent !== undefined &&
    (at.parent.type === 'await_expression' ||
      at.parent.type === 'parenthesized_expression' ||
      at.parent.type === 'as_expression')
  )
    at = at.parent
  return at.parent?.type === 'variable_declarator' && at.field === 'value' ? fieldOf(at.parent, 'name') : undefined
}

function readsOf(module: Module, holder: CodeNode, within: CodeNode): FieldRead[] {
  if (holder.type === 'object_pattern') {
    return patternNames(holder).flatMap(({ key, initial }) =>
      initial === undefined && typeof key === 'string' ? [{ name: key, line: holder.line }] : [],
    )
  }
  if (holder.type !== 'identifier' && holder.type !== 'shorthand_property_identifier_pattern') return []
  return usesOf(module, holder, within).flatMap(memberRead)
}

function memberRead(node: CodeNode): FieldRead[] {
  const member = node.parent?.type === 'member_expression' && node.field === 'object' ? node.parent : undefined
  const name = member === undefined ? undefined : fieldOf(member, 'property')
  // `d.items || []` says that the field may be missing; so does `?.`.
  if (
    member === undefined ||
    name === undefined ||
    ownMembers.has(textOf(name)) ||
    member.parent?.type === 'binary_expression'
  )
    return []
  if (
    textOf(member).includes('?.') ||
    member.parent?.type === 'assignment_expression' ||
    member.parent?.type === 'if_statement' ||
    member.parent?.type === 'parenthesized_expression'
  )
    return []
  return [{ name: textOf(name), line: name.line }]
}

function usesOf(module: Module, holder: CodeNode, within: CodeNode): CodeNode[] {
  const declared = declarationOf(module, textOf(holder), holder)
  return [...nodesUnder(within)].filter(
    (node) =>
      node !== holder &&
      node.type === 'identifier' &&
      textOf(node) === textOf(holder) &&
      declarationOf(module, textOf(node), node) === declared,
  )
}
