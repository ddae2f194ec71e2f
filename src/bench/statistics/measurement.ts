import {
  type Confidence,
  countBySeverity,
  type FindingState,
  isCounted,
  type Provenance,
  type Severity,
  type SeverityCounts,
} from '#bench/findings'

export type AnalysisOutcome = 'completed' | 'not_applicable' | 'error' | 'timed_out' | 'cancelled'

/** What a study measured, as plain data. Findings are merged: one per defect of an app. */
export interface ComparisonInput {
  readonly apps: readonly {
    readonly id: string
    readonly name: string
    /** Apps without a model are left out. */
    readonly model: string | null
    readonly spec: string | null
    /** Number of the sample among those of the same model and spec. */
    readonly sample: number | null
    /** Lines of source code. */
    readonly lines: number
  }[]
  readonly analyses: readonly {
    readonly appId: string
    readonly analyzer: string
    readonly outcome: AnalysisOutcome
    readonly coverage?: { readonly analysed: number; readonly total: number } | null
  }[]
  readonly findings: readonly {
    readonly appId: string
    readonly severity: Severity
    readonly provenance: Provenance
    readonly witnesses: readonly { readonly analyzer: string }[]
    readonly state?: FindingState
    /** Without it, high. */
    readonly confidence?: Confidence
  }[]
  readonly options?: { readonly seed?: number; readonly resamples?: number; readonly level?: number }
}

/** One fully measured app: findings per thousand lines. */
export interface AppValues {
  readonly appId: string
  readonly name: string
  /** Spec and sample: apps of two models with the same unit are a matched pair. Null without a spec. */
  readonly unit: string | null
  readonly perKloc: Readonly<Record<'total' | Severity, number>>
}

export interface Measurement {
  readonly model: string
  readonly apps: number
  readonly lines: number
  readonly analyses: { readonly byOutcome: Readonly<Record<AnalysisOutcome, number>> }
  readonly coverage: readonly {
    readonly analyzer: string
    /** Files. */
    readonly analysed: number
    readonly total: number
    /** Analyses; `failed` are errors, timeouts and cancellations. */
    readonly completed: number
    readonly failed: number
  }[]
  /** What the model wrote, over all its apps and analyzers: a lower bound where something failed. */
  readonly findings: { readonly total: number; readonly bySeverity: SeverityCounts }
  /** Apps that do not count in the medians, since a counted analyzer failed on them or they have no lines. */
  readonly excludedApps: readonly { readonly appId: string; readonly name: string; readonly reason: string }[]
  readonly values: readonly AppValues[]
}

export interface UncountedAnalyzer {
  readonly analyzer: string
  readonly reason: string
}

/** An analyzer counts when it measured at least this share of the apps of every model. */
const enoughApps = 0.5

/**
 * Decides what can be compared. An analysis that failed is never zero findings: an analyzer that measured less than half
 * of the apps of some model is not counted for any, and an app on which a counted analyzer failed is left out of the
 * medians. With repeats, one completed analysis measures the app.
 */
