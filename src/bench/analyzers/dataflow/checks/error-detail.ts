import type { CallArguments, Engine, Frame } from '../analysis/engine.ts'
import { definitionOf, placeOf, reportWeakness } from '../analysis/engine.ts'
import { exceptionName, tellsInside } from '../analysis/exceptions.ts'
import { kindsOf } from '../analysis/kinds.ts'
import type { Observer, Verdict } from '../analysis/observer.ts'
import { heapObject } from '../analysis/state.ts'
import type { Label, Place, Step, Value } from '../analysis/value.ts'
import type { Span } from '../ir/ir.ts'
import type { CallSite } from '../models/model.ts'

const detail = kindsOf('detail')

interface Told {
  readonly label: Label
  /** It is the exception as a whole, which JSON makes an empty object of. */
  readonly isWhole: boolean
}

/** What is told of an exception by an answer made of these arguments. */
export function detailIn({ args, name, call, frame, engine }: CallSite): Verdict | undefined {
  if (call.receiver !== undefined && !answering.test(name) && !isOnResponse(call, frame)) return undefined
  const told = toldBy(valuesOf(args), frame)
  return told === undefined ? undefined : verdictOf(told, call, frame, engine)
}

/** Libraries whose calls are known to answer. */
const answering =
  /^(?:express|fastify|koa|hono|http|next|Response|flask|quart|werkzeug|fastapi|starlette|django|rest_framework|aiohttp|sanic)\b/

/** Whether the chain a method is called at begins with what programs call their responses. */
function isOnResponse(call: Span, frame: Frame): boolean {
  return /^(?:await\s+)?(?:c|ctx|context|res|resp|response|reply|rep)\b/.test(
    frame.facts.module.text.slice(call.start, call.start + 30),
  )
}

/** `@app.errorhandler(Exception)`: the function is given whatever went wrong. */
export function handlerOfErrors({ args, call, name, frame, engine }: CallSite): undefined {
  const made = call.decorates === true ? definitionOf(call.callee, frame) : call
  const first = made?.op === 'call' ? made.arguments[0] : undefined
  const types = first === undefined ? undefined : frame.temps[first.value]
  const handler = args.positional[call.decorates === true ? 0 : 1]
  if (types === undefined || handler === undefined || frame.state === undefined) return
  if (!tellsInside(types, frame, engine)) return
  const given = name.startsWith('flask.') ? [exceptionName] : ['fastapi.Request()', exceptionName]
  const model = { names: [], parameters: { by: 'position', types: given }, returns: 'page' } as const
  engine.enter(handler, model, 'an error', frame.state)
}

/** Answers that are plain values: the text a Flask view returns, the dictionary of FastAPI, `ctx.body = …`. */
export const answeredDetail: Observer = {
  answered(value, at, frame, engine) {
    report(value, at, frame, engine)
  },
  written(object, key, value, at, frame, engine) {
    const isBody = object.refs.some((ref) => ref.kind === 'external' && /^koa\.Context(?:\.response)?$/.test(ref.name))
    if (isBody && (key === 'body' || key === 'message')) report(value, at, frame, engine)
  },
}

/** A response that holds what it was made of. */
function isResponse(value: Value): boolean {
  return value.refs.some(
    (ref) =>
      ref.kind === 'external' &&
      /response|jsonify|render|redirect|\.(?:json|send|text|html|status|code)\(\)/i.test(ref.name) &&
      !ref.name.startsWith(exceptionName),
  )
}

function report(value: Value, at: Span, frame: Frame, engine: Engine): void {
  const told = toldBy([value], frame, true)
  if (told === undefined) return
  const verdict = verdictOf(told, at, frame, engine)
  const message = 'What went wrong inside is answered to whoever asks.'
  reportWeakness({ rule: 'error-detail', message, place: placeOf(at, frame), ...verdict }, engine)
}

function valuesOf(args: CallArguments): Value[] {
  return [...args.positional, ...args.named.values(), ...(args.more === undefined ? [] : [args.more])]
}

