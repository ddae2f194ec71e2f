import type { Constant, Instruction, Temp } from '../ir/ir.ts'
import { keyOf, pathOf } from './access.ts'
import { isTrustedCollection, optionsIn } from './compare.ts'
import { deepLabels } from './deep-labels.ts'
import { nameBefore, nameEndingIn, saysEnding } from './endings.ts'
import { definitionOf, type Engine, type Frame } from './engine.ts'
import { allKinds, type Kinds, kindsOf } from './kinds.ts'
import { regexTest as patternTest, regexLimits } from './regex.ts'
import { fact, variable, withFact, withVariable } from './state.ts'
import {
  allConstants,
  constantValue,
  joinValues,
  mapLabels,
  nothing,
  onlyConstant,
  onlyText,
  type Value,
  withoutKinds,
} from './value.ts'

/** Narrows the state of a frame to the runs in which a condition holds (or does not). */
export function refine(condition: Temp, holds: boolean, frame: Frame, engine: Engine, depth = 0): void {
  const definition = definitionOf(condition, frame)
  if (definition === undefined || frame.state === undefined || depth > 8) return
  switch (definition.op) {
    case 'unary':
      if (definition.operator === 'not' || definition.operator === '!')
        refine(definition.operand, !holds, frame, engine, depth + 1)
      return
    case 'binary': {
      const isAnd = definition.operator === 'and' || definition.operator === '&&'
      const isOr = definition.operator === 'or' || definition.operator === '||'
      // Nothing is left of the keys without those allowed.
      if (definition.operator === '-' && !holds) {
        keysWithin(definition.left, frame.temps[definition.right], frame, engine)
      }
      if ((isAnd && holds) || (isOr && !holds)) {
        refine(definition.left, holds, frame, engine, depth + 1)
        refine(definition.right, holds, frame, engine, depth + 1)
      }
      return
    }
    case 'compare':
      refineComparison(definition, holds, frame, engine)
      return
    case 'call':
      refineCall(condition, definition, holds, frame, engine)
      return
    case 'load': {
      // A flag holds the condition it was computed from.
      const origin = soleStore(definition.slot, frame)
      if (origin !== undefined) refine(origin, holds, frame, engine, depth + 1)
      else for (const each of bothParts(definition.slot, holds, frame)) refine(each, holds, frame, engine, depth + 1)
      keepTruth(condition, holds, frame, engine)
      break
    }
    case 'get':
      keepTruth(condition, holds, frame, engine)
      break
    default:
      return
  }
  // Text that counts as false is empty.
  if (!holds) restrict(condition, allKinds, frame, engine)
}

/**
 * The two parts of a short circuit kept in a nameless variable (`return a and b`), where its truth is that of both: of `and`
 * when it holds, of `or` when it does not.
 */
function bothParts(slot: number, holds: boolean, frame: Frame): readonly Temp[] {
  if (frame.facts.module.slotNames[slot] !== '') return []
  const { blocks } = frame.facts.ir
  const stores = frame.facts.stores.get(slot) ?? []
  const [first, second] = stores
  if (first === undefined || second === undefined || stores.length !== 2) return []
  for (const [left, right] of [
    [first, second],
    [second, first],
  ] as const) {
    const end = blocks[left.block]?.end
    if (end?.kind !== 'branch' || end.condition !== left.value) continue
    if (reachesFirst(holds ? end.then : end.else, right.block, frame)) return [left.value, right.value]
  }
  return []
}

/** Whether a block leads to another one before anything else stores to the variable: through the parts of its own condition. */
function reachesFirst(from: number, to: number, frame: Frame): boolean {
  const after = new Set<number>()
  const open = [from]
  for (let block = open.pop(); block !== undefined && after.size < 24; block = open.pop()) {
    if (block === to) return true
    if (after.has(block)) continue
    after.add(block)
    const end = frame.facts.ir.blocks[block]?.end
    if (end?.kind === 'branch') open.push(end.then, end.else)
  }
  return false
}

/** The one value a local variable is ever given, when it is given only one. */
function soleStore(slot: number, frame: Frame): Temp | undefined {
  const stores = frame.facts.stores.get(slot)
  return stores?.length === 1 ? stores[0]?.value : undefined
}

