import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AppSnapshot } from '#bench/apps'
import type { Analyzer } from '../contract.ts'
import { AnalyzerProcess, type ProcessOutcome } from './process.ts'
import type { AnalysisReport } from './protocol.ts'

export interface PoolOptions {
  /** Processes at once. */
  readonly size: number
  /** A folder kept between analyses, for what analyzers download. */
  readonly cache: string
  readonly network: boolean
  /** Milliseconds after which a process without work is ended; default 15 000. */
  readonly idle?: number
  readonly now: () => number
}

/** Warm processes that run analyzers: one analysis at a time each, bounded in time and memory. */
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

export function openPool({ size, cache, network, now, idle = 15_000 }: PoolOptions): AnalyzerPool {
  const free: { process: AnalyzerProcess; timer: NodeJS.Timeout }[] = []
  const busy = new Set<AnalyzerProcess>()
  const waiting: (() => void)[] = []
  let requests = 0
  let closed = false

  const take = (): AnalyzerProcess => {
    for (let entry = free.pop(); entry !== undefined; entry = free.pop()) {
      clearTimeout(entry.timer)
      if (entry.process.alive) return entry.process
    }
    return new AnalyzerProcess()
  }

  const giveBack = (process: AnalyzerProcess): void => {
    busy.delete(process)
    if (process.alive && !closed) {
      const timer = setTimeout(() => {
        free.splice(
          free.findIndex((entry) => entry.process === process),
          1,
        )
        process.end()
      }, idle)
      timer.unref()
      free.push({ process, timer })
    } else {
      process.end()
    }
    waiting.shift()?.()
  }

  return {
    get active() {
      return busy.size
    },
    async run(analyzer, app, options, signal) {
      while (busy.size >= size) await new Promise<void>((resolve) => waiting.push(resolve))
      const started = now()
      if (closed || signal.aborted) return report({ kind: 'cancelled', reason: 'cancelled' }, [], 0)
      const process = take()
      busy.add(process)
      const log: string[] = []
      const scratch = await mkdtemp(join(tmpdir(), 'assay-scratch-'))
      const cacheFolder = join(cache, analyzer.id)
      try {
        await mkdir(cacheFolder, { recursive: true })
        const outcome = await process.run(
          { id: ++requests, analyzer: analyzer.id, app, options, scratch, cache: cacheFolder, network, now: started },
          { timeout: analyzer.timeout ?? defaultTimeout, memory: analyzer.memory ?? defaultMemory },
          signal,
          (message) => {
            if (log.length < logLines) log.push(message)
          },
        )
        return report(outcome, log, now() - started)
      } finally {
        giveBack(process)
        await rm(scratch, { recursive: true, force: true })
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  }

  async function close(): Promise<void> {
    closed = true
    for (const { process, timer } of free.splice(0)) {
      clearTimeout(timer)
      process.end()
    }
    for (const process of busy) process.end()
  }
}

function report(outcome: ProcessOutcome, log: readonly string[], durationMs: number): AnalysisReport {
  const nothing = { findings: [], metrics: {}, checks: [], log, durationMs }
  if (outcome.kind !== 'answer') {
    return { ...nothing, outcome: outcome.kind === 'failed' ? 'error' : outcome.kind, reason: outcome.reason }
  }
  const { answer } = outcome
  if (answer.kind === 'not_applicable') return { ...nothing, outcome: 'not_applicable', reason: answer.reason }
  if (answer.kind === 'error') {
    return { ...nothing, outcome: 'error', reason: answer.next ? `${answer.reason} ${answer.next}` : answer.reason }
  }
  const { findings, metrics, coverage, checks } = answer
  return { outcome: 'completed', findings, metrics, coverage, checks, log, durationMs }
}
