import type { Instruction } from '../ir/ir.ts'
import { elementOf, newList, newObject, withKeys } from './access.ts'
import type { Invoke } from './collections.ts'
import { type CallArguments, type Engine, type Frame, placeOf } from './engine.ts'
import { keptThing, writtenBefore } from './kept-things.ts'
import { hookCall } from './react.ts'
import { tableOf } from './records.ts'
import { regexOf, removedByReplacing } from './regex.ts'
import { contents, type HeapObject, heapObject, withField, withObject, withRest } from './state.ts'
import {
  allConstants,
  anything,
  asParts,
  constantValue,
  externalValue,
  joinValues,
  labelled,
  lastingLabels,
  nothing,
  onlyText,
  refValue,
  type Value,
  withoutKinds,
} from './value.ts'

type Call = Extract<Instruction, { op: 'call' }>

/** Functions of the languages themselves whose effect on values is exact; undefined for all others. */
export function builtinCall(
  name: string,
  call: Call,
  args: CallArguments,
  frame: Frame,
  engine: Engine,
  invoke: Invoke,
): Value | undefined {
  const [first, second] = args.positional
  const site = `${call.start} ${name}`
  const isPython = frame.facts.module.language === 'python'
  switch (name) {
    case 're.compile':
    case 'RegExp': {
      const pattern = onlyText(first)
      const flags = isPython ? '' : (onlyText(second) ?? '')
      return pattern === undefined
        ? undefined
        : refValue({ kind: 'regex', pattern, flags, key: `r${flags}/${pattern}`, at: placeOf(call, frame) })
    }
    case 're.sub': {
      const pattern = onlyText(first) ?? regexOf(first)?.pattern
      const text = args.positional[2]
      if (text === undefined || pattern === undefined) return undefined
      const removed = removedByReplacing({ pattern, flags: 'g' }, onlyText(second))
      return withoutKinds(labelled(asParts(text.labels)), removed)
    }
    case '?.sub': {
      const regex = regexOf(call.receiver === undefined ? undefined : frame.temps[call.receiver])
      if (regex === undefined || second === undefined) return undefined
      return withoutKinds(labelled(asParts(second.labels)), removedByReplacing(regex, onlyText(first)))
    }
    case 'len':
      return lengthOf(first, frame)
    case 'str':
    case 'String': {
      const constants = first === undefined ? undefined : allConstants(first)
      if (constants !== undefined && first?.labels.length === 0) {
        return constants.reduce<Value>((all, each) => joinValues(all, constantValue(String(each))), nothing)
      }
      return undefined
    }
    case 'int':
    case 'float':
    case 'Number': {
      const constants = first === undefined ? undefined : allConstants(first)
      const numbers = constants?.map(Number)
      if (numbers === undefined || numbers.some(Number.isNaN)) return labelled(lastingLabels(first?.labels ?? []))
      return numbers.reduce<Value>((all, each) => joinValues(all, constantValue(each)), nothing)
    }
    case 'os.environ.get':
    case 'os.getenv':
    case 'Deno.env.get': {
      const key = onlyText(first)
      if (key === undefined || !/^\w+$/.test(key)) return undefined
      const given = second ?? args.named.get('default')
      return joinValues(externalValue(`${name === 'os.getenv' ? 'os.environ' : name.slice(0, -4)}.${key}`), given)
    }
    case 'Buffer.from':
    case 'TextEncoder().encode':
    case 'util.TextEncoder().encode':
    case 'bytes.fromhex':
    case 'base64.b64decode':
    case 'binascii.unhexlify':
    case 'crypto-js.enc.Utf8.parse':
    case 'crypto-js.enc.Hex.parse':
    case 'crypto-js.enc.Base64.parse':
    case 'node-forge.util.hexToBytes': {
      // The bytes stand for the text that spells them: fixed where it is.
      const text = onlyText(first)
      return text === undefined || first?.labels.length !== 0 ? undefined : constantValue(text)
    }
    case 'list':
    case 'tuple':
    case 'set':
    case 'frozenset':
    case 'reversed':
    case 'sorted':
    case 'iter':
    case 'Set':
      return copied(first, site, call, frame, engine)
    case 'Array.from': {
      if (second?.refs.some(({ kind }) => kind === 'function') !== true) return copied(first, site, call, frame, engine)
      return newList(
        invoke(second, [elementOf(first ?? anything, false, call, frame), anything]).value,
        site,
        frame,
        engine,
      )
    }
    case 'next':
      return first === undefined ? anything : elementOf(first, false, call, frame)
    case 'dict':
      if (tableOf(first) !== undefined) return first
      return dictionary(name, first, args, site, frame, engine)
    case 'Object.assign':
    case 'Object.freeze':
    case 'structuredClone':
    case 'collections.OrderedDict':
    case 'types.SimpleNamespace':
    case 'types.MappingProxyType':
      return dictionary(name, first, args, site, frame, engine)
    case 'Map':
    case 'Object.fromEntries':
      return newObject(fromPairs(first, frame), site, frame, engine)
    case 'collections.defaultdict':
      return newObject({ kind: 'object', fields: new Map(), rest: nothing }, site, frame, engine)
    case 'collections.deque':
    case 'queue.Queue':
      return first === undefined ? newList(nothing, site, frame, engine) : copied(first, site, call, frame, engine)
    case 'enumerate':
    case 'zip':
      return tuples(name, args, site, call, frame, engine)
    case 'map':
    case 'filter': {
      if (first === undefined || second === undefined) return undefined
      const element = elementOf(second, false, call, frame)
      const { value, kept } = invoke(first, [element])
      return newList(name === 'map' ? value : (kept ?? element), site, frame, engine)
    }
    case 'Object.values':
      return first === undefined ? undefined : newList(everything(first, frame), site, frame, engine)
    case 'Object.keys':
      return first === undefined ? undefined : newList(elementOf(first, true, call, frame), site, frame, engine)
    case 'Object.entries': {
      if (first === undefined) return undefined
      const fields = new Map<string | number, Value>([
        [0, elementOf(first, true, call, frame)],
        [1, everything(first, frame)],
      ])
      return newList(
        newObject({ kind: 'list', fields, rest: nothing }, `${site} pair`, frame, engine),
        site,
        frame,
        engine,
      )
    }
    case 'Promise.resolve':
    case 'Promise.all':
    case 'copy.copy':
    case 'copy.deepcopy':
    case 'functools.update_wrapper':
    case 'functools.partial':
    case 'util.promisify':
    case 'asyncio.run':
    case 'asyncio.gather':
    case 'asyncio.wait_for':
      return first
    case 'JSON.parse':
      return writtenBefore(call, frame)
    case 'functools.wraps':
      return externalValue('functools.wraps()')
    case 'typing.cast':
      return second
    default:
      return isPython
        ? keptThing(name, call, args, frame, engine, invoke)
        : hookCall(name, call, args, frame, engine, invoke)
  }
}

