import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type AppSnapshot, snapshotDirectory } from '#bench/apps'
import type { AnalysisContext, AnalysisResult, Analyzer } from './contract.ts'

const leftovers: string[] = []

function removeAtExit(folder: string): void {
  if (leftovers.length === 0) {
    process.once('exit', () => {
      for (const leftover of leftovers) rmSync(leftover, { recursive: true, force: true })
    })
  }
  leftovers.push(folder)
}

/** Test support: the snapshot of an app given as path → content. Removed when the process ends. */
export async function appOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<AppSnapshot> {
  const home = mkdtempSync(join(tmpdir(), 'assay-app-'))
  removeAtExit(home)
  for (const [path, content] of Object.entries(files)) {
    const target = join(home, 'app', path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, content)
  }
  return snapshotDirectory(join(home, 'app'), { store: join(home, 'snapshots') })
}

/** Test support: runs one analyzer, in this process, without network unless told, on an app given as path → content. */
export async function analyzeFiles(
  analyzer: Analyzer,
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Readonly<Record<string, unknown>> = {},
  network = false,
): Promise<AnalysisResult> {
  const app = await appOf(files)
  try {
    return await analyzeApp(analyzer, app, options, network)
  } finally {
    // Test runners end their processes without asking: what waits for the end stays behind.
    rmSync(dirname(dirname(app.root)), { recursive: true, force: true })
  }
}

/** Test support: what an analyzer is handed, with what the test gives; artifacts are thrown away. */
export function testContext(given: Partial<AnalysisContext> = {}): AnalysisContext {
  return {
    signal: new AbortController().signal,
    log: () => undefined,
    options: {},
    scratch: '',
    cache: '',
    network: false,
    now: Date.UTC(2026, 0, 1),
    runner: 'auto',
    keep: async () => undefined,
    ...given,
  }
}

/** Test support: runs one analyzer, in this process, on a snapshot. */
export async function analyzeApp(
  analyzer: Analyzer,
  app: AppSnapshot,
  options: Readonly<Record<string, unknown>> = {},
  network = false,
): Promise<AnalysisResult> {
  const applies = analyzer.applies(app)
  if (!applies.applies) throw new Error(`${analyzer.id} does not apply: ${applies.reason}`)
  const work = mkdtempSync(join(tmpdir(), 'assay-analysis-'))
  try {
    mkdirSync(join(work, 'scratch'))
    mkdirSync(join(work, 'cache'))
    return await analyzer.analyze(
      app,
      testContext({ options, scratch: join(work, 'scratch'), cache: join(work, 'cache'), network }),
    )
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
