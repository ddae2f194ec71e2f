import type { FunctionId, Span } from '../ir/ir.ts'
import type { EntryModel } from '../models/model.ts'
import { newObject } from './access.ts'
import { restList } from './calls.ts'
import { digest, labelMark } from './digest.ts'
import type { CallArguments, Engine, Frame, Outcome, Reads } from './engine.ts'
import { intMapChanges, intMapMerge, intMapSet } from './int-map.ts'
import type { FunctionFacts } from './program.ts'
import { runFunction } from './run.ts'
import { addReads, isSame, noReads, type Seen, seenOf } from './seen.ts'
import { storeNumbers } from './shared-state.ts'
import { emptyState, type HeapObject, heapObject, type State, variable, withObject, withVariable } from './state.ts'
import { inDevelopment } from './switches.ts'
import { anything, doubtful, joinLabels, labelled, nothing, type Value } from './value.ts'

const deepestCall = 9
const longestKey = 3000
/** Answers kept of one question, asked while variables of modules differed. */
const maximalAnswers = 3

interface Remembered {
  readonly outcome: Outcome | undefined
  readonly variables: readonly Change<Value>[]
  readonly objects: readonly Change<HeapObject>[]
  /** What it looked at besides its arguments, as that was. */
  readonly seen: Seen
  readonly reads: Reads
  /** Set when the answer holds objects made by this very call. */
  readonly context: number | undefined
  /** The round in which it was given. */
  readonly round: number
}

interface Change<Item> {
  readonly key: number
  readonly before: Item | undefined
  readonly value: Item | undefined
}

/** Different calls of one function that are followed although they carry nothing from outside. */
const manyRuns = 48

/** Calls functions of the app with what is known of the arguments; the same question is answered once. */
export class Invoker {
  readonly #engine: Engine
  readonly #known = new Map<string, Remembered[]>()
  readonly visited = new Set<FunctionId>()
  readonly #runs = new Map<FunctionId, number>()
  #round = 0

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Everything may be asked again: answers count where all they looked at and changed is as it was. */
  nextRound(): void {
    this.#round += 1
    this.#runs.clear()
  }

