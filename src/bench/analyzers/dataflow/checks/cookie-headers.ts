import { definitionOf, type Engine, type Frame, placeOf, reportWeakness } from '../analysis/engine.ts'
import type { Observer, Verdict } from '../analysis/observer.ts'
import { inDevelopment } from '../analysis/switches.ts'
import { allConstants, anything, onlyConstant, type Place, type Value } from '../analysis/value.ts'
import type { Temp } from '../ir/ir.ts'
import type { CallSite } from '../models/model.ts'
import { type Flag, judgeFlags, worthOf } from './cookie-flags.ts'
import { inProduction, isNamed, isSurely, methodPlace } from './values.ts'

/** Stands for text that is not known. */
const gap = '\0'

/** `res.setHeader('Set-Cookie', …)`, `headers.append('Set-Cookie', …)`. */
export const cookieHeader = inProduction(({ args, call, frame }: CallSite): Verdict | undefined => {
  const [key] = args.positional
  const value = call.arguments[1]
  if (
    value === undefined ||
    !(
      allConstants(key ?? args.named.get('key') ?? anything)?.every((each) => /^set-cookie$/i.test(String(each))) ??
      false
    )
  )
    return undefined
  for (const text of textsOf(value.value, frame)) {
    const verdict = judgeText(text, args.positional[1])
    if (verdict !== undefined) return { ...verdict, place: methodPlace(call, frame) }
  }
  return undefined
})

/** Headers written as an item or in an object, cookies a script writes itself, and libraries told not to be secure. */
export const writtenCookies: Observer = {
  written(object, key, value, at, frame, engine) {
    if (typeof key !== 'string') return
    const isScript = key === 'cookie' && isNamed(object, /(?:^|\.)document$/)
    if (!isScript && !/^set-cookie$/i.test(key)) return
    report(at.value, value, placeOf(at, frame), frame, engine)
  },
  spelled(fields, at, frame, engine) {
    for (const { key, value: temp } of at.entries) {
      if (typeof key !== 'string') continue
      const value = fields.get(key)
      const place = placeOf(definitionOf(temp, frame) ?? at, frame)
      if (/^set-cookie$/i.test(key) && value !== undefined) report(temp, value, place, frame, engine)
      if (key === 'useSecureCookies' && isSurely(value, [false]) && !inDevelopment(frame, engine)) {
        const message = 'The session cookie may travel over plain HTTP: `useSecureCookies` is off.'
        reportWeakness({ rule: 'insecure-cookie', place, message, confidence: 'medium' }, engine)
      }
    }
  },
}

function report(temp: Temp, value: Value, place: Place, frame: Frame, engine: Engine): void {
  if (inDevelopment(frame, engine)) return
  for (const text of textsOf(temp, frame)) {
    const verdict = judgeText(text, value)
    if (verdict === undefined) continue
    reportWeakness({ rule: 'insecure-cookie', message: '', ...verdict, place }, engine)
    return
  }
}

/** What is wrong with a cookie written as text: `session=…; Path=/; Secure`. */
function judgeText(text: string, value: Value | undefined): Verdict | undefined {
  const [, name, content = '', attributes = ''] = /^([\w.-]{1,80})=([^;]*)(;.*)?$/s.exec(text) ?? []
  if (name === undefined) return undefined
  // Unknown text that is not the value of an attribute may hold any of them.
  const isOpen = attributes.replaceAll(/=\s*\0/g, '=').includes(gap)
  const has = (pattern: RegExp): Flag => (pattern.test(attributes) ? 'on' : isOpen ? 'unknown' : 'missing')
  const age = /;\s*max-age=(-?\d+)/i.exec(attributes)?.[1]
  const isGone = /;\s*expires=Thu, 01[ -]Jan[ -]1970/i.test(attributes) || (age !== undefined && Number(age) <= 0)
  if (isGone || content === '') return undefined
  const sameSite: Flag = /;\s*samesite=none/i.test(attributes) ? 'off' : has(/;\s*samesite=/i)
  return judgeFlags(name, worthOf(name, value), {
    secure: has(/;\s*secure\b/i),
    httpOnly: has(/;\s*httponly\b/i),
    sameSite,
  })
}

/** The texts a value is made of, with gaps for what is not known: one, or the elements of a list. */
function textsOf(temp: Temp, frame: Frame): string[] {
  const definition = definitionOf(temp, frame)
  if (definition?.op === 'list') return definition.items.flatMap(({ value }) => textsOf(value, frame))
  const text = textOf(temp, frame, 0)
  return text === gap ? [] : [text]
}

function textOf(temp: Temp, frame: Frame, depth: number): string {
  const constant = onlyConstant(frame.temps[temp])
  if (constant !== undefined) return String(constant.value)
  const definition = definitionOf(temp, frame)
  if (definition === undefined || depth > 6) return gap
  const inner = (part: Temp): string => textOf(part, frame, depth + 1)
  switch (definition.op) {
    case 'text':
      return definition.parts.map(inner).join('')
    case 'binary':
      return definition.operator === '+' ? inner(definition.left) + inner(definition.right) : gap
    case 'load': {
      const stores = frame.facts.ir.blocks.flatMap(({ instructions }) =>
        instructions.flatMap((each) => (each.op === 'store' && each.slot === definition.slot ? [each.value] : [])),
      )
      const [only] = stores
      return stores.length === 1 && only !== undefined ? inner(only) : gap
    }
    case 'call': {
      // ['a=1', 'Secure'].join('; ')
      const list = definitionOf(definition.receiver, frame)
      const [separator] = definition.arguments
      if (definition.method !== 'join' || list?.op !== 'list' || separator === undefined) return gap
      return list.items.map(({ value, spread }) => (spread ? gap : inner(value))).join(inner(separator.value))
    }
    default:
      return gap
  }
}
