import type { Instruction } from '../ir/ir.ts'
import { bound, elementOf, newList, newObject, readMember } from './access.ts'
import { collectionMethod, higherOrder, type Invoke } from './collections.ts'
import { deepLabels } from './deep-labels.ts'
import { type CallArguments, type Engine, type Frame, type Outcome, placeOf, reportLabels } from './engine.ts'
import { rejectionFor } from './exceptions.ts'
import { isExponential } from './exponential.ts'
import { callExternal } from './external.ts'
import { noteCall } from './inventory.ts'
import { outsideKinds } from './kinds.ts'
import { keepObject, tableOfClass } from './records.ts'
import { learn } from './refine.ts'
import { regexReplacing, regexTest } from './regex.ts'
import { heapObject, joinStates, withField, withObject } from './state.ts'
import { textMethod } from './strings.ts'
import { anything, asParts, joinValues, labelled, newValue, nothing, type Ref, stepped, type Value } from './value.ts'

type Call = Extract<Instruction, { op: 'call' }>

const promised = new Set(['then', 'catch', 'finally'])
const elementwise = new Set(['map', 'forEach', 'filter', 'flatMap', 'some', 'every', 'reduce'])

/** What a call answers; the frame's state afterwards is undefined when it never returns. */
export function callInstruction(call: Call, frame: Frame, engine: Engine): Value {
  const callee = frame.temps[call.callee] ?? anything
  const args = argumentsOf(call, frame)
  noteCall(call, callee, args, frame, engine.inventory)
  meetPattern(call, frame, engine)
  const { called } = engine.models(frame.facts.module.path).observers
  if (called.length > 0) {
    const named = callee.refs.find((ref) => ref.kind === 'external')
    for (const see of called) see(named?.kind === 'external' ? named.name : undefined, call, frame, engine)
  }
  const done = new Set<Value>()
  const invoke: Invoke = (value, given) => {
    done.add(value)
    return invoked(value, given, call, frame, engine)
  }
  if (call.receiver !== undefined && !callee.refs.some(({ kind }) => kind === 'function' || kind === 'class')) {
    const receiver = frame.temps[call.receiver] ?? anything
    const own = ownMethod(call, receiver, args, frame, engine, invoke)
    if (own !== undefined) {
      callLeft(receiver, args, done, call, frame, invoke)
      return own
    }
  }
  let result: Value = nothing
  const before = frame.state
  let after = undefined as Frame['state']
  const refs = callee.refs.slice(0, 4)
  for (const ref of refs) {
    frame.state = before
    const answer = callRef(ref, call, callee, args, frame, engine, invoke)
    if (frame.state === undefined) continue
    result = joinValues(result, answer)
    after = after === undefined ? frame.state : joinStates(after, frame.state)
  }
  frame.state = refs.length === 0 ? before : after
  if (refs.length === 0) result = callExternal(undefined, call, args, frame, engine, invoke)
  return result === nothing ? anything : result
}

/** Functions the call was given and nothing has run yet: the key of a sort, a comparison. */
function callLeft(
  of: Value,
  args: CallArguments,
  done: ReadonlySet<Value>,
  call: Call,
  frame: Frame,
  invoke: Invoke,
): void {
  for (const value of [...args.positional, ...args.named.values()]) {
    if (done.has(value) || value.refs.every(({ kind }) => kind !== 'function')) continue
    const element = elementOf(of, false, call, frame)
    invoke(value, [element, element])
  }
}

/** Text from outside matched by a pattern that may take exponential time. */
function meetPattern(call: Call, frame: Frame, engine: Engine): void {
  const test = regexTest(call, frame) ?? regexReplacing(call, frame)
  const labels = test === undefined ? [] : (frame.temps[test.target]?.labels ?? [])
  if (test === undefined || labels.length === 0 || !isExponential(test.regex.pattern)) return
  const sink = {
    rule: 'regex-denial-of-service' as const,
    name: 'a pattern with nested repetition',
    fix: exponentialFix,
  }
  // The pattern is what is wrong, wherever it is used.
  reportLabels(labels, outsideKinds, sink, test.regex.at ?? placeOf(call, frame), engine)
}

const exponentialFix =
  'Write the pattern so that each text matches in one way only, and limit the length of the text first.'

