import type { Instruction } from '../ir/ir.ts'
import {
  bound,
  elementOf,
  forgetPaths,
  newObject,
  pathOf,
  possibleKeys,
  readKey,
  slotValue,
  withKeys,
  writeKey,
} from './access.ts'
import { callInstruction } from './calls.ts'
import { append } from './collections.ts'
import { compareValues } from './compare.ts'
import { declareType, depends } from './declarations.ts'
import { deepLabels } from './deep-labels.ts'
import { type Engine, type Frame, placeOf, reportLabels } from './engine.ts'
import { caughtException, exceptionName, harmlessPart, withoutTold, writtenOut } from './exceptions.ts'
import { externalModule, globalNamed } from './imports.ts'
import { kindsOf } from './kinds.ts'
import { meetMarkup, meetProperty } from './page.ts'
import { keep, tableOf } from './records.ts'
import { instructionKey } from './refine.ts'
import { fact, type HeapObject, heapObject, variable, withField, withObject, withRest, withVariable } from './state.ts'
import { percentFormatted } from './strings.ts'
import { binaryValue, buildText, truthOf } from './text.ts'
import {
  anything,
  asParts,
  constantValue,
  joinLabels,
  joinValues,
  labelled,
  lastingLabels,
  nothing,
  onlyConstant,
  onlyText,
  type Place,
  refValue,
  type Step,
  stepped,
  type Value,
} from './value.ts'

/** Runs one instruction on a frame. */
export function transfer(instruction: Instruction, frame: Frame, engine: Engine): void {
  const { state } = frame
  if (state === undefined) return
  switch (instruction.op) {
    case 'store':
      store(instruction, frame, engine)
      return
    case 'set': {
      const object = frame.temps[instruction.object] ?? anything
      const value = frame.temps[instruction.value] ?? anything
      const key = instructionKey(instruction, frame)
      for (const see of observersOf(frame, engine).written) see(object, key, value, instruction, frame, engine)
      meetProperty(instruction, object, key, value, frame, engine)
      const index = instruction.index === undefined ? undefined : frame.temps[instruction.index]
      writeKey(instruction.object, object, key, index, value, frame, engine)
      if (key === 'autoescape' && onlyConstant(value)?.value === false)
        engine.unescaped.add(frame.facts.module.language)
      const table = tableOf(object)
      if (table !== undefined && typeof key === 'string') keep(table, key, value, instruction, frame, engine)
      return
    }
    case 'append': {
      const [ref] = frame.temps[instruction.list]?.refs ?? []
      const object = ref?.kind === 'object' ? heapObject(state, ref.at) : undefined
      const value = frame.temps[instruction.value] ?? anything
      if (ref?.kind === 'object' && object !== undefined)
        frame.state = withObject(state, ref.at, append(object, value, false))
      return
    }
    case 'default': {
      if (depends(instruction, frame, engine)) return
      for (const see of observersOf(frame, engine).stored) {
        const name = frame.facts.module.slotNames[instruction.slot] ?? ''
        see(name, frame.temps[instruction.value] ?? anything, { ...instruction, op: 'store' }, frame, engine)
      }
      if (variable(state, instruction.slot) === undefined) {
        frame.state = withVariable(state, instruction.slot, frame.temps[instruction.value] ?? anything)
      }
      return
    }
    case 'typed':
      declareType(instruction, frame, engine)
      return
    case 'export': {
      engine.export(frame.facts.module.path, instruction.name, frame.temps[instruction.value] ?? anything)
      return
    }
  }
  frame.temps[instruction.dst] = withoutTold(
    writtenOut(instruction, compute(instruction, frame, engine)),
    frame,
    engine,
  )
}

type Computation = Extract<Instruction, { dst: number }>

