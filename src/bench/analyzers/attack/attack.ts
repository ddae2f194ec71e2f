import type { Exchange } from '#bench/findings'
import type { RunningApp } from '#bench/launch'
import type { Check } from '../contract.ts'
import { attackClasses } from './classes/all.ts'
import { Client } from './http/client.ts'
import type { Draft } from './http/request.ts'
import { runInBrowser } from './in-browser.ts'
import { type Endpoint, matchPath } from './inventory/endpoint.ts'
import type { Inventory } from './inventory/inventory.ts'
import type { AttackOptions } from './options.ts'
import { prepare } from './prepare.ts'
import type { Proof, Trial } from './proof.ts'
import { type ClassId, classTitles } from './rules.ts'

/** What attacking one app came to. */
export interface AttackReport {
  readonly proofs: readonly Proof[]
  readonly checks: readonly Check[]
  readonly requests: number
  readonly endpoints: number
  readonly parameters: number
  /** Milliseconds and requests by class. */
  readonly effort: ReadonlyMap<ClassId, { readonly milliseconds: number; readonly requests: number }>
}

/** Tries every class that was asked for. A class that could not run is said to be so; it never counts as withstood. */
export async function attackApp(
  running: RunningApp,
  inventory: Inventory,
  options: AttackOptions,
  signal: AbortSignal,
): Promise<AttackReport> {
  const deaths: (readonly Draft[])[] = []
  const { lab, release } = await prepare(running, inventory, {
    signal,
    requestsPerSecond: options.requestsPerSecond,
    seed: options.seed,
    seconds: options.seconds,
    onDeath: (suspects) => deaths.push(suspects),
  })
  const proofs: Proof[] = []
  const checks: Check[] = []
  const effort = new Map<ClassId, { milliseconds: number; requests: number }>()
  const { client } = lab.parts
  try {
    for (const id of options.classes) {
      signal.throwIfAborted()
      await lab.parts.settle()
      const began = performance.now()
      const before = client.requests
      const trial: Trial = lab.timeLeft()
        ? await attackClasses[id].attack(lab)
        : { proofs: [], tried: 0, unmade: { outcome: 'error', reason: 'The time was over before it began.' } }
      const seen = id === 'cross-site-scripting' ? await runInBrowser(lab, trial.proofs) : { proofs: trial.proofs }
      effort.set(id, { milliseconds: performance.now() - began, requests: client.requests - before })
      proofs.push(...seen.proofs)
      checks.push(checkOf(id, trial))
    }
    proofs.push(...(await crashes(running, deaths, lab.endpoints, signal)))
  } finally {
    release()
  }
  return {
    proofs,
    checks,
    requests: client.requests,
    endpoints: lab.endpoints.length,
    parameters: lab.targets().length,
    effort,
  }
}

function checkOf(id: ClassId, { proofs, tried, unmade, note }: Trial): Check {
  const check = { id, title: classTitles[id] }
  const [first] = proofs
  if (first !== undefined)
    return {
      ...check,
      outcome: 'fail',
      reason: proofs.length === 1 ? first.message : `${first.message} And ${proofs.length - 1} more.`,
    }
  if (unmade !== undefined) return { ...check, ...unmade }
  return tried === 0
    ? { ...check, outcome: 'not_applicable', reason: 'There was nothing to try it on.' }
    : { ...check, outcome: 'pass', ...(note !== undefined && { reason: note }) }
}

/** Deaths that are looked into. */
const enough = 3

/** Which of the requests that were being answered when the app died ends it again, alone. */
export async function crashes(
  running: RunningApp,
  deaths: readonly (readonly Draft[])[],
  endpoints: readonly Endpoint[],
  signal: AbortSignal,
): Promise<Proof[]> {
  const proofs: Proof[] = []
  for (const suspects of deaths.slice(0, enough)) {
    for (const draft of suspects) {
      if (!running.alive()) await running.restart()
      const client = new Client(running, signal, 100)
      let died = false
      client.onDeath = async () => {
        died = true
        await running.restart()
      }
      const exchange = await client.send(draft, { purpose: 'sends what was being answered when the app died' })
      if (!died) continue
      const after = await client.send(
        { method: 'GET', path: '/', headers: [] },
        { purpose: 'asks again after a new start' },
      )
      proofs.push(crashProof(draft, [exchange, after], endpoints))
      break
    }
  }
  return [...new Map(proofs.map((proof) => [`${proof.endpoint.method} ${proof.endpoint.path}`, proof])).values()]
}

function crashProof(draft: Draft, exchanges: readonly Exchange[], endpoints: readonly Endpoint[]): Proof {
  const path = draft.path.replace(/\?.*$/, '')
  const endpoint = endpoints.find(
    (candidate) =>
      candidate.method === draft.method && (candidate.path === path || matchPath(candidate.path, path) !== undefined),
  )
  return {
    rule: 'crash',
    endpoint: endpoint ?? { method: draft.method, path, parameters: [], origins: ['link'], open: false },
    message: 'The process of the app ended on this request; sent alone after a new start, it ended it again.',
    exchanges,
    observed: ['The main process of the app exited while the request was being answered.'],
  }
}
