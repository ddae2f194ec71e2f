import type { Instruction } from '../ir/ir.ts'
import { elementOf, keyOf, newObject } from './access.ts'
import type { Invoke } from './collections.ts'
import { type CallArguments, definitionOf, type Engine, type Frame, placeOf } from './engine.ts'
import { noteRead } from './seen.ts'
import { contents, type HeapObject, heapObject, withField, withObject, withRest } from './state.ts'
import {
  allConstants,
  anything,
  externalValue,
  joinValues,
  labelled,
  nothing,
  onlyText,
  type Ref,
  stepped,
  type Value,
} from './value.ts'

type Call = Extract<Instruction, { op: 'call' }>

/** Things of Python's library that give back what they were given; undefined for all others. Source: docs.python.org (library). */
export function keptThing(
  name: string,
  call: Call,
  args: CallArguments,
  frame: Frame,
  engine: Engine,
  invoke: Invoke,
): Value | undefined {
  const [first, second, third] = args.positional
  switch (name) {
    case 'configparser.ConfigParser().set':
    case 'configparser.RawConfigParser().set': {
      const key = settingOf(first, second)
      return keep(call, key, third ?? anything, frame, engine)
    }
    case 'configparser.ConfigParser().get':
    case 'configparser.RawConfigParser().get':
      return given(call, settingOf(first, second), args.named.get('fallback'), frame, engine)
    case 'io.StringIO().write':
    case 'io.BytesIO().write':
      return keep(call, undefined, first ?? anything, frame, engine)
    case 'io.StringIO().getvalue':
    case 'io.StringIO().read':
    case 'io.StringIO().readline':
    case 'io.BytesIO().getvalue':
    case 'io.BytesIO().read': {
      const receiver = call.receiver === undefined ? undefined : frame.temps[call.receiver]
      const initial = receiver === undefined || receiver.labels.length === 0 ? undefined : labelled(receiver.labels)
      return given(call, undefined, initial, frame, engine)
    }
    case 'functools.reduce': {
      if (first === undefined || second === undefined) return undefined
      const element = elementOf(second, false, call, frame)
      const start = third ?? element
      const once = joinValues(start, invoke(first, [start, element]).value)
      return joinValues(once, invoke(first, [once, element]).value)
    }
    case 'collections.namedtuple': {
      const fields = fieldNames(second, frame)
      return fields === undefined ? undefined : externalValue(`${tuples}${fields.join(',')}`)
    }
    case 'json.loads':
      return writtenBefore(call, frame)
    default:
      return name.startsWith(tuples) ? tupleOf(name, call, args, frame, engine) : undefined
  }
}

const tuples = 'collections.namedtuple#'

function tupleOf(name: string, call: Call, args: CallArguments, frame: Frame, engine: Engine): Value {
  const fields = new Map<string | number, Value>()
  for (const [at, field] of name.slice(tuples.length).split(',').entries()) {
    const value = args.positional[at] ?? args.named.get(field) ?? args.more ?? anything
    fields.set(field, value)
    fields.set(at, value)
  }
  return newObject({ kind: 'object', fields, rest: nothing }, `${call.start} tuple`, frame, engine)
}

/** `["a", "b"]`, `"a b"`. */
function fieldNames(value: Value | undefined, frame: Frame): readonly string[] | undefined {
  const text = onlyText(value)
  if (text !== undefined) return text.split(/[\s,]+/).filter(Boolean)
  const [ref] = value?.refs ?? []
  const list = ref?.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
  if (list?.kind !== 'list' || list.rest !== nothing) return undefined
  const names = [...list.fields.values()].map(onlyText)
  return names.every((each) => each !== undefined) ? names : undefined
}

/** `json.loads(json.dumps(x))`, `JSON.parse(JSON.stringify(x))`: what was written is read again as it was. */
export function writtenBefore(call: Call, frame: Frame): Value | undefined {
  const given = call.arguments[0]?.value
  const definition = given === undefined ? undefined : definitionOf(given, frame)
  const stores = definition?.op === 'load' ? frame.facts.stores.get(definition.slot) : undefined
  const [only] = stores ?? []
  const writing = only !== undefined && stores?.length === 1 ? definitionOf(only.value, frame) : definition
  if (writing?.op !== 'call') return undefined
  const [callee] = frame.temps[writing.callee]?.refs ?? []
  const written = writing.arguments[0]?.value
  if (callee?.kind !== 'external' || !/^(?:json\.dumps|JSON\.stringify)$/.test(callee.name) || written === undefined)
    return undefined
  return frame.temps[written]
}

/** Section and option of a setting; undefined when either is not known. */
function settingOf(section: Value | undefined, option: Value | undefined): string | undefined {
  const [one, other] = [keyOf(section), keyOf(option)]
  return one === undefined || other === undefined ? undefined : `${one}\n${String(other).toLowerCase()}`
}

/** The number of what one such thing was given: told apart by the place that made it. */
function storeOf(call: Call, frame: Frame, engine: Engine): number | undefined {
  const [ref]: readonly Ref[] = (call.receiver === undefined ? undefined : frame.temps[call.receiver])?.refs ?? []
  return ref?.kind === 'external' && ref.made !== undefined ? engine.number(`kept ${ref.made}`) : undefined
}

const empty: HeapObject = { kind: 'object', fields: new Map(), rest: nothing }

function keep(call: Call, key: string | undefined, value: Value, frame: Frame, engine: Engine): Value | undefined {
  const at = storeOf(call, frame, engine)
  if (at === undefined || frame.state === undefined) return undefined
  const before = heapObject(frame.state, at) ?? empty
  frame.state = withObject(
    frame.state,
    at,
    key === undefined ? withRest(before, value) : withField(before, key, value, true),
  )
  return anything
}

function given(
  call: Call,
  key: string | undefined,
  otherwise: Value | undefined,
  frame: Frame,
  engine: Engine,
): Value | undefined {
  const at = storeOf(call, frame, engine)
  if (at === undefined || frame.state === undefined) return undefined
  noteRead(frame.reads, at, key)
  const object = heapObject(frame.state, at)
  const own = object === undefined ? undefined : key === undefined ? contents(object) : object.fields.get(key)
  const value = joinValues(own ?? (object === undefined || object.rest === nothing ? anything : object.rest), otherwise)
  if (value.labels.length > 0) return labelled(stepped(value.labels, placeOf(call, frame), 'given back'))
  return allConstants(value) === undefined ? anything : value
}
