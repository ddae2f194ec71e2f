import type { Slot } from '../ir/ir.ts'
import type { Reads } from './engine.ts'
import { type HeapObject, heapObject, type State, variable } from './state.ts'
import { nothing, type Value } from './value.ts'

/** Objects of modules compared before an answer is used again. */
const maximalSeen = 60

type Key = string | number

/** Values of variables and objects, to see later whether they are still the same. */
export interface Seen {
  readonly variables: readonly { readonly slot: Slot; readonly value: Value | undefined }[]
  readonly objects: readonly { readonly at: number; readonly object: HeapObject | undefined }[]
  readonly fields: readonly { readonly at: number; readonly key: Key; readonly value: Value }[]
}

export function noReads(): Reads {
  return { variables: new Set(), objects: new Map() }
}

/** Notes that what an object holds under a key was asked for; without a key, all it holds. */
export function noteRead(reads: Reads, at: number, key?: Key): void {
  const keys = reads.objects.get(at)
  if (keys === undefined) reads.objects.set(at, new Set([key]))
  else keys.add(key)
}

/** Adds what a call looked at to what its caller did. */
export function addReads(from: Reads, into: Reads): void {
  for (const slot of from.variables) into.variables.add(slot)
  for (const [at, keys] of from.objects) {
    const before = into.objects.get(at)
    if (before === undefined) into.objects.set(at, new Set(keys))
    else for (const key of keys) before.add(key)
  }
}

/** What was looked at, as it is now. */
export function seenOf(reads: Reads, state: State): Seen {
  const variables = [...reads.variables].map((slot) => ({ slot, value: variable(state, slot) }))
  const objects = new Map<number, HeapObject | undefined>()
  let kept = 0
  const look = (at: number, depth: number): void => {
    if (objects.has(at) || kept >= maximalSeen) return
    const object = heapObject(state, at)
    objects.set(at, object)
    if (object === undefined) return
    kept += 1
    if (depth === 0) return
    for (const field of [...object.fields.values(), object.rest]) follow(field, depth - 1)
  }
  const follow = (value: Value | undefined, depth: number): void => {
    for (const ref of value?.refs ?? []) if (ref.kind === 'object') look(ref.at, depth)
  }
  const fields: { at: number; key: Key; value: Value }[] = []
  for (const [at, keys] of reads.objects) {
    if (keys.has(undefined)) look(at, 2)
    else {
      for (const key of keys) {
        if (key === undefined) continue
        const value = fieldOf(heapObject(state, at), key)
        fields.push({ at, key, value })
        follow(value, 1)
      }
    }
  }
  for (const { value } of variables) follow(value, 2)
  return { variables, objects: [...objects].map(([at, object]) => ({ at, object })), fields }
}

function fieldOf(object: HeapObject | undefined, key: Key): Value {
  return object?.fields.get(key) ?? object?.rest ?? nothing
}

export function isSame(seen: Seen, state: State): boolean {
  return (
    seen.variables.every(({ slot, value }) => variable(state, slot) === value) &&
    seen.objects.every(({ at, object }) => heapObject(state, at) === object) &&
    seen.fields.every(({ at, key, value }) => fieldOf(heapObject(state, at), key) === value)
  )
}
