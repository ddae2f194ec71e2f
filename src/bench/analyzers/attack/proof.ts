import type { Confidence, Exchange, Severity } from '#bench/findings'
import type { Endpoint, Parameter } from './inventory/endpoint.ts'
import type { Lab } from './lab.ts'
import type { ClassId, RuleId } from './rules.ts'

/** A flaw that was shown to be there. */
export interface Proof {
  readonly rule: RuleId
  readonly endpoint: Endpoint
  readonly parameter?: Parameter
  /** One sentence: what was sent and what happened. */
  readonly message: string
  /** In the order they were made; the last shows the effect unless there is a control after it. */
  readonly exchanges: readonly Exchange[]
  /** The text in the answers that shows it: evidence is cut around it. */
  readonly shows?: string
  /** What was seen inside the sandbox, a sentence each. */
  readonly observed?: readonly string[]
  /** Below `high` only where the effect may have another explanation, which the message then names. */
  readonly confidence?: Confidence
  readonly severity?: Severity
  /** The family of payloads that did it. */
  readonly family?: string
}

/** What came of trying one class. */
export interface Trial {
  readonly proofs: readonly Proof[]
  /** Places that were tried to the end. */
  readonly tried: number
  /** What was left out of a trial that counts all the same. */
  readonly note?: string
  /** Why nothing could be tried, or why not everything was. */
  readonly unmade?: { readonly outcome: 'not_applicable' | 'error'; readonly reason: string }
}

/** One way to attack an app, with the proof it demands. */
export interface AttackClass {
  readonly id: ClassId
  /** @throws the signal's reason when aborted */
  attack(lab: Lab): Promise<Trial>
}

/** One parameter of one endpoint. */
export interface Target {
  readonly endpoint: Endpoint
  readonly parameter: Parameter
}
