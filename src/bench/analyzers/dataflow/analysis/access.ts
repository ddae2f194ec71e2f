import type { Constant, ModuleIr, Slot, Span, Temp } from '../ir/ir.ts'
import type { NameFacts } from '../models/lookup.ts'
import { type ClassFacts, definitionOf, type Engine, type Frame, placeOf } from './engine.ts'
import { noKinds } from './kinds.ts'
import { readColumn, tableOfClass, withTable } from './records.ts'
import { noteRead } from './seen.ts'
import { contents, type HeapObject, heapObject, variable, withFact, withField, withObject, withRest } from './state.ts'
import {
  allConstants,
  anything,
  asParts,
  constantValue,
  externalValue,
  joinValues,
  type Label,
  labelled,
  nothing,
  objectValue,
  onlyConstant,
  type Ref,
  refValue,
  stepped,
  type Value,
} from './value.ts'

/** Makes an object that this place of the program creates. */
export function newObject(object: HeapObject, site: string, frame: Frame, engine: Engine): Value {
  const at = objectNumber(site, frame, engine)
  if (frame.state !== undefined) frame.state = withObject(frame.state, at, object)
  return objectValue(at)
}

/** The number of the object that a place of the program creates. */
export function objectNumber(site: string, frame: Frame, engine: Engine): number {
  let numbers = engine.objects.get(frame.context)
  if (numbers === undefined) {
    numbers = new Map()
    engine.objects.set(frame.context, numbers)
  }
  let number = numbers.get(site)
  if (number === undefined) {
    number = engine.newNumber()
    numbers.set(site, number)
  }
  return number
}

export function newList(elements: Value, site: string, frame: Frame, engine: Engine): Value {
  return newObject({ kind: 'list', fields: new Map(), rest: elements }, site, frame, engine)
}

/** The constant an index is. */
export function keyOf(index: Value | undefined): string | number | undefined {
  const constant = onlyConstant(index)?.value
  return typeof constant === 'string' || typeof constant === 'number' ? constant : undefined
}

/** The number of the access path an expression is (`x`, `req.query.next`, `args.get('next')`), when it is one. */
export function pathOf(temp: Temp, frame: Frame, engine: Engine): number | undefined {
  // What is written there says it: the same in every run of the function.
  const { paths } = frame.facts
  let path = paths[temp]
  if (path === undefined) {
    const text = pathText(temp, frame, 0)
    path = text === undefined ? null : { number: engine.number(`path ${text}`), slot: slotOf(temp, frame) }
    paths[temp] = path
  }
  if (path === null) return undefined
  if (path.slot !== undefined) {
    const asked = frame.paths.get(path.slot)
    if (asked === undefined) frame.paths.set(path.slot, new Set([path.number]))
    else asked.add(path.number)
  }
  return path.number
}

/** The variable an access path starts at. */
function slotOf(temp: Temp | undefined, frame: Frame): Slot | undefined {
  const definition = definitionOf(temp, frame)
  switch (definition?.op) {
    case 'load':
      return definition.slot
    case 'get':
      return slotOf(definition.object, frame)
    case 'call':
      return slotOf(definition.receiver, frame)
    default:
      return undefined
  }
}

function pathText(temp: Temp, frame: Frame, depth: number): string | undefined {
  const definition = definitionOf(temp, frame)
  if (definition === undefined || depth > 6) return undefined
  switch (definition.op) {
    case 'load':
      return `slot${definition.slot}`
    case 'global':
      return definition.name
    case 'get': {
      const object = pathText(definition.object, frame, depth + 1)
      const key = definition.key ?? constantAt(definition.index, frame)
      return object === undefined || key === undefined ? undefined : `${object}.${String(key)}`
    }
    case 'call': {
      // `args.get('next')` asked twice is the same value.
      const [only] = definition.arguments
      if (definition.method !== 'get' || definition.receiver === undefined || only?.spread !== undefined)
        return undefined
      const object = pathText(definition.receiver, frame, depth + 1)
      const key = constantAt(only?.value, frame)
      return object === undefined || key === undefined ? undefined : `${object}.get(${String(key)})`
    }
    default:
      return undefined
  }
}

function constantAt(temp: Temp | undefined, frame: Frame): Constant {
  const definition = definitionOf(temp, frame)
  return definition?.op === 'constant' ? definition.value : undefined
}

