import type { Outcome } from './connection.ts'
import type { LatencySummary } from './latencies.ts'
import type { Exchange } from './sender.ts'

/** What a pace needs to know and do. */
export interface Course {
  /** Milliseconds since the load began. */
  now(): number
  /** Makes a request due and sends it. */
  submit(exchange: Exchange): void
}

/** Decides when requests are due. */
export interface Pace {
  /** True when no request will become due any more. */
  readonly over: boolean
  start(): void
  /** Is told what became of each request, after it was counted. */
  settled(exchange: Exchange, outcome: Outcome): void
  /** Ends all waiting. */
  stop(): void
  /** How long after their intended start requests were handed over: the generator's own part in their latency. */
  lateness(): LatencySummary
}
