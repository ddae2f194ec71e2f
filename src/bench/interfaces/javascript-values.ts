import { type CodeNode, fieldOf, nodesUnder, textOf } from '#bench/syntax'
import {
  argumentsOf,
  declarationOf,
  functionTypes,
  keyText,
  type Module,
  type Modules,
  requiredModule,
} from './javascript-modules.ts'

/** An expression and what it needs to be understood. */
export interface Place {
  readonly node: CodeNode
  readonly module: Module
  readonly frame: Frame
}

/** Arguments bound to the parameters of functions on the way to a place. */
export interface Frame {
  readonly bound: ReadonlyMap<CodeNode, readonly Place[]>
}

export const emptyFrame: Frame = { bound: new Map() }

/** What is known of an app's JavaScript besides the code. */
export interface World {
  readonly modules: Modules
  readonly settings: ReadonlyMap<string, string>
}

/** Which branch of each condition to follow, and what was met on the way. */
export interface Trace {
  readonly chosen: ReadonlyMap<string, number>
  /** Conditions met that are not in `chosen` → number of branches. */
  readonly open: Map<string, number>
  /** Functions whose parameters were needed but not bound. */
  readonly unbound: Set<CodeNode>
}

export function newTrace(chosen: ReadonlyMap<string, number> = new Map()): Trace {
  return { chosen, open: new Map(), unbound: new Set() }
}

/** Steps followed from name to name before giving up. */
export const deepest = 24
const wrappers = new Set(['parenthesized_expression', 'await_expression', 'non_null_expression'])
const casts = new Set(['as_expression', 'satisfies_expression', 'type_assertion'])
/** Functions that hand back what they are given first. */
const transparent = new Set([
  'useCallback',
  'useMemo',
  'memo',
  'forwardRef',
  'Object.freeze',
  'React.memo',
  'React.useCallback',
  'asyncHandler',
  'ref',
  'reactive',
  'useRef',
])

/** Follows names, members, casts and bound parameters to the expression they stand for. */
export function resolve(place: Place, world: World, trace: Trace, depth = 0): Place {
  if (depth > deepest) return place
  const { node, module, frame } = place
  const follow = (next: CodeNode | undefined, at: Place = place): Place =>
    next === undefined ? place : resolve({ ...at, node: next }, world, trace, depth + 1)
  if (wrappers.has(node.type)) return follow(node.children[0])
  if (casts.has(node.type)) return follow(node.type === 'type_assertion' ? node.children.at(-1) : node.children[0])
  if (node.type === 'ternary_expression') return follow(fieldOf(node, branchOf(node, trace)))
  if (node.type === 'identifier' || node.type === 'shorthand_property_identifier') {
    return resolveName(place, textOf(node), world, trace, depth)
  }
  if (node.type === 'member_expression') {
    const object = fieldOf(node, 'object')
    const property = fieldOf(node, 'property')
    if (object === undefined || property === undefined) return place
    const key = textOf(property)
    const local = object.type === 'identifier' ? declarationOf(module, textOf(object), node) : undefined
    if (local?.kind === 'import' && local.imported === '*') return exported(place, local.from, key, world, trace, depth)
    return (
      memberOf(resolve({ node: object, module, frame }, world, trace, depth + 1), key, world, trace, depth) ?? place
    )
  }
  if (node.type === 'call_expression') {
    const required = requiredModule(node)
    if (required !== undefined) return exported(place, required, '*', world, trace, depth)
    const callee = fieldOf(node, 'function')
    const first = argumentsOf(node)[0]
    if (callee !== undefined && first !== undefined && transparent.has(textOf(callee))) return follow(first)
  }
  return place
}

