import type { Engine, Frame } from '../analysis/engine.ts'
import { kindsOf } from '../analysis/kinds.ts'
import { functionName, originNames } from '../analysis/names.ts'
import type { Observer } from '../analysis/observer.ts'
import { contents, heapObject } from '../analysis/state.ts'
import { type Label, onlyText, type Value } from '../analysis/value.ts'
import { madeByName, secrecyOf, snakeCase } from '../models/secret-names.ts'

const guessable = kindsOf('guessable')
const fresh = kindsOf('fresh')
/** What values made of the time come from. */
export const clockInput = 'the time'

/** Reports values of ordinary generators, and of the clock, where they get the name of something secret. */
export const predictableSecrets: Observer = {
  stored: (name, value, at, frame, engine) => {
    // A time mixed with a key is not all there is to know.
    const isMixed =
      value.labels.some(({ source }) => source.input === clockInput) && hasSecretOrigin(name, at.value, frame)
    if (!isMixed) meet(name, value, frame, engine)
  },
  written: (object, key, value, _at, frame, engine) => {
    if (typeof key !== 'string') return
    const isSession = object.refs.some((ref) => ref.kind === 'external' && /\bsession$/.test(ref.name))
    meet(isSession && /^remember/i.test(key) ? 'session_token' : key, value, frame, engine)
  },
  spelled: (fields, _at, frame, engine) => {
    for (const [key, value] of fields) if (typeof key === 'string') meet(key, value, frame, engine)
  },
  called: (_name, call, frame, engine) => {
    const callee = frame.temps[call.callee]?.refs.find((ref) => ref.kind === 'function')
    call.arguments.forEach((argument, at) => {
      const value = frame.temps[argument.value]
      if (value === undefined || value.labels.every(({ kinds }) => (kinds & guessable) === 0)) return
      const parameter =
        callee?.kind === 'function' ? engine.program.function(callee.id).ir.parameters[at]?.name : undefined
      const name = argument.name ?? parameter ?? cookieName(call.method, at, call.arguments[0]?.value, frame)
      if (name !== undefined) meet(name, value, frame, engine)
    })
  },
  returned: (value, frame, engine) => {
    if (value.labels.length === 0 && value.refs.length === 0) return
    const name = functionName(frame.facts, engine.program)
    const made = madeByName(name)
    // In scripts a made key is mostly one of a list on the screen.
    const isKey = made === 'key' && made !== name && frame.facts.module.language === 'python'
    if (isKey && value.labels.some(({ source }) => source.input === clockInput)) return
    meet(isKey ? 'access_key' : made, value, frame, engine)
  },
}

function hasSecretOrigin(name: string, temp: number, frame: Frame): boolean {
  return originNames(temp, frame.facts).some((each) => each !== name && secrecyOf(each) === 'clear')
}

/** `set_cookie('session', value)`: what the cookie is called says what it is. */
function cookieName(
  method: string | undefined,
  at: number,
  first: number | undefined,
  frame: Frame,
): string | undefined {
  if (at !== 1 || first === undefined || !/^(?:set_?cookie|cookie|set_signed_cookie|setCookie)$/.test(method ?? ''))
    return undefined
  const name = onlyText(frame.temps[first])
  return name !== undefined && /^(?:session|sess|sid|auth|remember\w*|login|user|id)$/i.test(name)
    ? 'session_token'
    : name
}

/** Reports values of ordinary generators that are given a name of something secret. */
function meet(name: string, value: Value, frame: Frame, engine: Engine): void {
  if (value.labels.length === 0 && value.refs.every(({ kind }) => kind !== 'object')) return
  const secrecy = secrecyOf(name)
  if (secrecy === undefined) return
  const labels = value.labels.length > 0 ? value.labels : elementLabels(value, frame)
  if (labels.some(({ kinds }) => (kinds & fresh) !== 0)) return
  const hasGenerator = labels.some(({ kinds, source }) => (kinds & guessable) !== 0 && source.input !== clockInput)
  for (const label of labels) {
    if ((label.kinds & guessable) === 0 || (hasGenerator && label.source.input === clockInput)) continue
    const confidence = confidenceFor(name, secrecy, label, frame, engine)
    if (confidence === undefined) continue
    engine.report({
      rule: 'weak-random',
      place: label.source,
      label,
      sure: (label.sure & guessable) !== 0,
      sink: name,
      message: `\`${name}\` is made by ${label.source.input}, so others can work it out.`,
      ...(confidence !== 'high' && { confidence }),
    })
  }
}

/** What a list is made of: digits that are joined later. */
function elementLabels(value: Value, { state }: Frame): readonly Label[] {
  return value.refs.flatMap((ref) => {
    const list = ref.kind === 'object' && state !== undefined ? heapObject(state, ref.at) : undefined
    return list?.kind === 'list' ? contents(list).labels.filter(({ source }) => source.input !== clockInput) : []
  })
}

const purposes = /otp|verif|reset|2fa|mfa|two_factor|confirm|activat|login|auth|passw|invite|recover|token|secret/

function confidenceFor(
  name: string,
  secrecy: 'clear' | 'vague',
  { source }: Label,
  frame: Frame,
  engine: Engine,
): 'high' | 'medium' | 'low' | undefined {
  const words = snakeCase(name)
  // The boundary of a message must be unlike its parts, not unknown.
  if (/boundary|separator|delimiter/i.test(functionName(frame.facts, engine.program))) return undefined
  // Clocks are in many things that also hold what cannot be guessed; a counter of requests is often called nonce.
  if (source.input === clockInput) {
    if (secrecy === 'vague' || /nonce|csrf_time|jti/.test(words)) return undefined
    return 'medium'
  }
  if (secrecy === 'clear') return 'high'
  const about = `${snakeCase(functionName(frame.facts, engine.program))} ${snakeCase(frame.facts.module.path)}`
  if (/^(?:code|pin|captcha)$/.test(words)) return purposes.test(about) ? 'medium' : 'low'
  return /^(?:salt|iv|session|jti)$/.test(words) ? 'low' : undefined
}
