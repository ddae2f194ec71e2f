import { mkdtempSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AppSnapshot } from '#bench/apps'
import type { RunnerId } from '#bench/sandbox'
import { messageOf } from '#platform/errors'
import type { Analyzer, Artifact } from '../contract.ts'
import { type ArtifactStore, collectArtifacts } from './artifacts.ts'
import { AnalyzerProcess, type ProcessOutcome } from './process.ts'
import { type AnalysisReport, artifactLimits, type KeptArtifact } from './protocol.ts'
import { openSlots } from './slots.ts'

export interface PoolOptions {
  /** Processes at once. */
  readonly size: number
  /** Processes started at once, before there is work: they load while the work is made ready. */
  readonly warm?: number
  /** The processes will not live long: code is made ready fast rather than fast. */
  readonly brief?: boolean
  /** A folder kept between analyses, for what analyzers download. */
  readonly cache: string
  readonly network: boolean
  /** Milliseconds after which a process without work is ended; default 15 000. */
  readonly idle?: number
  /** Module that the processes run; by default the one that has all analyzers. */
  readonly entry?: string
  readonly now: () => number
  /** The kind of sandbox apps run in; default `auto`. */
  readonly runner?: RunnerId | 'auto'
  /** Where artifacts are kept. Without it they are thrown away with the analysis. */
  readonly artifacts?: ArtifactStore
}

/**
 * Warm processes that run analyzers: one analysis at a time each, bounded in time and memory. One that is `exclusive` waits until
 * no other runs, and others wait for it.
 */
export interface AnalyzerPool extends AsyncDisposable {
  /** Never rejects: crashes, hangs and garbage become an outcome with a reason. */
  run(
    analyzer: Analyzer,
    app: AppSnapshot,
    options: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<AnalysisReport>
  readonly active: number
  close(): Promise<void>
}

const defaultTimeout = 60_000
const defaultMemory = 1024
const logLines = 200
const logCharacters = 2000

/** Runs beside this file, as source or compiled. */
const defaultEntry = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url),
)

export function openPool({
  size,
  warm = 0,
  brief = false,
  cache,
  network,
  now,
  idle = 15_000,
  entry = defaultEntry,
  runner = 'auto',
  artifacts,
}: PoolOptions): AnalyzerPool {
  const slots = openSlots(size)
  const free = new Map<AnalyzerProcess, NodeJS.Timeout>()
  const busy = new Set<AnalyzerProcess>()
  const closing = new AbortController()
  let home: string | undefined
  let requests = 0

  const take = (memory: number, folder: string): AnalyzerProcess => {
    for (const [process, timer] of [...free].reverse()) {
      clearTimeout(timer)
      free.delete(process)
      // What an earlier analysis left in memory must not count against this one.
      if (process.alive && process.isClean(memory / 2)) return process
      void process.end()
    }
    return new AnalyzerProcess(entry, folder, brief)
  }

  const giveBack = (process: AnalyzerProcess): void => {
    busy.delete(process)
    if (!process.alive || closing.signal.aborted) return void process.end()
    const timer = setTimeout(() => {
      free.delete(process)
      void process.end()
    }, idle)
    timer.unref()
    free.set(process, timer)
  }

  const scratchHome = (): string => {
    home ??= mkdtempSync(join(tmpdir(), 'assay-scratch-'))
    return home
  }

  for (let count = 0; count < Math.min(warm, size); count += 1)
    giveBack(new AnalyzerProcess(entry, scratchHome(), brief))

  const analyze: AnalyzerPool['run'] = async (analyzer, app, options, signal) => {
    const memory = analyzer.memory ?? defaultMemory
    const started = now()
    const log: string[] = []
    const announced: Artifact[] = []
    const cacheFolder = join(cache, analyzer.id)
    let scratch: string
    let kept: string
    try {
      scratch = await mkdtemp(join(scratchHome(), `${analyzer.id}-`))
      kept = await mkdtemp(join(scratchHome(), 'artifacts-'))
      await mkdir(cacheFolder, { recursive: true })
    } catch (error) {
      const reason = `There is no room to work in: ${messageOf(error)}. Free space on the disk.`
      return report({ kind: 'failed', reason }, log, [], 0)
    }
    const process = take(memory, scratchHome())
    busy.add(process)
    try {
      const outcome = await process.run(
        {
          id: ++requests,
          analyzer: analyzer.id,
          app,
          options,
          scratch,
          artifacts: kept,
          cache: cacheFolder,
          network,
          now: started,
          runner,
        },
        { timeout: analyzer.timeout ?? defaultTimeout, memory },
        AbortSignal.any([signal, closing.signal]),
        (message) => {
          if (log.length < logLines) log.push(message.slice(0, logCharacters))
        },
        (artifact) => {
          if (announced.length < artifactLimits.count) announced.push(artifact)
        },
      )
      const durationMs = now() - started
      return report(outcome, log, await collectArtifacts(kept, announced, artifacts, analyzer.id, log), durationMs)
    } finally {
      giveBack(process)
      if (!process.alive) await process.end()
      await rm(scratch, { recursive: true, force: true, maxRetries: 3 })
      await rm(kept, { recursive: true, force: true, maxRetries: 3 })
    }
  }

  const close = async (): Promise<void> => {
    closing.abort()
    slots.close()
    const processes = [...busy, ...free.keys()]
    for (const timer of free.values()) clearTimeout(timer)
    free.clear()
    await Promise.all(processes.map((process) => process.end()))
    if (home !== undefined) await rm(home, { recursive: true, force: true, maxRetries: 3 })
  }

  return {
    get active() {
      return busy.size
    },
    async run(analyzer, app, options, signal) {
      const alone = analyzer.needs.exclusive === true
      if (!(await slots.take(signal, alone))) return report({ kind: 'cancelled', reason: 'cancelled' }, [], [], 0)
      try {
        return await analyze(analyzer, app, options, signal)
      } finally {
        slots.free(alone)
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function report(
  outcome: ProcessOutcome,
  log: readonly string[],
  artifacts: readonly KeptArtifact[],
  durationMs: number,
): AnalysisReport {
  const nothing = { findings: [], metrics: {}, checks: [], artifacts, log, durationMs }
  if (outcome.kind !== 'answer') {
    return { ...nothing, outcome: outcome.kind === 'failed' ? 'error' : outcome.kind, reason: outcome.reason }
  }
  const { answer } = outcome
  if (answer.kind === 'not_applicable') return { ...nothing, outcome: 'not_applicable', reason: answer.reason }
  if (answer.kind === 'error') {
    return { ...nothing, outcome: 'error', reason: answer.next ? `${answer.reason} ${answer.next}` : answer.reason }
  }
  const { findings, metrics, coverage, checks } = answer
  return { outcome: 'completed', findings, metrics, coverage, checks, artifacts, log, durationMs }
}