/** Reads an attribute or item. */
export function readKey(
  object: Value,
  key: string | number | undefined,
  attribute: boolean,
  span: Span,
  frame: Frame,
  engine: Engine,
): Value {
  if (key === '$enter') return object
  let result: Value = nothing
  for (const ref of object.refs) result = joinValues(result, readRef(ref, key, attribute, span, frame, engine))
  if ((object.labels.length > 0 || object.open) && !isOwnSource(object, key, frame, engine)) {
    const labels = isHost(object, key, frame, engine)
      ? object.labels.map((label): Label => ({ ...label, aspect: label.aspect === 'whole' ? 'host' : label.aspect }))
      : partLabels(object.labels, key, span, frame, engine)
    result = joinValues(result, labelled(labels))
  }
  if (object.known.length > 0) result = joinValues(result, readConstant(object.known, key))
  return result === nothing ? anything : result
}

/** Whether the models speak of the part by itself: `headers.host`. */
function isOwnSource(object: Value, key: string | number | undefined, frame: Frame, engine: Engine): boolean {
  const [ref] = object.refs
  if (typeof key !== 'string' || ref?.kind !== 'external' || object.refs.length > 1) return false
  const { source } = engine.models(frame.facts.module.path).facts(memberName(ref.name, key))
  return source !== undefined && source.judge === undefined
}

/** Whether an attribute is the host of the address the object stands for: `urlparse(x).netloc`. */
function isHost(object: Value, key: string | number | undefined, frame: Frame, engine: Engine): boolean {
  if (typeof key !== 'string') return false
  const models = engine.models(frame.facts.module.path)
  return object.refs.some(
    (ref) => ref.kind === 'external' && models.facts(memberName(ref.name, key)).pass?.aspect === 'host',
  )
}

function readConstant(known: readonly Constant[], key: string | number | undefined): Value {
  let result: Value = nothing
  for (const constant of known) {
    if (typeof constant !== 'string') continue
    if (key === 'length') result = joinValues(result, constantValue(constant.length))
    else if (typeof key === 'number') {
      const character = constant.at(key)
      result = joinValues(result, character === undefined ? anything : constantValue(character))
    } else result = joinValues(result, anything)
  }
  return result
}

/** What an entry of something from outside holds: its own whole when the thing is the whole of a source. */
export function partLabels(
  labels: readonly Label[],
  key: string | number | undefined,
  span: Span,
  frame: Frame,
  engine: Engine,
): readonly Label[] {
  if (labels.length === 0) return labels
  const place = placeOf(span, frame)
  const text = frame.facts.module.text.slice(span.start, Math.min(span.end, span.start + 80))
  const derived = labels.map((label): Label => {
    if (label.aspect !== 'whole') return label
    const source = engine.source(
      place,
      label.source.input,
      label.source,
      key === undefined ? `${span.start}` : `${key}`,
    )
    return { ...label, source }
  })
  const isPlain = typeof key === 'string' && plainData.test(key)
  const kept = isPlain ? derived.map((label) => (isSecondHand(label) ? { ...label, sure: noKinds } : label)) : derived
  return stepped(kept, place, `read: ${text}`)
}

/** Fields that programs fill themselves with numbers and dates. */
const plainData =
  /^(?:_?id|\w*(?:Id|_id|Count|_count|Total|_total|At|_at)|count|total|price|amount|quantity|qty|votes|number|size|length|year|age|score|rating|lat|lng|date|time|timestamp|status|ok|success|page|pages|percent|percentage)$/

/** Whether somebody else handed it on, who may have written it: a store, a server. */
function isSecondHand({ source }: Label): boolean {
  return source.confidence !== undefined
}

function readRef(
  ref: Ref,
  key: string | number | undefined,
  attribute: boolean,
  span: Span,
  frame: Frame,
  engine: Engine,
): Value {
  switch (ref.kind) {
    case 'object': {
      const object = frame.state === undefined ? undefined : heapObject(frame.state, ref.at)
      if (object === undefined) return anything
      if (key === undefined) return contents(object)
      const own = object.fields.get(key)
      if (own !== undefined)
        return object.rest.labels.length > 0 && object.kind === 'list' ? joinValues(own, object.rest) : own
      if (object.kind === 'list' && typeof key === 'number') {
        if (key < 0 && object.rest === nothing) return object.fields.get(object.fields.size + key) ?? contents(object)
        return object.rest === nothing ? contents(object) : object.rest
      }
      if (object.class !== undefined && typeof key === 'string') {
        const member = readMember(object.class, key, refValue(ref), engine)
        const [inherited] = member?.refs ?? []
        // What a class of a library gives its instances may come from outside.
        if (inherited?.kind === 'external') return externalNamed(inherited.name, span, frame, engine)
        if (member !== undefined) return member
      }
      return object.rest === nothing ? anything : object.rest
    }
    case 'class':
    case 'super': {
      if (typeof key !== 'string') return anything
      if (key === '$super') return anything
      const self = ref.kind === 'super' ? ref.self : undefined
      return readMember(ref.id, key, self, engine) ?? anything
    }
    case 'module':
      return typeof key === 'string' ? engine.exported(ref.path, key, frame) : anything
    case 'external': {
      const tail = typeof key === 'string' && /^[\w$]+$/.test(key) ? key : attribute ? '?' : '[]'
      const name = tail === '[]' ? `${ref.name}[]` : memberName(ref.name, tail)
      const named = withTable(externalNamed(name, span, frame, engine), ref.table)
      const kept = storedUnder(ref.name, key, frame, engine) ?? readColumn(ref, key, span, frame, engine)
      return kept === undefined ? named : joinValues(named, kept)
    }
    case 'function':
    case 'regex':
      return anything
  }
}

