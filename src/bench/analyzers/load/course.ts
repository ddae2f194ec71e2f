import type { Reachable } from '#bench/launch'
import type { SandboxUsage } from '#bench/sandbox'
import { type Concurrency, type Trial, timeAlone, tryTogether } from './concurrency.ts'
import { allHeld, checksOf } from './criteria.ts'
import type { Endpoint } from './endpoints.ts'
import { generate, type LoadReport } from './generator/generate.ts'
import type { Target } from './generator/request.ts'
import { levelAt } from './generator/schedule.ts'
import { type Attempt, findKnee, type Knee } from './knee.ts'
import type { LoadPlan } from './options.ts'
import { flat } from './profile.ts'
import { sampleUsage, type UsageSample } from './usage.ts'

/** The app under load, as far as a load needs it. */
export interface Subject extends Reachable {
  alive(): boolean
  usage(): Promise<SandboxUsage>
  /** What is known of why it ended, a sentence each. */
  ending(): readonly string[]
}

/** How one address answers when nothing else is asked. */
export interface Alone {
  readonly endpoint: Endpoint
  /** Milliseconds; undefined when a request failed. */
  readonly milliseconds: number | undefined
}

export interface Measurement {
  readonly alone: readonly Alone[]
  /** Before the profile, and not part of its figures; undefined when there was none. */
  readonly warmUp: LoadReport | undefined
  /** The profile. */
  readonly main: LoadReport | undefined
  readonly concurrency: readonly Concurrency[]
  /** Users who do not think: as much as the app does when always asked. */
  readonly saturated: LoadReport | undefined
  readonly knee: Knee | undefined
  /** During the profile only, and altogether. */
  readonly usage: { readonly main: readonly UsageSample[]; readonly all: readonly UsageSample[] }
  /** What was going on when the app was found dead. */
  readonly died: string | undefined
}

/** An address this slow on its own is tried with a crowd: quicker ones are limited by the machine, not by waiting. */
const slowEnough = 20
const mostCrowds = 3
const saturatedSeconds = 1.5
const saturatedUsers = 8
const attemptSeconds = 1.5
const attempts = 8
/** Milliseconds: an app that answers later than that does not hold any rate worth looking for. */
const attemptTimeout = 3000
/** What a median may grow by during an attempt before the rate counts as more than the app keeps up with. */
const growthAllowed = 0.05 * attemptSeconds * 1000

/** What is going on while the profile runs. */
export const profilePart = 'the load profile'

class AppDied extends Error {}