/** Methods of text, collections and promises, which need no model. */
function ownMethod(
  call: Call,
  receiver: Value,
  args: CallArguments,
  frame: Frame,
  engine: Engine,
  invoke: Invoke,
): Value | undefined {
  const method = call.method ?? ''
  const [first] = args.positional
  const isScript = frame.facts.module.language === 'javascript'
  if (isScript && promised.has(method) && first?.refs.some(({ kind }) => kind === 'function')) {
    const given = method === 'catch' ? rejectionFor(first, frame, engine) : anything
    const value = invoke(first, [method === 'then' ? receiver : given]).value
    return method === 'then' ? value : joinValues(receiver, value)
  }
  if (method === 'join' && !isScript && first !== undefined && !receiver.refs.some(({ kind }) => kind === 'external')) {
    return labelled(
      stepped(
        asParts(deepLabels(first, frame)),
        { path: frame.facts.module.path, start: call.start, end: call.end },
        'joined',
      ),
    )
  }
  const collected = collectionMethod(call, receiver, args, frame, engine, invoke)
  if (collected !== undefined) return collected
  if (isScript && elementwise.has(method) && first?.refs.some(({ kind }) => kind === 'function')) {
    const element =
      receiver.labels.length > 0 ? labelled(asParts(receiver.labels)) : elementOf(receiver, false, call, frame)
    return higherOrder(method, element, args, receiver, `${call.start}`, frame, engine, invoke)
  }
  const [pattern, replacement] = args.positional
  if (
    replacement?.refs.some(({ kind }) => kind === 'function') &&
    pattern !== undefined &&
    /^replace(?:All)?$/.test(method)
  ) {
    const { labels } = invoke(replacement, [
      receiver.labels.length > 0 ? labelled(asParts(receiver.labels)) : anything,
    ]).value
    const replaced = newValue([], replacement.refs, hasLabels(labels, receiver), true)
    return (
      textMethod(
        call,
        receiver.open ? receiver : { ...receiver, open: true },
        { ...args, positional: [pattern, replaced] },
        frame,
        engine,
      ) ?? labelled(labels)
    )
  }
  return textMethod(call, receiver, args, frame, engine)
}

/** What a replacing function adds besides what was already in the text. */
function hasLabels(labels: Value['labels'], receiver: Value): Value['labels'] {
  return labels.filter(({ source }) => !receiver.labels.some((label) => label.source === source))
}

/** Evaluates the arguments of a call, with lists and objects of known content spread. */
export function argumentsOf(call: Call, frame: Frame): CallArguments {
  const positional: Value[] = []
  const temps: (number | undefined)[] = []
  const named = new Map<string, Value>()
  let more: Value | undefined
  for (const argument of call.arguments) {
    const value = frame.temps[argument.value] ?? anything
    if (argument.name !== undefined) named.set(argument.name, value)
    else if (argument.spread === undefined) {
      positional.push(value)
      temps.push(argument.value)
    } else {
      const [ref] = value.refs
      const object = ref?.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
      if (object === undefined) more = joinValues(more, value.labels.length > 0 ? labelled(value.labels) : anything)
      else {
        for (const [key, field] of object.fields) {
          if (argument.spread === 'list') positional.push(field)
          else named.set(String(key), field)
        }
        if (object.rest !== nothing) more = joinValues(more, object.rest)
      }
    }
  }
  return { positional, named, more, temps }
}

function callRef(
  ref: Ref,
  call: Call,
  callee: Value,
  args: CallArguments,
  frame: Frame,
  engine: Engine,
  invoke: Invoke,
): Value {
  switch (ref.kind) {
    case 'function': {
      const outcome = engine.call(ref.id, ref.self, withSteps(args, call, frame), ref.closure, frame, call)
      return finished(outcome, call, args, frame, engine)
    }
    case 'class':
      return instantiate(ref.id, call, args, frame, engine)
    case 'external':
      return callExternal(ref.name, call, args, frame, engine, invoke)
    case 'object': {
      const object = frame.state === undefined ? undefined : heapObject(frame.state, ref.at)
      const method = object?.class === undefined ? undefined : readMember(object.class, '__call__', callee, engine)
      return method === undefined ? anything : invoke(method, args.positional).value
    }
    default:
      return anything
  }
}

/** What the step says at which a value is handed to a function of the app. */
export const passedToCall = 'passed to this call'
/** What the step says at which a value comes back from a function of the app. */
export const returnedByCall = 'returned by this call'

function finished(outcome: Outcome | undefined, call: Call, args: CallArguments, frame: Frame, engine: Engine): Value {
  if (outcome === undefined) {
    frame.state = undefined
    return nothing
  }
  if (frame.state !== undefined) {
    learn(outcome.after, args.temps, frame, engine)
    frame.lessons.set(call.dst, { outcome, temps: args.temps })
  }
  if (outcome.value.labels.length === 0) return outcome.value
  const place = { path: frame.facts.module.path, start: call.start, end: call.end }
  return { ...outcome.value, labels: stepped(outcome.value.labels, place, returnedByCall) }
}

