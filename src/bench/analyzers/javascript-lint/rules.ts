import type { Rule } from '#bench/findings'
import { accessibilityRules } from './accessibility-rules.ts'
import { correctnessRules, type Entry } from './correctness-rules.ts'
import { namedRules } from './named-rules.ts'
import { securityRules } from './security-rules.ts'

/** The rule of a file oxlint cannot parse. */
export const syntaxErrorRule = 'syntax-error'
/** What `eslint/no-unused-vars` says about imports; other tools have a rule of its own for them. */
export const unusedImportRule = 'unused-import'

const severitiesOfNamed = ['medium', 'low', 'info'] as const

const rules: ReadonlyMap<string, Rule> = new Map(
  [
    syntaxError(),
    unusedImport(),
    ...security(),
    ...entries(correctnessRules, 'quality'),
    ...entries(accessibilityRules, 'accessibility'),
    ...named(),
  ].map((rule) => [rule.id, rule]),
)

/** What oxlint is asked for, as `plugin/rule`: exactly those a {@link Rule} exists for. */
export const askedRules: readonly string[] = [...rules.keys()].filter((id) => id.includes('/'))

/** The rule of that name, or undefined when Assay does not ask for it. */
export function ruleOf(id: string): Rule | undefined {
  return rules.get(id)
}

function syntaxError(): Rule {
  return {
    id: syntaxErrorRule,
    title: 'File does not parse',
    category: 'quality',
    severity: 'high',
    confidence: 'high',
    why: 'Browsers, Node and build tools refuse the file: the app does not build or does not start.',
    fix: 'Correct the syntax at the place named, or restore the part of the file that is missing.',
    defect: 'syntax-error',
  }
}

function unusedImport(): Rule {
  return {
    id: unusedImportRule,
    title: 'Unused import',
    category: 'quality',
    severity: 'info',
    confidence: 'high',
    why: 'It makes the bundle larger, and suggests that code is missing or was forgotten.',
    fix: 'Remove the import, or write the code it was meant for.',
    help: helpOf('eslint/no-unused-vars'),
    defect: 'unused-import',
  }
}

function security(): Rule[] {
  return Object.entries(securityRules).map(([id, entry]) => ({ id, ...entry, category: 'security', help: helpOf(id) }))
}

function entries(table: Readonly<Record<string, Entry>>, category: Rule['category']): Rule[] {
  return Object.entries(table).map(([id, [title, severity, why, fix, defect]]) => ({
    id,
    title,
    category,
    severity,
    confidence: 'high',
    why,
    fix,
    help: helpOf(id),
    ...(defect === undefined ? {} : { defect }),
  }))
}

function named(): Rule[] {
  return severitiesOfNamed.flatMap((severity) =>
    namedRules[severity].map(
      (id): Rule => ({
        id,
        title: titleOf(id),
        category: 'quality',
        severity,
        confidence: 'high',
        why: 'The code most likely does something else than its author meant, or fails when it comes here.',
        fix: 'Change the code as the message says; the linked page shows it before and after.',
        help: helpOf(id),
      }),
    ),
  )
}

/** `vue/no-dupe-keys` → `Dupe keys`; a rule named after what it forbids becomes the name of the defect. */
function titleOf(id: string): string {
  const words = id
    .slice(id.indexOf('/') + 1)
    .replace(/^no-/, '')
    .replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function helpOf(id: string): string {
  return `https://oxc.rs/docs/guide/usage/linter/rules/${id.replace('jsx-a11y/', 'jsx_a11y/')}.html`
}
