import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { severities } from '#bench/findings'
import { compareModels } from './comparison.ts'
import type { ComparisonInput } from './measurement.ts'
import { randomOf } from './random.ts'

type App = ComparisonInput['apps'][number]
type Finding = ComparisonInput['findings'][number]

const app = (model: string, sample: number, more: Partial<App> = {}): App => ({
  id: `${model}${sample}`,
  name: `${model}/app${sample}`,
  model,
  spec: `spec${sample}`,
  sample: 1,
  lines: 1_000,
  ...more,
})
const analysis = (appId: string, more: Partial<ComparisonInput['analyses'][number]> = {}) => ({
  appId,
  analyzer: 'lint',
  outcome: 'completed' as const,
  coverage: { analysed: 2, total: 2 },
  ...more,
})
const findings = (appId: string, count: number, more: Partial<Finding> = {}): Finding[] =>
  Array.from({ length: count }, () => ({
    appId,
    severity: 'high' as const,
    provenance: 'model' as const,
    witnesses: [{ analyzer: 'lint' }],
    ...more,
  }))

/** Models with that many findings in each of their apps. */
function study(counts: Record<string, number[]>, more: Partial<ComparisonInput> = {}): ComparisonInput {
  const apps = Object.entries(counts).flatMap(([model, list]) => list.map((_, at) => app(model, at + 1)))
  return {
    apps,
    analyses: apps.map(({ id }) => analysis(id)),
    findings: Object.entries(counts).flatMap(([model, list]) =>
      list.flatMap((count, at) => findings(`${model}${at + 1}`, count)),
    ),
    options: { seed: 7 },
    ...more,
  }
}
const twelve = Array.from({ length: 12 }, (_, at) => at)