const memberNames = new Map<string, Map<string, string>>()
const maximalOwners = 5000

/** `${owner}.${key}`, as the same text each time: one that is found in maps without being read again. */
function memberName(owner: string, key: string): string {
  let names = memberNames.get(owner)
  if (names === undefined) {
    if (memberNames.size >= maximalOwners) memberNames.clear()
    names = new Map()
    memberNames.set(owner, names)
  }
  let name = names.get(key)
  if (name === undefined) {
    name = `${owner}.${key}`
    names.set(key, name)
  }
  return name
}

/** Names of things that one request may leave something in for another. */
const maySurvive = /session|locals|(?:^|\.)(?:g|state|store|cache|app|application|config|global|globalThis)(?:\(\))?$/i

/** What the app itself put into a thing of a library: `session['name']`, `res.locals.term`. */
function storedUnder(name: string, key: string | number | undefined, frame: Frame, engine: Engine): Value | undefined {
  if (key === undefined || frame.state === undefined) return undefined
  // Looked at also before anything was put there: whoever does it later makes this worth another run.
  const at = engine.stores.get(name) ?? (maySurvive.test(name) ? engine.number(`store ${name}`) : undefined)
  if (at === undefined) return undefined
  noteRead(frame.reads, at, key)
  return heapObject(frame.state, at)?.fields.get(key)
}

/** A thing of a library by its qualified name, with what the models say it holds. */
export function externalNamed(name: string, span: Span, frame: Frame, engine: Engine): Value {
  if (name.length > 160) return anything
  const facts = engine.models(frame.facts.module.path).facts(name)
  const value = externalValue(facts.type ?? name)
  if (facts.source === undefined || facts.source.judge !== undefined) return value
  const label = sourceLabel(facts.source, span, frame, engine)
  return label === undefined ? value : { ...value, open: true, labels: [label] }
}

const held = new WeakMap<ModuleIr, Map<RegExp, boolean>>()

/** Whether the text of a file holds a pattern; asked once. */
export function holds(module: ModuleIr, pattern: RegExp): boolean {
  const known = held.get(module) ?? new Map<RegExp, boolean>()
  held.set(module, known)
  const before = known.get(pattern)
  if (before !== undefined) return before
  const found = pattern.test(module.text)
  known.set(pattern, found)
  return found
}

/** The label of what a source gives here; undefined where the file is not of the kind it speaks of. */
export function sourceLabel(
  source: NonNullable<NameFacts['source']>,
  span: Span,
  frame: Frame,
  engine: Engine,
): Label | undefined {
  const { input, kinds, confidence, within } = source
  if (within !== undefined && !holds(frame.facts.module, within)) return undefined
  const place = engine.source(placeOf(span, frame), input, undefined, undefined, confidence)
  return { source: place, kinds, sure: kinds, aspect: 'whole', steps: undefined }
}

/** A member of a class or of the classes it extends; a bound method when `self` is given. */
export function readMember(
  id: number,
  key: string,
  self: Value | undefined,
  engine: Engine,
  depth = 0,
): Value | undefined {
  const facts = engine.classes.get(id)
  if (facts === undefined || depth > 8) return undefined
  if (depth === 0 && !facts.members.has(key)) {
    const inherited = inheritedMember(facts, key, self, engine, depth)
    return inherited === undefined ? undefined : withTable(inherited, tableOfClass(facts, engine))
  }
  const member = facts.members.get(key)
  if (member !== undefined) return self === undefined ? member.value : bound(member.value, self)
  return inheritedMember(facts, key, self, engine, depth)
}

