import { setTimeout as sleep } from 'node:timers/promises'
import type { Exchange } from '#bench/findings'
import { type RunningApp, send } from '#bench/launch'
import type { Visitor } from '../session/visitor.ts'
import type { Draft } from './request.ts'

/** How one request is made. */
export interface Sending {
  readonly purpose: string
  readonly visitor?: Visitor
  /** Added to those of the draft and the visitor; the same name replaces. */
  readonly headers?: readonly (readonly [string, string])[]
  /** Milliseconds. */
  readonly timeout?: number
  /** Answers' cookies are kept for the visitor; default true. */
  readonly keep?: boolean
}

/** Sends requests to one running app: counted, spread over time, with crashes seen to. */
export class Client {
  readonly #running: RunningApp
  readonly #signal: AbortSignal
  readonly #interval: number
  readonly #flying = new Set<Draft>()
  #next = 0
  /** Requests sent so far. */
  requests = 0
  /** Called for every exchange: what the passive checks look at. */
  onExchange: (exchange: Exchange) => void = () => undefined
  /** Called when the app is dead, with the requests that were being answered. Brings it back. */
  onDeath: (suspects: readonly Draft[]) => Promise<void> = async () => undefined
  #reviving: Promise<void> | undefined

  /** @param perSecond requests a second at most */
  constructor(running: RunningApp, signal: AbortSignal, perSecond: number) {
    this.#running = running
    this.#signal = signal
    this.#interval = 1000 / perSecond
  }

  /** One exchange. An app that does not answer is an exchange with a `failure`. */
  async send(
    draft: Draft,
    { purpose, visitor, headers = [], timeout = 6000, keep = true }: Sending,
  ): Promise<Exchange> {
    await this.#reviving
    await this.#turn()
    this.requests += 1
    this.#flying.add(draft)
    const exchange = await send(this.#running, {
      purpose,
      method: draft.method,
      path: asciiPath(draft.path),
      headers: mergedHeaders([...(visitor?.headers() ?? [])], [...draft.headers], headers),
      ...(draft.body !== undefined && { body: draft.body }),
      signal: this.#signal,
      timeout,
    })
    if (exchange.failure !== undefined && exchange.response === undefined && (await this.#died())) await this.#revive()
    this.#flying.delete(draft)
    if (keep) visitor?.take(exchange)
    this.onExchange(exchange)
    return exchange
  }

  /** Whether the app still answers at all. */
  alive(): boolean {
    return this.#running.alive()
  }

  /** A connection breaks off a moment before the end of its process is known. */
  async #died(): Promise<boolean> {
    for (let look = 0; look < 6 && this.#running.alive(); look += 1)
      await sleep(50, undefined, { signal: this.#signal })
    return !this.#running.alive()
  }

  async #revive(): Promise<void> {
    this.#reviving ??= this.onDeath([...this.#flying]).finally(() => {
      this.#reviving = undefined
    })
    await this.#reviving
  }

  async #turn(): Promise<void> {
    const now = performance.now()
    const at = Math.max(this.#next, now)
    this.#next = at + this.#interval
    if (at - now > 1) await sleep(at - now, undefined, { signal: this.#signal })
  }
}

/** Later ones win; cookies are put together. */
function mergedHeaders(...groups: (readonly (readonly [string, string])[])[]): [string, string][] {
  const merged = new Map<string, string>()
  for (const [name, value] of groups.flat()) {
    const key = name.toLowerCase()
    const known = merged.get(key)
    merged.set(key, key === 'cookie' && known !== undefined ? `${known}; ${value}` : value)
  }
  return [...merged].filter(([, value]) => value !== '')
}

/** What may stand in a request line: everything else is encoded, what is encoded stays. */
function asciiPath(path: string): string {
  return path.replace(/[^\x21-\x7e]/g, (character) => encodeURIComponent(character))
}
