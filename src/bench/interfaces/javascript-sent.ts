import { type CodeNode, fieldOf, nodesUnder, textOf } from '#bench/syntax'
import type { SentFields } from './interface.ts'
import { argumentsOf, declarationOf, functionAround, keyText, type Module } from './javascript-modules.ts'
import { branchOf, type Place, resolve, type Trace, type World } from './javascript-values.ts'

const nothingKnown: SentFields = { names: [], places: [], open: true }
const deepest = 8

/** The fields a request body has, as far as they are visible. */
export function sentBy(body: Place, world: World, trace: Trace, depth = 0): SentFields {
  if (depth > deepest) return nothingKnown
  const at = body.node.type === 'identifier' ? body : resolve(body, world, trace)
  const { node } = at
  const of = (next: CodeNode): SentFields => sentBy({ ...at, node: next }, world, trace, depth + 1)
  switch (node.type) {
    case 'object':
      return objectFields(at, node, world, trace, depth)
    case 'identifier':
    case 'shorthand_property_identifier':
      return variableFields(at, world, trace, depth)
    case 'ternary_expression': {
      const branch = fieldOf(node, branchOf(node, trace))
      return branch === undefined ? nothingKnown : of(branch)
    }
    case 'call_expression': {
      const callee = fieldOf(node, 'function')
      const first = argumentsOf(node)[0]
      const name = callee === undefined ? '' : textOf(callee)
      return name === 'JSON.stringify' && first !== undefined ? of(first) : nothingKnown
    }
    case 'new_expression': {
      const first = argumentsOf(node)[0]
      const named = fieldOf(node, 'constructor')
      const kind = named === undefined ? '' : textOf(named)
      if (kind === 'URLSearchParams' && first !== undefined) return of(first)
      return nothingKnown
    }
    default:
      return nothingKnown
  }
}

function objectFields(at: Place, node: CodeNode, world: World, trace: Trace, depth: number): SentFields {
  const names: string[] = []
  const places: SentFields['places'][number][] = []
  let open = false
  for (const each of node.children) {
    const key = fieldOf(each, 'key')
    const own = each.type === 'shorthand_property_identifier' ? each : key
    if (own !== undefined && own.type !== 'computed_property_name')
      places.push({ name: keyText(own), file: at.module.path, line: own.line })
    if (each.type === 'pair' && key !== undefined && key.type !== 'computed_property_name') names.push(keyText(key))
    else if (each.type === 'shorthand_property_identifier') names.push(textOf(each))
    else if (each.type === 'spread_element' && each.children[0] !== undefined) {
      const inner = sentBy({ ...at, node: conditionalValue(each.children[0]) }, world, trace, depth + 1)
      names.push(...inner.names)
      places.push(...inner.places)
      open ||= inner.open
    } else if (each.type !== 'comment') open = true
  }
  return { names: [...new Set(names)], places, open }
}

/** `...(condition && { a })` sends what is behind the condition. */
function conditionalValue(node: CodeNode): CodeNode {
  const inner = node.type === 'parenthesized_expression' ? (node.children[0] ?? node) : node
  return inner.type === 'binary_expression' ? (fieldOf(inner, 'right') ?? inner) : inner
}

function variableFields(at: Place, world: World, trace: Trace, depth: number): SentFields {
  const name = textOf(at.node)
  const declared = declarationOf(at.module, name, at.node)
  if (declared === undefined) return nothingKnown
  if (declared.kind === 'element') return stateFields(at.module, declared.of, declared.key, name)
  if (declared.kind === 'value' && declared.value?.type === 'new_expression') {
    return builtFields(at.module, declared.value, name, declared.scope)
  }
  const target = resolve(at, world, trace)
  if (target.node === at.node || target.node.type === 'identifier') return nothingKnown
  const known = sentBy(target, world, trace, depth + 1)
  const added = [...at.module.assignments.keys()].flatMap((left) =>
    left.startsWith(`${name}.`) && /^\w+$/.test(left.slice(name.length + 1)) ? [left.slice(name.length + 1)] : [],
  )
  const computed = [...at.module.assignments.keys()].some((left) => left.startsWith(`${name}[`))
  return { names: [...new Set([...known.names, ...added])], places: known.places, open: known.open || computed }
}