  call(
    id: FunctionId,
    self: Value | undefined,
    args: CallArguments,
    closure: State | undefined,
    frame: Frame,
    site: Span,
    answers?: EntryModel['returns'],
  ): Outcome | undefined {
    const engine = this.#engine
    const facts = engine.program.function(id)
    this.visited.add(id)
    const active = activeCalls(id, frame)
    if (frame.depth >= deepestCall || active > 1) return unknownOutcome(args)
    const start = this.#entered(facts, self, args, closure, frame)
    const context = engine.contextOf(frame.context, site.start, id)
    const key = answers === undefined ? this.#key(facts, start, inDevelopment(frame, engine)) : undefined
    const remembered = this.#known
      .get(key ?? '')
      ?.find(
        (each) =>
          (each.context === undefined || each.context === context) &&
          isSame(each.seen, start) &&
          (each.round === this.#round || changesAgain(each, frame.state ?? emptyState, storeNumbers(engine.stores))),
      )
    if (remembered !== undefined) return replay(remembered, frame)
    const runs = this.#runs.get(id) ?? 0
    // Helpers of large programs are called in hundreds of ways: where nothing from outside goes in, some of them say it.
    if (runs >= manyRuns && key !== undefined && !key.includes(labelMark)) return unknownOutcome(args)
    this.#runs.set(id, runs + 1)
    const inner: Frame = {
      facts,
      temps: [],
      paths: new Map(),
      state: start,
      depth: frame.depth + 1,
      caller: frame,
      context,
      reads: noReads(),
      lessons: new Map(),
      answers,
    }
    bindParameters(inner, self, args, engine)
    const finished = runFunction(inner, engine)
    const before = frame.state ?? emptyState
    addReads(inner.reads, frame.reads)
    if (finished === undefined) {
      this.#remember(key, inner.reads, start, { outcome: undefined, variables: [], objects: [], context: undefined })
      return undefined
    }
    let { state } = finished
    if (active > 0) {
      let { variables } = state
      for (const slot of facts.ir.slots) variables = intMapSet(variables, slot, variable(before, slot))
      state = { ...state, variables }
    }
    state = { ...state, facts: before.facts }
    const value = withClosures(finished.value, id, state, engine)
    const outcome: Outcome = { ...finished, value }
    if (key !== undefined) {
      const own = new Set(facts.ir.slots)
      const makes = value.refs.some(
        (ref) => (ref.kind === 'object' && heapObject(before, ref.at) === undefined) || ref.kind === 'function',
      )
      this.#remember(key, inner.reads, start, {
        outcome,
        variables: intMapChanges(before.variables, state.variables)
          .filter(({ key: slot }) => !own.has(slot))
          .map(({ key: slot, value: after }) => ({ key: slot, before: variable(before, slot), value: after })),
        objects: intMapChanges(before.heap, state.heap).map(({ key: at, value: after }) => ({
          key: at,
          before: heapObject(before, at),
          value: after,
        })),
        context: makes ? context : undefined,
      })
    }
    frame.state = state
    return outcome
  }

  #remember(
    key: string | undefined,
    reads: Reads,
    start: State,
    answer: Omit<Remembered, 'seen' | 'reads' | 'round'>,
  ): void {
    if (key === undefined) return
    const remembered: Remembered = { ...answer, reads, seen: seenOf(reads, start), round: this.#round }
    const others = this.#known.get(key)
    // The latest answers are asked for again.
    if (others === undefined) this.#known.set(key, [remembered])
    else others.splice(0, others.length, remembered, ...others.slice(0, maximalAnswers - 1))
  }

  /** The state in which the function starts: its own variables empty, those of the function around it as they were. */
  #entered(
    facts: FunctionFacts,
    self: Value | undefined,
    args: CallArguments,
    closure: State | undefined,
    frame: Frame,
  ): State {
    let state = frame.state ?? emptyState
    const { ir } = facts
    if (closure !== undefined && ir.parent !== undefined && activeCalls(ir.parent, frame) === 0) {
      for (const slot of ir.captured) {
        if (this.#engine.program.moduleSlots.has(slot)) continue
        const held = variable(closure, slot)
        if (held !== undefined) state = withVariable(state, slot, held)
      }
      if (state.heap !== closure.heap) state = { ...state, heap: withMissing(state, closure) }
    }
    let { variables } = state
    for (const slot of ir.slots) variables = intMapSet(variables, slot, undefined)
    state = { ...state, variables, facts: emptyState.facts }
    if (ir.self !== undefined && self !== undefined) state = withVariable(state, ir.self, self)
    let at =
      ir.self !== undefined && self === undefined && ir.kind === 'method' && facts.module.language === 'python' ? 1 : 0
    if (at === 1 && ir.self !== undefined) state = withVariable(state, ir.self, args.positional[0] ?? anything)
    for (const parameter of ir.parameters) {
      if (parameter.kind === 'list' || parameter.kind === 'dictionary') continue
      const positional = parameter.kind === 'plain' ? args.positional[at++] : undefined
      const value = positional ?? args.named.get(parameter.name) ?? args.more
      if (value !== undefined) state = withVariable(state, parameter.slot, value)
    }
    return state
  }

  #key(facts: FunctionFacts, state: State, isDevelopment: boolean): string | undefined {
    const { ir } = facts
    const seen = new Set<number>()
    // What is wrong in production may be right where developers work: asked anew.
    let key = isDevelopment ? `${ir.id} in development` : `${ir.id}`
    const slots = [...(ir.self === undefined ? [] : [ir.self]), ...ir.parameters.map(({ slot }) => slot)]
    for (const slot of ir.captured) if (!this.#engine.program.moduleSlots.has(slot)) slots.push(slot)
    for (const slot of slots) {
      key += `|${digest(variable(state, slot), state, seen, 3)}`
      if (key.length > longestKey) return undefined
    }
    return ir.parameters.some(({ kind }) => kind === 'list' || kind === 'dictionary') ? undefined : key
  }
}

