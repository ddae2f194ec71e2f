import { AssayError, InvalidInput } from '#platform/errors'

/** An analyzer reported a finding of a rule its catalogue does not have: a defect of the analyzer. */
export class UnknownRule extends AssayError {
  readonly code: string = 'unknown-rule'
  readonly status: number = 500
}

/** A baseline file is neither ours nor SARIF. */
export class InvalidBaseline extends InvalidInput {
  override readonly code: string = 'invalid-baseline'
}

/** A document is not SARIF 2.1.0. */
export class InvalidSarif extends InvalidInput {
  override readonly code: string = 'invalid-sarif'
}