/** Of the constants a value may be, those of the right truth stay. */
function keepTruth(temp: Temp, holds: boolean, frame: Frame, engine: Engine): void {
  const value = frame.temps[temp]
  if (value === undefined || value.known.length === 0) return
  const known = value.known.filter((constant) => Boolean(constant) === holds)
  if (known.length === value.known.length) return
  if (known.length === 0 && !value.open && value.refs.length === 0) frame.state = undefined
  else setOperand(temp, { ...value, known }, frame, engine)
}

type Compare = Extract<Instruction, { op: 'compare' }>
type Call = Extract<Instruction, { op: 'call' }>

function refineComparison(compare: Compare, holds: boolean, frame: Frame, engine: Engine): void {
  const { operator } = compare
  if (operator === 'in' || operator === 'not in') {
    const isIn = holds === (operator === 'in')
    const collection = frame.temps[compare.right] ?? nothing
    const options = optionsIn(collection, frame.state)
    if (isIn) underFolder(compare, frame, engine)
    if (isIn) isAmong(compare.left, collection, frame, engine)
    else if (options?.includes('__proto__') === true) restrict(compare.left, kindsOf('property'), frame, engine)
    const text = onlyText(frame.temps[compare.left])
    if (!isIn && text !== undefined) lacks(compare.right, text, frame, engine)
    return
  }
  if (operator === '<=' && holds) {
    keysWithin(compare.left, frame.temps[compare.right], frame, engine)
    return
  }
  if (operator === '==' || operator === '!=') {
    const equal = holds === (operator === '==')
    equality(compare.left, compare.right, equal, frame, engine)
    equality(compare.right, compare.left, equal, frame, engine)
  }
}

/** `folder in path.parents`, of a path that was resolved. */
function underFolder({ left, right }: Compare, frame: Frame, engine: Engine): void {
  const definition = definitionOf(right, frame)
  if (definition?.op !== 'get' || definition.key !== 'parents' || (frame.temps[left]?.labels.length ?? 0) > 0) return
  if (frame.temps[definition.object]?.resolved === true) restrict(definition.object, insideFolder, frame, engine)
}

/** The operand is one of a collection of the program. */
function isAmong(temp: Temp, collection: Value, frame: Frame, engine: Engine): void {
  const options = optionsIn(collection, frame.state)
  const isTrusted = options !== undefined || isTrustedCollection(collection, frame.state)
  if (isTrusted) endsAsAllowed(nameEndingIn(temp, frame), frame, engine)
  if (options !== undefined) restrictTo(temp, options, frame, engine)
  else if (isTrusted) restrict(temp, allKinds, frame, engine)
}

/** The ending of a name is one of the program's choice. */
function endsAsAllowed(name: Temp | undefined, frame: Frame, engine: Engine): void {
  for (let at = name, depth = 0; at !== undefined && depth < 6; depth++) {
    restrict(at, kindsOf('upload'), frame, engine)
    at = nameBefore(at, frame)
  }
}

/** `set(data) <= ALLOWED`, `data.keys() <= ALLOWED`: no other key is in what was sent. */
function keysWithin(temp: Temp, allowed: Value | undefined, frame: Frame, engine: Engine): void {
  if (allowed === undefined || !isTrustedCollection(allowed, frame.state)) return
  const definition = definitionOf(temp, frame)
  const keyed =
    definition?.op !== 'call'
      ? temp
      : definition.method === 'keys'
        ? definition.receiver
        : definition.arguments[0]?.value
  if (keyed === undefined) return
  const inner = definitionOf(keyed, frame)
  restrict(keyed, kindsOf('fields', 'property'), frame, engine)
  if (inner?.op === 'call' && inner.method === 'keys' && inner.receiver !== undefined) {
    restrict(inner.receiver, kindsOf('fields', 'property'), frame, engine)
  }
}

