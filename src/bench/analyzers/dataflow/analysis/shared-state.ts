import type { Slot } from '../ir/ir.ts'
import type { Engine } from './engine.ts'
import { intMapChanges } from './int-map.ts'
import { type HeapObject, heapObject, joinStates, type State, variable, withObject, withVariable } from './state.ts'
import { joinValues, nothing } from './value.ts'

/** The shared state with what a run wrote to variables and objects of modules, where outside text came in. */
export function withShared(
  shared: State,
  base: State,
  left: State,
  moduleSlots: ReadonlySet<Slot>,
  engine: Engine,
): State {
  let result = shared
  for (const { key, value } of intMapChanges(base.variables, left.variables)) {
    if (value === undefined || !moduleSlots.has(key) || value.labels.length === 0) continue
    const joined = joinValues(variable(result, key), value)
    result = withVariable(result, key, joined)
  }
  const changed = intMapChanges(base.heap, left.heap)
  const stores = storeNumbers(engine.stores)
  let isComplete = false
  for (const { key, value } of changed) {
    const before = heapObject(base, key) ?? (stores.has(key) ? emptyObject : undefined)
    if (value === undefined || before === undefined || !gained(before, value)) continue
    result = joinStates(result, { ...result, heap: withObject(result, key, value).heap })
    if (isComplete) continue
    isComplete = true
    for (const inner of changed) {
      // What was stored may be an object the run made.
      if (inner.value !== undefined && heapObject(result, inner.key) === undefined) {
        result = withObject(result, inner.key, inner.value)
      }
    }
  }
  return result
}

/** The numbers of the objects that stand for stores; made again when a store is added. */
export function storeNumbers(stores: Engine['stores']): ReadonlySet<number> {
  let numbers = numbersByStores.get(stores)
  if (numbers === undefined || numbers.size !== stores.size) {
    numbers = new Set(stores.values())
    numbersByStores.set(stores, numbers)
  }
  return numbers
}

const numbersByStores = new WeakMap<Engine['stores'], ReadonlySet<number>>()

const emptyObject: HeapObject = { kind: 'object', fields: new Map(), rest: nothing }

function gained(before: HeapObject, after: HeapObject): boolean {
  if (after.rest.labels.length > before.rest.labels.length || after.rest.refs.length > before.rest.refs.length)
    return true
  for (const [key, value] of after.fields) {
    const old = before.fields.get(key)
    if (value.labels.length > (old?.labels.length ?? 0) || value.refs.length > (old?.refs.length ?? 0)) return true
  }
  return false
}
