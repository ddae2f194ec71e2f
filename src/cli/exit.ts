import { AssayError, messageOf } from '#platform/errors'

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

/** The user stopped the command; `next` says how to go on. */
export class Interrupted extends AssayError {
  readonly code = 'interrupted'
  /** Never sent: the status nginx uses for a client that left. */
  readonly status = 499
}

/** The exit code for a failure: what the caller can mend is wrong use, all else is Assay's or the machine's. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof AssayError)) return exitCodes.unmeasured
  if (error instanceof Interrupted) return exitCodes.interrupted
  return error.status < 500 && error.status !== 429 ? exitCodes.usage : exitCodes.unmeasured
}

/** Tells of a failure: what happened and what to do, as text or, with `--json`, as one object on standard error. */
export async function reportFailure(error: unknown, json: boolean): Promise<void> {
  const next = error instanceof AssayError ? error.next : undefined
  if (json) {
    const code = error instanceof AssayError ? error.code : 'internal'
    process.stderr.write(`${JSON.stringify({ error: { code, message: messageOf(error), ...(next && { next }) } })}\n`)
    return
  }
  const { visible } = await import('#bench/reports')
  process.stderr.write(`assay: ${visible(messageOf(error))}\n${next ? `       ${visible(next)}\n` : ''}`)
  if (!(error instanceof AssayError) && error instanceof Error && process.env['ASSAY_LOG_LEVEL'] === 'debug') {
    process.stderr.write(`${error.stack}\n`)
  }
}
