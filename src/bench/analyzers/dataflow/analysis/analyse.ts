import type { Template } from '../frontend/templates.ts'
import type { FunctionId, ModuleIr } from '../ir/ir.ts'
import type { Lookup } from '../models/lookup.ts'
import type { EntryModel } from '../models/model.ts'
import { readKey } from './access.ts'
import { instantiate } from './calls.ts'
import { conventionOf } from './conventions.ts'
import { type CallArguments, type ClassFacts, certainty, type Engine, type Frame, type Hit } from './engine.ts'
import { entryArguments } from './entries.ts'
import { starred, submodule } from './imports.ts'
import { newInventory } from './inventory.ts'
import { Invoker } from './invoke.ts'
import { newNumbers } from './numbers.ts'
import { programOf } from './program.ts'
import { runFunction } from './run.ts'
import { isSame, noReads, type Seen, seenOf } from './seen.ts'
import { withShared } from './shared-state.ts'
import { emptyState, joinStates, type State, variable } from './state.ts'
import { anything, externalValue, joinValues, type Place, refValue, type Source, type Value } from './value.ts'

/** Steps one function that is looked at on its own may take, and all of an app together. */
const rootBudget = 400_000
const appBudget = 12_000_000
/** How often everything runs again because a request left something another one may read. */
const rounds = 2

/** The work allowed is used up. */
class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent'
}

export interface Analysed {
  readonly hits: readonly Hit[]
  /** Functions that were given up, with the reason. */
  readonly gaps: readonly { readonly path: string; readonly reason: string }[]
  readonly steps: number
  /** The functions that answer requests. */
  readonly entries: readonly Entry[]
  /** The engine as the analysis left it, for checks that compare parts of the app. */
  readonly engine: Engine
}

/** A function that answers requests, as it was registered. */
export interface Entry {
  readonly callee: Value
  readonly model: EntryModel
  /** The route as it was written; empty when it is not known. */
  readonly route: string
  readonly state: State
}

const event: CallArguments = { positional: [externalValue('Event')], named: new Map(), more: undefined, temps: [] }
const unknown: CallArguments = { positional: [], named: new Map(), more: anything, temps: [] }

