import type { Defect, Rule } from '#bench/findings'
import { flowRules } from './flow-rules.ts'
import { misuseRules } from './misuse-rules.ts'

export type RuleRow = readonly [
  id: string,
  title: string,
  severity: Rule['severity'],
  cwe: readonly number[],
  defect: Defect | undefined,
  why: string,
  fix: string,
]

const rows = [...flowRules, ...misuseRules]

/** Every rule of the analyzer: kebab-case, one per weakness. */
export type RuleId = (typeof rows)[number][0]
export const rules: ReadonlyMap<string, Rule> = new Map(
  rows.map(([id, title, severity, cwe, defect, why, fix]) => [
    id,
    {
      id,
      title,
      category: 'security',
      severity,
      confidence: 'high',
      cwe,
      why,
      fix,
      ...(defect !== undefined && { defect }),
    },
  ]),
)
