import type { Slot } from '../ir/ir.ts'
import type { Reads } from './engine.ts'
import { type HeapObject, heapObject, type State, variable } from './state.ts'
import type { Value } from './value.ts'

/** Objects of modules compared before an answer is used again. */
const maximalSeen = 60

/** Values of variables and objects, to see later whether they are still the same. */
export interface Seen {
  readonly variables: readonly { readonly slot: Slot; readonly value: Value | undefined }[]
  readonly objects: readonly { readonly at: number; readonly object: HeapObject | undefined }[]
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
  for (const at of reads.objects) look(at, 2)
  for (const { value } of variables) follow(value, 2)
  return { variables, objects: [...objects].map(([at, object]) => ({ at, object })) }
}

export function isSame(seen: Seen, state: State): boolean {
  return (
    seen.variables.every(({ slot, value }) => variable(state, slot) === value) &&
    seen.objects.every(({ at, object }) => heapObject(state, at) === object)
  )
}
