import { AssayError } from '#platform/errors'

/** A tool or service the analyzer needs is missing or does not answer; `next` says what to install. */
export class AnalyzerUnavailable extends AssayError {
  readonly code: string = 'analyzer-unavailable'
  readonly status: number = 503
}
