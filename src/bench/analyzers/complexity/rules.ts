import type { Rule } from '#bench/findings'

/** What is measured against a limit: above `low` it is a low finding, above `medium` a medium one. */
export interface Limit {
  readonly rule: Rule
  readonly low: number
  readonly medium: number
  message(name: string, value: number, limit: number): string
}

function limit(
  low: number,
  medium: number,
  rule: Omit<Rule, 'category' | 'severity' | 'confidence'>,
  message: Limit['message'],
): Limit {
  return { low, medium, rule: { ...rule, category: 'quality', severity: 'low', confidence: 'high' }, message }
}

/** Limits and their sources: SonarSource rules S3776, S1541, S134, S107, S138 and S104 where they have a default. */
export const limits = {
  cognitive: limit(
    15,
    30,
    {
      id: 'cognitive-complexity',
      title: 'Function hard to understand',
      defect: 'high-complexity',
      why: 'Nested and interrupted flow must be held in the head all at once; defects hide in it and every change risks another.',
      fix: 'Return early, and move inner parts into functions with names.',
      help: 'https://www.sonarsource.com/resources/cognitive-complexity/',
    },
    (name, value, most) => `\`${name}\` has a cognitive complexity of ${value} (limit ${most}).`,
  ),
  cyclomatic: limit(
    20,
    40,
    {
      id: 'cyclomatic-complexity',
      title: 'Function with many paths',
      defect: 'high-complexity',
      why: 'Each path needs a test of its own, so most of them have none.',
      fix: 'Split the function, or replace branches by a table of data.',
    },
    (name, value, most) => `\`${name}\` has a cyclomatic complexity of ${value} (limit ${most}).`,
  ),
  nesting: limit(
    4,
    6,
    {
      id: 'deep-nesting',
      title: 'Deeply nested code',
      why: 'The reader must remember every condition on the way in.',
      fix: 'Invert conditions and return early, or move the inner block into a function.',
    },
    (name, value, most) => `\`${name}\` nests control structures ${value} levels deep (limit ${most}).`,
  ),
  parameters: limit(
    7,
    12,
    {
      id: 'many-parameters',
      title: 'Function with many parameters',
      why: 'Callers mix up the order, and each parameter multiplies what must be tested.',
      fix: 'Group what belongs together into one object.',
    },
    (name, value, most) => `\`${name}\` takes ${value} parameters (limit ${most}).`,
  ),
  functionLines: limit(
    150,
    400,
    {
      id: 'long-function',
      title: 'Long function',
      why: 'It does several things at once, which cannot be tested or reused apart.',
      fix: 'Move each thing it does into a function of its own.',
    },
    (name, value, most) => `\`${name}\` is ${value} lines long (limit ${most}).`,
  ),
  fileLines: limit(
    1000,
    3000,
    {
      id: 'long-file',
      title: 'Long file',
      why: 'A file that answers many questions makes each answer hard to find and every change a conflict.',
      fix: 'Split it along the things it is about.',
    },
    (name, value, most) => `${name} has ${value} lines of code (limit ${most}).`,
  ),
} satisfies Record<string, Limit>

export const duplicatedBlock: Rule = {
  id: 'duplicated-block',
  title: 'Duplicated code',
  category: 'quality',
  severity: 'low',
  confidence: 'high',
  defect: 'duplicated-code',
  why: 'A defect fixed in one copy stays in the other.',
  fix: 'Move the common part into a function or component both use.',
}

/** Lines from which a clone is a medium finding. */
export const longClone = 40

export const complexityRules: readonly Rule[] = [...Object.values(limits).map((each) => each.rule), duplicatedBlock]