describe('compareModels', () => {
  it('summarises a model', () => {
    const { models, method } = compareModels(study({ a: [2, 4, 9] }))
    expect(models[0]).toMatchObject({
      model: 'a',
      apps: 3,
      lines: 3_000,
      analyses: { byOutcome: { completed: 3, not_applicable: 0, error: 0, timed_out: 0, cancelled: 0 } },
      coverage: [{ analyzer: 'lint', analysed: 6, total: 6, completed: 3, failed: 0 }],
      findings: { total: 15, bySeverity: { critical: 0, high: 15, medium: 0, low: 0, info: 0 } },
      excludedApps: [],
    })
    expect(models[0]?.perKloc.high).toMatchObject({
      median: 4,
      mean: 5,
      n: 3,
      perApp: [
        { appId: 'a1', name: 'a/app1', value: 2 },
        { appId: 'a2', name: 'a/app2', value: 4 },
        { appId: 'a3', name: 'a/app3', value: 9 },
      ],
    })
    expect(models[0]?.perKloc.critical).toMatchObject({ median: 0, low: 0, high: 0 })
    expect(method).toEqual({
      interval: 'BCa',
      random: 'xoshiro128**',
      test: 'permutation, Holm',
      resamples: 2_000,
      seed: 7,
      level: 0.95,
    })
  })

  it('counts only what the model wrote, is more than a guess and no person called false', () => {
    const input = study({ a: [1] })
    const others = [
      ...findings('a1', 1, { provenance: 'scaffold' }),
      ...findings('a1', 1, { provenance: 'dependency' }),
      ...findings('a1', 1, { state: 'false_positive' }),
      ...findings('a1', 1, { confidence: 'low' }),
      ...findings('a1', 1, { state: 'accepted' }),
    ]
    expect(compareModels({ ...input, findings: [...input.findings, ...others] }).models[0]?.findings.total).toBe(2)
  })

  it('leaves out an app whose analysis failed instead of calling it clean', () => {
    const input = study({ a: [5, 5, 0], b: [5, 5, 5] })
    const analyses = input.analyses.map((one) =>
      one.appId === 'a3' ? analysis('a3', { outcome: 'error', coverage: null }) : one,
    )
    const [a] = compareModels({ ...input, analyses }).models
    expect(a?.excludedApps).toEqual([{ appId: 'a3', name: 'a/app3', reason: 'not measured by lint' }])
    expect(a?.perKloc.total).toMatchObject({ median: 5, n: 2 })
    expect(a?.coverage[0]).toMatchObject({ completed: 2, failed: 1 })
  })

  it('does not count an analyzer that failed on most apps of a model, and says so', () => {
    const input = study({ a: [5, 5], b: [5, 5] })
    const analyses = [
      ...input.analyses,
      ...['a1', 'a2'].map((id) => analysis(id, { analyzer: 'types' })),
      ...['b1', 'b2'].map((id) => analysis(id, { analyzer: 'types', outcome: 'timed_out' })),
    ]
    const all = [...input.findings, ...findings('a1', 90, { witnesses: [{ analyzer: 'types' }] })]
    const { models, uncountedAnalyzers } = compareModels({ ...input, analyses, findings: all })
    expect(uncountedAnalyzers).toEqual([{ analyzer: 'types', reason: 'measured 0 of 2 apps of b' }])
    expect(models[0]?.perKloc.total).toMatchObject({ median: 5, n: 2 })
    expect(models[0]?.excludedApps).toEqual([])
  })

  it('takes one completed repeat for measured, and an app without lines for nothing', () => {
    const input = study({ a: [5, 5] })
    const analyses = [...input.analyses, analysis('a1', { outcome: 'error' })]
    const apps = input.apps.map((one) => (one.id === 'a2' ? { ...one, lines: 0 } : one))
    const [a] = compareModels({ ...input, apps, analyses }).models
    expect(a?.perKloc.total.n).toBe(1)
    expect(a?.perKloc.total).toMatchObject({ median: 5, low: null, high: null })
    expect(a?.excludedApps).toEqual([{ appId: 'a2', name: 'a/app2', reason: 'has no lines of code' }])
  })

  it('has no numbers for a model nothing is known of', () => {
    const { models, differences } = compareModels({ ...study({ a: [5, 5], b: [1] }), analyses: [] })
    expect(models[0]?.perKloc.total).toMatchObject({ median: null, low: null, high: null, n: 0 })
    expect(differences[0]).toMatchObject({ difference: null, verdict: 'not_distinguishable' })
  })

  it('tells a clear difference, by matched pairs', () => {
    const { differences } = compareModels(study({ a: twelve.map((n) => n), b: twelve.map((n) => n + 5 + (n % 3)) }))
    const total = differences.find(({ metric }) => metric === 'total')
    expect(total).toMatchObject({ a: 'a', b: 'b', paired: true, n: 12, difference: -6, verdict: 'a_better' })
    expect(total?.p).toBe(2 / 2 ** 12)
    expect(differences.find(({ metric }) => metric === 'critical')).toMatchObject({
      difference: 0,
      p: 1,
      magnitude: 'negligible',
      verdict: 'not_distinguishable',
    })
  })

  it('compares independent groups when specs do not match', () => {
    const input = study({ a: twelve.map((n) => 20 + n), b: twelve.map((n) => n) })
    const apps = input.apps.map((one) => ({ ...one, spec: one.model === 'a' ? 'x' : 'y', sample: null }))
    const total = compareModels({ ...input, apps }).differences[0]
    expect(total).toMatchObject({
      metric: 'total',
      paired: false,
      n: 24,
      difference: 20,
      cliffsDelta: 1,
      verdict: 'b_better',
    })
  })

  it('matches samples without a number by their order', () => {
    const input = study({ a: twelve, b: twelve.map((n) => n + 1) })
    const apps = input.apps.map((one) => ({ ...one, spec: 'one', sample: null }))
    expect(compareModels({ ...input, apps }).differences[0]).toMatchObject({ paired: true, n: 12 })
  })

  it('says not distinguishable about noise', () => {
    const random = randomOf(20_260_105)
    let wrong = 0
    for (let trial = 0; trial < 40; trial += 1) {
      const draw = (): number[] => Array.from({ length: 20 }, () => Math.floor(random.unit() ** 2 * 20))
      const { differences } = compareModels(
        study({ a: draw(), b: draw(), c: draw() }, { options: { seed: trial, resamples: 400 } }),
      )
      if (differences.some(({ metric, verdict }) => metric === 'total' && verdict !== 'not_distinguishable')) wrong += 1
    }
    expect(wrong).toBeLessThanOrEqual(4)
  })

  it('does not depend on the order of its input', () => {
    const input = study({ a: [1, 4, 2, 8, 3, 0], b: [3, 3, 9, 1, 5, 2] })
    const expected = compareModels(input)
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...input.apps], { minLength: input.apps.length }),
        fc.shuffledSubarray([...input.analyses], { minLength: input.analyses.length }),
        fc.shuffledSubarray([...input.findings], { minLength: input.findings.length }),
        (apps, analyses, all) => {
          expect(compareModels({ ...input, apps, analyses, findings: all })).toEqual(expected)
        },
      ),
      { seed: 2, numRuns: 20 },
    )
  })

  it('compares 9 models of 30 apps on 6 metrics in a fraction of a second', () => {
    const random = randomOf(1)
    const counts = Object.fromEntries(
      'abcdefghi'.split('').map((model) => [model, Array.from({ length: 30 }, () => random.below(25))]),
    )
    const same = study(counts)
    const mixed = same.findings.map((one, at) => ({ ...one, severity: severities[at % 5] ?? 'high' }))
    const paired = { ...same, findings: mixed }
    const independent = { ...paired, apps: paired.apps.map((one) => ({ ...one, spec: null })) }
    for (const input of [paired, independent]) {
      expect(compareModels(input).differences).toHaveLength(36 * 6)
    }
  })
})
