import type { Instruction } from '../ir/ir.ts'
import type { Lookup, NameFacts } from '../models/lookup.ts'
import { elementOf, externalNamed, keyOf, partLabels, sourceLabel } from './access.ts'
import { builtinCall } from './builtins.ts'
import { allHold, argumentAt } from './call-arguments.ts'
import type { Invoke } from './collections.ts'
import { deepLabels } from './deep-labels.ts'
import { type CallArguments, definitionOf, type Engine, type Frame, placeOf } from './engine.ts'
import { callbackArguments } from './exceptions.ts'
import { kindsOf } from './kinds.ts'
import { readColumn, recordCall, withTable } from './records.ts'
import { isOwnAddress, meetCheck, meetSink, setMark } from './sinks.ts'
import { textMethod } from './strings.ts'
import {
  allConstants,
  anything,
  asParts,
  doubtful,
  externalValue,
  joinLabels,
  type Label,
  lastingLabels,
  nothing,
  onlyConstant,
  stepped,
  type Value,
  withoutKinds,
} from './value.ts'
import { meetView } from './views.ts'

type Call = Extract<Instruction, { op: 'call' }>

/** A call of something the app does not define: sinks are looked at, and the models say what comes back. */
export function callExternal(
  name: string | undefined,
  call: Call,
  args: CallArguments,
  frame: Frame,
  engine: Engine,
  invoke: Invoke,
): Value {
  const models = engine.models(frame.facts.module.path)
  const receiver = call.receiver === undefined ? undefined : frame.temps[call.receiver]
  const qualified = name ?? (call.method === undefined ? undefined : `?.${call.method}`)
  const modelled = modelledName(qualified, call, models)
  const facts = modelled === undefined ? undefined : models.facts(modelled)
  if (facts !== undefined) for (const mark of facts.marks) setMark(mark, args, frame, engine)
  if (facts !== undefined) for (const sink of facts.sinks) meetSink(sink, call, args, receiver, frame, engine)
  if (facts !== undefined && qualified !== undefined)
    for (const check of facts.checks) meetCheck(check, { name: qualified, call, args, receiver, frame, engine })
  if (facts?.ends === true) {
    frame.state = undefined
    return nothing
  }
  if (qualified !== undefined) meetView(qualified, call, args, frame, engine)
  const table = recordCall(name, call, args, receiver, frame, engine)
  if (facts?.entry !== undefined && enterAll(facts, call, args, frame, engine)) return args.positional[0] ?? anything
  if (qualified !== undefined) {
    const done = new Set<Value>()
    const once: Invoke = (value, given) => {
      done.add(value)
      return invoke(value, given)
    }
    const built = builtinCall(qualified, call, args, frame, engine, once)
    if (built !== undefined) {
      // `sorted(rows, key=f)`: f runs on the elements.
      for (const value of [...args.positional.slice(1), ...args.named.values()]) {
        if (done.has(value) || value.refs.every(({ kind }) => kind !== 'function')) continue
        const element = elementOf(args.positional[0] ?? anything, false, call, frame)
        invoke(value, [element, element])
      }
      return built
    }
  }
  for (const value of [...args.positional, ...args.named.values()]) {
    if (table !== undefined && name !== undefined && call.decorates !== true && isCallback(value, frame)) {
      const [failure] = callbackArguments(value, frame, engine)
      invoke(value, [failure ?? anything, withTable(externalValue(`${name}()`), table)])
    } else if (value.refs.some(({ kind }) => kind === 'function') && call.decorates !== true)
      invoke(value, isListener(call) ? [externalValue('Event')] : callbackArguments(value, frame, engine))
  }
  // A decorator nothing is known of leaves the function as it is.
  if (call.decorates === true && name !== undefined) return args.positional[0] ?? anything
  const wrapped = wrappedFunction(args)
  if (wrapped !== undefined && call.receiver === undefined && facts?.clean !== true) return wrapped
  const [row] = receiver?.refs ?? []
  const column = call.method === 'get' && row?.kind === 'external' ? onlyConstant(args.positional[0])?.value : undefined
  if (typeof column === 'string' && row?.kind === 'external') {
    const read = readColumn(row, column, call, frame, engine)
    if (read !== undefined) return read
  }
  const made = facts?.returns.find(({ when }) => allHold(when, args, frame))?.is
  const plain =
    name === undefined ? ofUnknown(call.method, models) : externalNamed(made ?? `${name}()`, call, frame, engine)
  const result = withTable(
    madeAt(plain, facts?.thing === true ? `${frame.facts.module.path}:${call.start}` : madeBy(receiver)),
    table,
  )
  const held = heldAfter(facts, qualified, result, call, args, receiver, frame, engine)
  if (facts?.source === undefined || qualified === undefined) return held
  const said = facts.source.judge?.({ name: qualified, call, args, receiver, frame, engine })
  if (said === false) return held
  const source = typeof said === 'string' ? { ...facts.source, input: said } : facts.source
  const label = sourceLabel(source, call, frame, engine)
  if (label === undefined) return held
  return { ...result, open: true, labels: joinLabels([label], lastingLabels(withoutKinds(held, label.kinds).labels)) }
}

