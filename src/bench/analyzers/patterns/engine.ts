import type { Hit, Matcher, PatternRule } from './rule.ts'
import type { Binding, Call, Element, Family, Source } from './source.ts'

/** A hit and the rule it belongs to. */
export interface RuleHit extends Hit {
  readonly rule: PatternRule
}

type Match<Subject> = (subject: Subject, source: Source) => Hit | undefined
interface Entry<Subject> {
  readonly rule: PatternRule
  readonly match: Match<Subject>
}

/** The rules of one language family, arranged so that a node meets only the matchers that may want it. */
interface Plan {
  readonly calls: Map<string, Entry<Call>[]>
  readonly bindings: { readonly name: RegExp; readonly entry: Entry<Binding> }[]
  readonly elements: Entry<Element>[]
}

/** Compiles rules into a function that finds all their hits in one file, in order of place, one per rule and place. */
export function compileRules(rules: readonly PatternRule[]): (source: Source) => RuleHit[] {
  const plans: Record<Family, Plan> = { python: planOf(rules, 'python'), javascript: planOf(rules, 'javascript') }
  return function hitsIn(source) {
    const plan = plans[source.family]
    const hits: RuleHit[] = []
    const seen = new Set<string>()
    function meet<Subject>(entry: Entry<Subject>, subject: Subject): void {
      const hit = entry.match(subject, source)
      if (hit === undefined) return
      const key = `${entry.rule.id} ${hit.node.startIndex}`
      if (seen.has(key)) return
      seen.add(key)
      hits.push({ ...hit, rule: entry.rule })
    }
    for (const call of source.calls) {
      for (const entry of plan.calls.get(call.name) ?? []) meet(entry, call)
      for (const entry of plan.calls.get(`*.${call.method}`) ?? []) meet(entry, call)
    }
    for (const binding of source.bindings) {
      for (const { name, entry } of plan.bindings) if (name.test(binding.name)) meet(entry, binding)
    }
    for (const element of source.elements) for (const entry of plan.elements) meet(entry, element)
    return hits.sort((a, b) => a.node.startIndex - b.node.startIndex)
  }
}

function planOf(rules: readonly PatternRule[], family: Family): Plan {
  const plan: Plan = { calls: new Map(), bindings: [], elements: [] }
  for (const rule of rules) for (const matcher of rule[family] ?? []) add(plan, rule, matcher)
  return plan
}

function add(plan: Plan, rule: PatternRule, matcher: Matcher): void {
  switch (matcher.on) {
    case 'call':
      for (const name of matcher.names) {
        const entries = plan.calls.get(name) ?? []
        entries.push({ rule, match: matcher.match })
        plan.calls.set(name, entries)
      }
      return
    case 'binding':
      plan.bindings.push({ name: matcher.name, entry: { rule, match: matcher.match } })
      return
    case 'element':
      plan.elements.push({ rule, match: matcher.match })
  }
}
