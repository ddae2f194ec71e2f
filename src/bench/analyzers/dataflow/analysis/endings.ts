import type { Instruction, Temp } from '../ir/ir.ts'
import { definitionOf, type Frame } from './engine.ts'

const deepest = 10
/** Methods that leave the letters of an ending what they are. */
const plain =
  /^(?:lower|upper|strip|lstrip|rstrip|casefold|removeprefix|toLowerCase|toUpperCase|trim|replace|slice|substring|substr|toString|pop|at|shift)$/
const splits = /^(?:split|rsplit|partition|rpartition|splitext)$/
const lastDot = /rfind|rindex|lastIndexOf|search/

/** The name a value is the ending of: `name` of `os.path.splitext(name)[1].lower()`, `name.split('.').pop()`. */
export function nameEndingIn(temp: Temp | undefined, frame: Frame, depth = 0): Temp | undefined {
  const definition = definitionOf(temp, frame)
  if (definition === undefined || depth > deepest) return undefined
  const next = (each: Temp | undefined): Temp | undefined => nameEndingIn(each, frame, depth + 1)
  switch (definition.op) {
    case 'load':
      return next(onlyStore(definition.slot, frame))
    case 'get': {
      const object = definitionOf(definition.object, frame)
      if (definition.key === 'suffix' || definition.key === 'ext') return argumentOf(object) ?? definition.object
      if (object?.op === 'call') return splitName(object)
      const origin = object?.op === 'load' ? definitionOf(onlyStore(object.slot, frame), frame) : undefined
      return origin?.op === 'call' ? splitName(origin) : undefined
    }
    case 'rest':
      return lastDot.test(textOf(definition, frame)) ? definition.of : next(definition.of)
    case 'call': {
      const name = definition.method ?? textOf(definition, frame).split('(')[0] ?? ''
      if (/(?:^|\.)(?:extname|\w*(?:extension|suffix)\w*|get_?ext\w*|file_?ext\w*)$/i.test(name))
        return argumentOf(definition)
      if (definition.receiver === undefined || !plain.test(definition.method ?? '')) return undefined
      const receiver = definitionOf(definition.receiver, frame)
      if (receiver?.op === 'call' && splits.test(receiver.method ?? '')) return splitName(receiver)
      if (lastDot.test(textOf(definition, frame))) return definition.receiver
      return next(definition.receiver)
    }
    default:
      return undefined
  }
}

/** What a name was made of, as long as its ending stays: `secure_filename(name)`, `os.path.basename(name)`. */
export function nameBefore(temp: Temp, frame: Frame): Temp | undefined {
  const definition = definitionOf(temp, frame)
  if (definition?.op === 'load') return onlyStore(definition.slot, frame)
  if (definition?.op !== 'call') return undefined
  const name = definition.method ?? textOf(definition, frame).split('(')[0] ?? ''
  if (/(?:secure_filename|basename|get_valid_filename|sanitize\w*)$/i.test(name)) return argumentOf(definition)
  return plain.test(definition.method ?? '') ? definition.receiver : undefined
}

/** A regular expression that says how the text ends: `\.(?:png|jpe?g)$`. */
export function saysEnding(pattern: string): boolean {
  return /\\\.\(?(?:\?:)?[\w|?()[\]-]+\)?\$?(?:\\[Zz])?$/.test(pattern) && /(?:\$|\\[Zz])$/.test(pattern)
}

function splitName(call: Extract<Instruction, { op: 'call' }>): Temp | undefined {
  if (!splits.test(call.method ?? '') && call.method !== undefined) return undefined
  return call.method === 'splitext' || call.method === undefined ? argumentOf(call) : call.receiver
}

function argumentOf(definition: Instruction | undefined): Temp | undefined {
  return definition?.op === 'call' ? definition.arguments[0]?.value : undefined
}

/** The one value a variable of the function is ever given, when it is given only one. */
export function onlyStore(slot: number, frame: Frame): Temp | undefined {
  let only: Temp | undefined
  for (const { instructions } of frame.facts.ir.blocks) {
    for (const at of instructions) {
      if (at.op !== 'store' || at.slot !== slot) continue
      if (only !== undefined) return undefined
      only = at.value
    }
  }
  return only
}

function textOf({ start, end }: Instruction, frame: Frame): string {
  return frame.facts.module.text.slice(start, Math.min(end, start + 200))
}