function resolveName(place: Place, name: string, world: World, trace: Trace, depth: number): Place {
  const { node, module, frame } = place
  const declared = declarationOf(module, name, node)
  if (declared === undefined) return place
  if (declared.kind === 'value') {
    const value = declared.constant ? declared.value : variableValue(place, name, declared.value, trace)
    return value === undefined ? place : resolve({ node: value, module, frame }, world, trace, depth + 1)
  }
  if (declared.kind === 'import') return exported(place, declared.from, declared.imported, world, trace, depth)
  if (declared.kind === 'element') {
    const whole = resolve({ node: declared.of, module, frame }, world, trace, depth + 1)
    return (typeof declared.key === 'string' ? memberOf(whole, declared.key, world, trace, depth) : undefined) ?? place
  }
  const bound = frame.bound.get(declared.of)
  if (bound === undefined) {
    trace.unbound.add(declared.of)
    return place
  }
  const given = bound[declared.index]
  if (given !== undefined) {
    // The caller's own parameters may be bound by its callers.
    const argument = { ...given, frame: { bound: new Map([...given.frame.bound, ...frame.bound]) } }
    if (declared.key === undefined) return resolve(argument, world, trace, depth + 1)
    const member = memberOf(resolve(argument, world, trace, depth + 1), declared.key, world, trace, depth)
    if (member !== undefined) return member
  }
  return declared.initial === undefined
    ? place
    : resolve({ node: declared.initial, module, frame }, world, trace, depth + 1)
}

/** The value of a variable that is assigned more than once: each assignment is a branch. */
function variableValue(place: Place, name: string, initial: CodeNode | undefined, trace: Trace): CodeNode | undefined {
  const values = [initial, ...reassigned(place, name).map((node) => fieldOf(node, 'right'))].filter(
    (value) => value !== undefined,
  )
  return values.length < 2 ? values[0] : values[choose(`${place.module.path} ${name}`, values.length, trace)]
}

function reassigned({ module, node }: Place, name: string): CodeNode[] {
  const declared = declarationOf(module, name, node)
  return (module.assignments.get(name) ?? []).filter(
    (each) => each.type === 'assignment_expression' && declarationOf(module, name, each) === declared,
  )
}

function exported(place: Place, from: string, name: string, world: World, trace: Trace, depth: number): Place {
  const found = exportOf(place.module.path, from, name, world, 0)
  return found === undefined ? place : resolve({ ...found, frame: emptyFrame }, world, trace, depth + 1)
}

