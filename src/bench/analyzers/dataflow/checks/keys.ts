import { definitionOf, type Engine, type Frame, placeOf, reportLabels } from '../analysis/engine.ts'
import { kindsOf } from '../analysis/kinds.ts'
import type { Observer } from '../analysis/observer.ts'
import type { Label } from '../analysis/value.ts'
import type { Instruction, Slot, Temp } from '../ir/ir.ts'

type Write = Extract<Instruction, { op: 'set' }>

const property = kindsOf('property')
const deepest = 6
const sink = {
  rule: 'prototype-pollution' as const,
  confidence: 'medium' as const,
  name: 'a property chosen by the sender',
}

/**
 * Properties written under keys from outside where the object itself was found under such a key (`a[section][key] = v`, a
 * path followed step by step), or where a function that copies keys calls itself for what is inside.
 */
export const keyObserver: Observer = {
  written(_object, key, _value, at, frame, engine) {
    if (key !== undefined || at.index === undefined || frame.facts.module.language !== 'javascript') return
    // A last key that cannot be `__proto__` is still any other.
    if ((frame.temps[at.index]?.labels.length ?? 0) === 0) return
    const last = dangerous(at.index, frame)
    const inner = foundUnder(at.object, frame, 0, new Set())
    const labels = inner.length > 0 ? inner : mergesInside(at, frame, engine) ? last : []
    reportLabels(labels, property, sink, placeOf(at, frame), engine)
  },
}

function dangerous(index: Temp, frame: Frame): readonly Label[] {
  return (frame.temps[index]?.labels ?? []).filter(({ kinds }) => (kinds & property) !== 0)
}

/** The labels of the key under which an object was found. */
function foundUnder(temp: Temp, frame: Frame, depth: number, seen: Set<Slot>): readonly Label[] {
  const definition = definitionOf(temp, frame)
  if (definition === undefined || depth > deepest) return []
  const next = (each: Temp): readonly Label[] => foundUnder(each, frame, depth + 1, seen)
  switch (definition.op) {
    case 'get': {
      const labels = definition.index === undefined ? [] : dangerous(definition.index, frame)
      return labels.length > 0 ? labels : next(definition.object)
    }
    case 'load': {
      if (seen.has(definition.slot)) return []
      seen.add(definition.slot)
      for (const { instructions } of frame.facts.ir.blocks) {
        for (const at of instructions) {
          if (at.op !== 'store' || at.slot !== definition.slot) continue
          const labels = next(at.value)
          if (labels.length > 0) return labels
        }
      }
      return []
    }
    case 'join':
      return definition.sources.map(next).find((labels) => labels.length > 0) ?? []
    case 'binary':
      return [definition.left, definition.right].map(next).find((labels) => labels.length > 0) ?? []
    default:
      return []
  }
}

/** Whether the function calls itself with what is under the key it writes: a merge that follows objects inside. */
function mergesInside(at: Write, frame: Frame, engine: Engine): boolean {
  const { ir } = frame.facts
  const key = definitionOf(at.index, frame)
  if (key?.op !== 'load') return false
  const calls = engine.inventory.calls.get(ir.id)
  return ir.blocks.some(({ instructions }) =>
    instructions.some(
      (each) =>
        each.op === 'call' &&
        calls?.get(each.dst)?.functions.has(ir.id) === true &&
        each.arguments.some(({ value }) => readsUnder(value, key.slot, frame, 0)),
    ),
  )
}

function readsUnder(temp: Temp, slot: Slot, frame: Frame, depth: number): boolean {
  const definition = definitionOf(temp, frame)
  if (depth > 4) return false
  if (definition?.op === 'get' && definition.index !== undefined) {
    const index = definitionOf(definition.index, frame)
    return index?.op === 'load' && index.slot === slot
  }
  if (definition?.op === 'binary')
    return readsUnder(definition.left, slot, frame, depth + 1) || readsUnder(definition.right, slot, frame, depth + 1)
  if (definition?.op !== 'load' || definition.slot === slot) return false
  return frame.facts.ir.blocks.some(({ instructions }) =>
    instructions.some(
      (at) => at.op === 'store' && at.slot === definition.slot && readsUnder(at.value, slot, frame, depth + 1),
    ),
  )
}