/** Runs everything planned, one after the other, until it is done or the app is dead. @throws the signal's reason when aborted */
export async function runCourse(
  subject: Subject,
  endpoints: readonly Endpoint[],
  plan: LoadPlan,
  signal: AbortSignal,
  log: (message: string) => void,
): Promise<Measurement> {
  const sampler = sampleUsage(() => subject.usage())
  const target: Target = { address: { path: subject.socket }, host: new URL(subject.origin).host }
  const requests = endpoints.map(({ path }) => ({ method: 'GET' as const, path }))
  const trial: Trial = { target, timeout: plan.timeout, sampler, signal }
  const load = (model: LoadPlan['model'], timeout = plan.timeout) =>
    generate({ target, requests, model, timeout, signal })
  let doing = ''
  let warmUp: LoadReport | undefined
  let main: LoadReport | undefined
  let saturated: LoadReport | undefined
  let knee: Knee | undefined
  let mainFrom = 0
  let mainTo = 0
  const alone: Alone[] = []
  const concurrency: Concurrency[] = []

  /** Does a part; what ends with the app dead has no result. */
  async function part<Result>(name: string, run: () => Promise<Result>): Promise<Result> {
    doing = name
    log(name)
    signal.throwIfAborted()
    return run().catch((error: unknown) => {
      if (!signal.aborted && !subject.alive()) throw new AppDied(name)
      throw error
    })
  }
  function stillAlive(): void {
    if (!subject.alive()) throw new AppDied(doing)
  }

  async function runParts(): Promise<void> {
    for (const endpoint of endpoints) {
      const milliseconds = await part(`one request at a time to ${endpoint.path}`, () => timeAlone(endpoint, trial))
      alone.push({ endpoint, milliseconds })
      stillAlive()
    }
    if (plan.warmUp > 0) warmUp = await part('the warm-up', () => load(warmUpOf(plan)))
    stillAlive()
    mainFrom = sampler.now()
    main = await part(profilePart, () => load(plan.model))
    mainTo = sampler.now()
    stillAlive()
    for (const one of crowds(alone)) {
      const tried = await part(`several requests at once to ${one.endpoint.path}`, () =>
        tryTogether(one.endpoint, one.milliseconds, quickest(alone, one.milliseconds), trial),
      )
      if (tried !== undefined) concurrency.push(tried)
      stillAlive()
    }
    const stretches = [flat(saturatedUsers, saturatedSeconds)]
    saturated = await part(`the load of ${saturatedUsers} users who do not think`, () =>
      load({ kind: 'closed', stretches, think: 0, seed: plan.seed }),
    )
    stillAlive()
    const { kneeMaximum } = plan
    if (kneeMaximum === undefined) return
    knee = await part('the search for the knee', () =>
      findKnee({
        start: 0.7 * (saturated?.throughput ?? 0),
        lowest: 1,
        highest: kneeMaximum,
        attempts,
        attempt: tryRate,
      }),
    )
  }

  async function tryRate(rate: number): Promise<Attempt> {
    doing = `${rate} requests a second`
    const { seed, connections, criteria } = plan
    const stretches = [flat(rate, attemptSeconds)]
    const model = { kind: 'open', stretches, order: 'poisson', seed, connections } as const
    const report = await load(model, Math.min(plan.timeout, attemptTimeout))
    stillAlive()
    if (report.lateness.p99 > growthAllowed) {
      return { rate, held: false, reason: 'the load generator did not keep pace' }
    }
    if (report.growth <= growthAllowed && allHeld(criteria, report)) return { rate, held: true }
    await recovery(rate)
    const missed = checksOf(criteria, report).find(({ outcome }) => outcome !== 'pass' && outcome !== 'not_applicable')
    return {
      rate,
      held: false,
      reason: missed === undefined ? 'the line of waiting requests grew' : `${missed.title}: ${missed.reason}`,
    }
  }
  /** What an attempt too many has left to do must not count against the next. */
  async function recovery(rate: number): Promise<void> {
    const quick = quickest(alone, Number.POSITIVE_INFINITY)
    for (let time = 0; quick !== undefined && time < 5; time += 1) {
      const took = await timeAlone(quick.endpoint, { ...trial, timeout: attemptTimeout })
      stillAlive()
      if (took !== undefined && took <= Math.max(50, 3 * quick.alone)) return
    }
    log(`After ${rate} requests a second the app did not come to rest within some seconds.`)
  }

  let died: string | undefined
  try {
    await sampler.sample()
    await runParts()
  } catch (error) {
    if (!(error instanceof AppDied)) throw error
    died = doing
  } finally {
    sampler.stop()
  }
  const all = sampler.samples()
  const usage = { all, main: all.filter(({ at }) => at >= mainFrom && at <= mainTo) }
  return { alone, warmUp, main, concurrency, saturated, knee, usage, died }
}

/** The level the profile begins with, for as long as the warm-up lasts. */
function warmUpOf({ model, warmUp }: LoadPlan): LoadPlan['model'] {
  const level = Math.max(1, levelAt(model.stretches, 0))
  const stretches = [flat(level, warmUp)]
  return model.kind === 'open' ? { ...model, stretches } : { ...model, stretches }
}

/** The slowest ones that are slow enough for waiting to show. */
function crowds(alone: readonly Alone[]): readonly { readonly endpoint: Endpoint; readonly milliseconds: number }[] {
  return alone
    .flatMap(({ endpoint, milliseconds }) =>
      milliseconds === undefined || milliseconds < slowEnough ? [] : [{ endpoint, milliseconds }],
    )
    .toSorted((one, other) => other.milliseconds - one.milliseconds)
    .slice(0, mostCrowds)
}

/** An address that takes less than a quarter of that, to see whether it is kept waiting. */
function quickest(alone: readonly Alone[], than: number): { endpoint: Endpoint; alone: number } | undefined {
  const [quick] = alone
    .flatMap(({ endpoint, milliseconds }) => (milliseconds === undefined ? [] : [{ endpoint, alone: milliseconds }]))
    .toSorted((one, other) => one.alone - other.alone)
  return quick !== undefined && quick.alone < than / 4 ? quick : undefined
}
