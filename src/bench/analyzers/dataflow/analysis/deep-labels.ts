import type { Frame } from './engine.ts'
import { heapObject } from './state.ts'
import { joinLabels, type Label, type Value } from './value.ts'

/** All labels a value holds, also inside its objects. */
export function deepLabels(value: Value, frame: Frame, depth = 3): readonly Label[] {
  let { labels } = value
  if (depth === 0 || frame.state === undefined) return labels
  for (const ref of value.refs) {
    if (ref.kind !== 'object') continue
    const object = heapObject(frame.state, ref.at)
    if (object === undefined) continue
    for (const field of object.fields.values()) labels = withDeeper(labels, field, frame, depth)
    labels = withDeeper(labels, object.rest, frame, depth)
    if (object.keys !== undefined) labels = withDeeper(labels, object.keys, frame, depth)
  }
  return labels
}

function withDeeper(labels: readonly Label[], field: Value, frame: Frame, depth: number): readonly Label[] {
  return field.labels.length === 0 && field.refs.length === 0
    ? labels
    : joinLabels(labels, deepLabels(field, frame, depth - 1))
}
