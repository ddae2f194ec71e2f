import { type ChildProcess, spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import { messageOf } from '#platform/errors'
import type { Artifact } from '../contract.ts'
import { descendantsOf, killTree, residentMiB } from './descendants.ts'
import { type LineChannel, lineChannel } from './lines.ts'
import { type AnalysisRequest, type Answer, answerSchema, channelFd } from './protocol.ts'

const memoryPollMs = 200
const stderrKept = 4000
/** Bytes of one answer; a hundred thousand findings fit. */
const answerLimit = 256 * 1024 * 1024
/** Milliseconds the last words of a process that ended may take to arrive. */
const lastWordsMs = 200

export interface ProcessLimits {
  /** Milliseconds. */
  readonly timeout: number
  /** MiB of resident memory, the process and its descendants together. */
  readonly memory: number
}

/** How a request ended: the answer of the process, or why there is none. */
export type ProcessOutcome =
  | { readonly kind: 'answer'; readonly answer: Exclude<Answer, { kind: 'log' | 'artifact' }> }
  | { readonly kind: 'timed_out' | 'cancelled' | 'failed'; readonly reason: string }

/** One analyzing process. It serves one request at a time, and is not used again after one that ended badly. */
export class AnalyzerProcess {
  readonly #child: ChildProcess
  readonly #channel: LineChannel
  readonly #socket: Duplex
  readonly #gone: Promise<string>
  #receive: ((message: unknown) => void) | undefined
  #stderr = ''
  #alive = true
  #left = false

  /**
   * @param entry module that answers requests
   * @param scratch folder of scratch folders, removed by the process when this one is killed
   * @param brief whether it lives for one app: the optimizing compiler then takes more processor time than it saves, an eighth of
   *   a check of 100 files, and a tenth is what it would save with 1,000
   */
  constructor(entry: string, scratch: string, brief: boolean) {
    // The baseline WebAssembly compiler alone: optimizing ruff and the parsers takes longer than they then run.
    // A small young generation: a large file takes 100 MB less, and no more time.
    const flags = ['--max-old-space-size=1024', '--max-semi-space-size=8', '--liftoff-only']
    // Everything but TurboFan.
    if (brief) flags.push('--max-opt=2')
    this.#child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', ...flags, entry, String(process.pid), scratch],
      {
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
        detached: true,
        stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      },
    )
    const socket = this.#child.stdio[channelFd]
    this.#socket = socket instanceof Duplex ? socket : new Duplex()
    this.#socket.on('error', () => this.end())
    this.#channel = lineChannel(this.#socket, answerLimit, (message) => this.#receive?.(message))
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrKept)
    })
    this.#child.stderr?.on('error', () => this.end())
    this.#gone = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#alive = false
        this.#left = true
        resolve(`could not be started: ${messageOf(error)}`)
      })
      this.#child.once('exit', (code, signal) => {
        this.#alive = false
        this.#left = true
        const ended = (): void =>
          resolve(`ended ${signal === null ? `with code ${code}` : `by ${signal}`}${this.#lastWords()}`)
        // A tool left behind may hold standard error open: do not wait for its end longer than words take to arrive.
        const patience = setTimeout(ended, lastWordsMs)
        this.#child.once('close', () => {
          clearTimeout(patience)
          ended()
        })
      })
    })
    this.#hold(false)
  }

  /** Whether it can be given work. */
  get alive(): boolean {
    return this.#alive
  }

  /** Whether it has no processes of its own and takes at most that many MiB, so that others can use it. */
  isClean(memory: number): boolean {
    const { pid } = this.#child
    return pid !== undefined && descendantsOf(pid).length === 0 && residentMiB(pid) <= memory
  }

  /** Ends the process and everything it started; resolves when it is gone. */
  async end(): Promise<void> {
    this.#alive = false
    if (this.#child.pid !== undefined && !this.#left) {
      // Without a hold this process could run out of things to wait for before the other one is seen to end.
      this.#hold(true)
      killTree(this.#child.pid)
    }
    await this.#gone
    this.#socket.destroy()
    this.#child.stderr?.destroy()
  }

  /** Never rejects: whatever happens becomes an outcome with a reason. */
  run(
    request: AnalysisRequest,
    limits: ProcessLimits,
    signal: AbortSignal,
    log: (message: string) => void,
    keep: (artifact: Artifact) => void,
  ): Promise<ProcessOutcome> {
    return new Promise((resolve) => {
      const settle = (outcome: ProcessOutcome): void => {
        clearTimeout(timer)
        clearInterval(memory)
        signal.removeEventListener('abort', abort)
        this.#receive = undefined
        this.#hold(false)
        if (outcome.kind !== 'answer') void this.end()
        resolve(outcome)
      }
      const abort = (): void => settle({ kind: 'cancelled', reason: 'cancelled' })
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
      this.#receive = (message) => {
        const parsed = answerSchema.safeParse(message)
        if (!parsed.success) {
          settle({
            kind: 'failed',
            reason: `The analyzer gave an answer that is not one: ${describe(parsed.error.issues[0])}.`,
          })
        } else if (parsed.data.id === request.id) {
          if (parsed.data.kind === 'log') log(parsed.data.message)
          else if (parsed.data.kind === 'artifact') keep(parsed.data.artifact)
          else settle({ kind: 'answer', answer: parsed.data })
        }
      }
      if (signal.aborted) return abort()
      signal.addEventListener('abort', abort, { once: true })
      this.#hold(true)
      void this.#gone.then((how) => settle({ kind: 'failed', reason: `The analyzing process ${how}.` }))
      this.#channel.send(request)
    })
  }

  /** Whether the process keeps this one from ending. */
  #hold(yes: boolean): void {
    for (const handle of [this.#child, this.#socket, this.#child.stderr]) {
      if (handle === null || !('ref' in handle) || !('unref' in handle)) continue
      // A closed socket would wait for its next connection to do as it is told.
      if ('destroyed' in handle && handle.destroyed) continue
      const change = yes ? handle.ref : handle.unref
      if (typeof change === 'function') change.call(handle)
    }
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