function compute(instruction: Computation, frame: Frame, engine: Engine): Value {
  const at = (temp: number): Value => frame.temps[temp] ?? anything
  switch (instruction.op) {
    case 'constant':
      return constantValue(instruction.value)
    case 'regex':
      return refValue({
        kind: 'regex',
        pattern: instruction.pattern,
        flags: instruction.flags,
        at: placeOf(instruction, frame),
        key: `r${instruction.flags}/${instruction.pattern}`,
      })
    case 'load': {
      const value = slotValue(instruction.slot, frame, engine)
      return value === nothing ? anything : value
    }
    case 'global':
      return instruction.name === exceptionName
        ? caughtException(undefined, instruction, frame, engine)
        : globalNamed(instruction.name, instruction, frame, engine)
    case 'get': {
      if (instruction.key === '$raised') return caughtException(at(instruction.object), instruction, frame, engine)
      const told = harmlessPart(at(instruction.object), instruction.key)
      if (told !== undefined) return told
      const path = pathOf(instruction.dst, frame, engine)
      const known = path === undefined || frame.state === undefined ? undefined : fact(frame.state, path)
      if (known !== undefined) return known
      const key = instructionKey(instruction, frame)
      const several =
        key === undefined && instruction.index !== undefined ? possibleKeys(at(instruction.index)) : undefined
      const value = (several ?? [key])
        .map((each) => readKey(at(instruction.object), each, instruction.attribute, instruction, frame, engine))
        .reduce<Value>((all, each) => joinValues(all, each), nothing)
      return instruction.attribute
        ? ranGetter(value, at(instruction.object), key, instruction, frame, engine)
        : instruction.index === undefined
          ? value
          : chosen(value, at(instruction.object), at(instruction.index))
    }
    case 'call': {
      const path = instruction.method === 'get' ? pathOf(instruction.dst, frame, engine) : undefined
      const known = path === undefined || frame.state === undefined ? undefined : fact(frame.state, path)
      if (known !== undefined) return known
      return callInstruction(instruction, frame, engine)
    }
    case 'text':
      return built(buildText(instruction.parts.map(at)), instruction, frame)
    case 'binary':
      return binary(instruction, frame, engine)
    case 'unary': {
      if (instruction.operator === 'typeof') return typeOf(at(instruction.operand))
      const truth = truthOf(at(instruction.operand))
      if (instruction.operator === 'not' || instruction.operator === '!') {
        return truth === undefined ? anything : constantValue(!truth)
      }
      const constant = at(instruction.operand).known[0]
      return instruction.operator === '-' && typeof constant === 'number'
        ? constantValue(-constant)
        : labelled(lastingLabels(at(instruction.operand).labels))
    }
    case 'compare':
      for (const see of observersOf(frame, engine).compared) {
        see(at(instruction.left), at(instruction.right), instruction, frame, engine)
      }
      return compareValues(instruction.operator, at(instruction.left), at(instruction.right), frame.state)
    case 'list':
      return list(instruction, frame, engine)
    case 'object':
      return object(instruction, frame, engine)
    case 'function':
      return functionValue(instruction, frame, engine)
    case 'class':
      return classValue(instruction, frame, engine)
    case 'import':
      return externalModule(instruction.module, instruction.name, instruction, frame, engine)
    case 'element':
      return elementOf(at(instruction.of), instruction.keys, instruction, frame)
    case 'rest':
      return restOf(at(instruction.of), instruction, frame, engine)
    case 'join':
      return instruction.sources.length === 0
        ? anything
        : instruction.sources.map(at).reduce<Value>((all, each) => joinValues(all, each), nothing)
    case 'markup':
      return meetMarkup(instruction, frame, engine)
  }
}

/** A character of a text or alphabet picked by a number: what is known of how the number was made counts for it. */
function chosen(value: Value, object: Value, index: Value): Value {
  const labels = lastingLabels(index.labels)
  if (labels.length === 0) return value
  const isText = object.known.every((constant) => typeof constant === 'string')
  const isAlphabet = value.known.every((constant) => typeof constant !== 'string' || constant.length === 1)
  if (!isText || !isAlphabet) return value
  return { ...value, open: true, labels: joinLabels(value.labels, labels) }
}

function observersOf(frame: Frame, engine: Engine) {
  return engine.models(frame.facts.module.path).observers
}

function store(instruction: Extract<Instruction, { op: 'store' }>, frame: Frame, engine: Engine): void {
  const value = frame.temps[instruction.value] ?? anything
  forgetPaths(instruction.slot, frame)
  if (frame.state === undefined) return
  const kept = value.labels.length === 0 ? value : assigned(value, instruction, frame)
  const { stored } = observersOf(frame, engine)
  if (stored.length > 0) {
    const spelled = frame.facts.module.slotNames[instruction.slot] ?? ''
    for (const see of stored) see(spelled, value, instruction, frame, engine)
  }
  frame.state = withVariable(frame.state, instruction.slot, kept)
}

function assigned(value: Value, instruction: Extract<Instruction, { op: 'store' }>, frame: Frame): Value {
  const { start, end } = instruction
  const name = frame.facts.module.text.slice(start, Math.min(end, start + 60)).split('\n')[0] ?? ''
  return { ...value, labels: stepped(value.labels, placeOf(instruction, frame), `assigned: ${name}`) }
}

