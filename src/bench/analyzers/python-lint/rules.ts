import type { Rule } from '#bench/findings'
import { correctnessRules } from './correctness-rules.ts'
import { families, namedRules } from './named-rules.ts'
import { securityRules } from './security-rules.ts'

/** The rule of a file ruff cannot parse. */
export const syntaxErrorRule = 'syntax-error'

/** Security rules of ruff about robustness rather than attack: shown under quality. */
const qualityCodes = new Set(['S101', 'S110', 'S112'])

const rules: ReadonlyMap<string, Rule> = new Map(
  [syntaxError(), ...security(), ...correctness(), ...named()].map((rule) => [rule.id, rule]),
)

/** The codes ruff is asked for: exactly those a {@link Rule} exists for. */
export const askedCodes: readonly string[] = [...rules.keys()].filter((id) => id !== syntaxErrorRule)

/** The rule behind a code, or undefined when Assay does not ask for it. */
export function ruleOf(id: string): Rule | undefined {
  return rules.get(id)
}

function syntaxError(): Rule {
  return {
    id: syntaxErrorRule,
    title: 'Python file does not parse',
    category: 'quality',
    severity: 'high',
    confidence: 'high',
    why: 'Python refuses to import the file: whatever it holds does not exist for the running app.',
    fix: 'Correct the syntax at the place named, or restore the part of the file that is missing.',
    defect: 'syntax-error',
  }
}

function security(): Rule[] {
  return Object.entries(securityRules).map(([id, entry]) => ({
    id,
    ...entry,
    category: qualityCodes.has(id) ? 'quality' : 'security',
    help: helpOf(id),
  }))
}

function correctness(): Rule[] {
  return Object.entries(correctnessRules).map(([id, [name, title, severity, why, fix, defect]]) => ({
    id,
    title,
    category: 'quality',
    severity,
    confidence: 'high',
    why,
    fix,
    help: helpOf(name),
    ...(defect === undefined ? {} : { defect }),
  }))
}

function named(): Rule[] {
  return Object.entries(namedRules).map(([id, name]) => {
    const family = families.find(([prefix]) => id.startsWith(prefix))
    if (family === undefined) throw new Error(`No family of rules for ${id}.`)
    const [, severity, why] = family
    return {
      id,
      title: titleOf(name),
      category: 'quality',
      severity,
      confidence: 'high',
      why,
      fix: 'Change the code as the message says; the linked page shows it before and after.',
      help: helpOf(name),
    }
  })
}

/** `unused-loop-control-variable` → `Unused loop control variable`. */
function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Ruff's documentation takes a rule's name and its code alike. */
function helpOf(nameOrCode: string): string {
  return `https://docs.astral.sh/ruff/rules/${nameOrCode}`
}
