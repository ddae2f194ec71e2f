import { AssayError, Conflict, InvalidInput, messageOf, NotFound } from '#platform/errors'

/** What the command's exit code says. */
export const exitCodes = {
  /** Nothing at or over the threshold. */
  clean: 0,
  /** Findings at or over the threshold. */
  findings: 1,
  /** Wrong use or bad input. */
  usage: 2,
  /** Something could not be measured, or Assay itself failed. */
  unmeasured: 3,
  /** Stopped by the user (128 + SIGINT). */
  interrupted: 130,
} as const

/** The exit code for a failure. */
export function exitCodeOf(error: unknown): number {
  return error instanceof InvalidInput || error instanceof NotFound || error instanceof Conflict
    ? exitCodes.usage
    : exitCodes.unmeasured
}

/** Tells of a failure: what happened and what to do, as text or, with `--json`, as one object on standard error. */
export function reportFailure(error: unknown, json: boolean): void {
  const next = error instanceof AssayError ? error.next : undefined
  if (json) {
    const code = error instanceof AssayError ? error.code : 'internal'
    process.stderr.write(`${JSON.stringify({ error: { code, message: messageOf(error), ...(next && { next }) } })}\n`)
    return
  }
  process.stderr.write(`assay: ${messageOf(error)}\n${next ? `       ${next}\n` : ''}`)
  if (!(error instanceof AssayError) && error instanceof Error && process.env['ASSAY_LOG_LEVEL'] === 'debug') {
    process.stderr.write(`${error.stack}\n`)
  }
}