function built(value: Value, instruction: Computation, frame: Frame): Value {
  if (value.labels.length === 0) return value
  return { ...value, labels: stepped(value.labels, placeOf(instruction, frame), 'put into text') }
}

function binary(instruction: Extract<Instruction, { op: 'binary' }>, frame: Frame, engine: Engine): Value {
  const left = frame.temps[instruction.left] ?? anything
  const right = frame.temps[instruction.right] ?? anything
  const { operator } = instruction
  if (operator === '+' && left.refs.length > 0 && right.refs.length > 0 && isMade(left, right)) {
    const held = joinValues(elementOf(left, false, instruction, frame), elementOf(right, false, instruction, frame))
    return newObject({ kind: 'list', fields: new Map(), rest: held }, `${instruction.start} +`, frame, engine)
  }
  const format = onlyText(left)
  if (operator === '%' && format !== undefined) {
    const [ref] = right.refs
    const tuple = ref?.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
    const values = tuple === undefined ? [right] : [...tuple.fields.values()]
    return built(percentFormatted(format, values, tuple?.fields), instruction, frame)
  }
  // A path joined with `/` may be absolute again.
  if (operator === '/' && (left.labels.length > 0 || right.labels.length > 0)) {
    return {
      ...anything,
      labels: stepped(asParts(joinLabels(left.labels, right.labels)), placeOf(instruction, frame), 'joined to a path'),
    }
  }
  return built(binaryValue(operator, left, right), instruction, frame)
}

function typeOf(value: Value): Value {
  if (value.open || value.labels.length > 0 || value.refs.length > 0 || value.known.length === 0) return anything
  return value.known
    .map((constant) => constantValue(constant === null ? 'object' : typeof constant))
    .reduce<Value>((all, each) => joinValues(all, each), nothing)
}

function list(instruction: Extract<Instruction, { op: 'list' }>, frame: Frame, engine: Engine): Value {
  const fields = new Map<string | number, Value>()
  let rest: Value = nothing
  for (const item of instruction.items) {
    const value = frame.temps[item.value] ?? anything
    if (item.spread) {
      const [ref] = value.refs
      const from = ref?.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
      if (from?.kind === 'list' && from.rest === nothing && rest === nothing && value.refs.length === 1) {
        for (const field of from.fields.values()) fields.set(fields.size, field)
      } else rest = joinValues(rest, elementOf(value, false, instruction, frame))
    } else if (rest === nothing && fields.size < 64) fields.set(fields.size, value)
    else rest = joinValues(rest, value)
  }
  return newObject({ kind: 'list', fields, rest }, `${instruction.dst}`, frame, engine)
}

function object(instruction: Extract<Instruction, { op: 'object' }>, frame: Frame, engine: Engine): Value {
  let current: HeapObject = { kind: 'object', fields: new Map(), rest: nothing }
  for (const entry of instruction.entries) {
    const value = frame.temps[entry.value] ?? anything
    if (entry.spread) {
      const [ref] = value.refs
      const from = ref?.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
      for (const [key, field] of from?.fields ?? []) current = withField(current, key, field, true)
      if (from !== undefined && from.rest !== nothing) current = withRest(current, from.rest, from.keys)
      if (value.labels.length > 0) current = withRest(current, labelled(value.labels), labelled(value.labels))
      // What is not known may hold anything: `{ ...options, maxAge: 5 }`.
      else if (value.open || value.refs.length > (from === undefined ? 0 : 1)) current = withRest(current, anything)
      continue
    }
    const key = instructionKey(entry, frame)
    const index = entry.index === undefined ? undefined : frame.temps[entry.index]
    current = key === undefined ? withKeys(current, index, value) : withField(current, key, value, true)
  }
  for (const see of observersOf(frame, engine).spelled) see(current.fields, instruction, frame, engine)
  return newObject(current, `${instruction.dst}`, frame, engine)
}

function functionValue(instruction: Extract<Instruction, { op: 'function' }>, frame: Frame, engine: Engine): Value {
  const ir = engine.program.function(instruction.function).ir
  // A function that uses names of the function around it keeps what they hold.
  const closure = frame.facts.ir.kind === 'module' ? undefined : frame.state
  if (closure !== undefined) engine.closures.set(ir.id, closure)
  const value = refValue({
    kind: 'function',
    id: ir.id,
    closure,
    key: closure === undefined ? `f${ir.id}` : `f${ir.id}/${frame.context}`,
  })
  return ir.kind === 'arrow' && frame.facts.ir.self !== undefined
    ? bound(value, slotValue(frame.facts.ir.self, frame, engine))
    : value
}

