import { z } from 'zod'
import { InvalidInput } from '#platform/errors'
import { type Criteria, criteriaSchema, defaultCriteria } from './criteria.ts'
import type { ClosedModel } from './generator/closed-pace.ts'
import type { OpenModel } from './generator/open-pace.ts'
import { durationOf, expectedArrivals } from './generator/schedule.ts'
import { flat, longestProfile, profileSchema, stretchesOf } from './profile.ts'

/** What is done when nothing is said: as many requests as a few hundred people make who click now and then. */
export const defaults = {
  rate: 20,
  users: 10,
  duration: 8,
  warmUp: 2,
  timeout: 10,
  connections: 100,
  think: 1,
  seed: 1,
  kneeMaximum: 5000,
}
/** Requests of one profile: their times are held in memory. */
const mostRequests = 1_000_000
/** Users at one time: each has a connection. */
const mostUsers = 1000

const optionsSchema = z.strictObject({
  model: z.enum(['open', 'closed']).exactOptional(),
  profile: profileSchema.exactOptional(),
  /** Requests a second, for a constant profile of the open model. */
  rate: z.number().positive().max(20_000).exactOptional(),
  /** For a constant profile of the closed model. */
  users: z.int().min(1).max(mostUsers).exactOptional(),
  /** Seconds of the constant profile. */
  duration: z.number().min(1).max(longestProfile).exactOptional(),
  arrivals: z.enum(['poisson', 'uniform']).exactOptional(),
  connections: z.int().min(1).max(mostUsers).exactOptional(),
  /** Seconds a user thinks on average. */
  think: z.number().min(0).max(600).exactOptional(),
  seed: z.int().exactOptional(),
  /** Seconds. */
  timeout: z.number().min(0.1).max(60).exactOptional(),
  /** Seconds before the profile begins, at its first level; reported apart. */
  warmUp: z.number().min(0).max(60).exactOptional(),
  criteria: criteriaSchema.exactOptional(),
  /** False leaves the search for the knee out; a number is the highest rate tried. */
  knee: z.union([z.literal(false), z.number().min(1).max(20_000)]).exactOptional(),
  paths: z
    .array(z.string().regex(/^\/[\x21-\x7e]*$/, 'must be a path as it goes on the wire, such as /search?q=a'))
    .min(1)
    .max(20)
    .exactOptional(),
})
type Options = z.infer<typeof optionsSchema>

/** What to do, with nothing left open. */
export interface LoadPlan {
  readonly model: OpenModel | ClosedModel
  /** Seconds. */
  readonly warmUp: number
  /** Milliseconds. */
  readonly timeout: number
  readonly connections: number
  readonly seed: number
  readonly criteria: Criteria
  /** Highest rate tried when looking for the knee; undefined when it is not looked for. */
  readonly kneeMaximum: number | undefined
  /** Undefined: those found. */
  readonly paths: readonly string[] | undefined
}

/** @throws InvalidInput naming what is wrong */
export function readOptions(given: Readonly<Record<string, unknown>>): LoadPlan {
  const parsed = optionsSchema.safeParse(given)
  if (!parsed.success) throw wrong(z.prettifyError(parsed.error))
  const options = parsed.data
  const kind = options.model ?? (options.users === undefined && options.think === undefined ? 'open' : 'closed')
  refuseStrangers(options, kind)
  const model = kind === 'open' ? openModel(options) : closedModel(options)
  const seconds = durationOf(model.stretches)
  if (seconds > longestProfile) throw wrong(`The profile lasts ${seconds} s; ${longestProfile} s are the most.`)
  return {
    model,
    warmUp: options.warmUp ?? defaults.warmUp,
    timeout: (options.timeout ?? defaults.timeout) * 1000,
    connections: options.connections ?? defaults.connections,
    seed: options.seed ?? defaults.seed,
    criteria: options.criteria ?? defaultCriteria,
    kneeMaximum: options.knee === false ? undefined : (options.knee ?? defaults.kneeMaximum),
    paths: options.paths,
  }
}

/** An option that would be ignored is a misunderstanding. */
function refuseStrangers(options: Options, kind: 'open' | 'closed'): void {
  const strangers = kind === 'open' ? (['users', 'think'] as const) : (['rate', 'arrivals', 'connections'] as const)
  for (const name of strangers) {
    if (options[name] !== undefined) {
      throw wrong(`${name} means nothing in the ${kind} model (${kind === 'open' ? 'arrivals' : 'users'}).`)
    }
  }
  for (const name of ['rate', 'users', 'duration'] as const) {
    if (options.profile !== undefined && options[name] !== undefined) {
      throw wrong(`${name} and profile say the same; give one of them.`)
    }
  }
}

function openModel(options: Options): OpenModel {
  const rate = flat(options.rate ?? defaults.rate, options.duration ?? defaults.duration)
  const stretches = options.profile === undefined ? [rate] : stretchesOf(options.profile)
  const due = expectedArrivals(stretches)
  if (due > mostRequests || due < 1) {
    throw wrong(`The profile makes ${Math.round(due)} requests; it has to be 1 to ${mostRequests}.`)
  }
  return {
    kind: 'open',
    stretches,
    order: options.arrivals ?? 'poisson',
    seed: options.seed ?? defaults.seed,
    connections: options.connections ?? defaults.connections,
  }
}

function closedModel(options: Options): ClosedModel {
  const users = flat(options.users ?? defaults.users, options.duration ?? defaults.duration)
  const stretches = options.profile === undefined ? [users] : stretchesOf(options.profile)
  const most = Math.max(...stretches.flatMap(({ from, to }) => [from, to]))
  if (most > mostUsers || most < 1)
    throw wrong(`The profile has ${most} users at most; it has to be 1 to ${mostUsers}.`)
  return {
    kind: 'closed',
    stretches,
    think: (options.think ?? defaults.think) * 1000,
    seed: options.seed ?? defaults.seed,
  }
}

function wrong(message: string): InvalidInput {
  return new InvalidInput(`Options of the analyzer load: ${message}`, {
    next: `Known options: ${Object.keys(optionsSchema.shape).join(', ')}. docs/load.md explains them.`,
  })
}
