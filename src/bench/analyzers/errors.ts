import { AssayError } from '#platform/errors'

/** A tool or service the analyzer needs is missing or does not answer; `next` says what to install. */
export class AnalyzerUnavailable extends AssayError {
  readonly code: string = 'analyzer-unavailable'
  readonly status: number = 503
}

/**
 * There is nothing to measure in this app, which showed only while it was being looked at: it does not start. Thrown by
 * `analyze`; the analysis ends as `not_applicable` with the message as its reason.
 */
export class NotApplicable extends AssayError {
  readonly code: string = 'not-applicable'
  readonly status: number = 422
}
