import type { Finding } from '#bench/findings'
import type { RunningApp } from '#bench/launch'
import { crashes } from './attack.ts'
import { attackClasses } from './classes/all.ts'
import { findingOf, targetOf } from './finding.ts'
import { runInBrowser } from './in-browser.ts'
import { endpointKey, unite } from './inventory/endpoint.ts'
import type { Inventory } from './inventory/inventory.ts'
import { prepare } from './prepare.ts'
import type { Proof } from './proof.ts'
import { type ClassId, classIds, type RuleId, rules } from './rules.ts'

/** What became of doing it again. */
export type Replay =
  | { readonly outcome: 'proven'; readonly finding: ReturnType<typeof findingOf> }
  /** The same attack was made, and the proof did not come about. */
  | { readonly outcome: 'not_proven'; readonly reason: string }
  /** The attack could not be made. */
  | { readonly outcome: 'error'; readonly reason: string }

export interface ReplayOptions {
  readonly signal: AbortSignal
  /** Other than that of the attack, so that nothing is answered from memory. */
  readonly seed: number
  /** Seconds at most. */
  readonly seconds?: number
}

/** The classes whose rules are named differently. */
const classOfRule: Partial<Readonly<Record<RuleId, ClassId>>> = {
  'permissive-cors': 'cross-origin-reading',
  'session-fixation': 'session-handling',
  'session-survives-logout': 'session-handling',
  'insecure-cookie': 'session-handling',
  'missing-headers': 'security-headers',
}

/**
 * Makes the attack of a finding again on an app that runs: the same place and kind of proof, with new people, sessions, words and
 * numbers. Works for findings of this analyzer and for those that one of its proofs has joined.
 *
 * @throws the signal's reason when aborted
 */
export async function replay(
  { witnesses, evidence }: Pick<Finding, 'witnesses' | 'evidence'>,
  running: RunningApp,
  inventory: Inventory,
  { signal, seed, seconds = 60 }: ReplayOptions,
): Promise<Replay> {
  const rule = witnesses.find(({ analyzer }) => analyzer === 'attack')?.rule
  const target = targetOf(evidence.facts)
  if (rule === undefined || !isRule(rule) || target === undefined)
    return { outcome: 'error', reason: 'The finding does not say what was attacked.' }
  const [exchange] = evidence.exchanges ?? []
  if (rule === 'crash') {
    if (exchange === undefined) return { outcome: 'error', reason: 'The finding has no request.' }
    const { pathname, search } = new URL(exchange.request.url)
    const headers = exchange.request.headers.filter(([name]) => /^(?:content-type|cookie|authorization)$/i.test(name))
    const draft = {
      method: exchange.request.method,
      path: `${pathname}${search}`,
      headers,
      ...(exchange.request.body !== undefined && { body: exchange.request.body }),
    }
    return outcomeOf(await crashes(running, [[draft]], inventory.endpoints, signal), () => true)
  }
  const id = classIds.find((candidate) => candidate === rule) ?? classOfRule[rule]
  if (id === undefined) return { outcome: 'error', reason: `No class of attacks belongs to the rule ${rule}.` }
  const endpoints = unite([...inventory.endpoints, target.endpoint])
  const { lab, release } = await prepare(
    running,
    { ...inventory, endpoints },
    { signal, seed, seconds, requestsPerSecond: 1000, onDeath: () => undefined },
  )
  try {
    const key = endpointKey(target.endpoint)
    lab.narrow(
      (candidate) =>
        endpointKey(candidate.endpoint) === key &&
        (target.parameter === undefined || candidate.parameter.name === target.parameter),
    )
    const trial = await attackClasses[id].attack(lab)
    if (trial.proofs.length === 0 && trial.unmade !== undefined)
      return { outcome: 'error', reason: trial.unmade.reason }
    const { proofs } = await runInBrowser(lab, trial.proofs)
    return outcomeOf(proofs, (proof) => proof.rule === rule && endpointKey(proof.endpoint) === key)
  } finally {
    release()
  }
}

function outcomeOf(proofs: readonly Proof[], isIt: (proof: Proof) => boolean): Replay {
  const proof = proofs.find(isIt)
  return proof === undefined
    ? { outcome: 'not_proven', reason: 'The same attack with new sessions and values showed nothing.' }
    : { outcome: 'proven', finding: findingOf(proof) }
}

function isRule(id: string): id is RuleId {
  return rules.has(id)
}
