import type { Failure, Outcome } from './connection.ts'
import { Latencies, type LatencySummary } from './latencies.ts'
import type { LoadRequest } from './request.ts'
import type { Exchange } from './sender.ts'

/** One second of a load. Requests count as due in the second of their intended start, and as answered or failed in the one they ended in. */
export interface LoadSecond {
  readonly second: number
  readonly due: number
  /** Answers with status 2xx or 3xx. */
  readonly succeeded: number
  /** Other answers, and requests without one. */
  readonly failed: number
  /** Milliseconds, of the requests that ended in this second; 0 when none did. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/** What became of all requests. */
export interface Accounts {
  readonly due: number
  /** How many answers had which status. */
  readonly statuses: Readonly<Record<number, number>>
  /** How many requests had no answer, by reason. Together with the statuses they are all that were due. */
  readonly failures: Readonly<Partial<Record<Failure, number>>>
  readonly succeeded: number
  /** Share of the due requests that had no answer or one of status 4xx or 5xx; 0 when none were due. */
  readonly errorRate: number
  readonly latency: LatencySummary
}

export interface RequestAccounts extends Accounts {
  readonly request: LoadRequest
}

class Account {
  due = 0
  readonly #statuses = new Map<number, number>()
  readonly #failures = new Map<Failure, number>()
  readonly #latencies = new Latencies()

  settle(outcome: Outcome, latency: number): void {
    if (outcome.kind === 'answered') increase(this.#statuses, outcome.status, 1)
    else increase(this.#failures, outcome.failure, 1)
    this.#latencies.record(latency)
  }

  add(other: Account): void {
    this.due += other.due
    for (const [status, count] of other.#statuses) increase(this.#statuses, status, count)
    for (const [failure, count] of other.#failures) increase(this.#failures, failure, count)
    this.#latencies.add(other.#latencies)
  }

  close(): Accounts {
    let succeeded = 0
    for (const [status, count] of this.#statuses) if (isSuccess(status)) succeeded += count
    return {
      due: this.due,
      statuses: Object.fromEntries(this.#statuses),
      failures: Object.fromEntries(this.#failures),
      succeeded,
      errorRate: this.due === 0 ? 0 : (this.due - succeeded) / this.due,
      latency: this.#latencies.summary(),
    }
  }
}

function increase<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}

/** Whether an answer of this status is what a user wanted, as far as a load can know. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 400
}

/**
 * Counts what is due and what becomes of it. A request without an answer counts as one that took the whole timeout: were its
 * latency left out or taken for the moment it failed, an app that refuses everything would be the fastest of all.
 */
export class Tally {
  readonly #timeout: number
  readonly #half: number
  readonly #earlier = new Latencies()
  readonly #later = new Latencies()
  readonly #requests: readonly LoadRequest[]
  readonly #accounts: readonly Account[]
  readonly #seconds: { due: number; succeeded: number; failed: number; latency: LatencySummary | undefined }[] = []
  /** Of the requests that ended in the second under way. */
  readonly #current = new Latencies()
  #second = 0
  #open = 0
  #lastSettled = 0

  /** @param half the middle of the load, in milliseconds since its beginning */
  constructor(requests: readonly LoadRequest[], timeout: number, half: number) {
    this.#requests = requests
    this.#timeout = timeout
    this.#half = half
    this.#accounts = requests.map(() => new Account())
  }

  /** Requests due that have not come to an end. */
  get open(): number {
    return this.#open
  }

  /** When the last request came to an end, in milliseconds since the load began. */
  get lastSettled(): number {
    return this.#lastSettled
  }

  /** Milliseconds by which the median latency grew from the requests due in the first half to those due in the second. */
  get growth(): number {
    return this.#later.percentile(50) - this.#earlier.percentile(50)
  }

  due({ request, intended }: Exchange): void {
    this.#open += 1
    this.#account(request).due += 1
    this.#at(intended).due += 1
  }

  settle({ request, intended }: Exchange, outcome: Outcome, now: number): void {
    this.#open -= 1
    this.#lastSettled = now
    const elapsed = now - intended
    const latency = outcome.kind === 'answered' ? elapsed : Math.max(elapsed, this.#timeout)
    this.#account(request).settle(outcome, latency)
    const halves = intended < this.#half ? this.#earlier : this.#later
    halves.record(latency)
    const second = this.#at(now)
    if (Math.floor(now / 1000) !== this.#second) this.#turn(Math.floor(now / 1000))
    if (outcome.kind === 'answered' && isSuccess(outcome.status)) second.succeeded += 1
    else second.failed += 1
    this.#current.record(latency)
  }

  /** The accounts of all requests together, of each, and second by second. */
  close(): {
    readonly all: Accounts
    readonly each: readonly RequestAccounts[]
    readonly seconds: readonly LoadSecond[]
  } {
    this.#turn(this.#second)
    const all = new Account()
    for (const one of this.#accounts) all.add(one)
    return {
      all: all.close(),
      each: this.#requests.map((request, at) => ({ request, ...this.#account(at).close() })),
      seconds: this.#seconds.map(({ due, succeeded, failed, latency }, second) => {
        const { p50, p95, p99, max } = latency ?? { p50: 0, p95: 0, p99: 0, max: 0 }
        return { second, due, succeeded, failed, p50, p95, p99, max }
      }),
    }
  }

  #account(request: number): Account {
    const account = this.#accounts[request]
    if (account === undefined) throw new RangeError(`There is no request ${request}.`)
    return account
  }

  #at(moment: number): { due: number; succeeded: number; failed: number; latency: LatencySummary | undefined } {
    const index = Math.floor(moment / 1000)
    while (this.#seconds.length <= index) this.#seconds.push({ due: 0, succeeded: 0, failed: 0, latency: undefined })
    const second = this.#seconds[index]
    if (second === undefined) throw new RangeError(`${moment} ms is no moment of a load.`)
    return second
  }

  /** Puts the latencies of the second that is over where they belong. */
  #turn(to: number): void {
    this.#at(this.#second * 1000).latency = this.#current.summary()
    this.#current.reset()
    this.#second = to
  }
}
