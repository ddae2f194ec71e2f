import { randomOf } from '#bench/statistics'
import type { Outcome } from './connection.ts'
import { Latencies } from './latencies.ts'
import type { Course, Pace } from './pace.ts'
import { durationOf, levelAt, type Stretch } from './schedule.ts'

/** A number of users, each of whom waits for an answer, thinks, and asks again. */
export interface ClosedModel {
  readonly kind: 'closed'
  /** Users at one time. */
  readonly stretches: readonly Stretch[]
  /** Milliseconds a user thinks, on average; thinking times are exponential, so that users do not march in step. 0: not at all. */
  readonly think: number
  readonly seed: number
}

/** Milliseconds between looks at how many users there should be. */
const headCount = 20
/** Milliseconds a user waits at least who got no answer. Without it, refusals would come by the hundred thousand. */
const discouraged = 100

/** The most users there are at a time. */
export function mostUsers({ stretches }: ClosedModel): number {
  return Math.max(...stretches.flatMap(({ from, to }) => [Math.round(from), Math.round(to)]))
}

/** @param requests how many kinds of requests take turns */
export function closedPace(model: ClosedModel, requests: number, course: Course): Pace {
  const random = randomOf(model.seed)
  const end = durationOf(model.stretches) * 1000
  const thinking = new Set<NodeJS.Timeout>()
  let users = 0
  let sent = 0
  let over = false
  let timer: NodeJS.Timeout | undefined

  const wanted = (): number => Math.round(levelAt(model.stretches, course.now() / 1000))
  function ask(): void {
    course.submit({ request: sent % requests, intended: course.now() })
    sent += 1
  }
  function countHeads(): void {
    if (course.now() >= end) {
      finish()
      return
    }
    for (const goal = wanted(); users < goal; users += 1) ask()
    timer = setTimeout(countHeads, Math.min(headCount, Math.ceil(end - course.now())))
  }
  function think(milliseconds: number): void {
    const waiting = setTimeout(() => {
      thinking.delete(waiting)
      ask()
    }, milliseconds)
    thinking.add(waiting)
  }
  function finish(): void {
    over = true
    clearTimeout(timer)
    for (const waiting of thinking) clearTimeout(waiting)
    thinking.clear()
  }

  return {
    get over() {
      return over
    },
    start: countHeads,
    settled(_exchange, outcome: Outcome) {
      if (over) return
      if (users > wanted()) {
        users -= 1
        return
      }
      const pause = model.think === 0 ? 0 : -Math.log(1 - random.unit()) * model.think
      const patience = outcome.kind === 'failed' ? Math.max(pause, discouraged) : pause
      if (patience === 0) ask()
      else think(patience)
    },
    stop: finish,
    // A user who asks is there: nothing is due before it is sent.
    lateness: () => new Latencies().summary(),
  }
}
