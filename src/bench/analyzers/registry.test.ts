import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { owaspOf, type Rule, ruleSchema } from '#bench/findings'
import { processRunner } from '#bench/sandbox'
import { rules as attackRules } from './attack/rules.ts'
import { containerRules } from './containers/rules.ts'
import { rules as dataflowRules } from './dataflow/models/rules.ts'
import { rules as dependencyRules } from './dependencies/rules.ts'
import { rules as importRules } from './imports/rules.ts'
import { askedRules as scriptRules } from './javascript-lint/rules.ts'
import { markupRules } from './markup/rules.ts'
import { patternRules } from './patterns/rules/index.ts'
import { openCanaries } from './pool/canary.ts'
import { openPool } from './pool/pool.ts'
import { securityRules as pythonRules } from './python-lint/security-rules.ts'
import { analyzerById, analyzers } from './registry.ts'
import * as secretRules from './secrets/rules.ts'

const { available } = await processRunner.examine(new AbortController().signal)

/** The rules of each analyzer that has rules about security, as its own `rule` gives them. */
const catalogues: Readonly<Record<string, readonly string[]>> = {
  patterns: patternRules.map(({ id }) => id),
  dataflow: [...dataflowRules.keys()],
  secrets: Object.values(secretRules).filter((each) => typeof each === 'string'),
  dependencies: dependencyRules.map(({ id }) => id),
  imports: importRules.map(({ id }) => id),
  'python-lint': Object.keys(pythonRules),
  'javascript-lint': scriptRules,
  markup: markupRules.map(({ id }) => id),
  containers: containerRules.map(({ id }) => id),
  attack: [...attackRules.keys()],
}

const all: readonly (readonly [analyzer: string, rule: Rule])[] = Object.entries(catalogues).flatMap(([id, rules]) =>
  rules.map((rule) => [id, ruleSchema.parse(analyzerById(id)?.rule(rule))] as const),
)

test('every rule about security has a CWE that belongs to a category of the OWASP Top 10', () => {
  const security = all.filter(([, { category }]) => category === 'security')
  expect(security.length).toBeGreaterThan(150)
  const uncategorised = security.filter(([, { cwe = [] }]) => cwe.length === 0 || owaspOf(cwe) === undefined)
  expect(uncategorised.map(([analyzer, { id, cwe }]) => `${analyzer}/${id} ${cwe}`)).toEqual([])
})

test('titles are noun phrases: no full stop, no tool by name', () => {
  const wrong = all.filter(([, { title }]) => /[.!]$|\b(?:ruff|oxlint|pyright|bandit|eslint)\b/i.test(title))
  expect(wrong.map(([analyzer, { id, title }]) => `${analyzer}/${id}: ${title}`)).toEqual([])
})

/** Prints the packages that importing a module loads, and the analyzers whose work it loads. */
const loaded = `
import { registerHooks } from 'node:module'
const found = new Set()
registerHooks({
  load(url, context, next) {
    const name = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1] ?? /analyzers\\/([\\w-]+)\\/analyze\\./.exec(url)?.[1]
    if (name !== undefined) found.add(name)
    return next(url, context)
  },
})
await import(process.argv[1])
console.log(JSON.stringify([...found].sort()))
`

test('knowing the analyzers loads neither their work nor their tools: every process that starts pays for it', () => {
  const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', loaded]
  const printed = execFileSync(process.execPath, [...flags, join(import.meta.dirname, 'registry.ts')], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  })
  expect(JSON.parse(printed)).toEqual(['ignore', 'semver', 'smol-toml', 'zod'])
})

test('every analyzer finds its canary in a process of its own', { timeout: 180_000 }, async () => {
  const home = mkdtempSync(join(tmpdir(), 'assay-canaries-'))
  try {
    await using pool = openPool({ size: 2, cache: join(home, 'downloads'), network: false, now: Date.now })
    const canaries = openCanaries(join(home, 'canaries'), pool, Date.now)
    const { signal } = new AbortController()
    const failed: string[] = []
    for (const analyzer of analyzers) {
      // Their canaries run in a sandbox; where there is none, that is what they say.
      if (analyzer.needs.running && !available) continue
      const { state, reason } = await canaries.verify(analyzer, signal)
      if (state !== 'passed') failed.push(`${analyzer.id}: ${reason}`)
    }
    expect(failed).toEqual([])
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})
