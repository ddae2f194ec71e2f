import { argumentAt, fieldValue, nameOf } from '../analysis/call-arguments.ts'
import { definitionOf, type Engine, type Frame, placeOf, reportWeakness } from '../analysis/engine.ts'
import { kindsOf } from '../analysis/kinds.ts'
import type { Observer, Verdict } from '../analysis/observer.ts'
import { heapObject } from '../analysis/state.ts'
import { joinLabels, type Label, onlyText, type Value } from '../analysis/value.ts'
import type { Instruction } from '../ir/ir.ts'
import type { ArgumentKey, CallSite } from '../models/model.ts'

type Call = Extract<Instruction, { op: 'call' }>

const message = 'Whatever fields the request names are written to a record.'
const fields = kindsOf('fields')
/** Classes that pick and check fields themselves. */
const checking =
  /(?:Schema|Form|Serializer|Request|Input|DTO|Dto|Params|Config|Filter|Query|Args|Command|Event|Error|Exception|Response|Settings|Validator|Payload|Body|Create|Update|Data|Item|Model)$/
const modelModule = /(?:^|[./])(?:models?|entit(?:y|ies)|db|database|orm|tables?)(?:[./]|$)/i
const databaseBase =
  /(?:^|\.)(?:Model|Base|DeclarativeBase|Document|DynamicDocument|EmbeddedDocument|BaseModel|SQLModel|AbstractUser|AbstractBaseUser)$|declarative_base\(\)$/

/** The labels of a value whose field names are the sender's: the whole of what came, or an object with such keys. */
export function sentFields(value: Value | undefined, frame: Frame): readonly Label[] {
  if (value === undefined) return []
  let labels: readonly Label[] = value.labels.filter(({ kinds }) => (kinds & fields) !== 0)
  for (const ref of value.refs) {
    const object = ref.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
    if (object === undefined || object.kind === 'list') continue
    const keys = (object.keys?.labels ?? []).filter(({ kinds }) => (kinds & fields) !== 0)
    labels = joinLabels(labels, keys)
  }
  return labels
}

/** `Model.create(body)`, `query.update(data)`: an argument that is everything that was sent. */
export function wholeAt(key: ArgumentKey, field?: string) {
  return ({ args, frame }: CallSite): Verdict | undefined => {
    const given = argumentAt(key, args)
    if (typeof key === 'number' && isPicked(args.temps[key], frame)) return undefined
    const value = field === undefined ? given : fieldValue(given, field, frame)
    return verdictOf(sentFields(value, frame))
  }
}

/** Methods many things have: on a model only, known by its capital or by the client before it. */
export function onModel(key: ArgumentKey, field?: string) {
  const whole = wholeAt(key, field)
  return (site: CallSite): Verdict | undefined => {
    const name = nameOf(site.call.receiver, site.frame)
    const isModel =
      /^[A-Z]\w*$/.test(name) &&
      !/^(?:Object|Array|JSON|Promise|Map|Set|React|Math|Buffer|Reflect|Response|NextResponse)$/.test(name)
    const isRepository = /(?:repo(?:sitory)?|model|collection)s?$/i.test(name)
    const isRecord = isRead(site.call, site.frame) && /^(?:update|set|assign|merge|patch)$/.test(site.call.method ?? '')
    if (!isModel && !isRepository && !isRecord) return undefined
    const limits = site.args.positional.some((value) => fieldValue(value, 'fields', site.frame) !== undefined)
    return limits ? undefined : whole(site)
  }
}

/** `prisma.user.update({ data: body })`, and `create`, `upsert`. */
export function inData({ args, frame }: CallSite): Verdict | undefined {
  const [options] = args.positional
  for (const field of ['data', 'create', 'update', 'defaults']) {
    const labels = sentFields(fieldValue(options, field, frame), frame)
    if (labels.length > 0) return verdictOf(labels)
  }
  return undefined
}

/** `Object.assign(user, body)`: into a record that is read from somewhere, not into an object made here. */
export function intoRecord({ args, frame }: CallSite): Verdict | undefined {
  const [target, ...given] = args.positional
  if (target === undefined || target.labels.length > 0 || isMadeHere(target, frame)) return undefined
  for (const value of given) {
    const labels = sentFields(value, frame)
    if (labels.length > 0) return verdictOf(labels)
  }
  return undefined
}