function equality(temp: Temp, other: Temp, equal: boolean, frame: Frame, engine: Engine): void {
  const value = frame.temps[other]
  if (value === undefined || value.labels.length > 0) return
  const constants = allConstants(value)
  const definition = definitionOf(temp, frame)
  if (definition?.op === 'unary' && definition.operator === 'typeof') {
    typeIs(definition.operand, onlyText(value), equal, frame, engine)
    return
  }
  if (
    definition?.op === 'call' &&
    equal &&
    isConstantZero(value) &&
    /^(?:find|indexOf|search)$/.test(definition.method ?? '')
  ) {
    startsWith(definition, frame, engine)
    return
  }
  // `pattern.match(x) is None` asks for the truth of the call.
  if (definition?.op === 'call' && onlyConstant(value)?.value == null && constants !== undefined) {
    refineCall(temp, definition, !equal, frame, engine)
    return
  }
  if (definition?.op === 'call' && equal && definition.method === 'commonpath') {
    const paths = definition.arguments[0]?.value
    for (const label of paths === undefined ? [] : deepLabels(frame.temps[paths] ?? nothing, frame)) {
      everywhere(label.source.id, insideFolder, frame)
    }
    return
  }
  if (equal) {
    if (constants !== undefined) {
      endsAsAllowed(nameEndingIn(temp, frame), frame, engine)
      restrictTo(temp, constants, frame, engine)
    }
    // Equal to something that is not from outside, and not merely unknown.
    else if (value.refs.length > 0 && !value.open) restrict(temp, allKinds, frame, engine)
    else if (restsOnAspect(temp, frame)) restrict(temp, allKinds, frame, engine)
    return
  }
  if (constants?.some((constant) => constant === '__proto__')) restrict(temp, kindsOf('property'), frame, engine)
  const mine = frame.temps[temp]
  if (mine === undefined || constants === undefined) return
  const known = mine.known.filter((constant) => !constants.includes(constant))
  if (known.length === mine.known.length || constants.length !== 1) return
  if (known.length === 0 && !mine.open && mine.refs.length === 0) frame.state = undefined
  else setOperand(temp, { ...mine, known }, frame, engine)
}

function isConstantZero(value: Value): boolean {
  return onlyConstant(value)?.value === 0
}

function restsOnAspect(temp: Temp, frame: Frame): boolean {
  return frame.temps[temp]?.labels.some(({ aspect }) => aspect === 'host') ?? false
}

function typeIs(temp: Temp, type: string | undefined, equal: boolean, frame: Frame, engine: Engine): void {
  if (!equal || type === undefined) return
  if (type === 'string') restrict(temp, kindsOf('nosql', 'fields'), frame, engine)
  else if (type === 'number' || type === 'boolean' || type === 'bigint') restrict(temp, allKinds, frame, engine)
}

function refineCall(condition: Temp, call: Call, holds: boolean, frame: Frame, engine: Engine): void {
  const lesson = frame.lessons.get(condition)
  if (lesson !== undefined) {
    const learned = holds ? lesson.outcome.whenTrue : lesson.outcome.whenFalse
    learn(learned, lesson.temps, frame, engine)
    return
  }
  const first = call.arguments[0]?.value
  const { method, receiver } = call
  if (receiver !== undefined && (method === 'startswith' || method === 'startsWith')) {
    if (holds) startsWith(call, frame, engine)
    else lacks(receiver, `^${onlyText(frame.temps[first ?? -1]) ?? '\0'}`, frame, engine)
    return
  }
  if (
    receiver !== undefined &&
    (method === 'includes' || method === 'has' || method === 'contains') &&
    first !== undefined
  ) {
    const collection = frame.temps[receiver] ?? nothing
    if (holds) isAmong(first, collection, frame, engine)
    else if (optionsIn(collection, frame.state)?.includes('__proto__') === true) {
      restrict(first, kindsOf('property'), frame, engine)
    } else lacks(receiver, onlyText(frame.temps[first]) ?? '\0', frame, engine)
    return
  }
  if (regexTest(call, holds, frame, engine)) return
  if (receiver !== undefined && holds && (method === 'endswith' || method === 'endsWith') && first !== undefined) {
    if ((frame.temps[first]?.labels.length ?? 0) === 0) endsAsAllowed(receiver, frame, engine)
    return
  }
  if (receiver !== undefined && holds && method === 'issubset' && first !== undefined) {
    keysWithin(receiver, frame.temps[first], frame, engine)
    return
  }
  const callee = frame.temps[call.callee]
  const models = engine.models(frame.facts.module.path)
  const names = (callee?.refs ?? []).flatMap((ref) => (ref.kind === 'external' ? [ref.name] : []))
  if (method !== undefined) names.push(`?.${method}`)
  for (const name of names) {
    for (const guard of models.facts(name).guards) {
      if ((guard.answer ?? true) !== holds) continue
      const target = guard.argument === 'receiver' ? receiver : call.arguments[guard.argument]?.value
      if (target === undefined) continue
      if (guard.everything === true) {
        for (const { source } of frame.temps[target]?.labels ?? []) everywhere(source.id, allKinds, frame)
      }
      restrict(target, kindsOf(...guard.removes), frame, engine)
    }
    if (name === 'isinstance' && holds) isInstance(call, frame, engine)
  }
}

