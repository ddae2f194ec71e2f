import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'

/** Milliseconds below which the given share of requests lies, and the highest. All 0 when there were none. */
export interface LatencySummary {
  readonly count: number
  readonly p50: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

const microsecondsInMillisecond = 1000
const hour = 3_600_000

/**
 * Latencies in Node's HDR histogram (log-linear buckets, hdrhistogram.org): a percentile is at most 0.1 % over the true
 * one, or 1 µs, and never under it. Over an hour counts as an hour.
 */
export class Latencies {
  readonly #histogram: RecordableHistogram = createHistogram({
    lowest: 1,
    highest: hour * microsecondsInMillisecond,
    figures: 3,
  })
  /** The histogram's own is rounded up to the end of its bucket. */
  #max = 0

  record(milliseconds: number): void {
    const value = Math.min(milliseconds, hour)
    if (value > this.#max) this.#max = value
    this.#histogram.record(Math.max(1, Math.round(value * microsecondsInMillisecond)))
  }

  /** Takes in what another one counted. */
  add(other: Latencies): void {
    this.#histogram.add(other.#histogram)
    this.#max = Math.max(this.#max, other.#max)
  }

  /** Milliseconds at or below which `percent` of the requests lie (nearest rank); 0 when there are none. */
  percentile(percent: number): number {
    const { count } = this.#histogram
    if (count === 0) return 0
    // The histogram rounds to the nearest rank, down as well as up: it is asked for a rank that is none to round.
    const rank = Math.max(1, Math.ceil((percent / 100) * count - 1e-9))
    const found = this.#histogram.percentile(Math.min(100, (rank / count) * 100))
    return Math.min(this.#max, found / microsecondsInMillisecond)
  }

  summary(): LatencySummary {
    return {
      count: this.#histogram.count,
      p50: this.percentile(50),
      p90: this.percentile(90),
      p95: this.percentile(95),
      p99: this.percentile(99),
      p999: this.percentile(99.9),
      max: this.#max,
    }
  }

  reset(): void {
    this.#histogram.reset()
    this.#max = 0
  }
}
