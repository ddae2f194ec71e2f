import { nameOf } from '../analysis/call-arguments.ts'
import { placeOf, reportWeakness } from '../analysis/engine.ts'
import type { Observer, Verdict } from '../analysis/observer.ts'
import { allConstants, type Value } from '../analysis/value.ts'
import type { CallSite } from '../models/model.ts'
import { isNamed } from './values.ts'

/** `localStorage.setItem('token', data.token)`. */
export function storedToken({ args, call, frame }: CallSite): Verdict | undefined {
  const [key, value] = args.positional
  if (key === undefined || value === undefined || isFixed(value)) return undefined
  const names = allConstants(key)?.map(String) ?? [nameOf(call.arguments[0]?.value, frame)]
  if (names.some((name) => otherUses.test(wordsOf(name)))) return undefined
  return [...names, nameOf(call.arguments[1]?.value, frame)].some(isTokenName) ? {} : undefined
}

/** `localStorage.token = data.token`. */
export const storedTokens: Observer = {
  written(object, key, value, at, frame, engine) {
    if (typeof key !== 'string' || !isNamed(object, /(?:^|\.)(?:local|session)Storage$/) || isFixed(value)) return
    if (!isTokenName(key)) return
    reportWeakness(
      { rule: 'token-in-web-storage', place: placeOf(at, frame), message: storedMessage, confidence: 'medium' },
      engine,
    )
  },
}

export const storedMessage = 'A token is kept where every script of the page reads it.'

/** Text the program has itself, or nothing: the token is taken away. */
function isFixed(value: Value): boolean {
  return value.labels.length === 0 && allConstants(value) !== undefined
}

function wordsOf(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
}

const otherUses = /csrf|xsrf|expir|count|theme|push|fcm|device|design|type|symbol|address|balance|usage|limit/

function isTokenName(name: string): boolean {
  const words = wordsOf(name)
  return (
    /(?:^|[^a-z])(?:jwt|token|auth_?token|access_?token|id_?token)(?:$|[^a-z])/.test(words) && !otherUses.test(words)
  )
}
