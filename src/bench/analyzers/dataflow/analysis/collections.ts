import type { Instruction } from '../ir/ir.ts'
import { elementOf, keyOf, newList, newObject, readKey, withKeys } from './access.ts'
import { deepLabels } from './deep-labels.ts'
import type { CallArguments, Engine, Frame } from './engine.ts'
import { contents, type HeapObject, heapObject, withField, withObject, withRest } from './state.ts'
import { anything, constantValue, joinValues, labelled, nothing, onlyConstant, type Ref, type Value } from './value.ts'

type Call = Extract<Instruction, { op: 'call' }>
/** Calls a function value with positional arguments. */
export type Invoke = (
  callee: Value,
  args: readonly Value[],
) => { readonly value: Value; readonly kept?: Value | undefined }

const adding = new Set(['append', 'push', 'add', 'unshift', 'appendleft', 'put', 'put_nowait', 'enqueue'])
const taking = new Set(['pop', 'shift', 'popleft', 'popitem', 'at', 'next', 'get_nowait', 'find', 'findLast'])
const same = new Set([
  'slice',
  'copy',
  'reverse',
  'sort',
  'toSorted',
  'toReversed',
  'flat',
  'concat',
  'union',
  'difference',
  'intersection',
  'toArray',
  'fill',
])
const nothingBack = new Set([
  'clear',
  'remove',
  'discard',
  'delete',
  'index',
  'indexOf',
  'count',
  'includes',
  'has',
  'findIndex',
])

/** A method of a list, dictionary, set or map the program made; undefined when it is none. */
export function collectionMethod(
  call: Call,
  receiver: Value,
  args: CallArguments,
  frame: Frame,
  engine: Engine,
  invoke: Invoke,
): Value | undefined {
  const objects = receiver.refs.filter((ref) => ref.kind === 'object')
  if (objects.length === 0 || objects.length < receiver.refs.length) return undefined
  const method = call.method ?? ''
  const [first, second] = args.positional
  const strong = objects.length === 1 && !receiver.open
  const site = `${call.start} ${method}`
  if (adding.has(method)) {
    const added = args.positional.at(-1) ?? args.more ?? anything
    return each(objects, frame, (object) => append(object, added, strong))
  }
  switch (method) {
    case 'insert':
      return each(objects, frame, (object) => inserted(object, strong ? keyOf(first) : undefined, second ?? anything))
    case 'extend':
      return each(objects, frame, (object) => {
        const added = strong ? elementsInOrder(first, frame) : undefined
        if (added !== undefined) return added.reduce((all, element) => append(all, element, true), object)
        return withRest(
          { ...object, fields: new Map(), rest: contents(object) },
          elementOf(first ?? anything, false, call, frame),
        )
      })
    case 'set':
    case 'setdefault':
    case 'setItem': {
      const key = keyOf(first)
      each(objects, frame, (object) =>
        key === undefined
          ? withKeys(object, first, second ?? anything)
          : withField(object, key, second ?? anything, strong),
      )
      return method === 'setdefault' ? readKey(receiver, key, false, call, frame, engine) : receiver
    }
    case 'get':
    case 'getItem': {
      const found = readKey(receiver, keyOf(first), false, call, frame, engine)
      return second === undefined ? found : joinValues(found, second)
    }
    case 'update':
    case 'assign': {
      const given = args.positional[0]
      each(objects, frame, (object) => merged(object, given, args, frame))
      return anything
    }
    case 'values':
      return newList(allContents(objects, frame), site, frame, engine)
    case 'keys':
      return newList(elementOf(receiver, true, call, frame), site, frame, engine)
    case 'items':
    case 'entries':
      return pairs(receiver, objects, site, call, frame, engine)
    case 'join':
      return labelled(allContents(objects, frame).labels)
    case 'forEach':
    case 'map':
    case 'flatMap':
    case 'filter':
    case 'some':
    case 'every':
    case 'reduce':
      return higherOrder(method, allContents(objects, frame), args, receiver, site, frame, engine, invoke)
  }
  if (method === 'find' && first !== undefined) return invokedKeeping(allContents(objects, frame), first, invoke)
  if (taking.has(method)) return taken(objects, method, first, frame)
  if (same.has(method)) return sameContents(objects, args, site, frame, engine)
  return nothingBack.has(method) ? anything : undefined
}

/** `map`, `filter`, `reduce`… over elements that are known or come from outside. */
export function higherOrder(
  method: string,
  element: Value,
  args: CallArguments,
  receiver: Value,
  site: string,
  frame: Frame,
  engine: Engine,
  invoke: Invoke,
): Value {
  const [callback, initial] = args.positional
  if (callback === undefined) return anything
  if (method === 'reduce') {
    const once = invoke(callback, [initial ?? element, element, anything, receiver]).value
    const again = invoke(callback, [joinValues(initial ?? element, once), element, anything, receiver]).value
    return joinValues(initial, joinValues(once, again))
  }
  const { value, kept } = invoke(callback, [element, anything, receiver])
  if (method === 'map') return newList(value, site, frame, engine)
  if (method === 'flatMap') return newList(joinValues(value, contentsOf(value, frame)), site, frame, engine)
  if (method === 'filter') return newList(kept ?? element, site, frame, engine)
  return anything
}

