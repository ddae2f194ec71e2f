import { type CallArguments, definitionOf, type Engine, type Frame, placeOf } from '../analysis/engine.ts'
import type { Verdict } from '../analysis/observer.ts'
import { heapObject } from '../analysis/state.ts'
import { inDevelopment } from '../analysis/switches.ts'
import { allConstants, joinValues, type Place, type Value } from '../analysis/value.ts'
import type { Constant, Instruction } from '../ir/ir.ts'
import type { CallSite } from '../models/model.ts'

type Call = Extract<Instruction, { op: 'call' }>

/** Whether a value is surely one of these constants. */
export function isSurely(value: Value | undefined, constants: readonly Constant[]): boolean {
  const known = value === undefined ? undefined : allConstants(value)
  return value?.labels.length === 0 && (known?.every((constant) => constants.includes(constant)) ?? false)
}

/** Whether a value is surely a thing of a library with such a name. */
export function isNamed(value: Value | undefined, name: RegExp): boolean {
  return (
    value !== undefined &&
    value.refs.length > 0 &&
    value.refs.every((ref) => ref.kind === 'external' && name.test(ref.name))
  )
}

/** The names of library things a value may be. */
export function namesOf(value: Value | undefined): string[] {
  return value?.refs.flatMap((ref) => (ref.kind === 'external' ? [ref.name] : [])) ?? []
}

/** What an object holds under a key; `isOpen` when it may hold more than is known. */
export interface Held {
  readonly value: Value | undefined
  readonly isOpen: boolean
}

/** What the objects a value refers to hold under a key, dots leading inside. */
export function heldIn(value: Value | undefined, path: string, frame: Frame): Held {
  let current = value
  let isOpen = false
  for (const key of path.split('.')) {
    const objects = objectsOf(current, frame)
    if (objects.length === 0) return { value: undefined, isOpen: isOpen || current !== undefined }
    let next: Value | undefined
    for (const { fields, rest, kind } of objects) {
      const field = fields.get(key)
      if (field !== undefined) next = joinValues(next, field)
      else if (
        kind === 'instance' ||
        rest.open ||
        rest.refs.length > 0 ||
        rest.known.length > 0 ||
        rest.labels.length > 0
      )
        isOpen = true
    }
    if ((current?.open ?? false) || objects.length < (current?.refs.length ?? 0)) isOpen = true
    if (next === undefined) return { value: undefined, isOpen }
    current = next
  }
  return { value: current, isOpen }
}

/** The objects the program made that a value refers to. */
export function objectsOf(value: Value | undefined, frame: Frame) {
  return (value?.refs ?? []).flatMap((ref) => {
    const object = ref.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
    return object === undefined ? [] : [object]
  })
}

/** All arguments of a call. */
export function allArguments({ positional, named, more }: CallArguments): Value[] {
  return [...positional, ...named.values(), ...(more === undefined ? [] : [more])]
}

/** Where a method is called: its name, not the start of the chain before it. */
export function methodPlace(call: Call, frame: Frame): Place {
  const callee = definitionOf(call.callee, frame)
  if (call.method === undefined || callee === undefined) return placeOf(call, frame)
  return placeOf({ start: Math.max(call.start, callee.end - call.method.length), end: call.end }, frame)
}

/** A judgement that only counts where the program runs in production. */
export function inProduction(judge: (site: CallSite) => Verdict | undefined): (site: CallSite) => Verdict | undefined {
  return (site) => (inDevelopment(site.frame, site.engine) ? undefined : judge(site))
}

/** The source text of the functions a value refers to, with the decorators above them. */
export function functionTexts(value: Value | undefined, engine: Engine): string[] {
  return (value?.refs ?? []).flatMap((ref) => {
    if (ref.kind !== 'function') return []
    const { ir, module } = engine.program.function(ref.id)
    return [decoratorsAbove(module.text, ir.start) + module.text.slice(ir.start, ir.end)]
  })
}

function decoratorsAbove(text: string, start: number): string {
  const lines = text.slice(Math.max(0, start - 2000), start).split('\n')
  lines.pop()
  const kept: string[] = []
  for (let line = lines.pop(); line !== undefined && /^\s*@/.test(line); line = lines.pop()) kept.unshift(line)
  return kept.length === 0 ? '' : `${kept.join('\n')}\n`
}
