/** Entry of an analyzing process: takes one request after the other over IPC, and answers each. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type AppSnapshot, decode } from '#bench/apps'
import { toFindings } from '#bench/findings'
import { AssayError, messageOf } from '#platform/errors'
import { analyzerById } from '../registry.ts'
import type { AnalysisRequest, Answer } from './protocol.ts'

dieWithParent()
process.on('disconnect', () => process.exit(0))
process.on('message', (request: AnalysisRequest) => {
  void analyze(request).then((answer) => process.send?.(answer))
})

async function analyze(request: AnalysisRequest): Promise<Answer> {
  const { id, app } = request
  try {
    const analyzer = analyzerById(request.analyzer)
    if (analyzer === undefined) return { kind: 'error', id, reason: `There is no analyzer ${request.analyzer}.` }
    const applies = analyzer.applies(app)
    if (!applies.applies) return { kind: 'not_applicable', id, reason: applies.reason }
    const result = await analyzer.analyze(app, {
      // The parent cancels by ending this process; nothing here outlives it.
      signal: new AbortController().signal,
      log: (message) => void process.send?.({ kind: 'log', id, message } satisfies Answer),
      options: request.options,
      scratch: request.scratch,
      cache: request.cache,
      network: request.network,
      now: request.now,
    })
    return {
      kind: 'completed',
      id,
      findings: toFindings(analyzer, result, (path) => textOf(app, path)),
      metrics: { ...result.metrics },
      coverage: result.coverage,
      checks: [...(result.checks ?? [])],
    }
  } catch (error) {
    const next = error instanceof AssayError ? error.next : undefined
    return { kind: 'error', id, reason: messageOf(error), ...(next && { next }) }
  }
}

function textOf(app: AppSnapshot, path: string): string | undefined {
  const file = app.files.find((candidate) => candidate.path === path)
  return file?.encoding === undefined ? undefined : decode(readFileSync(join(app.root, path)), file.encoding)
}

/** A busy analyzer cannot notice that the parent was killed; a thread beside it can. */
function dieWithParent(): void {
  const watch = `const parent = process.ppid
    setInterval(() => { if (process.ppid !== parent) { try { process.kill(-process.pid, 'SIGKILL') } catch { process.exit(1) } } }, 500)`
  new Worker(watch, { eval: true, stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: 8 } }).unref()
}