function lengthOf(value: Value | undefined, frame: Frame): Value {
  const text = onlyText(value)
  if (text !== undefined) return constantValue(text.length)
  const [ref] = value?.refs ?? []
  const object =
    value?.refs.length === 1 && ref?.kind === 'object' && frame.state !== undefined && !value.open
      ? heapObject(frame.state, ref.at)
      : undefined
  return object !== undefined && object.rest === nothing ? constantValue(object.fields.size) : anything
}

function copied(value: Value | undefined, site: string, call: Call, frame: Frame, engine: Engine): Value {
  if (value === undefined) return newObject({ kind: 'list', fields: new Map(), rest: nothing }, site, frame, engine)
  const [ref] = value.refs
  const object = ref?.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
  if (value.refs.length === 1 && object?.kind === 'list' && !value.open && !/reversed|sorted/.test(site)) {
    return newObject(object, site, frame, engine)
  }
  return newList(elementOf(value, false, call, frame), site, frame, engine)
}

function dictionary(
  name: string,
  first: Value | undefined,
  args: CallArguments,
  site: string,
  frame: Frame,
  engine: Engine,
): Value {
  if (name === 'Object.freeze') return first ?? anything
  let object: HeapObject = { kind: 'object', fields: new Map(), rest: nothing }
  const isPairs = name === 'dict' && first !== undefined && isList(first, frame)
  if (isPairs) object = fromPairs(first, frame)
  else for (const value of args.positional) object = addAll(object, value, frame)
  for (const [key, value] of args.named) object = withField(object, key, value, true)
  if (args.more !== undefined) object = withRest(object, args.more)
  // Object.assign changes its first argument.
  const [target] = first?.refs ?? []
  if (name === 'Object.assign' && target?.kind === 'object' && frame.state !== undefined) {
    frame.state = withObject(frame.state, target.at, object)
    return first ?? anything
  }
  return newObject(object, site, frame, engine)
}

function addAll(object: HeapObject, value: Value, frame: Frame): HeapObject {
  let after = object
  for (const ref of value.refs) {
    const from = ref.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
    if (from === undefined) continue
    for (const [key, field] of from.fields) after = withField(after, key, field, true)
    if (from.rest !== nothing) after = withRest(after, from.rest, from.keys)
  }
  return value.labels.length > 0 || value.open ? withRest(after, labelled(value.labels), labelled(value.labels)) : after
}

/** `new Map(pairs)`, `dict(pairs)`, `Object.fromEntries(pairs)`. */
function fromPairs(value: Value | undefined, frame: Frame): HeapObject {
  let object: HeapObject = { kind: 'object', fields: new Map(), rest: nothing }
  const labels = value?.labels ?? []
  if (labels.length > 0) object = withRest(object, labelled(asParts(labels)), labelled(asParts(labels)))
  const list = objectOf(value, frame)
  if (list === undefined) return object
  if (list.kind !== 'list') return addAll(object, value ?? nothing, frame)
  for (const entry of [...list.fields.values(), list.rest]) {
    if (entry === nothing) continue
    const pair = objectOf(entry, frame)
    const index = pair?.fields.get(0)
    const key = onlyText(index)
    const held = pair?.fields.get(1) ?? labelled(entry.labels)
    if (key !== undefined && entry !== list.rest) object = withField(object, key, held, true)
    else object = withKeys(object, index ?? labelled(entry.labels), held)
  }
  return object
}

/** The object or list a value refers to, when the program made it. */
function objectOf(value: Value | undefined, frame: Frame): HeapObject | undefined {
  const [ref] = value?.refs ?? []
  return ref?.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
}

function isList(value: Value, frame: Frame): boolean {
  return objectOf(value, frame)?.kind === 'list'
}

function tuples(name: string, args: CallArguments, site: string, call: Call, frame: Frame, engine: Engine): Value {
  const elements = args.positional.map((value) => elementOf(value, false, call, frame))
  const held = name === 'enumerate' ? [anything, elements[0] ?? anything] : elements
  const fields = new Map<string | number, Value>(held.map((value, at) => [at, value]))
  const tuple = newObject({ kind: 'list', fields, rest: nothing }, `${site} tuple`, frame, engine)
  return newList(tuple, site, frame, engine)
}

function everything(value: Value, frame: Frame): Value {
  let all: Value = value.labels.length > 0 || value.open ? labelled(asParts(value.labels)) : nothing
  for (const ref of value.refs) {
    const object = ref.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
    all = joinValues(all, object === undefined ? anything : contents(object))
  }
  return all
}
