import { Latencies } from './latencies.ts'
import type { Course, Pace } from './pace.ts'
import { type ArrivalOrder, arrivals, type Stretch } from './schedule.ts'

/** Requests come at their times whatever becomes of those before: as visitors do who know nothing of each other. */
export interface OpenModel {
  readonly kind: 'open'
  /** Requests a second. */
  readonly stretches: readonly Stretch[]
  readonly order: ArrivalOrder
  readonly seed: number
  /** Connections at one time; requests that find none free wait in line. */
  readonly connections: number
}

/** @param requests how many kinds of requests take turns */
export function openPace(model: OpenModel, requests: number, course: Course): Pace {
  const moments = arrivals(model.stretches, model.order, model.seed)
  const lateness = new Latencies()
  let next = 0
  let timer: NodeJS.Timeout | undefined

  function submitDue(): void {
    const now = course.now()
    for (let intended = moments[next]; intended !== undefined && intended <= now; intended = moments[next]) {
      lateness.record(now - intended)
      course.submit({ request: next % requests, intended })
      next += 1
    }
  }
  function wake(): void {
    submitDue()
    const intended = moments[next]
    // Timers of Node go by whole milliseconds and are never early.
    if (intended !== undefined) timer = setTimeout(wake, Math.max(1, Math.floor(intended - course.now())))
  }

  return {
    get over() {
      return next >= moments.length
    },
    start: wake,
    // An answer wakes us anyway: what has become due meanwhile need not wait for the timer.
    settled: submitDue,
    stop: () => clearTimeout(timer),
    lateness: () => lateness.summary(),
  }
}
