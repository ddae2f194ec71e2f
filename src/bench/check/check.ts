import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import {
  type AnalysisReport,
  type Analyzer,
  type AnalyzerPool,
  type ArtifactStore,
  analyzers,
  type Canaries,
  nothingMeasured,
  openCanaries,
  openPool,
} from '#bench/analyzers'
import { type AppSnapshot, snapshotDirectory } from '#bench/apps'
import { type Finding, mergeFindings } from '#bench/findings'
import type { Report } from '#bench/reports'
import type { RunnerId } from '#bench/sandbox'
import { InvalidInput } from '#platform/errors'

export interface CheckOptions {
  /** Ids; without them, every analyzer. */
  readonly analyzers?: readonly string[]
  /** Also start the project, in the sandbox, for the analyzers that need it running. */
  readonly run?: boolean | undefined
  /** The kind of sandbox; default `auto`. */
  readonly runner?: RunnerId | 'auto' | undefined
  /** Folder that artifacts are written to, one folder an analyzer. Without it they are not kept. */
  readonly artifacts?: string | undefined
  readonly options?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Folder for canary results and downloads, kept between runs. */
  readonly cache: string
  readonly network: boolean
  /** Analyses at once. */
  readonly parallel: number
  /** Assay's own version, for the report. */
  readonly version: string
  readonly now: () => number
  readonly signal: AbortSignal
  readonly onProgress?: (progress: CheckProgress) => void
}

export interface CheckProgress {
  readonly analyzer: string
  readonly state: 'running' | 'finished'
  readonly finished: number
  readonly total: number
}

/**
 * Analyses one project without database or server. Files that `.gitignore` and `.assayignore` leave out are left out.
 * Analyses that could not run are in the report with their reason.
 *
 * @throws InvalidInput when the folder or an analyzer's name is wrong
 */
export async function checkProject(folder: string, options: CheckOptions): Promise<Report> {
  const chosen = selectAnalyzers(options.analyzers, options.run)
  const root = resolve(folder)
  const home = await mkdtemp(join(tmpdir(), 'assay-check-'))
  await using pool = openPool({
    size: options.parallel,
    warm: chosen.length,
    brief: true,
    cache: join(options.cache, 'downloads'),
    network: options.network,
    now: options.now,
    ...(options.runner !== undefined && { runner: options.runner }),
    ...(options.artifacts !== undefined && { artifacts: keepIn(resolve(options.artifacts)) }),
  })
  try {
    const app = await snapshotDirectory(root, {
      store: join(home, 'snapshots'),
      unreadable: 'exclude',
      ignoreFiles: true,
      signal: options.signal,
    })
    const reports = await analyzeAll(app, chosen, pool, options)
    options.signal.throwIfAborted()
    return toReport(basename(root), app, reports, options)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

/**
 * The analyzers of those ids, in the order of the registry. When none is named: all of them, those that need a running app only with
 * `run`.
 * @throws InvalidInput naming the ids there are
 */
export function selectAnalyzers(ids?: readonly string[], run = false): readonly Analyzer[] {
  if (ids === undefined || ids.length === 0) return analyzers.filter(({ needs }) => run || needs.running !== true)
  const unknown = ids.filter((id) => !analyzers.some((analyzer) => analyzer.id === id))
  if (unknown.length > 0) {
    throw new InvalidInput(`There is no analyzer named ${unknown.join(', ')}.`, {
      next: `Choose from: ${analyzers.map((analyzer) => analyzer.id).join(', ')}.`,
    })
  }
  return analyzers.filter((analyzer) => ids.includes(analyzer.id))
}

type AnalyzerReport = readonly [Analyzer, AnalysisReport]

async function analyzeAll(
  app: AppSnapshot,
  chosen: readonly Analyzer[],
  pool: AnalyzerPool,
  options: CheckOptions,
): Promise<readonly AnalyzerReport[]> {
  const canaries = openCanaries(join(options.cache, 'canaries'), pool, options.now)
  let finished = 0
  // Canaries are looked up side by side, and places taken in order all the same.
  let before: Promise<unknown> = Promise.resolve()
  const begun = chosen.toSorted((a, b) => urgency(b) - urgency(a))
  const reports = await Promise.all(
    begun.map(async (analyzer): Promise<AnalyzerReport> => {
      const tell = (state: CheckProgress['state']): void =>
        options.onProgress?.({ analyzer: analyzer.id, state, finished, total: chosen.length })
      tell('running')
      const earlier = before
      const unfit = unfitness(analyzer, app, canaries, options.signal)
      before = Promise.allSettled([earlier, unfit])
      await earlier
      const report =
        (await unfit) ?? (await pool.run(analyzer, app, options.options?.[analyzer.id] ?? {}, options.signal))
      finished += 1
      tell('finished')
      return [analyzer, report]
    }),
  )
  return reports.toSorted(([a], [b]) => chosen.indexOf(a) - chosen.indexOf(b))
}

/** These read the same syntax trees: one after the other in one process, they parse a file once. */
const sharesTrees: ReadonlySet<string> = new Set([
  'dataflow',
  'patterns',
  'imports',
  'wiring',
  'completeness',
  'complexity',
])

/**
 * What may take longest begins first, so that nothing long is left alone at the end; of those, what waits for programs of its own
 * and leaves its place on a processor to them.
 */
function urgency({ id, timeout = 0 }: Analyzer): number {
  return timeout + (id === 'types' ? 2 : sharesTrees.has(id) ? 1 : 0)
}

/** Copies artifacts to `folder/ANALYZER/NAME`; their key is the path. */
function keepIn(folder: string): ArtifactStore {
  return async (artifact, path, analyzer) => {
    const target = join(folder, analyzer, artifact.name)
    await mkdir(dirname(target), { recursive: true })
    await copyFile(path, target)
    return target
  }
}

/** The report of an analyzer that is not to run on the app, or cannot be believed on this machine. */
async function unfitness(
  analyzer: Analyzer,
  app: AppSnapshot,
  canaries: Canaries,
  signal: AbortSignal,
): Promise<AnalysisReport | undefined> {
  const applies = analyzer.applies(app)
  if (!applies.applies) return { ...nothingMeasured, outcome: 'not_applicable', reason: applies.reason }
  const canary = await canaries.verify(analyzer, signal)
  if (canary.state === 'failed')
    return { ...nothingMeasured, outcome: 'error', reason: `Its canary failed: ${canary.reason}` }
  return undefined
}

function toReport(name: string, app: AppSnapshot, reports: readonly AnalyzerReport[], options: CheckOptions): Report {
  const findings: Finding[] = mergeFindings(reports.flatMap(([, report]) => report.findings))
  return {
    kind: 'check',
    name,
    version: options.version,
    createdAt: new Date(options.now()).toISOString(),
    apps: [
      {
        name,
        model: null,
        spec: null,
        lines: app.files.reduce((sum, file) => sum + (file.role === 'source' ? file.lines : 0), 0),
      },
    ],
    analyses: reports.map(([analyzer, report]) => ({
      app: name,
      analyzer: analyzer.id,
      version: analyzer.version,
      outcome: report.outcome,
      ...(report.reason && { reason: report.reason }),
      durationMs: report.durationMs,
      ...(report.coverage && { coverage: report.coverage }),
      ...(report.checks.length > 0 && { checks: report.checks }),
    })),
    findings: findings.map((finding) => ({ ...finding, app: name })),
  }
}
