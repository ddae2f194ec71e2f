import { AssayError } from '#platform/errors'
import type { LaunchFailure } from './contract.ts'

/** An app that ran before did not start anew; `failure` says why. */
export class RestartFailed extends AssayError {
  readonly code: string = 'restart-failed'
  readonly status: number = 409
  readonly failure: LaunchFailure

  constructor(failure: LaunchFailure) {
    super(`The app did not start anew: ${failure.message}`, { facts: { kind: failure.kind } })
    this.failure = failure
  }
}