function isInstance(call: Call, frame: Frame, engine: Engine): void {
  const [target, type] = call.arguments
  if (target === undefined || type === undefined) return
  const names = (frame.temps[type.value]?.refs ?? []).map((ref) => (ref.kind === 'external' ? ref.name : ''))
  if (names.length > 0 && names.every((name) => /^(?:int|float|bool|complex)$/.test(name))) {
    restrict(target.value, allKinds, frame, engine)
  } else if (names.length > 0 && names.every((name) => name === 'str')) {
    restrict(target.value, kindsOf('nosql', 'fields'), frame, engine)
  }
}

/** `re.fullmatch(p, x)`, `pattern.match(x)`, `/p/.test(x)`, `x.match(/p/)`. */
function regexTest(call: Call, holds: boolean, frame: Frame, engine: Engine): boolean {
  const test = patternTest(call, frame)
  if (test === undefined) return false
  if (!holds) {
    if (test.regex.pattern.includes('__proto__')) restrict(test.target, kindsOf('property'), frame, engine)
    return false
  }
  if (saysEnding(test.method === 'fullmatch' ? `${test.regex.pattern}$` : test.regex.pattern)) {
    endsAsAllowed(test.target, frame, engine)
  }
  const limits = regexLimits(call, frame)
  if (limits === undefined) return false
  restrict(limits.target, limits.removes, frame, engine)
  return true
}

/** After `x.startswith(p)`: the start of the text is the program's. */
function startsWith(call: Call, frame: Frame, engine: Engine): void {
  const receiver = call.receiver === undefined ? undefined : asTextOf(call.receiver, frame)
  const first = call.arguments[0]?.value
  if (receiver === undefined || first === undefined) return
  const prefix = frame.temps[first] ?? nothing
  if (prefix.labels.length > 0) return
  const texts = allConstants(prefix) ?? []
  const value = frame.temps[receiver]
  let removes: Kinds = allKinds
  for (const text of texts.length > 0 ? texts : [undefined]) removes &= startKinds(text, value)
  restrict(receiver, removes, frame, engine)
}

/** What `str(path)` writes out. */
function asTextOf(temp: Temp, frame: Frame): Temp {
  const definition = definitionOf(temp, frame)
  if (definition?.op !== 'call') return temp
  const [callee] = frame.temps[definition.callee]?.refs ?? []
  const isText = callee?.kind === 'external' && /^(?:str|os\.fspath|String)$/.test(callee.name)
  return (isText ? definition.arguments[0]?.value : undefined) ?? temp
}

function startKinds(prefix: Constant, value: Value | undefined): Kinds {
  // Only a path that went through `realpath` or `resolve` is held by its start.
  const resolved = value?.resolved === true ? kindsOf('path') : 0
  if (typeof prefix !== 'string') return resolved
  let kinds = resolved | kindsOf('script-url')
  if (prefix === '/') return kindsOf('redirect-host', 'script-url')
  if (prefix.startsWith('/') && !prefix.startsWith('//')) kinds |= kindsOf('redirect')
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/?#\\]+[/?#]/i.test(prefix)) kinds |= kindsOf('url')
  if (prefix === '' || prefix === '#') kinds = 0
  return kinds
}