/** Node's custom: `(error, rows) => …`. */
function isCallback(value: Value, frame: Frame): boolean {
  return frame.facts.module.language === 'javascript' && value.refs.some(({ kind }) => kind === 'function')
}

/** `element.addEventListener('input', f)`, `$(…).on('input', f)`: f is given an event. */
function isListener({ method }: Call): boolean {
  return /^(?:addEventListener|on|once|click|change|submit|keyup|keydown|keypress|input|focus|blur)$/.test(method ?? '')
}

/** The place that made the thing a method is called on: `router.route('/')` is of the same router. */
function madeBy(receiver: Value | undefined): string | undefined {
  const [ref] = receiver?.refs ?? []
  return ref?.kind === 'external' ? ref.made : undefined
}

/** Things of a library that know where they were made. */
export function madeAt(value: Value, made: string | undefined): Value {
  if (made === undefined || value.refs.every(({ kind }) => kind !== 'external')) return value
  const refs = value.refs.map((ref) => (ref.kind === 'external' ? { ...ref, made, key: `${ref.key} ${made}` } : ref))
  return { ...value, refs }
}

/** What a method of something unknown answers: a decorator of routes, where the models know it by this name alone. */
function ofUnknown(method: string | undefined, models: Lookup): Value {
  return method !== undefined && models.facts(`?.${method}()`).entry !== undefined
    ? externalValue(`?.${method}()`)
    : anything
}

