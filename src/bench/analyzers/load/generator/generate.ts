import { type ClosedModel, closedPace, mostUsers } from './closed-pace.ts'
import type { LatencySummary } from './latencies.ts'
import { type OpenModel, openPace } from './open-pace.ts'
import type { Course } from './pace.ts'
import type { LoadRequest, Target } from './request.ts'
import { durationOf } from './schedule.ts'
import { Sender } from './sender.ts'
import { type Accounts, type LoadSecond, type RequestAccounts, Tally } from './tally.ts'

/** One load. */
export interface Load {
  readonly target: Target
  /** They take turns. */
  readonly requests: readonly LoadRequest[]
  readonly model: OpenModel | ClosedModel
  /** Milliseconds from the intended start after which a request without a complete answer has failed. */
  readonly timeout: number
  readonly signal: AbortSignal
}

export interface LoadReport extends Accounts {
  /** The same of every kind of request. */
  readonly each: readonly RequestAccounts[]
  readonly seconds: readonly LoadSecond[]
  /** From the start to the end of the profile, or of the last request when that was later. */
  readonly milliseconds: number
  /** Successful answers a second over that time. */
  readonly throughput: number
  /**
   * Milliseconds by which the median latency of the requests due in the second half is above that of the first. A rate an app
   * cannot keep up with makes it grow by the second, before any limit on latency is reached.
   */
  readonly growth: number
  /** How late the generator itself was in handing over requests; contained in the latencies. */
  readonly lateness: LatencySummary
  readonly connectionsOpened: number
  /** Seconds of processor time this process took meanwhile. */
  readonly clientCpuSeconds: number
}

/**
 * Makes a load and counts what comes of it. Every request that was due is in the report, under the status it was answered with
 * or the reason it was not; their sum is `due`.
 * @throws the signal's reason when aborted
 */
export async function generate({ target, requests, model, timeout, signal }: Load): Promise<LoadReport> {
  signal.throwIfAborted()
  const { promise: finished, resolve: finish, reject: fail } = Promise.withResolvers<void>()
  const end = durationOf(model.stretches) * 1000
  const tally = new Tally(requests, timeout, end / 2)
  const cpuBefore = process.cpuUsage()
  const began = performance.now()
  const now = (): number => performance.now() - began
  const sender = new Sender({
    target,
    requests,
    timeout,
    connections: model.kind === 'open' ? model.connections : mostUsers(model),
    settled(exchange, outcome) {
      tally.settle(exchange, outcome, now())
      pace.settled(exchange, outcome)
    },
  })
  const course: Course = {
    now,
    submit(exchange) {
      tally.due(exchange)
      sender.submit(exchange)
    },
  }
  const pace =
    model.kind === 'open' ? openPace(model, requests.length, course) : closedPace(model, requests.length, course)
  const abort = () => fail(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  const sweep = setInterval(
    () => {
      sender.sweep(now())
      if (pace.over && tally.open === 0 && now() >= end) finish()
    },
    Math.min(10, timeout / 10),
  )
  try {
    pace.start()
    await finished
  } finally {
    clearInterval(sweep)
    signal.removeEventListener('abort', abort)
    pace.stop()
    sender.close()
  }
  const { all, each, seconds } = tally.close()
  const milliseconds = Math.max(end, tally.lastSettled)
  const cpu = process.cpuUsage(cpuBefore)
  return {
    ...all,
    each,
    seconds,
    milliseconds,
    throughput: (all.succeeded / milliseconds) * 1000,
    growth: tally.growth,
    lateness: pace.lateness(),
    connectionsOpened: sender.opened,
    clientCpuSeconds: (cpu.user + cpu.system) / 1e6,
  }
}
