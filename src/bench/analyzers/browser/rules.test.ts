import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ruleSchema } from '#bench/findings'
import { browserRules, ruleOf } from './rules.ts'

test('every rule axe runs for WCAG 2.2 AA has its text here, and no other', () => {
  const axe: unknown = createRequire(import.meta.url)('axe-core')
  const schema = z.object({
    getRules: z.function({
      input: [z.array(z.string())],
      output: z.array(z.object({ ruleId: z.string(), tags: z.array(z.string()) })),
    }),
  })
  const rules = schema.parse(axe).getRules(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
  const run = rules.filter(({ tags }) => !tags.includes('deprecated') && !tags.includes('experimental'))
  const known = browserRules.map(({ id }) => id).filter((id) => id.startsWith('axe/'))
  expect(known.toSorted()).toEqual(run.map(({ ruleId }) => `axe/${ruleId}`).toSorted())
})

test('rules are whole and found by their ids', () => {
  for (const rule of browserRules) expect(ruleOf(ruleSchema.parse(rule).id)).toEqual(rule)
})