function invokedKeeping(element: Value, callback: Value, invoke: Invoke): Value {
  return joinValues(invoke(callback, [element, anything]).kept ?? element, constantValue(undefined))
}

function each(objects: readonly Ref[], frame: Frame, change: (object: HeapObject) => HeapObject): Value {
  for (const ref of objects) {
    if (ref.kind !== 'object' || frame.state === undefined) continue
    const object = heapObject(frame.state, ref.at)
    if (object === undefined) continue
    const after = change(object)
    if (after !== object) frame.state = withObject(frame.state, ref.at, after)
  }
  return anything
}

/** Adds an element: at the next index while every element is known. */
export function append(object: HeapObject, added: Value, strong: boolean): HeapObject {
  if (object.kind === 'list' && strong && object.rest === nothing)
    return withField(object, object.fields.size, added, true)
  return withRest(object, added)
}

/** The list with an element in front of the one at a known place. */
function inserted(object: HeapObject, at: string | number | undefined, element: Value): HeapObject {
  const isKnown = object.kind === 'list' && object.rest === nothing && typeof at === 'number' && at >= 0
  if (!isKnown) return withRest({ ...object, fields: new Map(), rest: contents(object) }, element)
  const elements = [...object.fields.values()].toSpliced(at, 0, element)
  return { ...object, fields: new Map(elements.map((each, place) => [place, each])) }
}

/** All elements of a list, when each is known. */
function elementsInOrder(value: Value | undefined, frame: Frame): readonly Value[] | undefined {
  const [ref] = value?.refs ?? []
  const list = ref?.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
  if (list?.kind !== 'list' || list.rest !== nothing || value?.refs.length !== 1 || value.open) return undefined
  return [...list.fields.values()]
}

function merged(object: HeapObject, given: Value | undefined, args: CallArguments, frame: Frame): HeapObject {
  let after = object
  for (const ref of given?.refs ?? []) {
    const from = ref.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
    if (from === undefined) continue
    for (const [key, value] of from.fields) after = withField(after, key, value, true)
    if (from.rest !== nothing) after = withRest(after, from.rest, from.keys)
  }
  for (const [key, value] of args.named) after = withField(after, key, value, true)
  const labels = given?.labels ?? []
  if (labels.length > 0) after = withRest(after, labelled(labels), labelled(labels))
  return after
}

function allContents(objects: readonly Ref[], frame: Frame): Value {
  let all: Value = nothing
  for (const ref of objects) {
    const object = ref.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
    if (object !== undefined) all = joinValues(all, contents(object))
  }
  return all
}

function contentsOf(value: Value, frame: Frame): Value {
  return allContents(value.refs, frame)
}

function pairs(
  receiver: Value,
  objects: readonly Ref[],
  site: string,
  call: Call,
  frame: Frame,
  engine: Engine,
): Value {
  const pair = newObject(
    {
      kind: 'list',
      fields: new Map<string | number, Value>([
        [0, elementOf(receiver, true, call, frame)],
        [1, allContents(objects, frame)],
      ]),
      rest: nothing,
    },
    `${site} pair`,
    frame,
    engine,
  )
  return newList(pair, site, frame, engine)
}

/** `pop()`, `pop(0)`, `shift()`: the element where the list is known, and what is left of it. */
function taken(objects: readonly Ref[], method: string, index: Value | undefined, frame: Frame): Value {
  const [only] = objects
  const object = only?.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, only.at) : undefined
  if (objects.length === 1 && object !== undefined && only?.kind === 'object' && object.rest === nothing) {
    const key = keyOf(index)
    if (object.kind !== 'list') {
      if (key !== undefined) return object.fields.get(key) ?? anything
    } else {
      const at =
        method === 'shift' || method === 'popleft'
          ? 0
          : typeof key === 'number' && key >= 0
            ? key
            : object.fields.size - 1
      const found = object.fields.get(at)
      if (found !== undefined && (method === 'pop' || method === 'shift' || method === 'popleft')) {
        const left = [...object.fields]
          .filter(([each]) => each !== at)
          .map(([, value], place) => [place, value] as const)
        if (frame.state !== undefined)
          frame.state = withObject(frame.state, only.at, { ...object, fields: new Map(left) })
      }
      if (found !== undefined) return found
    }
  }
  const all = allContents(objects, frame)
  return all === nothing ? anything : all
}

function sameContents(objects: readonly Ref[], args: CallArguments, site: string, frame: Frame, engine: Engine): Value {
  let all = allContents(objects, frame)
  const [only] = objects
  const object = only?.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, only.at) : undefined
  if (args.positional.length === 0 && objects.length === 1 && object !== undefined && object.kind !== 'list') {
    return newObject(object, site, frame, engine)
  }
  for (const given of args.positional) {
    if (onlyConstant(given) !== undefined) continue
    const inner = contentsOf(given, frame)
    all = joinValues(all, inner === nothing ? labelled(deepLabels(given, frame)) : inner)
  }
  return newList(all, site, frame, engine)
}