/** Follows what requests send through all modules of an app to where it does harm. */
export function analyse(
  modules: readonly ModuleIr[],
  models: { readonly python: Lookup; readonly javascript: Lookup },
  pulse: () => void = () => undefined,
  templates: readonly Template[] = [],
): Analysed {
  const program = programOf(modules)
  const sources = new Map<string, Source>()
  const hits = new Map<string, Hit>()
  const exports = new Map<string, Map<string, Value>>()
  const loaded = new Set<string>()
  const entries = new Map<string, Entry>()
  const entered = new Set<FunctionId>()
  const gaps: { path: string; reason: string }[] = []
  let steps = 0
  let limit = rootBudget
  let base = emptyState

  const engine: Engine = {
    program,
    classes: new Map<number, ClassFacts>(),
    stores: new Map<string, number>(),
    objects: new Map(),
    handlers: new Set<FunctionId>(),
    closures: new Map<FunctionId, State>(),
    templates,
    unescaped: new Set<'python' | 'javascript'>(),
    inventory: newInventory(),
    models: (path) => (program.modules.get(path)?.language === 'python' ? models.python : models.javascript),
    ...newNumbers(),
    source(place, input, within, key, confidence = within?.confidence) {
      const id = within === undefined ? `${place.path} ${place.start} ${input}` : `${within.id}.${key ?? ''}`
      let source = sources.get(id)
      if (source === undefined) {
        const at: Place = within ?? place
        const { path, start, end } = at
        source = { path, start, end, input, id: sources.size, ...(confidence !== undefined && { confidence }) }
        sources.set(id, source)
      }
      return source
    },
    report(hit) {
      const key = `${hit.rule} ${hit.place.path} ${hit.place.start}`
      const before = hits.get(key)
      if (before === undefined || rankOf(hit) > rankOf(before)) hits.set(key, hit)
    },
    enter(callee, model, route, state) {
      for (const ref of callee.refs) {
        if (ref.kind === 'function')
          entries.set(`${ref.id} ${route}`, { callee: { ...callee, refs: [ref] }, model, route, state })
      }
    },
    exported: (path, name, frame) =>
      engine.offered(path, name, frame) ??
      starred(path, name, frame, engine) ??
      submodule(path, name, frame, engine) ??
      anything,
    offered(path, name, frame) {
      const offered = exports.get(path)?.get(name)
      if (offered !== undefined) return offered
      const slot = program.modules.get(path)?.names.get(name)
      if (slot !== undefined) frame.reads.variables.add(slot)
      const value = slot === undefined || frame.state === undefined ? undefined : variable(frame.state, slot)
      if (value !== undefined) return value
      const whole = exports.get(path)?.get('$commonjs')
      if (whole !== undefined)
        return name === 'default' ? whole : readKey(whole, name, false, { start: 0, end: 0 }, frame, engine)
      return undefined
    },
    declaredArguments: (facts, frame) =>
      entryArguments({ model: { names: [], parameters: { by: 'declaration' } }, route: '' }, facts, frame, engine),
    whole: (path) => exports.get(path)?.get('$commonjs'),
    export(path, name, value) {
      const offered = exports.get(path) ?? new Map<string, Value>()
      offered.set(name, name === '*' ? joinValues(offered.get(name), value) : value)
      exports.set(path, offered)
    },
    load(path, frame) {
      if (loaded.has(path)) return
      loaded.add(path)
      const module = program.modules.get(path)
      if (module === undefined) return
      const inner = rootFrame(module.main, frame.state ?? emptyState)
      const finished = runFunction(inner, engine)
      if (finished !== undefined) frame.state = { ...finished.state, facts: frame.state?.facts ?? emptyState.facts }
    },
    call: (id, self, args, closure, frame, site) => invoker.call(id, self, args, closure, frame, site),
    spend(count) {
      steps += count
      if (steps > limit) throw new BudgetSpent()
    },
  }
  const { moduleSlots } = program
  const invoker = new Invoker(engine)

  function rootFrame(id: FunctionId, state: State): Frame {
    return {
      facts: program.function(id),
      temps: [],
      paths: new Map(),
      state,
      depth: 0,
      caller: undefined,
      context: engine.number(`root ${id}`),
      reads: noReads(),
      lessons: new Map(),
      answers: undefined,
    }
  }

  /** Runs one piece of work within its budget; what it left in shared objects counts for the others. */
  function within(path: string, what: string, work: () => State | undefined): State | undefined {
    pulse()
    limit = Math.min(appBudget, steps + rootBudget)
    try {
      return work()
    } catch (error) {
      if (!(error instanceof BudgetSpent)) throw error
      if (gaps.length < 100) gaps.push({ path, reason: `${what} takes more work than allowed` })
      return undefined
    }
  }

  for (const module of modules) {
    within(module.path, 'the module', () => {
      const frame = rootFrame(module.main, base)
      engine.load(module.path, frame)
      base = frame.state ?? base
      return undefined
    })
  }
  // What ran while a file was loaded runs again when it is used: a page that a module shows.
  invoker.visited.clear()
  // Functions around others first: they tell what the inner ones know.
  const outerFirst = modules.flatMap(({ functions }) =>
    functions.filter(({ kind }) => kind !== 'module').sort((a, b) => a.start - b.start || b.end - a.end),
  )
  // What each run looked at that others may change: it is worth another one only then.
  const seen = new Map<string, Seen>()
  const closures = new Map<FunctionId, State | undefined>()
  for (let round = 0; round < rounds; round++) {
    let shared = base
    const isStale = (key: string): boolean => {
      const before = seen.get(key)
      return before === undefined || !isSame(before, base)
    }
    const done = new Set<string>()
    const runEntries = (): void => {
      for (const [key, entry] of entries) {
        if (done.has(key)) continue
        done.add(key)
        const [ref] = entry.callee.refs
        if (ref?.kind !== 'function' || !isStale(key)) continue
        const { module, ir } = program.function(ref.id)
        const start = ref.closure === undefined ? base : joinStates(base, entry.state)
        const left = within(module.path, `the function at offset ${ir.start}`, () => {
          const frame = rootFrame(module.main, { ...start, facts: emptyState.facts })
          const args = entryArguments(entry, program.function(ref.id), frame, engine)
          const owner = ownerOf(ref.id, engine)
          const self = ref.self ?? (owner === undefined ? undefined : instanceOf(owner, frame, engine))
          invoker.call(ref.id, self, args, ref.closure, frame, ir, entry.model.returns ?? 'data')
          seen.set(key, seenOf(frame.reads, base))
          return frame.state
        })
        if (left !== undefined) shared = withShared(shared, base, left, moduleSlots, engine)
      }
    }
    runEntries()
    for (const ir of outerFirst) {
      const convention = conventionOf(ir, engine)
      if (convention !== undefined && !entered.has(ir.id)) {
        const isTop = ir.parent === program.function(ir.id).module.main
        if (isTop || !invoker.visited.has(ir.id)) {
          const value = refValue({ kind: 'function', id: ir.id, closure: undefined, key: `f${ir.id}` })
          engine.enter(value, convention, '', base)
          continue
        }
      }
      const key = `${ir.id}`
      const closure = engine.closures.get(ir.id)
      const isKnown = seen.has(key) && closures.get(ir.id) === closure && !isStale(key)
      if (isKnown || (!seen.has(key) && invoker.visited.has(ir.id))) continue
      closures.set(ir.id, closure)
      const { module } = program.function(ir.id)
      const left = within(module.path, `the function at offset ${ir.start}`, () => {
        const frame = rootFrame(module.main, base)
        const owner = ownerOf(ir.id, engine)
        const self = owner === undefined ? undefined : instanceOf(owner, frame, engine)
        const args = engine.handlers.has(ir.id) ? event : unknown
        invoker.call(ir.id, self, args, closure, frame, ir)
        seen.set(key, seenOf(frame.reads, base))
        return frame.state
      })
      if (left !== undefined) shared = withShared(shared, base, left, moduleSlots, engine)
    }
    runEntries()
    if (shared === base) break
    base = shared
    invoker.nextRound()
  }
  return { hits: [...hits.values()], gaps, steps, entries: [...entries.values()], engine }
}

