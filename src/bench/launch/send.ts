import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Exchange } from '#bench/findings'
import { messageOf } from '#platform/errors'

/** One request, exactly as it is to go over the wire. */
export interface Outgoing {
  /** What it is for: "signs in as the second user". */
  readonly purpose: string
  readonly method: string
  /** Path and query as sent; nothing is normalised: `/files/..%2fsecret`. */
  readonly path: string
  /**
   * In this order, repeated names allowed. `host`, `user-agent`, `accept`, `connection` and, with a body, `content-length`
   * are added unless given here (in whatever case).
   */
  readonly headers?: readonly (readonly [string, string])[]
  readonly body?: string | Uint8Array
  readonly signal: AbortSignal
  /** Milliseconds for the whole exchange. */
  readonly timeout?: number
  /** Bytes of the answer's body that are kept. */
  readonly keep?: number
}

/** Where an app answers: a {@link RunningApp}, or one of its parts. */
export interface Reachable {
  readonly origin: string
  readonly socket: string
}

const defaultTimeout = 10_000
const defaultKeep = 1024 * 1024
const brokenOff = 'the connection was closed before the end of the answer'

/**
 * One HTTP exchange with a running app, through its unix socket. No redirect is followed, no cookie kept, no answer judged:
 * an app that does not answer, answers too late or breaks off is an exchange with a `failure`.
 *
 * @throws the signal's reason when aborted
 */
export async function send(app: Reachable, outgoing: Outgoing): Promise<Exchange> {
  outgoing.signal.throwIfAborted()
  const body = outgoing.body === undefined ? undefined : Buffer.from(outgoing.body)
  const headers = completed(outgoing, app.origin, body)
  const began = performance.now()
  const answered = await exchange(app.socket, outgoing, headers, body)
  outgoing.signal.throwIfAborted()
  return {
    purpose: outgoing.purpose,
    request: {
      method: outgoing.method,
      url: `${app.origin}${outgoing.path}`,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      ...(body === undefined ? {} : { body: body.toString() }),
    },
    ...answered,
    milliseconds: performance.now() - began,
  }
}

function completed(outgoing: Outgoing, origin: string, body: Buffer | undefined): (readonly [string, string])[] {
  const given = outgoing.headers ?? []
  const names = new Set(given.map(([name]) => name.toLowerCase()))
  const defaults: (readonly [string, string])[] = [
    ['host', new URL(origin).host],
    ['user-agent', 'assay'],
    ['accept', '*/*'],
    ['connection', 'close'],
  ]
  if (body !== undefined && !names.has('transfer-encoding')) defaults.push(['content-length', String(body.length)])
  return [...defaults.filter(([name]) => !names.has(name)), ...given]
}

type Answered = Pick<Exchange, 'response' | 'failure'>

function exchange(
  socketPath: string,
  { method, path, signal, timeout = defaultTimeout, keep = defaultKeep }: Outgoing,
  headers: readonly (readonly [string, string])[],
  body: Buffer | undefined,
): Promise<Answered> {
  return new Promise((resolve) => {
    let answer: IncomingMessage | undefined
    const chunks: Buffer[] = []
    let kept = 0
    let settled = false

    function settle(failure?: string, truncated = false): void {
      if (settled) return
      settled = true
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      request.destroy()
      const response = answer === undefined ? undefined : responseOf(answer, Buffer.concat(chunks), truncated)
      resolve({ ...(response === undefined ? {} : { response }), ...(failure === undefined ? {} : { failure }) })
    }
    const abort = () => settle('cancelled')
    const timer = setTimeout(
      () => settle(answer === undefined ? `no answer within ${timeout} ms` : `no end within ${timeout} ms`, true),
      timeout,
    )

    const request = httpRequest({
      socketPath,
      method,
      path,
      headers: headers.flat(),
      agent: false,
      setHost: false,
      // What a sloppy app answers is to be seen, not refused.
      insecureHTTPParser: true,
    })
    request.on('error', (error) => settle(failureOf(error)))
    request.on('response', (message) => {
      answer = message
      message.on('data', (chunk: Buffer) => {
        chunks.push(chunk.subarray(0, keep - kept))
        kept += Math.min(chunk.length, keep - kept)
        if (kept === keep) settle(undefined, true)
      })
      message.on('end', () => settle())
      message.on('error', () => settle(brokenOff, true))
    })
    // A switch of protocols is an answer too; what follows is not HTTP.
    request.on('upgrade', (message) => {
      answer = message
      settle()
    })
    request.on('close', () => {
      if (answer === undefined) settle('the connection was closed without an answer')
      else if (!answer.complete) settle(brokenOff, true)
    })
    signal.addEventListener('abort', abort, { once: true })
    request.end(body)
  })
}

function responseOf(message: IncomingMessage, body: Buffer, truncated: boolean): NonNullable<Exchange['response']> {
  const headers: [string, string][] = []
  for (let at = 0; at + 1 < message.rawHeaders.length; at += 2) {
    headers.push([message.rawHeaders[at] ?? '', message.rawHeaders[at + 1] ?? ''])
  }
  return { status: message.statusCode ?? 0, headers, body: body.toString(), truncated }
}

function failureOf(error: Error & { readonly code?: string }): string {
  if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') return 'the connection was refused'
  if (error.code === 'ECONNRESET') return 'the connection was closed without an answer'
  return messageOf(error)
}
