import { readFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { type AppSnapshot, decode } from '#bench/apps'
import { toFindings } from '#bench/findings'
import { AssayError, messageOf } from '#platform/errors'
import type { Analyzer } from '../contract.ts'
import { NotApplicable } from '../errors.ts'
import { keeper } from './artifacts.ts'
import { lineChannel } from './lines.ts'
import { type AnalysisRequest, type Answer, channelFd } from './protocol.ts'

/** Bytes of one request; the list of files of the largest app takes a tenth. */
const requestLimit = 128 * 1024 * 1024

/**
 * Takes one request after the other from the parent and answers each, until the parent is gone. See `watch.ts` for how
 * the process ends then.
 */
export function serveAnalyses(analyzerById: (id: string) => Analyzer | undefined): void {
  const socket = new Socket({ fd: channelFd, readable: true, writable: true })
  const channel = lineChannel(socket, requestLimit, (value) => {
    if (value === undefined) throw new Error('The parent sent something that is no request.')
    // Our own parent, the same release: the shape is known.
    void analyze(value as AnalysisRequest, analyzerById, (answer) => channel.send(answer))
      .then(channel.send)
      // The parent ends this process without notice: compiled code is kept for the next one as soon as it was needed.
      .then(() => flushCompileCache())
  })
  // The watch below ends what this process started; this is for parents that only hung up.
  socket.on('close', () => setTimeout(() => process.exit(1), 1000))
  socket.on('error', () => socket.destroy())
}

async function analyze(
  request: AnalysisRequest,
  analyzerById: (id: string) => Analyzer | undefined,
  send: (answer: Answer) => void,
): Promise<Answer> {
  const { id, app } = request
  try {
    const analyzer = analyzerById(request.analyzer)
    if (analyzer === undefined) return { kind: 'error', id, reason: `There is no analyzer ${request.analyzer}.` }
    const applies = analyzer.applies(app)
    if (!applies.applies) return { kind: 'not_applicable', id, reason: applies.reason }
    const result = await analyzer.analyze(app, {
      // The parent cancels by ending this process; nothing here outlives it.
      signal: new AbortController().signal,
      log: (message) => send({ kind: 'log', id, message }),
      options: request.options,
      scratch: request.scratch,
      cache: request.cache,
      network: request.network,
      now: request.now,
      runner: request.runner,
      keep: keeper(request.artifacts, (artifact) => send({ kind: 'artifact', id, artifact })),
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
    if (error instanceof NotApplicable) return { kind: 'not_applicable', id, reason: error.message }
    const next = error instanceof AssayError ? error.next : undefined
    return { kind: 'error', id, reason: messageOf(error), ...(next && { next }) }
  }
}

function textOf(app: AppSnapshot, path: string): string | undefined {
  const file = app.files.find((candidate) => candidate.path === path)
  return file?.encoding === undefined ? undefined : decode(readFileSync(join(app.root, path)), file.encoding)
}
