import { type Kinds, kindsOf, outsideKinds } from '../analysis/kinds.ts'
import type { Observer } from '../analysis/observer.ts'
import type {
  CheckModel,
  ConventionModel,
  EntryModel,
  GuardModel,
  MarkModel,
  Model,
  PassModel,
  PropertyModel,
  ReturnModel,
  SanitizerModel,
  SinkModel,
  SourceModel,
} from './model.ts'

/** All that the models say of one name. */
export interface NameFacts {
  readonly source:
    | (Pick<SourceModel, 'input' | 'confidence' | 'within' | 'own'> & {
        readonly kinds: Kinds
        readonly judge: SourceModel['judge'] | undefined
      })
    | undefined
  readonly sinks: readonly SinkModel[]
  readonly sanitizers: readonly SanitizerModel[]
  readonly pass: PassModel | undefined
  readonly clean: boolean
  readonly ends: boolean
  readonly thing: boolean
  readonly entry: EntryModel | undefined
  readonly type: string | undefined
  readonly guards: readonly GuardModel[]
  readonly marks: readonly MarkModel[]
  readonly returns: readonly ReturnModel[]
  readonly checks: readonly CheckModel[]
}

export interface Lookup {
  /** Whether any model speaks of the name or of something in it. */
  mentions(name: string): boolean
  /** What is known of a qualified name; the same object for the same name. */
  facts(name: string): NameFacts
  /** What is known of setting a property. */
  property(name: string): readonly PropertyModel[]
  readonly conventions: readonly ConventionModel[]
  /** Those that look on at one kind of event. */
  readonly observers: { readonly [Event in keyof Observer]-?: readonly NonNullable<Observer[Event]>[] }
}

interface Entry<Fact> {
  /** The whole name, or a pattern for names with `*`. */
  readonly name: string | RegExp
  readonly fact: Fact
}

/** Names found by their last part; patterns with `*` are tested. */
class NameIndex<Fact> {
  readonly #byTail = new Map<string, Entry<Fact>[]>()
  readonly names: string[] = []

  add(name: string, fact: Fact): void {
    this.names.push(name)
    const tail = tailOf(name).replace(/^\*(?=.)/, '')
    const entries = this.#byTail.get(tail) ?? []
    entries.push({ name: name.includes('*') ? patternOf(name) : name, fact })
    this.#byTail.set(tail, entries)
  }

  find(name: string): Fact[] {
    const facts: Fact[] = []
    for (const tail of [tailOf(name), '*']) {
      for (const { name: known, fact } of this.#byTail.get(tail) ?? []) {
        if (typeof known === 'string' ? known === name : known.test(name)) facts.push(fact)
      }
    }
    return facts
  }
}

function tailOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

function patternOf(name: string): RegExp {
  const escaped = name.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.{0,200}')
  return new RegExp(`^${escaped}$`)
}

/** Arranges models for looking up names. */
export function lookupOf(models: readonly Model[]): Lookup {
  const index = new NameIndex<(facts: Open) => void>()
  const properties = new Map<string, PropertyModel[]>()
  const addAll = (names: readonly string[], change: (facts: Open) => void): void => {
    for (const name of names) index.add(name, change)
  }
  for (const model of models) {
    for (const each of model.sources ?? []) {
      const kinds =
        (each.kinds === undefined ? outsideKinds : kindsOf(...each.kinds)) & ~kindsOf(...(each.without ?? []))
      addAll(each.names, (facts) => {
        facts.source = { ...each, kinds, judge: each.judge }
      })
    }
    for (const each of model.sinks ?? []) addAll(each.names, (facts) => facts.sinks.push(each))
    for (const each of model.sanitizers ?? []) addAll(each.names, (facts) => facts.sanitizers.push(each))
    for (const each of model.guards ?? []) addAll(each.names, (facts) => facts.guards.push(each))
    for (const each of model.returns ?? []) addAll(each.names, (facts) => facts.returns.push(each))
    for (const each of model.checks ?? []) addAll(each.names, (facts) => facts.checks.push(each))
    for (const each of model.marks ?? []) addAll(each.names, (facts) => facts.marks.push(each))
    for (const each of model.passes ?? []) {
      addAll(each.names, (facts) => {
        facts.pass = each
      })
    }
    addAll(model.clean ?? [], (facts) => {
      facts.clean = true
    })
    addAll(model.things ?? [], (facts) => {
      facts.thing = true
    })
    addAll(model.ends ?? [], (facts) => {
      facts.ends = true
    })
    for (const each of model.entries ?? []) {
      addAll(each.names, (facts) => {
        facts.entry = each
      })
    }
    for (const each of model.types ?? []) {
      addAll(each.names, (facts) => {
        facts.type = each.is
      })
    }
    for (const each of model.properties ?? []) {
      for (const name of each.names) properties.set(name, [...(properties.get(name) ?? []), each])
    }
  }
  const observers = models.flatMap((model) => model.observers ?? [])
  const known = new Map<string, NameFacts>()
  const starts = new Map<string, boolean>()
  return {
    mentions(name) {
      const before = starts.get(name)
      if (before !== undefined) return before
      const found = index.names.some(
        (each) => each === name || (each.startsWith(name) && !/\w/.test(each[name.length] ?? '')),
      )
      starts.set(name, found)
      return found
    },
    facts(name) {
      let facts = known.get(name)
      if (facts === undefined) {
        const open = emptyFacts()
        for (const change of index.find(name)) change(open)
        facts = open
        known.set(name, facts)
      }
      return facts
    },
    property: (name) => properties.get(name) ?? [],
    conventions: models.flatMap((model) => model.conventions ?? []),
    observers: {
      stored: observers.flatMap(({ stored }) => stored ?? []),
      written: observers.flatMap(({ written }) => written ?? []),
      compared: observers.flatMap(({ compared }) => compared ?? []),
      called: observers.flatMap(({ called }) => called ?? []),
      spelled: observers.flatMap(({ spelled }) => spelled ?? []),
      answered: observers.flatMap(({ answered }) => answered ?? []),
      returned: observers.flatMap(({ returned }) => returned ?? []),
      declared: observers.flatMap(({ declared }) => declared ?? []),
      finished: observers.flatMap(({ finished }) => finished ?? []),
    },
  }
}

type Open = { -readonly [Key in keyof NameFacts]: NameFacts[Key] } & {
  sinks: SinkModel[]
  sanitizers: SanitizerModel[]
  guards: GuardModel[]
  marks: MarkModel[]
  returns: ReturnModel[]
  checks: CheckModel[]
}

function emptyFacts(): Open {
  return {
    source: undefined,
    sinks: [],
    sanitizers: [],
    pass: undefined,
    clean: false,
    ends: false,
    thing: false,
    entry: undefined,
    type: undefined,
    guards: [],
    marks: [],
    returns: [],
    checks: [],
  }
}
