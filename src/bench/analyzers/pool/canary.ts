import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { snapshotDirectory } from '#bench/apps'
import { messageOf } from '#platform/errors'
import type { Analyzer } from '../contract.ts'
import type { AnalyzerPool } from './pool.ts'

/** Whether an analyzer found its planted defect on this machine. */
export interface CanaryResult {
  readonly state: 'passed' | 'failed'
  /** Why it failed, and what to do where that is known. */
  readonly reason?: string
  /** UTC ISO-8601. */
  readonly at: string
}

export interface Canaries {
  /** Runs the canary, unless this version of the analyzer passed on this machine before. */
  verify(analyzer: Analyzer, signal: AbortSignal): Promise<CanaryResult>
  /** What is known without running anything. */
  known(analyzer: Analyzer): CanaryResult | undefined
}

/**
 * Keeps the canaries' results in a folder, by analyzer version and platform. Only passes are remembered beyond the
 * process: what failed may have been mended.
 */
export function openCanaries(folder: string, pool: AnalyzerPool, now: () => number): Canaries {
  const results = new Map<string, CanaryResult>()
  const running = new Map<string, Promise<CanaryResult>>()

  const remembered = async (analyzer: Analyzer): Promise<CanaryResult | undefined> => {
    const text = await readFile(fileOf(analyzer), 'utf8').catch(() => undefined)
    // What is no time was not written by us: the canary is run again.
    return text === undefined || Number.isNaN(Date.parse(text)) ? undefined : { state: 'passed', at: text }
  }

  const plant = async (analyzer: Analyzer, signal: AbortSignal): Promise<CanaryResult> => {
    const earlier = await remembered(analyzer)
    if (earlier !== undefined) return earlier
    const at = new Date(now()).toISOString()
    const reason = await missedCanary(analyzer, pool, signal)
    if (reason !== undefined) return { state: 'failed', reason, at }
    await mkdir(folder, { recursive: true })
    const draft = `${fileOf(analyzer)}.${process.pid}`
    await writeFile(draft, at)
    await rename(draft, fileOf(analyzer))
    return { state: 'passed', at }
  }

  const fileOf = (analyzer: Analyzer): string => {
    const key = JSON.stringify([analyzer.id, analyzer.version, process.version, process.platform, process.arch])
    return join(folder, createHash('sha256').update(key).digest('hex').slice(0, 32))
  }

  return {
    known: (analyzer) => results.get(analyzer.id),
    verify(analyzer, signal) {
      const known = results.get(analyzer.id)
      if (known?.state === 'passed') return Promise.resolve(known)
      let run = running.get(analyzer.id)
      if (run === undefined) {
        run = plant(analyzer, signal)
          .then((result) => {
            if (!signal.aborted) results.set(analyzer.id, result)
            return result
          })
          .finally(() => running.delete(analyzer.id))
        running.set(analyzer.id, run)
      }
      return run
    },
  }
}

/** Why the canary was not found; undefined when it was. */
async function missedCanary(analyzer: Analyzer, pool: AnalyzerPool, signal: AbortSignal): Promise<string | undefined> {
  const home = await mkdtemp(join(tmpdir(), 'assay-canary-'))
  try {
    for (const [path, content] of Object.entries(analyzer.canary.files)) {
      await mkdir(dirname(join(home, 'app', path)), { recursive: true })
      await writeFile(join(home, 'app', path), content)
    }
    const app = await snapshotDirectory(join(home, 'app'), { store: join(home, 'snapshots') })
    const report = await pool.run(analyzer, app, analyzer.canary.options ?? {}, signal)
    if (report.outcome !== 'completed') return report.reason ?? report.outcome
    const rule = `${analyzer.id}/${analyzer.canary.rule}`
    return report.findings.some((finding) => finding.rule === rule)
      ? undefined
      : `It did not report ${rule} in the planted defect, so its findings cannot be believed.`
  } catch (error) {
    return messageOf(error)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}