/** Objects the closure knows and the present state does not. */
function withMissing(state: State, closure: State): State['heap'] {
  return intMapMerge(state.heap, closure.heap, (present, held) => present ?? held)
}

function activeCalls(id: FunctionId, frame: Frame): number {
  let count = 0
  for (let each: Frame | undefined = frame; each !== undefined; each = each.caller)
    if (each.facts.ir.id === id) count += 1
  return count
}

/** What a call that is not followed may answer. */
function unknownOutcome(args: CallArguments): Outcome {
  let labels = args.more?.labels ?? []
  for (const value of [...args.positional, ...args.named.values()]) labels = joinLabels(labels, value.labels)
  return { value: labelled(doubtful(labels)), after: [], whenTrue: [], whenFalse: [] }
}

/** Whether a call would change the same things in the same way: they are as they were before it. */
function changesAgain({ variables, objects }: Remembered, state: State, stores: ReadonlySet<number>): boolean {
  return (
    variables.every(({ key, before }) => variable(state, key) === before) &&
    objects.every(({ key, before }) =>
      // What the call makes itself it makes anew.
      before === undefined && !stores.has(key) ? true : heapObject(state, key) === before,
    )
  )
}

function replay(remembered: Remembered, frame: Frame): Outcome | undefined {
  addReads(remembered.reads, frame.reads)
  if (remembered.outcome === undefined) return undefined
  let state = frame.state ?? emptyState
  for (const { key, value } of remembered.variables) if (value !== undefined) state = withVariable(state, key, value)
  for (const { key, value } of remembered.objects) if (value !== undefined) state = withObject(state, key, value)
  frame.state = state
  return remembered.outcome
}

/** `*args`, `**kwargs` and JavaScript's `arguments`. */
function bindParameters(frame: Frame, self: Value | undefined, args: CallArguments, engine: Engine): void {
  const { ir } = frame.facts
  let at = 0
  const names = new Set<string>()
  for (const parameter of ir.parameters) {
    if (frame.state === undefined) return
    names.add(parameter.name)
    if (parameter.kind === 'plain') at += 1
    else if (parameter.kind === 'list') {
      const list = restList(args.positional.slice(at), `rest ${parameter.slot}`, frame, engine)
      frame.state = withVariable(frame.state, parameter.slot, withMore(list, args, frame))
    } else if (parameter.kind === 'dictionary') {
      const fields = new Map<string | number, Value>([...args.named].filter(([name]) => !names.has(name)))
      const object = newObject(
        { kind: 'object', fields, rest: args.more ?? nothing },
        `rest ${parameter.slot}`,
        frame,
        engine,
      )
      frame.state = withVariable(frame.state, parameter.slot, object)
    }
  }
  if (ir.all !== undefined && frame.state !== undefined) {
    frame.state = withVariable(frame.state, ir.all, restList(args.positional, 'arguments', frame, engine))
  }
  if (
    self === undefined &&
    ir.self !== undefined &&
    frame.state !== undefined &&
    variable(frame.state, ir.self) === undefined
  ) {
    frame.state = withVariable(frame.state, ir.self, anything)
  }
}

function withMore(list: Value, args: CallArguments, frame: Frame): Value {
  const [ref] = list.refs
  if (args.more === undefined || ref?.kind !== 'object' || frame.state === undefined) return list
  const object = heapObject(frame.state, ref.at)
  if (object !== undefined) frame.state = withObject(frame.state, ref.at, { ...object, rest: args.more })
  return list
}

/** Functions a call hands out keep the variables as the call left them. */
function withClosures(value: Value, id: FunctionId, state: State, engine: Engine): Value {
  if (!value.refs.some((ref) => ref.kind === 'function')) return value
  const refs = value.refs.map((ref) =>
    ref.kind === 'function' && engine.program.function(ref.id).ir.parent === id ? { ...ref, closure: state } : ref,
  )
  return { ...value, refs }
}
