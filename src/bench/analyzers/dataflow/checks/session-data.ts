import { definitionOf, type Frame, placeOf, reportWeakness } from '../analysis/engine.ts'
import { kindsOf } from '../analysis/kinds.ts'
import type { Observer, Verdict } from '../analysis/observer.ts'
import type { Label, Value } from '../analysis/value.ts'
import type { Instruction, Temp } from '../ir/ir.ts'
import type { CallSite } from '../models/model.ts'

const trust = kindsOf('trust')
const session =
  /^(?:(?:flask|quart)\.session|django\.Request\.session|fastapi\.Request\(\)\.session|starlette\.requests\.Request\(\)\.session|(?:express|fastify)\.Request\.session|koa\.Context\.session)(?:\.\w+)?$/
/** What people choose for themselves: nothing rests on it. */
const preference =
  /theme|lang|locale|time_?zone|^tz$|colou?r|^next|return|referr?er|page|sort|filter|search|query|view|layout|currency|country|message|flash|csrf|state|nonce|cart|basket|last|recent|draft|step|answer|score|name$|title|visit|count|redirect|url|dark|font|cookie|consent|chat|history|prompt|result/i
const message = 'What the request says is kept in the session as it came; code that reads the session trusts it.'
const fix = 'Look the value up or check it against a fixed list, and store what was found.'

/** What a request says is written to the session, or names what is written there. */
export const sessionObserver: Observer = {
  written(object, key, value, at, frame, engine) {
    if (!isSession(object)) return
    const named = at.index === undefined ? [] : sureOf(frame.temps[at.index])
    const labels = named.length > 0 ? named : sureOf(value)
    const [label] = labels
    if (label === undefined) return
    const isChecked = isAsked(named.length > 0 ? at.index : at.value, frame)
    const isHarmless = named.length === 0 && typeof key === 'string' && preference.test(key)
    const confidence = isChecked || isHarmless ? 'low' : 'medium'
    reportWeakness({ rule: 'trust-boundary', place: placeOf(at, frame), message, confidence, label, fix }, engine)
  },
}

/** `session.update(data)`, `session.set(key, value)`. */
export function keptInSession({ args, receiver, call, frame }: CallSite): Verdict | undefined {
  if (receiver === undefined || !isSession(receiver)) return undefined
  const position = args.positional.length > 1 ? 1 : 0
  const [label] = sureOf(args.positional[position])
  if (label === undefined) return undefined
  return { message, label, fix, confidence: isAsked(call.arguments[position]?.value, frame) ? 'low' : 'medium' }
}

function isSession(value: Value): boolean {
  return value.refs.some((ref) => ref.kind === 'external' && session.test(ref.name))
}

function sureOf(value: Value | undefined): readonly Label[] {
  return (value?.labels ?? []).filter(({ sure }) => (sure & trust) !== 0)
}

/** Whether the function decides by the value, or by what it finds with it: a password was checked, a record found. */
function isAsked(temp: Temp | undefined, frame: Frame): boolean {
  const roots = new Set<string>()
  rootsOf(temp, frame, roots, 0)
  if (roots.size === 0) return false
  return frame.facts.ir.blocks.some(({ end }) => {
    if (end.kind !== 'branch') return false
    const condition = definitionOf(end.condition, frame)
    // Whoever had to know a password is who they say.
    if (condition !== undefined && /passw|pwd|verif|authenticat|credential|valid/i.test(textOf(condition, frame)))
      return true
    if (isPresence(condition, frame)) return false
    const asked = new Set<string>()
    rootsOf(end.condition, frame, asked, 0)
    return [...asked].some((root) => roots.has(root))
  })
}

/** `if name:`, `if not name:`, `if name is None`: only whether there is one. */
function isPresence(at: Instruction | undefined, frame: Frame): boolean {
  if (at?.op === 'unary') return isPresence(definitionOf(at.operand, frame), frame)
  if (at?.op === 'compare') {
    if ([at.left, at.right].some((side) => isLength(definitionOf(side, frame), frame))) return true
    return [at.left, at.right].some((side) => {
      const definition = definitionOf(side, frame)
      // Of a number compared with -1 only the sign is known: whether something was found.
      if (definition?.op === 'unary') return definition.operator === '-'
      return definition?.op === 'constant' && (definition.value == null || definition.value === '')
    })
  }
  if (at?.op === 'load') {
    // A variable that holds what was found with a value says more than that the value is there.
    return !frame.facts.ir.blocks.some(({ instructions }) =>
      instructions.some(
        (each) =>
          each.op === 'store' &&
          each.slot === at.slot &&
          definitionOf(each.value, frame)?.op === 'call' &&
          !isRequestRead(each.value, frame),
      ),
    )
  }
  return at?.op === 'get' || at?.op === 'join' || at === undefined
}

/** `len(name)`, `name.length`: how much there is. */
function isLength(at: Instruction | undefined, frame: Frame): boolean {
  return (at?.op === 'call' && /^len\(/.test(textOf(at, frame))) || (at?.op === 'get' && at.key === 'length')
}

function isRequestRead(temp: Temp, frame: Frame): boolean {
  const at = definitionOf(temp, frame)
  return (
    at?.op === 'call' &&
    /^(?:get|getlist|get_json|json|form|pop|strip|trim|unquote\w*|decode|str|String)$/.test(
      at.method ?? textOf(at, frame).split('(')[0] ?? '',
    )
  )
}

/** The variables and parts of requests a value is made of. */
function rootsOf(temp: Temp | undefined, frame: Frame, roots: Set<string>, depth: number): void {
  const at = definitionOf(temp, frame)
  if (at === undefined || depth > 8) return
  const next = (each: Temp | undefined): void => rootsOf(each, frame, roots, depth + 1)
  switch (at.op) {
    case 'load': {
      const key = `slot ${at.slot}`
      if (roots.has(key)) return
      if (frame.facts.ir.slots.includes(at.slot)) roots.add(key)
      for (const { instructions } of frame.facts.ir.blocks) {
        for (const each of instructions) if (each.op === 'store' && each.slot === at.slot) next(each.value)
      }
      return
    }
    case 'get':
      if (at.key !== undefined && !at.attribute) roots.add(textOf(at, frame))
      else next(at.object)
      return
    case 'call':
      for (const { value } of at.arguments) next(value)
      next(at.receiver)
      return
    case 'compare':
    case 'binary':
      next(at.left)
      next(at.right)
      return
    case 'unary':
      next(at.operand)
      return
    case 'text':
      for (const part of at.parts) next(part)
      return
    case 'element':
    case 'rest':
      next(at.of)
  }
}

function textOf({ start, end }: Instruction, frame: Frame): string {
  return frame.facts.module.text.slice(start, Math.min(end, start + 120))
}