/** The name the models may know: a method of a library none of them mentions is one of an unknown receiver. */
function modelledName(name: string | undefined, call: Call, models: Lookup): string | undefined {
  if (name === undefined || call.method === undefined) return name
  const library = name.startsWith('.') ? name : (/^[^.(]+/.exec(name)?.[0] ?? name)
  return models.mentions(library) ? name : `?.${call.method}`
}

/** A library function given one function and nothing else is taken for a wrapper around it: `asyncHandler(f)`. */
function wrappedFunction(args: CallArguments): Value | undefined {
  const [only] = args.positional
  if (only === undefined || args.positional.length > 1 || args.named.size > 0) return undefined
  return only.refs.length > 0 && only.refs.every(({ kind }) => kind === 'function') ? only : undefined
}

function heldAfter(
  facts: NameFacts | undefined,
  name: string | undefined,
  result: Value,
  call: Call,
  args: CallArguments,
  receiver: Value | undefined,
  frame: Frame,
  engine: Engine,
): Value {
  const given = allLabels(args, frame)
  const all = joinLabels(receiver?.labels ?? [], given)
  const place = placeOf(call, frame)
  const text = all.length === 0 ? '' : `through ${name?.replace(/^\?\./, '.') ?? 'a call'}()`
  const sanitizers = facts?.sanitizers.filter(({ when }) => allHold(when, args, frame)) ?? []
  if (sanitizers.length > 0) {
    const removes = kindsOf(...sanitizers.flatMap((each) => each.removes))
    const resolves = sanitizers.some((each) => each.resolves === true)
    const left = withoutKinds({ ...result, open: true, labels: stepped(asParts(all), place, text) }, removes)
    return resolves ? { ...left, resolved: true } : left
  }
  if (facts?.clean === true && (receiver?.labels.length ?? 0) === 0) return result
  if (facts?.pass !== undefined) {
    const { pass } = facts
    const [first, base] = args.positional
    const labels =
      // What an address is relative to, where that is this server.
      pass.aspect === 'whole' && base !== undefined && isOwnAddress(base, frame, engine)
        ? (first?.labels ?? [])
        : pass.arguments === undefined
          ? all
          : pass.arguments.reduce<readonly Label[]>(
              (sum, at) =>
                joinLabels(
                  sum,
                  at === 'receiver'
                    ? (receiver?.labels ?? [])
                    : deepLabels(args.positional[at] ?? args.more ?? nothing, frame),
                ),
              [],
            )
    const { aspect } = pass
    const added = kindsOf(...(pass.adds ?? []))
    const shaped = withKinds(
      aspect === 'whole'
        ? labels
        : aspect === 'host'
          ? labels.map((label): Label => ({ ...label, aspect: label.aspect === 'whole' ? 'host' : label.aspect }))
          : asParts(labels),
      added,
    )
    return shaped.length === 0 ? result : { ...result, open: true, labels: stepped(shaped, place, text) }
  }
  if (receiver !== undefined && receiver.labels.length > 0) {
    const own = textMethod(call, receiver, args, frame, engine)
    if (own !== undefined) return own
    const key = /^get(?:list|Item)?$/.test(call.method ?? '') ? keyOf(args.positional[0]) : undefined
    if (key !== undefined)
      return { ...result, open: true, labels: partLabels(receiver.labels, key, call, frame, engine) }
    return { ...result, open: true, labels: stepped(receiver.labels, place, text) }
  }
  if (given.length === 0 || looksClean(name)) return result
  return { ...result, open: true, labels: stepped(doubtful(asParts(given)), place, text) }
}

/** The labels with further kinds; as sure of them as of anything else. */
function withKinds(labels: readonly Label[], added: number): readonly Label[] {
  if (added === 0) return labels
  return labels.map((label) => ({
    ...label,
    kinds: label.kinds | added,
    sure: label.sure === 0 ? 0 : label.sure | added,
  }))
}

/** Names of calls that check, count or ask a database: their result is not the text they were given. */
function looksClean(name: string | undefined): boolean {
  const tail = name?.slice(name.lastIndexOf('.') + 1) ?? ''
  return /sanit|escape|clean|valid|verify|hash|^is[_A-Z]|^has[_A-Z]|^len|count|query|find|fetch|filter|select|insert|delete|save|create|update|execute|commit|^(?:get|set|add|log|info|warn|error|debug|print|write|send|emit|publish|close|open|run|exec)/i.test(
    tail,
  )
}

function allLabels(args: CallArguments, frame: Frame): readonly Label[] {
  let labels: readonly Label[] = args.more?.labels ?? []
  for (const value of args.positional) labels = joinLabels(labels, deepLabels(value, frame, 2))
  for (const value of args.named.values()) labels = joinLabels(labels, deepLabels(value, frame, 2))
  return labels
}

/** Functions that answer requests from here on. False when the call registers none. */
function enterAll(facts: NameFacts, call: Call, args: CallArguments, frame: Frame, engine: Engine): boolean {
  const { entry } = facts
  if (entry === undefined || frame.state === undefined) return false
  if (call.decorates === true) {
    const [target] = args.positional
    if (target !== undefined)
      engine.enter(
        target,
        answersPage(call, frame) ? { ...entry, returns: 'page' } : entry,
        routeOf(call, frame),
        frame.state,
      )
    return true
  }
  if (entry.functions === undefined || !allHold(entry.when, args, frame)) return false
  const values =
    entry.functions === 'all'
      ? [...args.positional, ...args.named.values()]
      : [argumentAt(entry.functions, args) ?? nothing]
  const route = allConstants(args.positional[0] ?? nothing)?.[0]
  for (const value of values) engine.enter(value, entry, typeof route === 'string' ? route : '', frame.state)
  return false
}

/** `response_class=HTMLResponse`: text the function returns is a page. */
function answersPage(call: Call, frame: Frame): boolean {
  const made = definitionOf(call.callee, frame)
  if (made?.op !== 'call') return false
  const given = made.arguments.find(({ name }) => name === 'response_class')
  const refs = given === undefined ? [] : (frame.temps[given.value]?.refs ?? [])
  return refs.some((ref) => ref.kind === 'external' && ref.name.endsWith('HTMLResponse'))
}

/** The path a decorator names: the first text of the call that made it. */
function routeOf(call: Call, frame: Frame): string {
  const made = definitionOf(call.callee, frame)
  if (made?.op !== 'call') return ''
  const first = made.arguments[0]
  const constant = first === undefined ? undefined : allConstants(frame.temps[first.value] ?? nothing)?.[0]
  return typeof constant === 'string' ? constant : ''
}