/** How sure a hit is: of several at one place the surest is kept. */
function rankOf(hit: Hit): number {
  return ['low', 'medium', 'high'].indexOf(certainty(hit))
}

/** The class a method belongs to. */
function ownerOf(id: FunctionId, { classes }: Engine): number | undefined {
  let owners = ownersOf.get(classes)
  if (owners === undefined || owners.classes !== classes.size) {
    const methods = new Map<FunctionId, number>()
    for (const facts of classes.values()) {
      for (const { value, kind } of facts.members.values()) {
        if (kind === 'static') continue
        for (const ref of value.refs) if (ref.kind === 'function' && !methods.has(ref.id)) methods.set(ref.id, facts.id)
      }
    }
    owners = { classes: classes.size, methods }
    ownersOf.set(classes, owners)
  }
  return owners.methods.get(id)
}

/** Methods and their classes, made again when a class is added. */
const ownersOf = new WeakMap<
  Engine['classes'],
  { readonly classes: number; readonly methods: Map<FunctionId, number> }
>()

function instanceOf(id: number, frame: Frame, engine: Engine): Value {
  const site = { op: 'call', dst: 0, callee: 0, arguments: [], isNew: true, start: 0, end: 0 } as const
  return instantiate(id, site, unknown, frame, engine)
}