function exportOf(
  importer: string,
  from: string,
  name: string,
  world: World,
  depth: number,
): { readonly node: CodeNode; readonly module: Module } | undefined {
  const module = world.modules.find(importer, from)
  if (module === undefined || depth > 4) return undefined
  const node =
    module.exports.get(name) ??
    (name === 'default' || name === '*' ? (module.exports.get('*') ?? module.exports.get('default')) : undefined)
  if (node !== undefined) return { node, module }
  for (const next of module.reexports) {
    const found = exportOf(module.path, next, name, world, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

/** A member of a resolved place: a property of an object literal, a method of a class, a part of what a hook returns. */
function memberOf(whole: Place, key: string, world: World, trace: Trace, depth: number): Place | undefined {
  if (depth > deepest) return undefined
  const { node } = whole
  if (node.type === 'object') {
    const found = propertyOf(whole, key, world, trace, depth)
    return found.state === 'present' ? found.value : undefined
  }
  if (node.type === 'class_declaration' || node.type === 'class')
    return classMember(whole, node, key, world, trace, depth)
  if (node.type === 'this') {
    const around = classAround(node)
    return around === undefined ? undefined : classMember(whole, around, key, world, trace, depth)
  }
  if (node.type === 'new_expression') {
    const named = fieldOf(node, 'constructor')
    if (named === undefined) return undefined
    const made = resolve({ ...whole, node: named }, world, trace, depth + 1)
    return made.node.type === 'class_declaration' ? classMember(made, made.node, key, world, trace, depth) : undefined
  }
  if (node.type === 'call_expression') {
    const called = calledFunction({ ...whole, node }, world, trace, depth + 1)
    const result = called === undefined ? undefined : returnedBy(called.node)
    if (called === undefined || result === undefined) return undefined
    const returned = resolve({ ...called, node: result }, world, trace, depth + 1)
    return returned.node.type === 'object' ? memberOf(returned, key, world, trace, depth + 1) : undefined
  }
  return undefined
}

function classMember(
  whole: Place,
  node: CodeNode,
  key: string,
  world: World,
  trace: Trace,
  depth: number,
): Place | undefined {
  for (const member of fieldOf(node, 'body')?.children ?? []) {
    const name = fieldOf(member, 'name') ?? fieldOf(member, 'property')
    if (name === undefined || keyText(name) !== key) continue
    if (member.type === 'method_definition') return { ...whole, node: member }
    const value = fieldOf(member, 'value')
    if (value !== undefined) return resolve({ ...whole, node: value }, world, trace, depth + 1)
  }
  const assigned = whole.module.assignments.get(`this.${key}`)?.[0]
  const right = assigned === undefined ? undefined : fieldOf(assigned, 'right')
  return right === undefined ? undefined : resolve({ ...whole, node: right }, world, trace, depth + 1)
}

function classAround(node: CodeNode): CodeNode | undefined {
  let at: CodeNode | undefined = node
  while (at !== undefined && at.type !== 'class_declaration' && at.type !== 'class') at = at.parent
  return at
}

/** A property of an object literal; `unclear` when a spread that cannot be followed may hold it. */
export function propertyOf(
  whole: Place,
  key: string,
  world: World,
  trace: Trace,
  depth = 0,
): { readonly state: 'present'; readonly value: Place } | { readonly state: 'absent' | 'unclear' } {
  const at = resolve(whole, world, trace, depth + 1)
  if (at.node.type !== 'object') return { state: 'unclear' }
  for (const each of at.node.children.toReversed()) {
    if (each.type === 'shorthand_property_identifier' && textOf(each) === key) {
      return { state: 'present', value: resolve({ ...at, node: each }, world, trace, depth + 1) }
    }
    if (each.type === 'method_definition') {
      const name = fieldOf(each, 'name')
      if (name !== undefined && keyText(name) === key) return { state: 'present', value: { ...at, node: each } }
    }
    if (each.type === 'pair') {
      const name = fieldOf(each, 'key')
      const value = fieldOf(each, 'value')
      if (name === undefined || value === undefined || keyText(name) !== key) continue
      return { state: 'present', value: resolve({ ...at, node: value }, world, trace, depth + 1) }
    }
    const spread = each.type === 'spread_element' ? each.children[0] : undefined
    if (spread === undefined || depth > deepest) continue
    const found = propertyOf({ ...at, node: spread }, key, world, trace, depth + 1)
    if (found.state !== 'absent') return found
  }
  return { state: 'absent' }
}

/** The function a call runs, if it is the app's own, with its parameters bound to the call's arguments. */
export function calledFunction(place: Place, world: World, trace: Trace, depth = 0): Place | undefined {
  const callee = fieldOf(place.node, 'function')
  if (callee === undefined || depth > deepest) return undefined
  const target = resolve({ ...place, node: callee }, world, trace, depth + 1)
  if (!functionTypes.has(target.node.type)) return undefined
  const given = argumentsOf(place.node).map((node) => ({ ...place, node }))
  const bound = new Map([...place.frame.bound, ...target.frame.bound]).set(target.node, given)
  return { node: target.node, module: target.module, frame: { bound } }
}

/** What a function gives back, when it has one return. */
export function returnedBy(node: CodeNode): CodeNode | undefined {
  const body = fieldOf(node, 'body')
  if (body === undefined) return undefined
  if (body.type !== 'statement_block') return body.type === 'parenthesized_expression' ? body.children[0] : body
  const returns = [...nodesUnder(body, (inner) => !functionTypes.has(inner.type))].filter(
    ({ type }) => type === 'return_statement',
  )
  return returns.length === 1 ? returns[0]?.children[0] : undefined
}

/** Picks a branch; conditions are the same when their text in the module is. */
export function branchOf(node: CodeNode, trace: Trace): 'consequence' | 'alternative' {
  const condition = fieldOf(node, 'condition')
  return choose(condition === undefined ? '' : textOf(condition), 2, trace) === 0 ? 'consequence' : 'alternative'
}

function choose(condition: string, branches: number, trace: Trace): number {
  const chosen = trace.chosen.get(condition)
  if (chosen !== undefined) return chosen
  trace.open.set(condition, branches)
  return 0
}
