import type { Slot } from '../ir/ir.ts'
import { emptyIntMap, type IntMap, intMapGet, intMapMerge, intMapSet } from './int-map.ts'
import { joinValues, labelled, nothing, type Value } from './value.ts'

/** An object, list or instance the program made. */
export interface HeapObject {
  readonly kind: 'list' | 'object' | 'instance'
  /** The class of an instance, as a reference key's class id. */
  readonly class?: number
  readonly fields: ReadonlyMap<string | number, Value>
  /** What may stand under keys that are not known. */
  readonly rest: Value
  /** What those keys may be themselves, when text from outside may be among them. */
  readonly keys?: Value
}

/** What is known at one point of a run: persistent, so that keeping one costs nothing. */
export interface State {
  readonly variables: IntMap<Value>
  readonly heap: IntMap<HeapObject>
  /** What guards and writes say of access paths (`req.query.next`), by the number of the path. */
  readonly facts: IntMap<Value>
}

const maximalFields = 48

export const emptyState: State = { variables: emptyIntMap(), heap: emptyIntMap(), facts: emptyIntMap() }

export function variable(state: State, slot: Slot): Value | undefined {
  return intMapGet(state.variables, slot)
}

export function withVariable(state: State, slot: Slot, value: Value): State {
  const variables = intMapSet(state.variables, slot, value)
  return variables === state.variables ? state : { ...state, variables }
}

export function fact(state: State, path: number): Value | undefined {
  return intMapGet(state.facts, path)
}

export function withFact(state: State, path: number, value: Value | undefined): State {
  const facts = intMapSet(state.facts, path, value)
  return facts === state.facts ? state : { ...state, facts }
}

export function heapObject(state: State, at: number): HeapObject | undefined {
  return intMapGet(state.heap, at)
}

export function withObject(state: State, at: number, object: HeapObject): State {
  return { ...state, heap: intMapSet(state.heap, at, object) }
}

/** The object with a field overwritten (`strong`) or perhaps overwritten. */
export function withField(object: HeapObject, key: string | number, value: Value, strong: boolean): HeapObject {
  if (!strong && !object.fields.has(key) && object.rest !== nothing) {
    return { ...object, rest: joinValues(object.rest, value) }
  }
  if (object.fields.size >= maximalFields && !object.fields.has(key)) return withRest(collapsed(object), value)
  const fields = new Map(object.fields)
  fields.set(key, strong ? value : joinValues(fields.get(key), value))
  return { ...object, fields }
}

/** The object after a write under a key that is not known; `key` is what it may be. */
export function withRest(object: HeapObject, value: Value, key?: Value): HeapObject {
  const rest = joinValues(object.rest, value)
  const keys = joinKeys(object.keys, key)
  return rest === object.rest && keys === object.keys
    ? object
    : { ...object, rest, ...(keys !== undefined && { keys }) }
}

/** Keys that hold text from outside, of both. */
function joinKeys(first: Value | undefined, second: Value | undefined): Value | undefined {
  if (second === undefined || second.labels.length === 0) return first
  return joinValues(first, labelled(second.labels))
}

/** Everything the object may hold, whatever the key. */
export function contents(object: HeapObject): Value {
  let all = object.rest
  for (const value of object.fields.values()) all = joinValues(all, value)
  return all
}

/** The object with all keys forgotten. */
export function collapsed(object: HeapObject): HeapObject {
  return { ...object, fields: new Map(), rest: contents(object) }
}

/** What holds whichever of two ways was taken; the first state itself when the second adds nothing. */
export function joinStates(first: State | undefined, second: State): State {
  if (first === undefined || first === second) return second
  const variables = intMapMerge(first.variables, second.variables, joinValues)
  const heap = intMapMerge(first.heap, second.heap, joinObjects)
  const facts = intMapMerge(first.facts, second.facts, (a, b) =>
    a === undefined || b === undefined ? undefined : joinValues(a, b),
  )
  return variables === first.variables && heap === first.heap && facts === first.facts
    ? first
    : { variables, heap, facts }
}

function joinObjects(first: HeapObject | undefined, second: HeapObject | undefined): HeapObject | undefined {
  if (first === undefined || second === undefined || first === second) return first ?? second
  if (first.kind === 'list' && first.fields.size !== second.fields.size) {
    const rest = joinValues(contents(first), contents(second))
    return first.fields.size === 0 && rest === first.rest ? first : { ...first, fields: new Map(), rest }
  }
  let changed: Map<string | number, Value> | undefined
  if (first.fields !== second.fields) {
    for (const [key, value] of second.fields) {
      const before = first.fields.get(key)
      const after = joinValues(before, value)
      if (after === before) continue
      changed ??= new Map(first.fields)
      changed.set(key, after)
    }
  }
  const rest = joinValues(first.rest, second.rest)
  const keys = joinKeys(first.keys, second.keys)
  if (changed === undefined && rest === first.rest && keys === first.keys) return first
  return { ...first, fields: changed ?? first.fields, rest, ...(keys !== undefined && { keys }) }
}
