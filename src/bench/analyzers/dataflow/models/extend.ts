import { type Lookup, lookupOf, type NameFacts } from './lookup.ts'
import type { Model } from './model.ts'

/** What is known, and what further models say: their source and propagator of a name stand before the known ones. */
export function extended(known: Lookup, models: readonly Model[]): Lookup {
  if (models.length === 0) return known
  const own = lookupOf(models)
  const merged = new Map<string, NameFacts>()
  return {
    ...known,
    mentions: (name) => known.mentions(name) || own.mentions(name),
    facts(name) {
      let facts = merged.get(name)
      if (facts === undefined) {
        facts = union(known.facts(name), own.facts(name))
        merged.set(name, facts)
      }
      return facts
    },
  }
}

function union(known: NameFacts, more: NameFacts): NameFacts {
  return {
    ...known,
    source: more.source ?? known.source,
    pass: more.pass ?? known.pass,
    // A result that never holds what went in cannot pass it on.
    clean: known.clean && more.pass === undefined,
    sinks: [...known.sinks, ...more.sinks],
    sanitizers: [...known.sanitizers, ...more.sanitizers],
    guards: [...known.guards, ...more.guards],
  }
}