/** `const [form, setForm] = useState({ a: '' })`: what it starts with, what is set, and the inputs named after fields. */
function stateFields(module: Module, hook: CodeNode, key: string | number, name: string): SentFields {
  const callee = fieldOf(hook, 'function')
  const initial = argumentsOf(hook)[0]
  if (callee === undefined || !/^(?:React\.)?useState$/.test(textOf(callee)) || key !== 0) return nothingKnown
  if (initial?.type !== 'object' || initial.children.length === 0) return nothingKnown
  const names = new Set<string>()
  let open = false
  for (const each of initial.children) {
    const field = fieldOf(each, 'key')
    if (each.type === 'pair' && field !== undefined) names.add(keyText(field))
    else if (each.type === 'shorthand_property_identifier') names.add(textOf(each))
    else if (each.type !== 'comment') open = true
  }
  const pattern = hook.parent === undefined ? undefined : fieldOf(hook.parent, 'name')
  const setter = pattern?.type === 'array_pattern' ? pattern.children[1] : undefined
  if (setter === undefined) return { names: [...names], places: [], open }
  for (const call of module.calls) {
    const called = fieldOf(call, 'function')
    if (called === undefined || textOf(called) !== textOf(setter)) continue
    const argument = argumentsOf(call)[0]
    const value = argument === undefined ? undefined : setValue(argument)
    if (value?.type !== 'object') {
      open = true
      continue
    }
    for (const each of value.children) {
      const field = fieldOf(each, 'key')
      if (each.type === 'pair' && field?.type === 'computed_property_name')
        for (const input of namedInputs(module)) names.add(input)
      else if (each.type === 'pair' && field !== undefined) names.add(keyText(field))
      else if (each.type === 'shorthand_property_identifier') names.add(textOf(each))
      else if (each.type === 'spread_element' && each.children[0] !== undefined) {
        const spread = textOf(each.children[0])
        const updater = functionAround(each)
        const parameter =
          updater === undefined
            ? undefined
            : (fieldOf(updater, 'parameter') ?? fieldOf(updater, 'parameters')?.children[0])
        if (spread !== name && spread !== (parameter === undefined ? '' : textOf(parameter))) open = true
      }
    }
  }
  return { names: [...names], places: [], open }
}

/** The value a state setter sets: its argument, or what its updater function returns. */
function setValue(argument: CodeNode): CodeNode | undefined {
  if (argument.type !== 'arrow_function') return argument
  const body = fieldOf(argument, 'body')
  return body?.type === 'parenthesized_expression' ? body.children[0] : body
}

function namedInputs(module: Module): string[] {
  return [...nodesUnder(module.source.root)].flatMap((node) => {
    const [name, value] = node.type === 'jsx_attribute' ? node.children : []
    return name !== undefined && value?.type === 'string' && textOf(name) === 'name' ? [textOf(value).slice(1, -1)] : []
  })
}

/** `const data = new FormData()` and what is appended to it. */
function builtFields(module: Module, value: CodeNode, name: string, scope: CodeNode): SentFields {
  const named = fieldOf(value, 'constructor')
  const kind = named === undefined ? '' : textOf(named)
  if ((kind !== 'FormData' && kind !== 'URLSearchParams') || argumentsOf(value).length > 0) return nothingKnown
  const names: string[] = []
  let open = false
  for (const call of module.calls) {
    const callee = fieldOf(call, 'function')
    if (call.start < scope.start || call.end > scope.end || callee === undefined) continue
    if (textOf(callee) === `${name}.append` || textOf(callee) === `${name}.set`) {
      const key = argumentsOf(call)[0]
      if (key?.type === 'string') names.push(keyText(key))
      else open = true
    }
  }
  return { names: [...new Set(names)], places: [], open: open || names.length === 0 }
}
