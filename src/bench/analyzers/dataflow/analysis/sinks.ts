import type { Instruction } from '../ir/ir.ts'
import type { CallSite, CheckModel, MarkModel, SinkModel } from '../models/model.ts'
import { allHold, argumentAt, fieldValue, nameOf } from './call-arguments.ts'
import { deepLabels } from './deep-labels.ts'
import { type CallArguments, type Engine, type Frame, placeOf, reportLabels, reportWeakness } from './engine.ts'
import { kindsOf } from './kinds.ts'
import { fact, heapObject, withFact } from './state.ts'
import { constantValue, joinValues, nothing, type Value } from './value.ts'

type Call = Extract<Instruction, { op: 'call' }>

/** Notes that the response, or whatever the mark stands for, was set up so. */
export function setMark(mark: MarkModel, args: CallArguments, frame: Frame, engine: Engine): void {
  if (frame.state === undefined || !allHold(mark.when, args, frame)) return
  frame.state = withFact(frame.state, engine.number(`mark ${mark.mark}`), constantValue(true))
}

/** Whether a sink counts after the marks set before it. */
export function isMarked(sink: SinkModel, frame: Frame, engine: Engine): boolean {
  const has = (mark: string): boolean =>
    frame.state !== undefined && fact(frame.state, engine.number(`mark ${mark}`)) !== undefined
  if (sink.unlessMarked !== undefined && has(sink.unlessMarked)) return false
  return sink.whenMarked === undefined || has(sink.whenMarked)
}

/** Reports what reaches a sink: the arguments the model names, with what is left of its kinds. */
export function meetSink(
  sink: SinkModel,
  call: Call,
  args: CallArguments,
  receiver: Value | undefined,
  frame: Frame,
  engine: Engine,
): void {
  if (!allHold(sink.when, args, frame) || !isMarked(sink, frame, engine)) return
  if (sink.receiver !== undefined && !sink.receiver.test(nameOf(call.receiver, frame))) return
  const values: Value[] = []
  for (const key of sink.arguments) {
    if (key === 'receiver') values.push(receiver ?? nothing)
    else if (key === 'all') values.push(...args.positional, ...args.named.values())
    else values.push(argumentAt(key, args) ?? nothing)
  }
  for (const field of sink.fields ?? []) {
    for (const value of args.positional) values.push(fieldValue(value, field, frame) ?? nothing)
  }
  for (const value of values) {
    // Objects are logged as they are written in code, with `\\n` for line breaks.
    if (sink.rule === 'log-injection' && isContainer(value)) continue
    if (isOwnAddress(value, frame, engine)) continue
    const looked = sink.element === 'first' ? firstOf(value, frame) : value
    const labels = sink.deep === true ? deepLabels(looked, frame) : looked.labels
    if (labels.length === 0) continue
    const name = frame.facts.module.text.slice(call.start, Math.min(call.end, call.start + 60)).split('(')[0] ?? ''
    reportLabels(labels, kindsOf(...sink.kinds), { ...sink, name: name.trim() }, placeOf(call, frame), engine)
  }
}

/** Whether a value is an address of this very server, as the request named it. */
export function isOwnAddress({ refs }: Value, frame: Frame, engine: Engine): boolean {
  const models = engine.models(frame.facts.module.path)
  return refs.length > 0 && refs.every((ref) => ref.kind === 'external' && models.facts(ref.name).source?.own === true)
}

/** Whether a value is all of the fields a request carries, not one of them. */
function isContainer({ refs }: Value): boolean {
  return refs.some(
    (ref) => ref.kind === 'external' && /\.(?:query|params|headers|body|cookies|args|form|GET|POST)$/.test(ref.name),
  )
}

/** Reports a call that is wrong by the way it is made. */
export function meetCheck(check: CheckModel, site: CallSite): void {
  const { call, args, frame, engine } = site
  if (!allHold(check.when, args, frame)) return
  const verdict = check.judge === undefined ? {} : check.judge(site)
  if (verdict === undefined) return
  const { rule, message, confidence, fix } = check
  const said = { ...(confidence !== undefined && { confidence }), ...(fix !== undefined && { fix }), ...verdict }
  reportWeakness({ rule, message, place: placeOf(call, frame), ...said }, engine)
}

function firstOf(value: Value, frame: Frame): Value {
  let all: Value = value.refs.length === 0 ? value : nothing
  for (const ref of value.refs) {
    const object = ref.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
    if (object !== undefined) all = joinValues(all, object.fields.get(0) ?? object.rest)
  }
  return all
}
