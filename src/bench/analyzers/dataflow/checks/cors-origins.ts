import type { Engine, Frame } from '../analysis/engine.ts'
import { kindsOf } from '../analysis/kinds.ts'
import type { Verdict } from '../analysis/observer.ts'
import { originsMatching } from '../analysis/origins.ts'
import { variable } from '../analysis/state.ts'
import { inDevelopment } from '../analysis/switches.ts'
import { externalValue, type Label, labelled, type Value } from '../analysis/value.ts'
import type { CallSite } from '../models/model.ts'
import { isSurely, objectsOf } from './values.ts'

/** Whom a list of origins lets in: every site by `*`, every site by its own name, sites with a chosen name, frames without one. */
export type Openness = 'star' | 'reflected' | 'strangers' | 'null'

const origin = kindsOf('origin')
/** What a function that decides about origins is called back with, as the engine names it. */
export const callbackName = 'cors.Callback'

/** How libraries read text: as a whole regular expression, from its start when it looks like one, or never. */
export type Reading = 'start' | 'whole' | 'never'

/** Whom a value that stands for the allowed origins lets in; undefined when that is fixed or not known. */
export function opennessOf(
  value: Value,
  reading: Reading,
  frame: Frame,
  engine: Engine,
  depth = 0,
): Openness | undefined {
  if (value.labels.some(({ kinds }) => (kinds & origin) !== 0)) return 'reflected'
  if (isSurely(value, ['*'])) return 'star'
  if (isSurely(value, ['null'])) return 'null'
  if (isSurely(value, [true])) return 'reflected'
  for (const constant of value.known) {
    const isRegex = reading !== 'never' && typeof constant === 'string' && /[*\\\][?$^()]/.test(constant)
    const found =
      isRegex && value.known.length === 1 && !value.open
        ? patternOpenness(constant, reading === 'whole' ? 'whole' : 'start')
        : undefined
    if (found !== undefined) return found
  }
  for (const ref of value.refs) {
    if (value.refs.length > 1) break
    if (ref.kind === 'regex') return patternOpenness(ref.pattern, 'search')
    if (ref.kind === 'function') return functionOpenness(value, frame, engine)
  }
  if (depth > 1 || value.refs.length > 1) return undefined
  for (const { kind, fields } of objectsOf(value, frame)) {
    if (kind !== 'list') continue
    for (const field of fields.values()) {
      const found = opennessOf(field, reading, frame, engine, depth + 1)
      if (found !== undefined && !isSurely(field, [true])) return found
    }
  }
  return undefined
}

function patternOpenness(pattern: string, how: 'whole' | 'start' | 'search'): Openness | undefined {
  const matching = originsMatching(pattern, how)
  if (matching === 'any') return 'reflected'
  return matching === 'strangers' ? 'strangers' : undefined
}

/** What the functions that decide about origins said, while they were asked. */
const answers = new WeakMap<Engine, Openness[]>()

/** Asks a function that decides about origins what it says to one that nothing is known of. */
function functionOpenness(value: Value, frame: Frame, engine: Engine): Openness | undefined {
  const [ref] = value.refs
  if (ref?.kind !== 'function') return undefined
  const { ir, module } = engine.program.function(ref.id)
  const source = engine.source({ path: module.path, start: ir.start, end: ir.start + 1 }, 'the Origin header')
  const label: Label = { source, kinds: origin, sure: origin, aspect: 'whole', steps: undefined }
  const asked = labelled([label])
  const said: Openness[] = []
  answers.set(engine, said)
  const { state } = frame
  const args = { positional: [asked, externalValue(callbackName)], named: new Map(), more: undefined, temps: [] }
  const outcome = engine.call(ref.id, ref.self, args, ref.closure, frame, ir)
  frame.state = state
  answers.delete(engine)
  if (said.length > 0) return said[0]
  return outcome === undefined ? undefined : returnedOpenness(outcome.value)
}

/** Koa's and Hono's functions answer the origin itself. */
function returnedOpenness(value: Value): Openness | undefined {
  if (value.labels.some(({ kinds }) => (kinds & origin) !== 0)) return 'reflected'
  return isSurely(value, ['*']) ? 'star' : undefined
}

/** The callback of a function that decides: `callback(null, true)`. */
export function called({ args, frame, engine }: CallSite): Verdict | undefined {
  const answer = args.positional[1]
  const said = answers.get(engine)
  if (answer === undefined || said === undefined || inDevelopment(frame, engine)) return undefined
  if (isSurely(answer, ['*'])) said.push('star')
  else if (answer.labels.some(({ kinds }) => (kinds & origin) !== 0)) said.push('reflected')
  else if (isSurely(answer, [true]) && isUnchecked(frame)) said.push('reflected')
  return undefined
}

/** Whether nothing was asked of the origin on the way here: the parameter still holds what came in. */
function isUnchecked(frame: Frame): boolean {
  for (let each: Frame | undefined = frame; each !== undefined; each = each.caller) {
    const [first] = each.facts.ir.parameters
    const value = first === undefined || frame.state === undefined ? undefined : variable(frame.state, first.slot)
    const label = value?.labels.find(({ source }) => source.input === 'the Origin header')
    if (label !== undefined) return (label.kinds & origin) !== 0
  }
  return false
}

/** What is wrong when so many are let in, with or without credentials. */
export function corsVerdict(openness: Openness, credentials: boolean, reflectsStar: boolean): Verdict | undefined {
  if (!credentials) {
    if (openness === 'strangers' || openness === 'null') return undefined
    return { message: 'Scripts of any site may read these answers.', confidence: 'low' }
  }
  switch (openness) {
    case 'star':
      return {
        message: 'Any site is allowed, with credentials.',
        ...(!reflectsStar && { confidence: 'medium' as const }),
      }
    case 'reflected':
      return { message: 'Any site may read these answers with the rights of whoever is signed in.' }
    case 'strangers':
      return { message: 'The expression also matches origins of strangers, who get in with credentials.' }
    case 'null':
      return { message: 'Sandboxed frames of any site have the origin `null`, and get in with credentials.' }
  }
}
