import { definitionOf, type Engine, type Frame, placeOf, reportWeakness } from '../analysis/engine.ts'
import type { Observer } from '../analysis/observer.ts'
import type { FunctionId, FunctionIr, Instruction, Slot, Temp } from '../ir/ir.ts'

type Call = Extract<Instruction, { op: 'call' }>

/**
 * A function offered to others that copies every key of one object into another and calls itself for what is inside:
 * whoever calls it may give it what a request sent. Functions that are called in sight are followed from there.
 */
export const exportedMerges: Observer = {
  written(_object, key, _value, at, frame, engine) {
    const { module } = frame.facts
    if (key !== undefined || at.index === undefined || module.language !== 'javascript') return
    if ((frame.temps[at.index]?.labels.length ?? 0) > 0) return
    const target = definitionOf(at.object, frame)
    const index = definitionOf(at.index, frame)
    if (target?.op !== 'load' || index?.op !== 'load') return
    const merge = ownersOf(frame, engine).find(({ id }) => selfCall(id, target.slot, index.slot, frame, engine))
    const call = merge === undefined ? undefined : selfCall(merge.id, target.slot, index.slot, frame, engine)
    if (merge === undefined || call === undefined) return
    const text = module.text.slice(merge.start, merge.end)
    if (looksAtKeys(text, module.slotNames[target.slot] ?? '') || !isOffered(merge, module.text)) return
    if (isCalled(merge, module.path, engine)) return
    const message = `\`${merge.name}\` copies every key it is given, \`__proto__\` too.`
    reportWeakness({ rule: 'prototype-pollution', place: placeOf(call, frame), message, confidence: 'medium' }, engine)
  },
}

/** The function that runs and those around it: the copying is often done in a callback. */
function ownersOf(frame: Frame, engine: Engine): FunctionIr[] {
  const owners: FunctionIr[] = []
  let ir: FunctionIr | undefined = frame.facts.ir
  while (ir !== undefined && ir.kind !== 'module' && owners.length < 4) {
    owners.push(ir)
    ir = ir.parent === undefined ? undefined : engine.program.function(ir.parent).ir
  }
  return owners
}

/** The call of the function itself with what the written object holds under the key. */
function selfCall(id: FunctionId, target: Slot, key: Slot, frame: Frame, engine: Engine): Call | undefined {
  const calls = engine.inventory.calls.get(frame.facts.ir.id)
  for (const { instructions } of frame.facts.ir.blocks) {
    for (const each of instructions) {
      if (each.op !== 'call' || calls?.get(each.dst)?.functions.has(id) !== true) continue
      if (each.arguments.some(({ value }) => readsUnder(value, target, key, frame, 0))) return each
    }
  }
  return undefined
}

function readsUnder(temp: Temp, target: Slot, key: Slot, frame: Frame, depth: number): boolean {
  const definition = definitionOf(temp, frame)
  if (definition === undefined || depth > 4) return false
  const next = (each: Temp): boolean => readsUnder(each, target, key, frame, depth + 1)
  switch (definition.op) {
    case 'get': {
      const object = definitionOf(definition.object, frame)
      const index = definitionOf(definition.index, frame)
      return object?.op === 'load' && object.slot === target && index?.op === 'load' && index.slot === key
    }
    case 'binary':
      return next(definition.left) || next(definition.right)
    case 'join':
      return definition.sources.some(next)
    case 'load':
      return frame.facts.ir.blocks.some(({ instructions }) =>
        instructions.some((at) => at.op === 'store' && at.slot === definition.slot && next(at.value)),
      )
    default:
      return false
  }
}

/** Keys are refused by name, or only those the written object has itself are followed. */
function looksAtKeys(text: string, target: string): boolean {
  if (/__proto__|\bprototype['"`]|\bconstructor['"`]|Object\.create\(null\)|new Map\(|(?:un)?safe\w*\(/i.test(text))
    return true
  return new RegExp(`hasOwn\\w*(?:\\.call)?\\(\\s*${target}\\b|\\b${target}\\.hasOwnProperty\\(`).test(text)
}

function isOffered({ name }: FunctionIr, text: string): boolean {
  return new RegExp(
    `\\bexport\\s+(?:default\\s+)?(?:async\\s+)?(?:function|const|let|var)?\\s*\\b${name}\\b|\\bexport\\s*\\{[^}]{0,500}\\b${name}\\b|\\bexports\\b[^\\n;]{0,200}\\b${name}\\b`,
  ).test(text)
}

/** Whether anything but the function itself calls something of its name. */
function isCalled({ name, start, end }: FunctionIr, path: string, engine: Engine): boolean {
  const called = new RegExp(`(?<![\\w$])${name}\\(`)
  for (const module of engine.program.modules.values()) {
    const text = module.path === path ? module.text.slice(0, start) + module.text.slice(end) : module.text
    if (called.test(text)) return true
  }
  return false
}