/** What a text cannot do when it does not hold `..`, or does not start with `^/`. */
function lacks(temp: Temp, text: string, frame: Frame, engine: Engine): void {
  if (text === '..' || text === '../' || text === '^..') restrict(temp, kindsOf('path-climb'), frame, engine)
  else if (text === '/' || text === '\\') restrict(temp, kindsOf('path', 'redirect-slashes'), frame, engine)
  else if (text === '^/') restrict(temp, kindsOf('path-absolute', 'redirect-slashes'), frame, engine)
  else if (text === '^//' || text === '//') restrict(temp, kindsOf('redirect-slashes'), frame, engine)
  else if (text === '://') restrict(temp, kindsOf('redirect-host'), frame, engine)
  // Between quotes, and inside one parenthesis, the value stays where it was put.
  else if (text === "'" || text === '"') restrict(temp, kindsOf('xpath'), frame, engine)
  else if (text === '(' || text === ')') restrict(temp, kindsOf('ldap-filter'), frame, engine)
  else if (text === '\n' || text === '\r') restrict(temp, kindsOf('header', 'log'), frame, engine)
}

/** The operand is one of these constants from here on. */
function restrictTo(temp: Temp, constants: readonly Constant[], frame: Frame, engine: Engine): void {
  const value = frame.temps[temp] ?? nothing
  if (value.labels.length === 0 && !value.open && value.known.length > 0 && value.refs.length === 0) {
    const known = value.known.filter((each) => constants.includes(each))
    if (known.length === 0) frame.state = undefined
    else setOperand(temp, { ...value, known }, frame, engine)
    return
  }
  restrict(temp, allKinds, frame, engine)
  const exact =
    constants.length <= 8
      ? constants.reduce<Value>((all, each) => joinValues(all, constantValue(each)), nothing)
      : undefined
  if (exact !== undefined && exact !== nothing) setOperand(temp, exact, frame, engine)
}

/** Takes kinds from an operand; when it is the whole of what a source gave, from everything made of it. */
export function restrict(temp: Temp, removes: Kinds, frame: Frame, engine: Engine): void {
  const value = frame.temps[temp]
  if (value === undefined || value.labels.length === 0 || removes === 0) return
  const wholes = value.labels.filter(({ aspect }) => aspect !== 'part')
  for (const { source, aspect } of wholes) {
    const kinds = aspect === 'host' ? kindsOf('redirect', 'ssrf', 'origin') : removes
    everywhere(source.id, kinds, frame)
  }
  // A path that stays inside its folder does so however it is put together again.
  if (value.resolved === true && (removes & insideFolder) === insideFolder) {
    for (const { source } of value.labels) everywhere(source.id, insideFolder, frame)
  }
  restrictAddress(temp, removes, frame, engine)
  // What an earlier restriction of the same condition left of it.
  setOperand(temp, withoutKinds(operandNow(temp, frame, engine) ?? value, removes), frame, engine)
  const definition = definitionOf(temp, frame)
  // `x.lower() in ALLOWED`, `str(x) == …` restrict x as well.
  if (definition?.op === 'call') {
    const inner =
      definition.receiver !== undefined && definition.arguments.length === 0 ? definition.receiver : undefined
    if (
      inner !== undefined &&
      /^(?:lower|upper|strip|trim|toLowerCase|toUpperCase|casefold)$/.test(definition.method ?? '')
    ) {
      restrict(inner, removes, frame, engine)
    }
  }
}

const insideFolder = kindsOf('path')
const ofHosts = kindsOf('redirect', 'ssrf', 'origin')

/** The host of an address speaks for the address, and for the text it was read from: `urlsplit(x).netloc`. */
function restrictAddress(temp: Temp, removes: Kinds, frame: Frame, engine: Engine): void {
  const host = made(temp, frame)
  if (host?.op !== 'get' || (removes & ofHosts) === 0) return
  const models = engine.models(frame.facts.module.path)
  const refs = frame.temps[host.object]?.refs ?? []
  const isHost = refs.some(
    (ref) => ref.kind === 'external' && models.facts(`${ref.name}.${String(host.key)}`).pass?.aspect === 'host',
  )
  if (!isHost) return
  const parsing = made(host.object, frame)
  const parsed = parsing?.op === 'call' ? parsing.arguments[0]?.value : undefined
  for (const each of [host.object, parsed === undefined ? undefined : beforeTidying(parsed, frame)]) {
    const before = each === undefined ? undefined : frame.temps[each]
    const now = each === undefined ? undefined : operandNow(each, frame, engine)
    // Another value was given to the variable since.
    if (each === undefined || before === undefined || now === undefined || !isOfSame(before, now)) continue
    setOperand(each, withoutKinds(now, removes & ofHosts), frame, engine)
  }
}

