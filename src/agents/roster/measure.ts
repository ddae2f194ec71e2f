import { z } from 'zod'
import type { AgentContext } from '#agents/engine'
import { analysisSchema, appDescriptionSchema, type ToolAnalysis } from '#agents/tools'
import { bySeverity, type Finding, isCounted, mergeFindings } from '#bench/findings'
import type { AgentReport, Point } from './report.ts'

const analyzerListSchema = z.object({
  analyzers: z.array(z.object({ id: z.string(), category: z.string(), running: z.boolean() })),
})

/** A finding, and the steps whose analyzers saw it. */
export interface CitedFinding {
  readonly finding: Finding
  readonly cites: readonly number[]
}

export interface Measurement {
  readonly app: AgentReport['app']
  /** Those that count, merged across analyzers, the worst first. */
  readonly findings: readonly CitedFinding[]
  readonly measured: AgentReport['measured']
  readonly notMeasured: AgentReport['notMeasured']
  readonly leftOut: AgentReport['leftOut']
  readonly notApplicable: AgentReport['notApplicable']
}

/**
 * Describes an app and measures it with every analyzer wanted, all at once. An analyzer that fails is in the result with its
 * reason.
 */
export async function measure(
  context: AgentContext,
  task: { readonly app: string; readonly run: boolean },
  wanted: (analyzer: { readonly category: string }) => boolean,
): Promise<Measurement> {
  const { value: app } = await context.use('describe_app', { app: task.app }, appDescriptionSchema)
  const { value: known } = await context.use('list_analyzers', {}, analyzerListSchema)
  const chosen = known.analyzers.filter((analyzer) => wanted(analyzer) && (task.run || !analyzer.running))
  const analyses = await Promise.all(
    chosen.map(({ id }) => context.use('analyze', { app: task.app, analyzer: id }, analysisSchema)),
  )
  const by = (test: (analysis: ToolAnalysis) => boolean) =>
    analyses.filter(({ value }) => test(value)).map(({ step, value }) => ({ ...value, cites: [step] }))
  const seenIn = new Map(analyses.map(({ step, value }) => [value.analyzer, step]))
  const findings = mergeFindings(analyses.flatMap(({ value }) => value.findings)).filter(isCounted)
  return {
    app: { id: app.id, name: app.name, lines: app.lines, stack: app.stack },
    findings: findings.toSorted(bySeverity).map((finding) => ({ finding, cites: citesOf(finding, seenIn) })),
    measured: by(({ outcome }) => outcome === 'completed').map(({ analyzer, version, coverage, findings, cites }) => ({
      analyzer,
      version,
      analysed: coverage?.analysed ?? 0,
      total: coverage?.total ?? 0,
      findings: findings.length,
      cites,
    })),
    notMeasured: by(({ outcome }) => outcome !== 'completed' && outcome !== 'not_applicable').map(withReason),
    leftOut: by(({ outcome }) => outcome === 'completed').flatMap(leftOutOf),
    notApplicable: by(({ outcome }) => outcome === 'not_applicable').map(withReason),
  }
}

function withReason({ analyzer, outcome, reason, cites }: ToolAnalysis & { readonly cites: number[] }) {
  return { analyzer, outcome, reason: reason ?? 'no reason given', cites }
}

function leftOutOf({ analyzer, notChecked, coverage, cites }: ToolAnalysis & { readonly cites: number[] }) {
  return [
    ...notChecked.map(({ title, reason }) => ({ analyzer, what: title, reason, cites })),
    ...(coverage?.gaps ?? []).map(({ path, reason }) => ({ analyzer, what: path, reason, cites })),
  ]
}

function citesOf({ witnesses }: Finding, seenIn: ReadonlyMap<string, number>): number[] {
  const steps = witnesses.flatMap(({ analyzer }) => seenIn.get(analyzer) ?? [])
  return [...new Set(steps)].sort((a, b) => a - b)
}

/** Findings that say the same of several places as one point, in the order of the findings. */
export function pointsOf(findings: readonly CitedFinding[]): Point[] {
  const groups = new Map<string, CitedFinding[]>()
  for (const cited of findings) {
    const { rule, title, severity, why, fix } = cited.finding
    const key = JSON.stringify([rule, title, severity, why, fix])
    groups.set(key, [...(groups.get(key) ?? []), cited])
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const { title, severity, confidence, rule, cwe, why, fix } = first.finding
    const cites = [...new Set(group.flatMap((one) => one.cites))].sort((a, b) => a - b)
    const places = group.map(({ finding }) => ({ place: placeOf(finding), message: finding.message }))
    return [{ title, severity, confidence, rule, cwe, why, fix, places, cites }]
  })
}

function placeOf({ location }: Finding): string {
  if (location.kind === 'endpoint') return `${location.method} ${location.url}`
  return location.region === undefined ? location.path : `${location.path}:${location.region.startLine}`
}

/** What to do about points, the most urgent first: one action for each way of mending. */
export function planOf(points: readonly Point[]): AgentReport['plan'] {
  const actions = new Map<string, { settles: number; cites: number[] }>()
  for (const { fix, places, cites } of points) {
    const known = actions.get(fix) ?? { settles: 0, cites: [] }
    actions.set(fix, {
      settles: known.settles + places.length,
      cites: [...new Set([...known.cites, ...cites])].sort((a, b) => a - b),
    })
  }
  return [...actions].map(([action, rest]) => ({ action, ...rest }))
}
