import { Unavailable } from '#platform/errors'

/** There is no browser on this machine, or it does not start in a sandbox. It says nothing about any app. */
export class BrowserUnavailable extends Unavailable {
  override readonly code = 'browser-unavailable'
}
