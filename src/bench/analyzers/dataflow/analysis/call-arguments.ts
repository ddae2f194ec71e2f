import type { Temp } from '../ir/ir.ts'
import type { ArgumentKey, Condition } from '../models/model.ts'
import { type CallArguments, definitionOf, type Frame } from './engine.ts'
import { heapObject } from './state.ts'
import { allConstants, type Value } from './value.ts'

/** The argument at a position or under a name. */
export function argumentAt(key: ArgumentKey, args: CallArguments): Value | undefined {
  if (typeof key === 'number') return args.positional[key] ?? args.more
  if (typeof key === 'string') return args.named.get(key)
  for (const each of key) {
    const found = typeof each === 'number' ? args.positional[each] : args.named.get(each)
    if (found !== undefined) return found
  }
  return key.some((each) => typeof each === 'number') ? args.more : undefined
}

/** Whether all conditions hold for the arguments of a call. */
export function allHold(conditions: readonly Condition[] | undefined, args: CallArguments, frame: Frame): boolean {
  if (conditions === undefined) return true
  return conditions.every((condition) => {
    const value = conditionValue(condition, args, frame)
    if (condition.given !== undefined) return (value !== undefined) === condition.given
    if (value === undefined) return false
    const names = value.refs.flatMap((ref) => (ref.kind === 'external' ? [ref.name] : []))
    const options = [...(allConstants(value) ?? []), ...names]
    if (options.length === 0) return condition.unknown ?? false
    if (condition.is !== undefined) {
      return options.some((option) => option !== undefined && condition.is?.includes(option))
    }
    return options.some((option) => condition.matches?.test(String(option)) ?? false)
  })
}

/** The argument a condition asks about, or the field of it. */
function conditionValue(condition: Condition, args: CallArguments, frame: Frame): Value | undefined {
  const keys = Array.isArray(condition.argument) ? condition.argument : [condition.argument]
  for (const key of condition.field === undefined ? [condition.argument] : keys) {
    let value = argumentAt(key, args)
    for (const part of condition.field?.split('.') ?? []) value = fieldValue(value, part, frame)
    if (value !== undefined) return value
  }
  return undefined
}

/** A field of an object the program made. */
export function fieldValue(value: Value | undefined, field: string, frame: Frame): Value | undefined {
  const [ref] = value?.refs ?? []
  if (ref?.kind !== 'object' || frame.state === undefined) return undefined
  const fields = heapObject(frame.state, ref.at)?.fields
  return fields?.get(/^\d+$/.test(field) ? Number(field) : field) ?? fields?.get(field.toLowerCase())
}

/** The last part of an expression's name: `cursor` of `self.cursor`. */
export function nameOf(temp: Temp | undefined, frame: Frame): string {
  const definition = definitionOf(temp, frame)
  if (definition === undefined) return ''
  const text = frame.facts.module.text.slice(definition.start, Math.min(definition.end, definition.start + 200))
  return /([\w$]+)(?:\(\))?$/.exec(text)?.[1] ?? ''
}
