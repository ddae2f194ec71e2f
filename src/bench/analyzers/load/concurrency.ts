import type { Endpoint } from './endpoints.ts'
import { generate } from './generator/generate.ts'
import type { Target } from './generator/request.ts'
import type { UsageSampler } from './usage.ts'

/** How an address does when several ask at once. */
export interface Concurrency {
  readonly endpoint: Endpoint
  /** Milliseconds one request takes when nothing else is asked; the median of a few. */
  readonly alone: number
  /** How many were sent at once. */
  readonly together: number
  /** Milliseconds until the last of them was answered; the quicker of two tries. */
  readonly lastAnswered: number
  /** Processor seconds the app took meanwhile. */
  readonly cpuSeconds: number
  /** What another, quick address did while one request to this one was under way. */
  readonly bystander: { readonly path: string; readonly alone: number; readonly beside: number } | undefined
}

/** Where the requests go, and what may be done meanwhile. */
export interface Trial {
  readonly target: Target
  /** Milliseconds. */
  readonly timeout: number
  readonly sampler: UsageSampler
  readonly signal: AbortSignal
}

/** Requests sent one after the other to learn how long one takes. */
const repeats = 3
const crowd = 8
/** Milliseconds a crowd may take when served one by one. */
const patience = 8000

/** The median time of a request that has the app to itself; undefined when one of them failed. */
export async function timeAlone(endpoint: Endpoint, trial: Trial): Promise<number | undefined> {
  const times: number[] = []
  for (let time = 0; time < repeats; time += 1) {
    const [only] = await together([endpoint], 1, trial)
    if (only === undefined) return undefined
    times.push(only)
    if (only > 2000) break
  }
  return times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) / 2)]
}

/**
 * Sends several requests at once. Served one by one, the last answer takes as many times as long as there are requests; served
 * side by side, hardly longer than one. Undefined when one of them failed, or so few fit that they would say nothing.
 */
export async function tryTogether(
  endpoint: Endpoint,
  alone: number,
  quick: { readonly endpoint: Endpoint; readonly alone: number } | undefined,
  trial: Trial,
): Promise<Concurrency | undefined> {
  const requests = Math.min(crowd, Math.floor(Math.min(patience, trial.timeout) / alone))
  if (requests < 3) return undefined
  let best: { lastAnswered: number; cpuSeconds: number } | undefined
  for (let time = 0; time < 2; time += 1) {
    const before = await trial.sampler.sample()
    const [lastAnswered] = await together([endpoint], requests, trial)
    if (lastAnswered === undefined) return undefined
    const cpuSeconds = (await trial.sampler.sample()).cpuSeconds - before.cpuSeconds
    if (best === undefined || lastAnswered < best.lastAnswered) best = { lastAnswered, cpuSeconds }
  }
  if (best === undefined) return undefined
  const beside = quick === undefined ? undefined : (await together([endpoint, quick.endpoint], 2, trial))[1]
  const bystander =
    quick === undefined || beside === undefined ? undefined : { path: quick.endpoint.path, alone: quick.alone, beside }
  return { endpoint, alone, together: requests, ...best, bystander }
}

/** Sends so many requests within a few milliseconds; the slowest time of each endpoint, undefined where a request failed. */
async function together(
  endpoints: readonly Endpoint[],
  requests: number,
  { target, timeout, signal }: Trial,
): Promise<readonly (number | undefined)[]> {
  const seconds = requests * 0.001
  const { each } = await generate({
    target,
    requests: endpoints.map(({ path }) => ({ method: 'GET', path })),
    model: {
      kind: 'open',
      stretches: [{ seconds, from: 1000, to: 1000 }],
      order: 'uniform',
      seed: 1,
      connections: requests,
    },
    timeout,
    signal,
  })
  return each.map(({ errorRate, latency }) => (errorRate > 0 ? undefined : latency.max))
}
