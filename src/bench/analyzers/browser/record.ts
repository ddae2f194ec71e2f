import type { ConsoleMessage, Page, Request, Response } from 'playwright-core'
import type { Exchange } from '#bench/findings'

/** What a page complained about while it was looked at. */
export interface Complaints {
  readonly errors: readonly string[]
  /** Text and the place in a script it came from. */
  readonly logged: readonly { readonly text: string; readonly from: string }[]
  readonly failed: readonly FailedRequest[]
  /** Addresses of other hosts, which the sandbox does not reach: what they bring is missing on the page. */
  readonly foreign: readonly { readonly url: string; readonly kind: string }[]
}

export interface FailedRequest {
  readonly kind: string
  readonly exchange: Exchange
}

export interface Recorder {
  /** All so far, and forgets them. */
  take(): Promise<Complaints>
  /** Requests, dialogs, navigations and windows so far: grows with whatever a click sets off. */
  activity(): number
}

/** Bytes of an answer kept as evidence. */
const kept = 2000

/** Listens to a page from before its first request. Dialogs are dismissed. */
export function recordPage(page: Page, origin: string): Recorder {
  let errors: string[] = []
  let logged: { text: string; from: string }[] = []
  let failed: Promise<FailedRequest | undefined>[] = []
  let foreign: { url: string; kind: string }[] = []
  let activity = 0
  const isOwn = (url: string): boolean => URL.canParse(url) && new URL(url).origin === origin
  page.on('pageerror', (error) => errors.push(error.message || String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !isAboutRequest(message)) {
      logged.push({ text: message.text(), from: message.location().url })
    }
  })
  page.on('request', (request) => {
    activity++
    if (!isOwn(request.url()) && /^(?:https?|wss?):/.test(request.url())) {
      foreign.push({ url: request.url(), kind: request.resourceType() })
    }
  })
  page.on('response', (response) => {
    if (response.status() >= 400 && isOwn(response.url()) && matters(response))
      failed.push(failedRequest(response.request(), response))
  })
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? ''
    if (isOwn(request.url()) && !/ERR_ABORTED/.test(reason)) failed.push(failedRequest(request, undefined))
  })
  page.on('dialog', (dialog) => {
    activity++
    void dialog.dismiss().catch(() => undefined)
  })
  page.on('popup', (popup) => {
    activity++
    void popup.close().catch(() => undefined)
  })
  for (const event of ['framenavigated', 'filechooser', 'download'] as const)
    page.on(event as 'framenavigated', () => activity++)
  return {
    activity: () => activity,
    async take() {
      const taken = {
        errors,
        logged,
        failed: (await Promise.all(failed)).filter((each) => each !== undefined),
        foreign,
      }
      errors = []
      logged = []
      failed = []
      foreign = []
      return taken
    },
  }
}

/** Chromium says of each failed request on the console what the requests themselves say better. */
function isAboutRequest(message: ConsoleMessage): boolean {
  return /^Failed to load resource|net::ERR_|has been blocked by CORS policy/.test(message.text())
}

/** Being told to sign in is how it should be, and nobody misses the picture of the tab. */
function matters(response: Response): boolean {
  const { pathname } = new URL(response.url())
  return (
    response.status() !== 401 &&
    response.status() !== 403 &&
    !/^\/(?:favicon\.ico|apple-touch-icon[\w-]*\.png)$/.test(pathname)
  )
}

async function failedRequest(request: Request, response: Response | undefined): Promise<FailedRequest> {
  const timing = request.timing()
  const body = await response?.text().catch(() => '')
  const sent = request.postData()
  return {
    kind: request.resourceType(),
    exchange: {
      purpose: `the page requests ${request.resourceType() === 'document' ? 'it' : `a ${request.resourceType()}`}`,
      request: {
        method: request.method(),
        url: request.url(),
        headers: Object.entries(request.headers()),
        ...(sent !== null && { body: sent.slice(0, kept) }),
      },
      ...(response === undefined
        ? { failure: request.failure()?.errorText ?? 'no answer' }
        : {
            response: {
              status: response.status(),
              headers: Object.entries(response.headers()),
              body: (body ?? '').slice(0, kept),
              truncated: (body ?? '').length > kept,
            },
          }),
      milliseconds: Math.max(0, timing.responseEnd),
    },
  }
}