/** `setattr(user, key, value)` with a key the sender names. */
export function namedAttribute({ args, frame }: CallSite): Verdict | undefined {
  const [target, key] = args.positional
  if (target === undefined || key === undefined || isMadeHere(target, frame)) return undefined
  return verdictOf(key.labels.filter(({ kinds }) => (kinds & fields) !== 0))
}

/** `user.__dict__.update(data)`, `vars(user).update(data)`, `query.filter_by(…).update(data)`, `.values(**data)`. */
export function pythonUpdate({ call, args, frame, receiver }: CallSite): Verdict | undefined {
  const text = textOf(call.receiver, frame)
  const isQuery =
    /\bquery\b|\.filter(?:_by)?\(|\.objects\b|__dict__$|^vars\(|(?:^|\.)(?:update|insert)\(/.test(text) ||
    (receiver?.refs.some((ref) => ref.kind === 'external' && /\.query\b|filter_by\(\)/.test(ref.name)) ?? false)
  if (!isQuery) return undefined
  return verdictOf(joinLabels(sentFields(args.positional[0], frame), spreadFields(call, frame)))
}

/** `$set: body` and `insert_one(body)` of MongoDB. */
export function mongoDocument({ args, frame }: CallSite): Verdict | undefined {
  for (const value of args.positional.slice(0, 2)) {
    const labels = joinLabels(sentFields(fieldValue(value, '$set', frame), frame), sentFields(value, frame))
    if (labels.length > 0) return { ...verdictOf(labels), confidence: 'low' }
  }
  return undefined
}

/** A record made of all that was sent: `User(**data)`, `new User(body)`, `record[key] = body[key]`. */
export const recordObserver: Observer = {
  stored(name, value, at, frame, engine) {
    if (name === 'fields' && onlyText(value) === '__all__') allFields(at, frame, engine)
  },
  called(name, at, frame, engine) {
    if (frame.facts.module.language === 'python') spreadInto(name, at, frame, engine)
    else if (at.isNew) constructed(name, at, frame, engine)
  },
}

/** `fields = '__all__'` of a form made from a model: whatever columns it has can be sent. */
function allFields(at: Extract<Instruction, { op: 'store' }>, frame: Frame, engine: Engine): void {
  const before = frame.facts.module.text.slice(Math.max(0, at.start - 1500), at.start)
  const form = [...before.matchAll(/^([ \t]*)class\s+\w+\(([^)]*)\)/gm)].at(-1)?.[2] ?? ''
  const model = [...before.matchAll(/\bmodel\s*=\s*([\w.]+)/g)].at(-1)?.[1] ?? ''
  const isAccount = /user|account|profile|member|customer|employee/i.test(model)
  if (!/ModelForm\b/.test(form) && !(isAccount && /ModelSerializer\b/.test(form))) return
  const confidence = isAccount && /ModelForm\b/.test(form) ? 'medium' : 'low'
  const said = 'The form takes every field of the model, also those people must not set.'
  reportWeakness({ rule: 'mass-assignment', place: placeOf(at, frame), message: said, confidence }, engine)
}

function spreadInto(name: string | undefined, at: Call, frame: Frame, engine: Engine): void {
  const labels = spreadFields(at, frame).filter(({ sure }) => (sure & fields) !== 0)
  if (labels.length === 0) return
  const own = nameOf(at.callee, frame)
  const method = at.method ?? ''
  const isManager =
    /^(?:create|acreate|get_or_create|update_or_create|update|bulk_create|insert|values|from_dict)$/.test(method) &&
    /\bobjects\b|\bquery\b|^[A-Z]|\.filter\(|insert\(|update\(/.test(textOf(at.receiver, frame))
  const confidence = isManager ? undefined : recordClass(name, own, at, frame, engine)
  if (confidence === 'none') return
  const [label] = labels
  reportWeakness(
    {
      rule: 'mass-assignment',
      place: placeOf(at, frame),
      message,
      confidence: confidence ?? 'medium',
      ...(label !== undefined && { label }),
    },
    engine,
  )
}

/** How sure it is that a class keeps records: by the classes it is made of, or where it is imported from. */
function recordClass(
  name: string | undefined,
  own: string,
  at: Call,
  frame: Frame,
  engine: Engine,
): 'medium' | 'low' | 'none' {
  for (const ref of frame.temps[at.callee]?.refs ?? []) {
    if (ref.kind !== 'class') continue
    const bases = engine.classes.get(ref.id)?.bases.flatMap(({ refs }) => refs) ?? []
    const names = bases.flatMap((base) => (base.kind === 'external' ? [base.name] : []))
    return names.some((base) => databaseBase.test(base) && !/^pydantic|marshmallow|forms?\./.test(base))
      ? 'medium'
      : 'none'
  }
  if (name === undefined || !/^[A-Z]/.test(own) || /^(?:pydantic|marshmallow|dataclasses|attr)/.test(name))
    return 'none'
  const module = name.slice(0, name.lastIndexOf('.'))
  if (modelModule.test(module)) return checking.test(own) && !/^(?:Data|Item|Model)$/.test(own) ? 'low' : 'medium'
  return 'none'
}

function constructed(name: string | undefined, at: Call, frame: Frame, engine: Engine): void {
  const [first] = at.arguments
  const own = nameOf(at.callee, frame)
  if (first === undefined || at.arguments.length > 1 || !/^[A-Z]/.test(own)) return
  const isImported = name !== undefined && (name.startsWith('.') || name.startsWith('@/') || modelModule.test(name))
  const isModel = name !== undefined && /^mongoose\.model\(\)|\.define\(\)/.test(name)
  if (
    !isModel &&
    !(
      isImported &&
      (modelModule.test(name ?? '') || /^(?:User|Account|Customer|Member|Profile|Post|Product|Order)$/.test(own))
    )
  )
    return
  const [label] = sentFields(frame.temps[first.value], frame)
  if (label === undefined || checking.test(own)) return
  reportWeakness({ rule: 'mass-assignment', place: placeOf(at, frame), message, confidence: 'medium', label }, engine)
}

/** What `**data` brings whose names are the sender's. */
function spreadFields(call: Call, frame: Frame): readonly Label[] {
  let labels: readonly Label[] = []
  for (const { value, spread } of call.arguments) {
    if (spread === 'dictionary') labels = joinLabels(labels, sentFields(frame.temps[value], frame))
  }
  return labels
}

/** Whether what is given went through a function that keeps some of the entries: `entries.filter(([key]) => …)`, `pick(body)`. */
function isPicked(temp: number | undefined, frame: Frame, depth = 0): boolean {
  const definition = definitionOf(temp, frame)
  if (definition === undefined || depth > 6) return false
  if (definition.op === 'load') {
    const stores = frame.facts.ir.blocks.flatMap(({ instructions }) =>
      instructions.filter((at) => at.op === 'store' && at.slot === definition.slot),
    )
    return stores.some((at) => at.op === 'store' && isPicked(at.value, frame, depth + 1))
  }
  if (definition.op !== 'call') return false
  const name = definition.method ?? nameOf(definition.callee, frame)
  if (/^(?:filter|reduce|pick\w*|only|matchedData|whitelist|allow\w*|permit)$/i.test(name)) return true
  return [definition.receiver, definition.arguments[0]?.value].some((each) => isPicked(each, frame, depth + 1))
}

function verdictOf(labels: readonly Label[]): Verdict | undefined {
  const label = labels.find(({ sure }) => (sure & fields) !== 0)
  return label === undefined ? undefined : { message, label, confidence: 'medium' }
}

/** An object or list this program spells out. */
function isMadeHere(value: Value, frame: Frame): boolean {
  return (
    value.refs.length > 0 &&
    value.refs.every((ref) => {
      const object = ref.kind === 'object' && frame.state !== undefined ? heapObject(frame.state, ref.at) : undefined
      return object !== undefined && object.kind !== 'instance'
    })
  )
}

/** Whether a variable holds what a call that reads records answered. */
function isRead(call: Call, frame: Frame): boolean {
  const definition = definitionOf(call.receiver, frame)
  if (definition?.op !== 'load') return false
  return frame.facts.ir.blocks.some(({ instructions }) =>
    instructions.some((at) => {
      if (at.op !== 'store' || at.slot !== definition.slot) return false
      const origin = definitionOf(at.value, frame)
      return origin?.op === 'call' && /^(?:find|get|fetch|load|first|findOne|one)/i.test(origin.method ?? '')
    }),
  )
}

function textOf(temp: number | undefined, frame: Frame): string {
  const definition = definitionOf(temp, frame)
  return definition === undefined
    ? ''
    : frame.facts.module.text.slice(definition.start, Math.min(definition.end, definition.start + 200))
}