function classValue(instruction: Extract<Instruction, { op: 'class' }>, frame: Frame, engine: Engine): Value {
  for (const see of observersOf(frame, engine).declared) see(instruction, frame, engine)
  const id = engine.number(`class ${frame.facts.ir.id} ${instruction.dst}`)
  engine.classes.set(id, {
    id,
    name: instruction.name,
    bases: instruction.bases.map((base) => frame.temps[base] ?? anything),
    declared: new Map(
      instruction.members.flatMap(({ name, value, kind }) =>
        kind === 'declared' ? [[name, frame.temps[value] ?? anything] as const] : [],
      ),
    ),
    members: new Map(
      instruction.members
        .filter(({ kind }) => kind !== 'declared')
        .map(({ name, value, kind }) => [name, { value: frame.temps[value] ?? anything, kind }]),
    ),
    path: frame.facts.module.path,
    defined: `${frame.facts.ir.id} ${instruction.dst}`,
    span: { start: instruction.start, end: instruction.end },
  })
  return refValue({ kind: 'class', id, key: `c${id}` })
}

/** Whether one of two operands is a list of the program: things of libraries are joined as text. */
function isMade(...operands: readonly Value[]): boolean {
  return operands.some(({ refs }) => refs.some(({ kind }) => kind === 'object'))
}

/** A property that runs a function when it is read. */
function ranGetter(
  value: Value,
  object: Value,
  key: string | number | undefined,
  instruction: Computation,
  frame: Frame,
  engine: Engine,
): Value {
  for (const ref of object.refs) {
    const instance = ref.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
    if (instance?.class === undefined || typeof key !== 'string') continue
    if (engine.classes.get(instance.class)?.members.get(key)?.kind !== 'getter') continue
    const [getter] = value.refs
    if (getter?.kind !== 'function') continue
    const none = { positional: [], named: new Map(), more: undefined, temps: [] }
    const outcome = engine.call(getter.id, refValue(ref), none, getter.closure, frame, instruction)
    return outcome?.value ?? anything
  }
  return value
}

function restOf(value: Value, instruction: Extract<Instruction, { op: 'rest' }>, frame: Frame, engine: Engine): Value {
  const [ref] = value.refs
  const from = ref?.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
  if (from === undefined) return labelled(stepped(asParts(value.labels), placeOf(instruction, frame), 'a part of it'))
  if (from.kind !== 'list') return newObject(from, `${instruction.dst}`, frame, engine)
  const left = [...from.fields]
    .filter(([key]) => Number(key) >= instruction.from)
    .map(([, field], at) => [at, field] as const)
  return newObject({ ...from, fields: new Map(left) }, `${instruction.dst}`, frame, engine)
}

/** What a function that answers requests returns becomes a page. */
export function meetAnswer(value: Value, span: { start: number; end: number }, frame: Frame, engine: Engine): void {
  if (frame.answers !== undefined)
    for (const see of observersOf(frame, engine).answered) see(value, span, frame, engine)
  if (frame.answers !== 'page') return
  const [ref] = value.refs
  const tuple = ref?.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
  // A dictionary or list is sent as JSON; of `(body, status, headers)` the body counts.
  if (tuple !== undefined && tuple.kind === 'list') {
    const headers = tuple.fields.get(2)
    if (headers !== undefined && deepLabels(headers, frame).length === 0 && isOtherType(headers, frame)) return
  }
  const body = tuple === undefined ? value : tuple.kind === 'list' ? (tuple.fields.get(0) ?? nothing) : nothing
  for (const label of body.labels) {
    const place = madeAt(label.steps) ?? placeOf(span, frame)
    reportLabels([label], kindsOf('html'), { rule: 'cross-site-scripting', name: 'the response' }, place, engine)
  }
}

/** Where the response was made of the text, when that is not where it is returned. */
function madeAt(last: Step | undefined): Place | undefined {
  for (let step = last; step !== undefined; step = step.previous) {
    if (/(?:make_response|Response)\(\)$/.test(step.message)) return step.place
  }
  return undefined
}

function isOtherType(headers: Value, frame: Frame): boolean {
  const [ref] = headers.refs
  const object = ref?.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
  const type = object?.fields.get('Content-Type') ?? object?.fields.get('content-type')
  const text = onlyText(type)
  return text !== undefined && !/html|svg|xml/i.test(text)
}