/** The worst detail found in values and in what they hold: a stack, then text, then a whole exception. */
function toldBy(values: readonly Value[], frame: Frame, isAnswer = false): Told | undefined {
  let worst: Told | undefined
  const seen = new Set<number>()
  const look = (value: Value, depth: number): void => {
    const label = value.labels.find(({ kinds }) => (kinds & detail) !== 0)
    // Responses are looked at where they are made.
    if (label !== undefined && !(isAnswer && isResponse(value))) {
      const isWhole =
        frame.facts.module.language === 'javascript' &&
        value.refs.some((ref) => ref.kind === 'external' && ref.name === exceptionName)
      const told = { label, isWhole }
      if (worst === undefined || rankOf(told) > rankOf(worst)) worst = told
    }
    for (const ref of value.refs) {
      if (ref.kind !== 'object' || depth === 0 || seen.has(ref.at) || frame.state === undefined) continue
      seen.add(ref.at)
      const object = heapObject(frame.state, ref.at)
      for (const field of object === undefined ? [] : [...object.fields.values(), object.rest]) look(field, depth - 1)
    }
  }
  for (const value of values) look(value, 4)
  return worst
}

function rankOf({ label, isWhole }: Told): number {
  if (isWhole || (label.sure & detail) === 0) return 0
  return isStack(label) ? 2 : 1
}

function isStack(label: Label): boolean {
  return label.source.input === 'a traceback' || stepsOf(label).some(({ message }) => /\.stack\b/.test(message))
}

function verdictOf({ label, isWhole }: Told, at: Span, frame: Frame, engine: Engine): Verdict {
  const isSure = (label.sure & detail) !== 0 && !isWhole && (isStack(label) || !refuses(at, frame))
  const place = shownAt(label, placeOf(at, frame), engine)
  return {
    label,
    place,
    ...(isStack(label) && { message: 'The stack of an exception is answered to whoever asks.' }),
    ...(!isSure ? { confidence: 'low' as const } : isStack(label) ? {} : { confidence: 'medium' as const }),
  }
}

/** `res.status(400)…`: whoever catches in JavaScript catches all, and means the sender's mistakes by this. */
function refuses(at: Span, frame: Frame): boolean {
  const { language, text } = frame.facts.module
  return (
    language === 'javascript' &&
    /\.(?:status|code)\(\s*4\d\d\s*\)|\bstatus:\s*4\d\d\b|,\s*4\d\d\s*\)$/.test(text.slice(at.start, at.end))
  )
}

function stepsOf(label: Label): Step[] {
  const steps: Step[] = []
  for (let step = label.steps; step !== undefined; step = step.previous) steps.push(step)
  return steps
}

/**
 * Where the program decides to tell: the answer itself when it is given inside the handler, else the last thing the
 * handler does with the exception.
 */
function shownAt(label: Label, sink: Place, engine: Engine): Place {
  const handler = handlerAround(label.source, engine)
  if (handler === undefined || isWithin(sink, handler)) return sink
  return stepsOf(label).find(({ place }) => isWithin(place, handler))?.place ?? label.source
}

/** The innermost `except` or `catch` clause, or function that handles errors, around a place. */
function handlerAround(place: Place, engine: Engine): Place | undefined {
  const module = engine.program.modules.get(place.path)
  let found: Place | undefined
  for (const { blocks, start, end } of module?.functions ?? []) {
    if (place.start < start || place.start >= end) continue
    for (const { instructions } of blocks) {
      for (const instruction of instructions) {
        const isCaught =
          (instruction.op === 'global' && instruction.name === exceptionName) ||
          (instruction.op === 'get' && instruction.key === '$raised')
        if (!isCaught || place.start < instruction.start || place.start >= instruction.end) continue
        if (found === undefined || instruction.start >= found.start) {
          found = { path: place.path, start: instruction.start, end: instruction.end }
        }
      }
    }
  }
  return found ?? ownFunction(place, engine)
}

/** A function that is given the exception: its source is the function itself. */
function ownFunction(place: Place, engine: Engine): Place | undefined {
  const ir = engine.program.modules
    .get(place.path)
    ?.functions.find(({ start, kind }) => start === place.start && kind !== 'module')
  return ir === undefined ? undefined : { path: place.path, start: ir.start, end: ir.end }
}

function isWithin(place: Place, around: Place): boolean {
  return place.path === around.path && place.start >= around.start && place.end <= around.end
}