/** The instruction that made a value, also when a variable carried it: the last one stored to it before, if it was that. */
function made(temp: Temp, frame: Frame): Instruction | undefined {
  const definition = definitionOf(temp, frame)
  if (definition?.op !== 'load') return definition
  let last: Instruction | undefined
  for (const { value } of frame.facts.stores.get(definition.slot) ?? []) {
    const each = definitionOf(value, frame)
    if (each === undefined || each.start > definition.start || each.start < (last?.start ?? 0)) continue
    if (isOfSame(frame.temps[value] ?? nothing, frame.temps[temp] ?? nothing)) last = each
  }
  return last
}

/** The text an address was parsed from, before its slashes were made the same and spaces taken off. */
function beforeTidying(temp: Temp, frame: Frame): Temp {
  const definition = definitionOf(temp, frame)
  if (definition?.op !== 'call' || definition.receiver === undefined) return temp
  const [from] = definition.arguments
  const isTidying =
    from === undefined
      ? /^(?:strip|trim|lower|toLowerCase)$/.test(definition.method ?? '')
      : /^replace(?:All)?$/.test(definition.method ?? '') && onlyText(frame.temps[from.value]) === '\\'
  return isTidying ? definition.receiver : temp
}

function isOfSame(one: Value, other: Value): boolean {
  return other.labels.every(({ source }) => one.labels.some((label) => label.source === source))
}

function everywhere(source: number, kinds: Kinds, frame: Frame): void {
  for (let owner: Frame | undefined = frame, up = 0; owner !== undefined && up < 3; owner = owner.caller, up++) {
    // What requests send is kept in functions; a module's thousands of names need no look.
    if (owner !== frame && owner.facts.ir.kind === 'module') return
    for (const slot of owner.facts.ir.slots) {
      if (frame.state === undefined) return
      const value = variable(frame.state, slot)
      if (value === undefined || value.labels.length === 0) continue
      const cleaned = mapLabels(value, (label) =>
        label.source.id === source ? { ...label, kinds: label.kinds & ~kinds, sure: label.sure & ~kinds } : label,
      )
      if (cleaned !== value) frame.state = withVariable(frame.state, slot, cleaned)
    }
  }
}

/** What a predicate taught of its arguments, applied where they came from. */
export function learn(
  learned: readonly (Value | undefined)[],
  temps: readonly (Temp | undefined)[],
  frame: Frame,
  engine: Engine,
): void {
  learned.forEach((after, at) => {
    const temp = temps[at]
    const before = temp === undefined ? undefined : frame.temps[temp]
    if (after === undefined || temp === undefined || before === undefined || before.labels.length === 0) return
    let removes: Kinds = allKinds
    for (const label of before.labels) {
      const left = after.labels.find(({ source, aspect }) => source === label.source && aspect === label.aspect)
      removes &= left === undefined ? allKinds : ~left.kinds
    }
    restrict(temp, removes & allKinds, frame, engine)
  })
}

/** What is known of an operand by now, where it can be found again. */
function operandNow(temp: Temp, frame: Frame, engine: Engine): Value | undefined {
  const definition = definitionOf(temp, frame)
  if (frame.state === undefined) return undefined
  if (definition?.op === 'load') return variable(frame.state, definition.slot)
  const path = pathOf(temp, frame, engine)
  return path === undefined ? undefined : fact(frame.state, path)
}

/** Remembers what an operand is known to be, where it can be found again. */
function setOperand(temp: Temp, value: Value, frame: Frame, engine: Engine): void {
  const definition = definitionOf(temp, frame)
  if (frame.state === undefined) return
  if (definition?.op === 'load') frame.state = withVariable(frame.state, definition.slot, value)
  else {
    const path = pathOf(temp, frame, engine)
    if (path !== undefined) frame.state = withFact(frame.state, path, value)
  }
}

/** The key of an object a set or get names. */
export function instructionKey(
  instruction: { readonly key?: string | number; readonly index?: Temp },
  frame: Frame,
): string | number | undefined {
  return instruction.key ?? (instruction.index === undefined ? undefined : keyOf(frame.temps[instruction.index]))
}
