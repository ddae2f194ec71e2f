import { messageOf } from '#platform/errors'
import { RegistryUnreachable } from './lookup.ts'

const timeout = 5_000
const retryAfter = 250
/** Largest answer read: registry documents of one version are a few kilobytes. */
const maxBytes = 8 * 1024 * 1024

export interface HttpAnswer {
  readonly status: number
  /** The parsed body of a 200 answer to GET. */
  readonly body: unknown
}

/**
 * Asks a registry, at most twice. 200 and 404 are answers; anything else is retried once and then
 * @throws RegistryUnreachable
 */
export async function ask(url: string, method: 'GET' | 'HEAD', signal: AbortSignal): Promise<HttpAnswer> {
  try {
    return await once(url, method, signal)
  } catch (error) {
    signal.throwIfAborted()
    // A name that does not resolve or a refused connection will not be mended in a quarter of a second.
    if (
      !(error instanceof RegistryUnreachable) ||
      error.message.includes('ECONNREFUSED') ||
      error.message.includes('ENOTFOUND')
    ) {
      throw error
    }
    await new Promise((resolve) => setTimeout(resolve, retryAfter))
    signal.throwIfAborted()
    return once(url, method, signal)
  }
}

async function once(url: string, method: 'GET' | 'HEAD', signal: AbortSignal): Promise<HttpAnswer> {
  const { host } = new URL(url)
  try {
    const response = await fetch(url, {
      method,
      headers: { accept: 'application/json', 'user-agent': 'assay' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
    })
    if (response.status === 404 || method === 'HEAD') {
      await response.body?.cancel()
      if (response.status !== 404 && !response.ok) throw new RegistryUnreachable(`${host} answered ${response.status}`)
      return { status: response.status, body: undefined }
    }
    if (!response.ok) {
      await response.body?.cancel()
      throw new RegistryUnreachable(`${host} answered ${response.status}`)
    }
    return { status: response.status, body: JSON.parse(await readLimited(response, host)) }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof RegistryUnreachable) throw error
    throw new RegistryUnreachable(`${host} cannot be reached: ${reasonOf(error)}`)
  }
}

async function readLimited(response: Response, host: string): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > maxBytes) throw new RegistryUnreachable(`${host} answered more than ${maxBytes} bytes`)
  }
  return text + decoder.decode()
}

/** `fetch failed` hides what happened in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return messageOf(error)
  if (error.name === 'TimeoutError') return `no answer within ${timeout / 1000} s`
  const { cause } = error
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0])
  if (cause instanceof Error) return messageOf(cause)
  return messageOf(error)
}
