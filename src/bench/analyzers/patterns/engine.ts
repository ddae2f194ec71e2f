import type { SyntaxNode } from '#bench/syntax'
import type { Hit, Matcher, PatternRule } from './rule.ts'
import type { Binding, Call, Comparison, Element, Family, Source } from './source.ts'

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
  readonly comparisons: Entry<Comparison>[]
  readonly elements: Entry<Element>[]
  readonly decorators: { readonly names: readonly string[]; readonly entry: Entry<SyntaxNode> }[]
  readonly returns: Entry<SyntaxNode>[]
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
    const everyCall = plan.calls.get('*') ?? []
    for (const call of source.calls) {
      for (const entry of everyCall) meet(entry, call)
      for (const entry of plan.calls.get(call.name) ?? []) meet(entry, call)
      for (const entry of plan.calls.get(`*.${call.method}`) ?? []) meet(entry, call)
    }
    for (const binding of source.bindings) {
      for (const { name, entry } of plan.bindings) if (name.test(binding.name)) meet(entry, binding)
    }
    for (const comparison of source.comparisons) for (const entry of plan.comparisons) meet(entry, comparison)
    for (const element of source.elements) for (const entry of plan.elements) meet(entry, element)
    for (const value of source.returns) for (const entry of plan.returns) meet(entry, value)
    for (const decorator of source.decorators) {
      const text = decorator.text.slice(0, 200)
      for (const { names, entry } of plan.decorators)
        if (names.some((name) => text.includes(name))) meet(entry, decorator)
    }
    return hits.sort((a, b) => a.node.startIndex - b.node.startIndex)
  }
}

function planOf(rules: readonly PatternRule[], family: Family): Plan {
  const plan: Plan = { calls: new Map(), bindings: [], comparisons: [], elements: [], decorators: [], returns: [] }
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
    case 'comparison':
      plan.comparisons.push({ rule, match: matcher.match })
      return
    case 'element':
      plan.elements.push({ rule, match: matcher.match })
      return
    case 'decorator':
      plan.decorators.push({ names: matcher.names, entry: { rule, match: matcher.match } })
      return
    case 'return':
      plan.returns.push({ rule, match: matcher.match })
  }
}
