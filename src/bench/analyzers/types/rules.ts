import type { Rule } from '#bench/findings'
import { type Entry, pythonRules } from './python-rules.ts'
import { typescriptRules } from './typescript-rules.ts'

const pyrightHelp = 'https://microsoft.github.io/pyright/#/configuration?id='
const typescriptHelp = 'https://typescript.tv/errors/'

const rules: ReadonlyMap<string, Rule> = new Map(
  [
    ...Object.entries(pythonRules).map(([id, entry]) => ruleFor(id, entry, pyrightHelp + id)),
    ...Object.entries(typescriptRules).map(([id, entry]) =>
      ruleFor(id, entry, `${typescriptHelp}${id.toLowerCase()}/`),
    ),
  ].map((rule) => [rule.id, rule]),
)

/** The rule of that id: pyright's name of a check, or `TS` and TypeScript's number of an error. */
export function ruleOf(id: string): Rule | undefined {
  return rules.get(id)
}

function ruleFor(id: string, entry: Entry, help: string): Rule {
  const [title, severity, confidence, why, fix, defect] = entry
  return { id, title, category: 'quality', severity, confidence, why, fix, help, ...(defect && { defect }) }
}