export function measuredApps(input: ComparisonInput): {
  readonly measurements: readonly Measurement[]
  readonly uncounted: readonly UncountedAnalyzer[]
} {
  const apps = input.apps.toSorted((one, two) => compare(one.name, two.name) || compare(one.id, two.id))
  const byModel = Map.groupBy(
    apps.flatMap((app) => (app.model === null ? [] : [{ ...app, model: app.model }])),
    ({ model }) => model,
  )
  const models = [...byModel].sort(([one], [two]) => compare(one, two))
  const analysesOf = Map.groupBy(input.analyses, ({ appId }) => appId)
  const findingsOf = Map.groupBy(input.findings, ({ appId }) => appId)
  const analyzers = [...new Set(input.analyses.map(({ analyzer }) => analyzer))].sort()
  const measured = new Set(
    input.analyses
      .filter(({ outcome }) => outcome === 'completed' || outcome === 'not_applicable')
      .map(({ appId, analyzer }) => `${appId} ${analyzer}`),
  )
  const uncounted = analyzers.flatMap((analyzer) => {
    for (const [model, own] of models) {
      const done = own.filter(({ id }) => measured.has(`${id} ${analyzer}`)).length
      if (done < own.length * enoughApps) {
        return [{ analyzer, reason: `measured ${done} of ${own.length} apps of ${model}` }]
      }
    }
    return []
  })
  const counted = new Set(analyzers.filter((analyzer) => !uncounted.some((one) => one.analyzer === analyzer)))

  const measurements = models.map(([model, own]): Measurement => {
    const analyses = own.flatMap(({ id }) => analysesOf.get(id) ?? [])
    const findings = own.flatMap(({ id }) => findingsOf.get(id) ?? []).filter(isRanked)
    const reasons = own.map(({ id, lines }) => exclusionOf(id, lines))
    return {
      model,
      apps: own.length,
      lines: own.reduce((sum, { lines }) => sum + lines, 0),
      analyses: { byOutcome: outcomesOf(analyses) },
      coverage: analyzers.map((analyzer) => coverageOf(analyzer, analyses)),
      findings: { total: findings.length, bySeverity: countBySeverity(findings) },
      excludedApps: own.flatMap(({ id, name }, at) => {
        const reason = reasons[at]
        return reason === undefined ? [] : [{ appId: id, name, reason }]
      }),
      values: own.flatMap((app, at) => (reasons[at] === undefined ? [valuesOf(app, own)] : [])),
    }
  })
  return { measurements, uncounted }

  function exclusionOf(appId: string, lines: number): string | undefined {
    const failed = [...counted].filter((analyzer) => !measured.has(`${appId} ${analyzer}`))
    if (failed.length > 0) return `not measured by ${failed.join(', ')}`
    if (counted.size === 0) return 'not measured by any analyzer'
    return lines === 0 ? 'has no lines of code' : undefined
  }

  function valuesOf(app: ComparisonInput['apps'][number], own: readonly ComparisonInput['apps'][number][]): AppValues {
    const findings = (findingsOf.get(app.id) ?? []).filter(
      (finding) => isRanked(finding) && finding.witnesses.some(({ analyzer }) => counted.has(analyzer)),
    )
    const counts = countBySeverity(findings)
    const rate = (count: number): number => (count * 1_000) / app.lines
    return {
      appId: app.id,
      name: app.name,
      unit: unitOf(app, own),
      perKloc: {
        total: rate(findings.length),
        critical: rate(counts.critical),
        high: rate(counts.high),
        medium: rate(counts.medium),
        low: rate(counts.low),
        info: rate(counts.info),
      },
    }
  }
}

/** Models are ranked on what they wrote, not on what a person found to be no defect, and not on mere guesses. */
function isRanked({ provenance, state, confidence = 'high' }: ComparisonInput['findings'][number]): boolean {
  return provenance === 'model' && state !== 'false_positive' && isCounted({ confidence })
}

/** Without a sample number, the position among the model's apps of that spec, by name. */
function unitOf(app: ComparisonInput['apps'][number], own: readonly ComparisonInput['apps'][number][]): string | null {
  if (app.spec === null) return null
  const sample = app.sample ?? own.filter(({ spec }) => spec === app.spec).findIndex(({ id }) => id === app.id) + 1
  return JSON.stringify([app.spec, sample])
}

function outcomesOf(analyses: ComparisonInput['analyses']): Record<AnalysisOutcome, number> {
  const counts = { completed: 0, not_applicable: 0, error: 0, timed_out: 0, cancelled: 0 }
  for (const { outcome } of analyses) counts[outcome] += 1
  return counts
}

function coverageOf(analyzer: string, analyses: ComparisonInput['analyses']): Measurement['coverage'][number] {
  const own = analyses.filter((one) => one.analyzer === analyzer)
  const completed = own.filter(({ outcome }) => outcome === 'completed')
  return {
    analyzer,
    analysed: own.reduce((sum, { coverage }) => sum + (coverage?.analysed ?? 0), 0),
    total: own.reduce((sum, { coverage }) => sum + (coverage?.total ?? 0), 0),
    completed: completed.length,
    failed: own.filter(({ outcome }) => outcome !== 'completed' && outcome !== 'not_applicable').length,
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
