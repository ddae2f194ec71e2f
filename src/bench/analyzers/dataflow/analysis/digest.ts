import { heapObject, type State } from './state.ts'
import { nothing, type Value } from './value.ts'

/** Stands before every label in a {@link digest}. */
export const labelMark = '#'

/** A value as text, the same for values that answer the same questions; `depth` levels of its objects, each once. */
export function digest(value: Value | undefined, state: State, seen: Set<number>, depth: number): string {
  if (value === undefined || value === nothing) return '-'
  let text = value.open ? '?' : ''
  for (const constant of value.known)
    text += `${typeof constant === 'string' ? JSON.stringify(constant) : String(constant)},`
  for (const { source, kinds, sure, aspect } of value.labels)
    text += `${labelMark}${source.id}:${kinds}:${sure}:${aspect[0]}`
  if (value.prefix !== undefined) text += `^${value.prefix}`
  for (const ref of value.refs) {
    text += `@${ref.key}`
    if (ref.kind === 'function' && ref.self !== undefined) text += `(${digest(ref.self, state, seen, depth - 1)})`
    if (ref.kind !== 'object' || depth <= 0 || seen.has(ref.at)) continue
    seen.add(ref.at)
    const object = heapObject(state, ref.at)
    if (object === undefined) continue
    for (const [key, field] of object.fields) text += `${key}=${digest(field, state, seen, depth - 1)};`
    text += `*${digest(object.rest, state, seen, depth - 1)}`
    if (object.keys !== undefined) text += `k${digest(object.keys, state, seen, depth - 1)}`
  }
  return text
}
