import type { Exchange } from '#bench/findings'
import type { Reachable } from '#bench/launch'
import { messageOf } from '#platform/errors'

/** Who says that a check must hold: the spec, or Assay, because of something that stands in the app. */
export type CheckOrigin =
  | { readonly kind: 'spec'; readonly requirement?: string }
  | {
      readonly kind: 'derived'
      /** "the route GET /api/notes". */
      readonly from: string
      readonly path?: string
      readonly line?: number
    }

/** What is wrong when a check fails: the rule its finding belongs to. */
export type CheckKind =
  | 'acceptance'
  | 'endpoint'
  | 'browser-flow'
  | 'server-error'
  | 'bad-input'
  | 'unknown-path'
  | 'declared-answer'
  | 'not-json'
  | 'resource'
  | 'form'

export type Verdict =
  | { readonly outcome: 'pass' }
  | {
      readonly outcome: 'fail'
      /** One sentence. */
      readonly reason: string
      /** Method and path of the exchange that shows it, when it is not the last. */
      readonly at?: Exchange
      /** Names of what else shows it: a screenshot. */
      readonly artifacts?: readonly string[]
    }
  | { readonly outcome: 'not_applicable' | 'error'; readonly reason: string }

/** What a check works with. */
export interface Scene {
  readonly app: Reachable
  /** Where the routes of the server are reached under the paths its code gives them. */
  readonly backend: Reachable
  readonly signal: AbortSignal
  /** Same seed, same random values. */
  readonly seed: string
  /** Keeps an exchange with the check, in order. */
  record(exchange: Exchange): void
}

/** A check that waits to be run. */
export interface PlannedCheck {
  /** Unique among the checks of an app. */
  readonly id: string
  readonly title: string
  readonly kind: CheckKind
  readonly origin: CheckOrigin
  /** The endpoint it is about: where its finding is. */
  readonly endpoint?: { readonly method: string; readonly path: string }
  run(scene: Scene): Promise<Verdict>
}

/** A check that was run. */
export interface CheckResult {
  readonly check: PlannedCheck
  readonly verdict: Verdict
  readonly exchanges: readonly Exchange[]
}

/**
 * Runs checks one after the other. What a check throws is its outcome `error`, never a pass.
 * @throws the signal's reason when aborted
 */
export async function runChecks(
  checks: readonly PlannedCheck[],
  scene: Omit<Scene, 'record'>,
  done?: (result: CheckResult) => Promise<void> | void,
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = []
  for (const check of checks) {
    const exchanges: Exchange[] = []
    const verdict = await verdictOf(check, { ...scene, record: (exchange) => exchanges.push(exchange) })
    scene.signal.throwIfAborted()
    const result = { check, verdict, exchanges }
    results.push(result)
    await done?.(result)
  }
  return results
}

async function verdictOf(check: PlannedCheck, scene: Scene): Promise<Verdict> {
  try {
    return await check.run(scene)
  } catch (error) {
    scene.signal.throwIfAborted()
    return { outcome: 'error', reason: messageOf(error) }
  }
}
