import http from 'node:http'
import https from 'node:https'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export interface HttpOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Readable
  readonly signal?: AbortSignal
}

export interface HttpAnswer {
  readonly status: number
  readonly body: Readable
}

/** Sends requests over connections that are kept, until disposed: then none is left open. */
export interface HttpClient extends Disposable {
  /** Resolves with the head of the answer. There is no time limit: imports take what they take. */
  send(url: string, options: HttpOptions): Promise<HttpAnswer>
}

/**
 * A client on Node's own HTTP. `fetch` would give up on an answer that takes five minutes, and keeps connections that
 * nobody can close, for which a closing server waits.
 */
export function openHttpClient(): HttpClient {
  const agents = {
    'http:': new http.Agent({ keepAlive: true }),
    'https:': new https.Agent({ keepAlive: true }),
  } as const
  return {
    send: (address, { method = 'GET', headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const url = new URL(address)
        const secure = url.protocol === 'https:'
        const options = { method, headers: { ...headers }, ...(signal && { signal }) }
        const request = secure
          ? https.request(url, { ...options, agent: agents['https:'] })
          : http.request(url, { ...options, agent: agents['http:'] })
        request.on('response', (response) => resolve({ status: response.statusCode ?? 0, body: response }))
        request.on('error', reject)
        if (body === undefined || typeof body === 'string') request.end(body)
        else pipeline(body, request).catch(reject)
      }),
    [Symbol.dispose]() {
      agents['http:'].destroy()
      agents['https:'].destroy()
    },
  }
}

/** All of a body as text. */
export async function textOf(body: Readable): Promise<string> {
  body.setEncoding('utf8')
  let text = ''
  for await (const chunk of body) text += chunk
  return text
}
