import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { messageOf, Unavailable } from '#platform/errors'

/** Bytes of one package. */
const largest = 200 * 1024 * 1024
const timeout = 60_000
/** Milliseconds a list of versions is believed. */
const listAge = 3_600_000
/** Milliseconds a host that did not answer is left alone. */
const leftAlone = 60_000

/** Hosts that did not answer, per process: they must not cost every app their time. */
const silent = new Map<string, { readonly until: number; readonly reason: string }>()

export interface Fetching {
  readonly cache: string
  readonly network: boolean
  /** Epoch milliseconds. */
  readonly now: number
  readonly signal: AbortSignal
}

/** A registry could not be asked. */
export class RegistrySilent extends Unavailable {
  override readonly code: string = 'registry-silent'
}

/**
 * What a registry has under an address, undefined when it has nothing there. Packages never change and are kept for ever,
 * lists of versions for an hour; without network, whatever is kept is used.
 *
 * @throws RegistrySilent when it cannot be asked
 */
export async function fetched(
  url: string,
  kind: 'list' | 'package',
  headers: Readonly<Record<string, string>>,
  options: Fetching,
): Promise<Buffer | undefined> {
  const name = createHash('sha256')
    .update(JSON.stringify([url, headers['accept'] ?? '']))
    .digest('hex')
  const file = join(options.cache, 'launch', 'registry', name)
  const age = kind === 'package' || !options.network ? Number.POSITIVE_INFINITY : listAge
  const kept = await keptContent(file, age, options.now)
  if (kept !== undefined) return kept
  const { host } = new URL(url)
  if (!options.network) throw new RegistrySilent(`${host} is not asked: the network is not to be used.`)
  const known = silent.get(host)
  if (known !== undefined && known.until > Date.now()) throw new RegistrySilent(known.reason)
  let response: Response
  try {
    response = await fetch(url, { headers, signal: AbortSignal.any([options.signal, AbortSignal.timeout(timeout)]) })
  } catch (error) {
    options.signal.throwIfAborted()
    const reason = `${host} cannot be reached: ${reasonOf(error)}.`
    silent.set(host, { until: Date.now() + leftAlone, reason })
    throw new RegistrySilent(reason)
  }
  if (response.status === 404 || response.status === 403 || response.status === 410) {
    await response.body?.cancel()
    return undefined
  }
  if (!response.ok) {
    await response.body?.cancel()
    throw new RegistrySilent(`${host} answered ${response.status}.`)
  }
  const content = Buffer.from(await limited(response, host))
  await keep(file, content)
  return content
}

async function limited(response: Response, host: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > largest) throw new RegistrySilent(`${host} answered more than ${largest} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function keptContent(file: string, age: number, now: number): Promise<Buffer | undefined> {
  try {
    const { mtimeMs } = await stat(file)
    return now - mtimeMs > age ? undefined : await readFile(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function keep(file: string, content: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}.${performance.now()}`
  await writeFile(draft, content)
  await rename(draft, file)
}

/** `fetch failed` hides what happened in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return messageOf(error)
  if (error.name === 'TimeoutError') return `no answer within ${timeout / 1000} s`
  const { cause } = error
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0])
  return messageOf(cause instanceof Error ? cause : error)
}