function inheritedMember(
  facts: ClassFacts,
  key: string,
  self: Value | undefined,
  engine: Engine,
  depth: number,
): Value | undefined {
  for (const base of facts.bases) {
    for (const ref of base.refs) {
      if (ref.kind === 'class') {
        const found = readMember(ref.id, key, self, engine, depth + 1)
        if (found !== undefined) return found
      } else if (ref.kind === 'external') {
        return externalValue(self === undefined ? `${ref.name}.${key}` : `${ref.name}().${key}`)
      }
    }
  }
  return undefined
}

/** Functions that know what `self` or `this` is. */
export function bound(value: Value, self: Value): Value {
  if (value.refs.every(({ kind }) => kind !== 'function')) return value
  return { ...value, refs: value.refs.map((ref) => (ref.kind === 'function' ? { ...ref, self } : ref)) }
}

/** Writes an attribute or item; `index` is what the key is, when it is computed. */
export function writeKey(
  target: Temp,
  object: Value,
  key: string | number | undefined,
  index: Value | undefined,
  value: Value,
  frame: Frame,
  engine: Engine,
): void {
  let { state } = frame
  if (state === undefined) return
  const [only] = object.refs
  const strong = object.refs.length === 1 && !object.open && only?.kind === 'object'
  for (const ref of object.refs) {
    if (ref.kind !== 'object' && ref.kind !== 'external') continue
    // What an element shows is no store: put back, it does what it did already.
    if (ref.kind === 'external' && (key === 'innerHTML' || key === 'outerHTML')) continue
    const at = ref.kind === 'object' ? ref.at : engine.number(`store ${ref.name}`)
    if (ref.kind === 'external') engine.stores.set(ref.name, at)
    const found = heapObject(state, at)
    if (found === undefined && ref.kind === 'object') continue
    const before: HeapObject = found ?? { kind: 'object', fields: new Map(), rest: nothing }
    const after = key === undefined ? withKeys(before, index, value) : withField(before, key, value, strong)
    state = withObject(state, at, after)
  }
  const path = pathOf(target, frame, engine)
  if (path !== undefined && key !== undefined && !strong) {
    const text = pathText(target, frame, 0)
    if (text !== undefined) state = withFact(state, engine.number(`path ${text}.${String(key)}`), value)
  }
  frame.state = state
}

/** The object after a write under a key that is one of several, or unknown. */
export function withKeys(object: HeapObject, index: Value | undefined, value: Value): HeapObject {
  const keys = index === undefined ? undefined : possibleKeys(index)
  if (keys === undefined) return withRest(object, value, index)
  return keys.reduce((after, key) => withField(after, key, value, false), object)
}

/** The constants an index may be, when it is surely one of them. */
export function possibleKeys(index: Value): readonly (string | number)[] | undefined {
  if (index.labels.length > 0) return undefined
  const constants = allConstants(index)
  return constants?.every((each) => typeof each === 'string' || typeof each === 'number') ? constants : undefined
}

/** Forgets what was known of paths that start at a variable which is overwritten. */
export function forgetPaths(slot: Slot, frame: Frame): void {
  const asked = frame.paths.get(slot)
  if (asked === undefined || frame.state === undefined || frame.state.facts.root.length === 0) return
  for (const path of asked) frame.state = withFact(frame.state, path, undefined)
}

/** One element of what is iterated. */
export function elementOf(value: Value, keys: boolean, span: Span, frame: Frame): Value {
  let result: Value = nothing
  for (const ref of value.refs) {
    const object = ref.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
    if (ref.kind === 'external' && ref.table !== undefined) {
      result = joinValues(result, withTable(externalValue(`${ref.name}[]`), ref.table))
    } else if (object === undefined) result = joinValues(result, anything)
    else if (object.kind === 'list' && !keys) result = joinValues(result, contents(object))
    else {
      for (const key of object.fields.keys()) result = joinValues(result, constantValue(key))
      if (object.rest !== nothing || object.keys !== undefined) result = joinValues(result, object.keys ?? anything)
      // A JavaScript `Map` is read in pairs of key and value.
      const isMap = !keys && frame.facts.module.language === 'javascript'
      if (isMap) result = joinValues(result, labelled(contents(object).labels))
    }
  }
  for (const constant of value.known) {
    if (typeof constant === 'string')
      for (const each of new Set(constant)) result = joinValues(result, constantValue(each))
  }
  if (value.open) {
    const labels = stepped(asParts(value.labels), placeOf(span, frame), 'one of its elements')
    result = joinValues(result, labelled(labels))
  }
  return result === nothing ? anything : result
}

export function slotValue(slot: number, frame: Frame, engine: Engine): Value {
  if (engine.program.moduleSlots.has(slot)) frame.reads.variables.add(slot)
  return (frame.state === undefined ? undefined : variable(frame.state, slot)) ?? nothing
}
