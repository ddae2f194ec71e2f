import { AssayError } from '#platform/errors'

/** A tool that the agent cannot do without failed. */
export class StepFailed extends AssayError {
  readonly code = 'step-failed'
  readonly status = 500
}

/** After a restart the procedure asked for something else than its log says: going on would mix two runs. */
export class ExecutionDiverged extends AssayError {
  readonly code = 'execution-diverged'
  readonly status = 409
}

/** Another worker has taken the execution up. What this one still does is not written. */
export class OwnershipLost extends AssayError {
  readonly code = 'ownership-lost'
  readonly status = 409
}

/** An agent asserts something and names no step it comes from, or one that gave nothing. */
export class InvalidCitation extends AssayError {
  readonly code = 'invalid-citation'
  readonly status = 500
}
