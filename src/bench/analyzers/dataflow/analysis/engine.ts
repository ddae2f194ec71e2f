import type { Confidence } from '#bench/findings'
import type { Template } from '../frontend/templates.ts'
import type { FunctionId, Instruction, Slot, Span, Temp } from '../ir/ir.ts'
import type { Lookup } from '../models/lookup.ts'
import type { EntryModel, SinkModel } from '../models/model.ts'
import type { RuleId } from '../models/rules.ts'
import type { Inventory } from './inventory.ts'
import type { Kinds } from './kinds.ts'
import type { Numbers } from './numbers.ts'
import type { Weakness } from './observer.ts'
import type { FunctionFacts, Program } from './program.ts'
import type { State } from './state.ts'
import type { Label, Place, Source, Value } from './value.ts'

/** A class the program defines. */
export interface ClassFacts {
  readonly id: number
  readonly name: string
  readonly bases: readonly Value[]
  readonly members: ReadonlyMap<string, { readonly value: Value; readonly kind: string }>
  /** Fields with a declared type, and that type. */
  readonly declared: ReadonlyMap<string, Value>
  readonly path: string
  /** Where it is defined: the function and the instruction. */
  readonly defined: string
  readonly span: Span
}

/** What a call is given. */
export interface CallArguments {
  readonly positional: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
  /** What `*args` of unknown length and `**kwargs` with unknown keys hold. */
  readonly more: Value | undefined
  /** The temporaries behind the positional arguments, for what guards say of them. */
  readonly temps: readonly (Temp | undefined)[]
}

/** How one call of a function ended; undefined when it never returns. */
export interface Outcome {
  readonly value: Value
  /** The parameters, in order, after any return, after a true and after a false answer; undefined where they were overwritten. */
  readonly after: readonly (Value | undefined)[]
  readonly whenTrue: readonly (Value | undefined)[]
  readonly whenFalse: readonly (Value | undefined)[]
}

/** What an answer depends on besides the arguments. */
export interface Reads {
  readonly variables: Set<Slot>
  /** Objects that were looked at, and which of their keys; undefined among them where all of it counts. */
  readonly objects: Map<number, Set<string | number | undefined>>
}

/** One running call of a function. */
export interface Frame {
  readonly facts: FunctionFacts
  readonly temps: (Value | undefined)[]
  /** The access paths it asked for, by the variable they start at. */
  readonly paths: Map<Slot, Set<number>>
  /** What is known here; undefined where nothing gets. */
  state: State | undefined
  readonly depth: number
  readonly caller: Frame | undefined
  /** Tells the objects made by different calls apart. */
  readonly context: number
  /** Variables of modules, and objects that hold what the app put into things of libraries, that the call looked at. */
  readonly reads: Reads
  /** What the calls of predicates taught of their arguments, by the call's temporary. */
  readonly lessons: Map<Temp, { readonly outcome: Outcome; readonly temps: readonly (Temp | undefined)[] }>
  /** What becomes of the returned value, for functions that answer requests. */
  readonly answers: EntryModel['returns'] | undefined
}

export interface Hit {
  readonly rule: RuleId
  readonly place: Place
  /** The way from the source; none for what is wrong without text from outside. */
  readonly label?: Label
  readonly sure: boolean
  readonly sink: string
  /** What is wrong, when it is not that the source reaches the sink. */
  readonly message?: string
  readonly confidence?: 'medium' | 'low'
  readonly fix?: string
}

/** How sure a hit is: its own confidence and that of the source together. */
export function certainty({ sure, confidence, label }: Hit): Confidence {
  const doubts = [confidence, label?.source.confidence]
  if (!sure || doubts.includes('low')) return 'low'
  return doubts.includes('medium') ? 'medium' : 'high'
}

/** What the parts of the analysis share: one per analysed app. */
export interface Engine extends Numbers {
  readonly program: Program
  models(path: string): Lookup
  /** Template files of the app. */
  readonly templates: readonly Template[]
  /** Languages in which the app switched escaping off for all its templates. */
  readonly unescaped: Set<'python' | 'javascript'>
  /** Functions of pages that are given an event. */
  readonly handlers: Set<FunctionId>
  /** What functions made inside others last knew of the variables around them. */
  readonly closures: Map<FunctionId, State>
  /** Things of libraries the app writes into, and the objects that hold what was written. */
  readonly stores: Map<string, number>
  readonly classes: Map<number, ClassFacts>
  /** The numbers of objects by the call that makes them (its context) and the place in it. */
  readonly objects: Map<number, Map<string, number>>
  /** What is noted of the app's calls while it is run. */
  readonly inventory: Inventory
  source(place: Place, input: string, within?: Source, key?: string, confidence?: Source['confidence']): Source
  report(hit: Hit): void
  /** Remembers a function that answers requests. */
  enter(callee: Value, model: EntryModel, route: string, state: State): void
  /** What a module of the app offers under a name. */
  exported(path: string, name: string, frame: Frame): Value
  /** What a module offers itself; under `*` the modules of which it takes or hands on everything. */
  offered(path: string, name: string, frame: Frame): Value | undefined
  /** Arguments for a function a framework calls with what its parameters declare. */
  declaredArguments(facts: FunctionFacts, frame: Frame): CallArguments
  /** What a CommonJS module is as a whole, when it sets `module.exports`. */
  whole(path: string): Value | undefined
  export(path: string, name: string, value: Value): void
  load(path: string, frame: Frame): void
  call(
    id: FunctionId,
    self: Value | undefined,
    args: CallArguments,
    closure: State | undefined,
    frame: Frame,
    site: Span,
  ): Outcome | undefined
  /** Counts work; throws when the budget is spent. */
  spend(steps: number): void
}

export function placeOf(span: Span, frame: Frame): Place {
  return { path: frame.facts.module.path, start: span.start, end: span.end }
}

export function definitionOf(temp: Temp | undefined, frame: Frame): Instruction | undefined {
  return temp === undefined ? undefined : frame.facts.definitions[temp]
}

/** Reports a sink reached by labels of its kinds. */
export function reportLabels(
  labels: readonly Label[],
  kinds: Kinds,
  sink: Pick<SinkModel, 'rule' | 'confidence' | 'fix'> & { readonly name: string },
  place: Place,
  engine: Engine,
): void {
  for (const label of labels) {
    if ((label.kinds & kinds) === 0) continue
    engine.report({
      rule: sink.rule,
      place,
      label,
      sure: (label.sure & kinds) !== 0,
      sink: sink.name,
      ...(sink.confidence !== undefined && { confidence: sink.confidence }),
      ...(sink.fix !== undefined && { fix: sink.fix }),
    })
  }
}

/** Reports what is wrong at a place by itself. */
export function reportWeakness(weakness: Weakness, engine: Engine): void {
  engine.report({ ...weakness, sure: true, sink: '' })
}
