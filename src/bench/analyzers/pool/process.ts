import { type ChildProcess, fork } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { messageOf } from '#platform/errors'
import { type AnalysisRequest, type Answer, answerSchema } from './protocol.ts'

/** Runs beside this file, as source or compiled. */
const entry = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url))
const memoryPollMs = 200
const stderrKept = 4000

export interface ProcessLimits {
  /** Milliseconds. */
  readonly timeout: number
  /** MiB of resident memory, the process and its descendants together. */
  readonly memory: number
}

/** How a request ended: the answer of the process, or why there is none. */
export type ProcessOutcome =
  | { readonly kind: 'answer'; readonly answer: Exclude<Answer, { kind: 'log' }> }
  | { readonly kind: 'timed_out' | 'cancelled' | 'failed'; readonly reason: string }

/** One analyzing process. It serves one request at a time, and is not used again after one that ended badly. */
export class AnalyzerProcess {
  readonly #child: ChildProcess
  #stderr = ''
  #alive = true

  constructor() {
    this.#child = fork(entry, [], {
      // Only what the analyzers need: no secret of ours is in an analyzing process.
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        LANG: 'C.UTF-8',
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
        NODE_EXTRA_CA_CERTS: process.env['NODE_EXTRA_CA_CERTS'],
        HTTPS_PROXY: process.env['HTTPS_PROXY'],
        NO_PROXY: process.env['NO_PROXY'],
      },
      // The baseline WebAssembly compiler alone: optimizing ruff and the parsers takes longer than they then run.
      execArgv: ['--disable-warning=ExperimentalWarning', '--max-old-space-size=1024', '--liftoff-only'],
      serialization: 'advanced',
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#child.unref()
    this.#child.channel?.unref()
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrKept)
    })
    this.#child.stderr?.on('error', () => this.end())
    this.#child.once('exit', () => {
      this.#alive = false
    })
    this.#child.on('error', () => this.end())
  }

  get alive(): boolean {
    return this.#alive
  }

  /** Ends the process and everything it started. */
  end(): void {
    if (!this.#alive || this.#child.pid === undefined) return
    this.#alive = false
    try {
      process.kill(-this.#child.pid, 'SIGKILL')
    } catch {
      // Gone already.
      this.#child.kill('SIGKILL')
    }
  }

  /** Never rejects: whatever happens becomes an outcome with a reason. */
  run(
    request: AnalysisRequest,
    limits: ProcessLimits,
    signal: AbortSignal,
    log: (message: string) => void,
  ): Promise<ProcessOutcome> {
    return new Promise((resolve) => {
      const settle = (outcome: ProcessOutcome): void => {
        clearTimeout(timer)
        clearInterval(memory)
        signal.removeEventListener('abort', abort)
        this.#child.off('message', receive)
        this.#child.off('exit', exited)
        this.#child.channel?.unref()
        this.#child.unref()
        if (outcome.kind !== 'answer') this.end()
        resolve(outcome)
      }
      const abort = (): void => settle({ kind: 'cancelled', reason: 'cancelled' })
      const exited = (code: number | null, by: string | null): void =>
        settle({
          kind: 'failed',
          reason: `The analyzing process ended ${by === null ? `with code ${code}` : `by ${by}`}${this.#lastWords()}.`,
        })
      const receive = (message: unknown): void => {
        const parsed = answerSchema.safeParse(message)
        if (!parsed.success) {
          settle({
            kind: 'failed',
            reason: `The analyzer gave an answer that is not one: ${describe(parsed.error.issues[0])}.`,
          })
        } else if (parsed.data.id === request.id) {
          if (parsed.data.kind === 'log') log(parsed.data.message)
          else settle({ kind: 'answer', answer: parsed.data })
        }
      }
      const timer = setTimeout(
        () => settle({ kind: 'timed_out', reason: `Not finished after ${limits.timeout / 1000} s.` }),
        limits.timeout,
      )
      const memory = setInterval(() => {
        const used = this.#child.pid === undefined ? 0 : residentMiB(this.#child.pid)
        if (used > limits.memory) {
          settle({
            kind: 'failed',
            reason: `Stopped: it took ${Math.round(used)} MiB of memory, more than the ${limits.memory} MiB allowed.`,
          })
        }
      }, memoryPollMs)
      if (signal.aborted) return abort()
      signal.addEventListener('abort', abort, { once: true })
      this.#child.ref()
      this.#child.channel?.ref()
      this.#child.on('message', receive)
      this.#child.once('exit', exited)
      this.#child.send(request, (error) => {
        if (error) settle({ kind: 'failed', reason: `The analyzing process cannot be reached: ${messageOf(error)}.` })
      })
    })
  }

  #lastWords(): string {
    const line =
      this.#stderr
        .trim()
        .split('\n')
        .findLast((text) => /error|memory|fatal/i.test(text)) ?? ''
    return line === '' ? '' : `: ${line.trim().slice(0, 300)}`
  }
}

function describe(issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined): string {
  return issue === undefined ? 'unknown' : `${issue.path.map(String).join('.') || 'answer'}: ${issue.message}`
}

/** Resident memory of a process group leader and its descendants, by /proc; 0 where there is no /proc. */
function residentMiB(leader: number): number {
  let total = statusMiB(leader)
  for (const child of childrenOf(leader)) total += residentMiB(child)
  return total
}

function statusMiB(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    // Ended meanwhile, or no /proc.
    return 0
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
  } catch {
    // Ended meanwhile, or no /proc.
    return []
  }
}
