import { describe, expect, test } from 'vitest'
import type { Severity } from '#bench/findings'
import { syntaxSourceOf } from '#bench/syntax'
import { compileRules, type RuleHit } from '../engine.ts'
import type { PatternRule } from '../rule.ts'
import { readSource } from '../source.ts'

/** A file name (it decides the language), its content, and how severe the hit is when not as the rule says. */
export type Snippet = readonly [path: string, code: string, severity?: Severity]

/** What a rule must report (once each) and what it must leave alone. */
export interface RuleCases {
  readonly vulnerable: readonly Snippet[]
  readonly safe: readonly Snippet[]
}

const languages = {
  py: 'python',
  js: 'javascript',
  jsx: 'jsx',
  ts: 'typescript',
  tsx: 'tsx',
  html: 'html',
  vue: 'vue',
} as const

/** Test support: every rule of a group against its cases, at least three on each side. */
export function testRules(
  group: string,
  rules: readonly PatternRule[],
  cases: Readonly<Record<string, RuleCases>>,
): void {
  describe(group, () => {
    test('every rule has at least three vulnerable and three safe cases', () => {
      const thin = rules.filter(
        ({ id }) => (cases[id]?.vulnerable.length ?? 0) < 3 || (cases[id]?.safe.length ?? 0) < 3,
      )
      expect(thin.map((rule) => rule.id)).toEqual([])
      expect(Object.keys(cases).filter((id) => !rules.some((rule) => rule.id === id))).toEqual([])
    })
    for (const rule of rules) {
      const hitsIn = compileRules([rule])
      const { vulnerable, safe } = cases[rule.id] ?? { vulnerable: [], safe: [] }
      test.each(vulnerable)(`${rule.id} reports %s: %s`, async (path, code, severity) => {
        const hits = await hitsOf(hitsIn, path, code)
        expect(hits.length).toBeGreaterThan(0)
        if (severity !== undefined) expect(hits[0]?.severity ?? rule.severity).toBe(severity)
      })
      test.each(safe)(`${rule.id} leaves alone %s: %s`, async (path, code) => {
        expect((await hitsOf(hitsIn, path, code)).map(({ message }) => message)).toEqual([])
      })
    }
  })
}

async function hitsOf(hitsIn: ReturnType<typeof compileRules>, path = '', code = ''): Promise<RuleHit[]> {
  const extension = Object.entries(languages).find(([ending]) => path.endsWith(`.${ending}`))
  const syntax = syntaxSourceOf(extension?.[1], code)
  if (syntax === undefined) throw new Error(`No language for ${path}.`)
  const source = await readSource(path, syntax)
  if (source.root.hasError) throw new Error(`The case itself has a syntax error: ${code}`)
  return hitsIn(source)
}