function withSteps(args: CallArguments, call: Call, frame: Frame): CallArguments {
  if (args.positional.every(({ labels }) => labels.length === 0) && args.named.size === 0) return args
  const place = { path: frame.facts.module.path, start: call.start, end: call.end }
  const passed = (value: Value): Value =>
    value.labels.length === 0 ? value : { ...value, labels: stepped(value.labels, place, passedToCall) }
  return {
    ...args,
    positional: args.positional.map(passed),
    named: new Map([...args.named].map(([name, value]) => [name, passed(value)])),
  }
}

/** `new C(…)`, `C(…)`: an object with its class, after its constructor ran. */
export function instantiate(id: number, call: Call, args: CallArguments, frame: Frame, engine: Engine): Value {
  const self = newObject(
    { kind: 'instance', class: id, fields: new Map(), rest: nothing },
    `${call.start} new`,
    frame,
    engine,
  )
  setFields(id, self, frame, engine, 0)
  const initialiser =
    ownFunction(readMember(id, '__init__', self, engine)) ??
    ownFunction(readMember(id, 'constructor', self, engine)) ??
    dataFields(id, self, args, frame, engine)
  for (const ref of initialiser?.refs ?? []) {
    if (ref.kind !== 'function') continue
    const outcome = engine.call(ref.id, self, withSteps(args, call, frame), ref.closure, frame, call)
    if (outcome === undefined) frame.state = undefined
  }
  const table = tableOfClass(engine.classes.get(id), engine)
  if (table !== undefined) keepObject(table, self, call, frame, engine, 0)
  return self
}

/** A function of the app, not one a class of a library has. */
function ownFunction(value: Value | undefined): Value | undefined {
  return value?.refs.some(({ kind }) => kind === 'function') === true ? value : undefined
}

/** Fields a class gives its instances before the constructor runs. */
function setFields(id: number, self: Value, frame: Frame, engine: Engine, depth: number): void {
  const facts = engine.classes.get(id)
  const [ref] = self.refs
  if (facts === undefined || ref?.kind !== 'object' || depth > 8) return
  for (const base of facts.bases) {
    for (const each of base.refs) if (each.kind === 'class') setFields(each.id, self, frame, engine, depth + 1)
  }
  for (const [name, member] of facts.members) {
    const object = frame.state === undefined ? undefined : heapObject(frame.state, ref.at)
    if (member.kind !== 'field' || object === undefined || frame.state === undefined) continue
    frame.state = withObject(frame.state, ref.at, withField(object, name, bound(member.value, self), true))
  }
}

/** A class without a constructor (a data class, a model) keeps its keyword arguments as fields. */
function dataFields(id: number, self: Value, args: CallArguments, frame: Frame, engine: Engine): undefined {
  const [ref] = self.refs
  const object = ref?.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
  if (object === undefined || ref?.kind !== 'object' || frame.state === undefined) return undefined
  let filled = object
  for (const [name, value] of args.named) filled = withField(filled, name, value, true)
  const declared = [...(engine.classes.get(id)?.members.keys() ?? [])]
  args.positional.forEach((value, at) => {
    filled = withField(filled, declared[at] ?? at, value, true)
  })
  frame.state = withObject(frame.state, ref.at, filled)
  return undefined
}

/** Calls a function value a library was handed. */
function invoked(
  callee: Value,
  given: readonly Value[],
  call: Call,
  frame: Frame,
  engine: Engine,
): { readonly value: Value; readonly kept?: Value | undefined } {
  let value: Value = nothing
  let kept: Value | undefined
  const args: CallArguments = { positional: given, named: new Map(), more: undefined, temps: [] }
  const before = frame.state
  let after = before
  for (const ref of callee.refs.slice(0, 4)) {
    frame.state = before
    if (ref.kind === 'function') {
      const outcome = engine.call(ref.id, ref.self, args, ref.closure, frame, call)
      if (outcome !== undefined) {
        value = joinValues(value, outcome.value)
        kept = outcome.whenTrue[0]
      }
    } else if (ref.kind === 'external') {
      const { callee: _callee, receiver: _receiver, method: _method, ...plain } = call
      const stand: Call = { ...plain, callee: call.callee, arguments: [] }
      value = joinValues(
        value,
        callExternal(ref.name, stand, args, frame, engine, () => ({ value: anything })),
      )
    } else value = joinValues(value, anything)
    // The library may call it or not.
    if (before !== undefined && after !== undefined && frame.state !== undefined && frame.state !== before) {
      after = joinStates(after, frame.state)
    }
  }
  frame.state = after
  return { value: value === nothing ? anything : value, kept }
}

/** Lists made from arguments nobody named. */
export function restList(values: readonly Value[], site: string, frame: Frame, engine: Engine): Value {
  return values.length === 0
    ? newList(nothing, site, frame, engine)
    : newObject(
        { kind: 'list', fields: new Map(values.map((value, at) => [at, value])), rest: nothing },
        site,
        frame,
        engine,
      )
}
