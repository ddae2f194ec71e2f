import { type AppSnapshot, readText } from '#bench/apps'
import type { RawFinding } from '#bench/findings'
import {
  type LaunchFailure,
  type LaunchPart,
  type LogLine,
  launch,
  type Provision,
  type RunningApp,
  send,
} from '#bench/launch'
import { chooseRunner } from '#bench/sandbox'
import type { AnalysisContext, AnalysisResult, Check } from '../contract.ts'
import { NotApplicable } from '../errors.ts'
import { textLines } from '../excerpt.ts'

const logName = 'launch.log'
/** Milliseconds after the first answer until memory is looked at. */
const settling = 500

/** Starts the app once, and tells how that went. */
export async function analyze(app: AppSnapshot, context: AnalysisContext): Promise<AnalysisResult> {
  const { signal, log, cache, network, now } = context
  const runner = await chooseRunner({ preference: context.runner, signal })
  const began = performance.now()
  const result = await launch(app, { runner, signal, log: (message) => log(message), cache, network, now })
  const total = performance.now() - began
  if (result.outcome === 'not_applicable') throw new NotApplicable(result.reason)
  if (result.outcome === 'failed') {
    await keepLog(result.logs, context)
    return {
      findings: [await failureFinding(result.failure, app)],
      metrics: { starts: 0, 'launch-milliseconds': Math.round(total) },
      coverage: { analysed: 1, total: 1, gaps: [] },
      checks: [partCheck(result.failure.part, result.failure)],
    }
  }
  await using running = result.app
  return await measured(app, running, total, context)
}

async function measured(
  app: AppSnapshot,
  running: RunningApp,
  total: number,
  context: AnalysisContext,
): Promise<AnalysisResult> {
  const page = await send(running, {
    purpose: 'opens the start page',
    method: 'GET',
    path: '/',
    signal: context.signal,
  })
  await new Promise((resolve) => setTimeout(resolve, settling))
  const usage = await running.sandbox.usage()
  await keepLog(running.logs(), context)
  const findings = await Promise.all(running.failures.map((failure) => failureFinding(failure, app)))
  const status = page.response?.status ?? 0
  const path = running.parts.find(({ role }) => role === 'backend')?.evidence.path
  if (status >= 500 || page.response === undefined) {
    findings.push({
      rule: page.response === undefined ? 'not-healthy' : 'server-error-on-start-page',
      message:
        page.response === undefined ? `GET / is not answered: ${page.failure}.` : `GET / answers with ${status}.`,
      location: { kind: 'endpoint', method: 'GET', url: '/' },
      evidence: {
        exchanges: [page],
        artifacts: [logName],
        ...(path === undefined ? {} : { facts: { started: path } }),
      },
    })
  }
  const broken = new Set(running.failures.map(({ part }) => part))
  return {
    findings,
    metrics: {
      starts: 1,
      'start-milliseconds': Math.round(running.startMilliseconds),
      'launch-milliseconds': Math.round(total),
      'memory.idle-mib': Math.round(usage.memory),
      processes: usage.processes,
    },
    coverage: { analysed: 1, total: 1, gaps: [] },
    checks: [
      ...running.parts.filter((part) => !broken.has(part)).map((part) => partCheck(part)),
      ...running.failures.map((failure) => partCheck(failure.part, failure)),
      ...running.provisions.flatMap(provisionCheck),
      ...running.notes.map((note, index): Check => ({ id: `note-${index + 1}`, title: note, outcome: 'pass' })),
    ],
  }
}

async function failureFinding(failure: LaunchFailure, app: AppSnapshot): Promise<RawFinding> {
  const place = failure.location ?? failure.part.evidence
  const file = app.files.find(({ path, kind }) => path === place.path && kind === 'text')
  const line = file === undefined || place.line === undefined || place.line > file.lines ? undefined : place.line
  const region = line === undefined ? undefined : { startLine: line }
  const snippet =
    file === undefined || region === undefined ? undefined : textLines(await readText(app, file)).excerpt(region)
  return {
    rule: failure.kind,
    message: failure.message,
    location: { kind: 'file', path: place.path, ...(region === undefined ? {} : { region }) },
    evidence: {
      ...(snippet === undefined ? {} : { snippet }),
      observed: [`${failure.part.command}: ${failure.shownBy}`],
      artifacts: [logName],
      facts: { command: failure.part.command, hint: failure.part.hint },
    },
    subject: failure.kind,
  }
}

function partCheck(part: LaunchPart, failure?: LaunchFailure): Check {
  const where = part.path === '' ? '' : ` in ${part.path}`
  const id = `${part.role}-${part.path === '' ? 'app' : part.path}`.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  const title = `${part.role === 'backend' ? 'The server' : 'The pages'}${where} (${part.framework}): ${part.command}`
  return failure === undefined
    ? { id, title, outcome: 'pass' }
    : { id, title, outcome: 'fail', reason: `${failure.message} ${failure.shownBy}`.trim() }
}

/** What is not as declared is said, whether or not the app misses it. */
function provisionCheck({ manager, missing, note, from }: Provision): Check[] {
  if (manager === 'none') return []
  const lacking = missing.map(({ name, reason }) => `${name}: ${reason}`)
  const reason = [...(note === undefined ? [] : [note]), ...lacking].join(' ')
  const title = `The packages of ${manager} are installed as declared`
  if (reason === '') return [{ id: `packages-${manager}`, title, outcome: 'pass' }]
  return [{ id: `packages-${manager}`, title, outcome: from === 'machine' ? 'error' : 'fail', reason }]
}

async function keepLog(lines: readonly LogLine[], { keep }: AnalysisContext): Promise<void> {
  const text = lines.map(({ part, stream, text: printed, at }) => {
    const seconds = (at / 1000).toFixed(3).padStart(8)
    return `${seconds} ${part}${stream === 'stderr' ? ' !' : ' |'} ${printed}`
  })
  await keep(
    { name: logName, title: 'What the app printed', mediaType: 'text/plain' },
    text.join('\n').slice(0, 4_000_000),
  )
}
