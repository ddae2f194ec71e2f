import { AssayError } from '#platform/errors'
import type { SandboxEnd } from './contract.ts'

/** No sandbox can be provided on this machine; `next` says what to install or switch on. */
export class SandboxUnavailable extends AssayError {
  readonly code: string = 'sandbox-unavailable'
  readonly status: number = 503
}

/** The sandbox is no more, so nothing can be asked of it; `end` says why. */
export class SandboxEnded extends AssayError {
  readonly code: string = 'sandbox-ended'
  readonly status: number = 409
  readonly end: SandboxEnd

  constructor(end: SandboxEnd) {
    super(`The sandbox has ended: ${end.message}`, { facts: { reason: end.reason } })
    this.end = end
  }
}

/** The sandbox lives, but what was asked of it failed inside: its disk is full, a path is a folder, … */
export class SandboxRefused extends AssayError {
  readonly code: string = 'sandbox-refused'
  readonly status: number = 409
}
