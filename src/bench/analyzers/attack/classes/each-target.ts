import { textOf } from '../http/request.ts'
import type { Place } from '../inventory/endpoint.ts'
import { eachOf } from '../inventory/tour.ts'
import type { Lab } from '../lab.ts'
import type { Proof, Target, Trial } from '../proof.ts'
import { valueFor } from '../values.ts'

/** How one class goes about its targets. */
export interface Attempts {
  readonly targets: readonly Target[]
  /** Shown when there are none. */
  readonly nothing: string
  /** Targets at a time; 1 where time is measured. */
  readonly width?: number
  attempt(target: Target): Promise<Proof | undefined>
}

/** Tries the targets until the time is over; an endpoint of the same parameter is tried once. */
export async function eachTarget(lab: Lab, { targets, nothing, width = 4, attempt }: Attempts): Promise<Trial> {
  if (targets.length === 0) return { proofs: [], tried: 0, unmade: { outcome: 'not_applicable', reason: nothing } }
  const proofs: Proof[] = []
  let tried = 0
  let left = 0
  let reached = 0
  await eachOf(targets, width, async (target) => {
    if (!lab.timeLeft()) {
      left += 1
      return
    }
    if (await lab.reaches(target.endpoint)) reached += 1
    const proof = await attempt(target)
    tried += 1
    if (proof !== undefined) proofs.push(proof)
  })
  const unmade = ((): Trial['unmade'] => {
    if (left > 0)
      return { outcome: 'error', reason: `The time was over after ${tried} of ${targets.length} parameters.` }
    if (reached === 0)
      return {
        outcome: 'error',
        reason: 'The app turned away every ordinary request to the parameters in question, so nothing was tried.',
      }
    return undefined
  })()
  const note =
    reached < tried
      ? `${tried - reached} of ${tried} parameters could not be reached: ordinary requests to them are turned away.`
      : undefined
  return { proofs, tried, ...(unmade && { unmade }), ...(note !== undefined && { note }) }
}

/** What makes a parameter worth trying. */
export interface Relevance {
  /** Words in the code of an app that has the flaw. */
  readonly code: RegExp
  /** Names of parameters that often have it. */
  readonly names?: RegExp
  readonly places?: ReadonlySet<Place>
  /** Parameters of these names are left alone. */
  readonly except?: RegExp
}

const texts: ReadonlySet<Place> = new Set(['path', 'query', 'form', 'json', 'header', 'cookie'])

/**
 * The parameters worth trying, the likeliest first: those whose handler shows the words, then those of the right name, then,
 * where the words stand elsewhere in the app, all others. Where the app has none of the words there is nothing to attack.
 */
export function targetsFor(lab: Lab, { code, names = /^$/, places = texts, except = /^$/ }: Relevance): Target[] {
  if (!code.test(lab.parts.code)) return []
  return lab
    .targets()
    .filter(({ parameter }) => places.has(parameter.place) && !except.test(parameter.name))
    .map((target) => ({
      target,
      score:
        (inHandler(target, code) ? 4 : 0) +
        (names.test(target.parameter.name) ? 2 : 0) +
        (target.parameter.place === 'path' ? 0 : 1),
    }))
    .toSorted((one, other) => other.score - one.score)
    .map(({ target }) => target)
}

/** Whether the code of the endpoint itself shows the words. */
export function inHandler({ endpoint }: Target, words: RegExp): boolean {
  return endpoint.code !== undefined && words.test(endpoint.code)
}

/** What an ordinary visitor would send in the parameter. */
export function usual(lab: Lab, { endpoint, parameter }: Target): string {
  if (parameter.place === 'path') {
    const before = endpoint.path.slice(0, endpoint.path.indexOf(`:${parameter.name}`)).replace(/\/$/, '')
    const id = lab.parts.ids.idsOf(before)[0] ?? parameter.sample
    if (id !== undefined) return id
  }
  const value = textOf(valueFor(parameter, lab.visitor.person, lab.parts.canary.folder.slice(-6)))
  return value.startsWith('word ') ? 'sample' : value
}

/** `query parameter q of GET /search`. */
export function titleOf({ endpoint, parameter }: Target): string {
  const place =
    parameter.place === 'path'
      ? 'path parameter'
      : parameter.place === 'xml' || parameter.place === 'raw'
        ? 'body'
        : parameter.place === 'header'
          ? 'header'
          : parameter.place === 'cookie'
            ? 'cookie'
            : parameter.place === 'file'
              ? 'file'
              : parameter.place === 'query'
                ? 'query parameter'
                : 'field'
  return `the ${place}${parameter.place === 'xml' || parameter.place === 'raw' ? '' : ` ${parameter.name}`} of ${endpoint.method} ${endpoint.path}`
}
