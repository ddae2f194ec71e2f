import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { messageOf } from '#platform/errors'
import type { InventoryItem } from './inventory.ts'
import { type OsvRecord, osvRecordSchema } from './osv-record.ts'

const timeout = 8_000
const batchSize = 500
const parallel = 8
const keptFor = 24 * 3_600_000
/** Milliseconds a service that did not answer is left alone by this process. */
const remembersUnreachable = 60_000

export interface OsvApiOptions {
  readonly address: string
  readonly cache: string
  readonly network: boolean
  readonly now: number
  readonly signal: AbortSignal
  log(message: string): void
}

/** osv.dev did not answer; the message says why. */
export class OsvUnreachable extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'OsvUnreachable'
  }
}

const unreachable = new Map<string, { readonly until: number; readonly reason: string }>()

const batchSchema = z.object({
  results: z.array(
    z.object({ vulns: z.array(z.object({ id: z.string() })).optional(), next_page_token: z.string().optional() }),
  ),
})

type Versioned = InventoryItem & { readonly version: string }

/**
 * The advisories osv.dev has for each item (https://google.github.io/osv.dev/api/): one batch query for the ids, one
 * request for each advisory not kept yet.
 *
 * @throws OsvUnreachable when the service is switched off, does not answer, or answers something else
 */
export async function askOsv(
  items: readonly Versioned[],
  options: OsvApiOptions,
): Promise<ReadonlyMap<Versioned, readonly OsvRecord[]>> {
  if (!options.network) throw new OsvUnreachable('the network is switched off (--offline)')
  const known = unreachable.get(options.address)
  if (known !== undefined && performance.now() < known.until) throw new OsvUnreachable(known.reason)
  try {
    const ids = new Map<Versioned, readonly string[]>()
    for (let from = 0; from < items.length; from += batchSize) {
      const batch = items.slice(from, from + batchSize)
      for (const [index, found] of (await queryBatch(batch, options)).entries()) {
        const item = batch[index]
        if (item) ids.set(item, found)
      }
    }
    const records = await recordsOf([...new Set([...ids.values()].flat())], options)
    return new Map([...ids].map(([item, list]) => [item, list.flatMap((id) => records.get(id) ?? [])]))
  } catch (error) {
    if (error instanceof OsvUnreachable) {
      unreachable.set(options.address, { until: performance.now() + remembersUnreachable, reason: error.message })
    }
    throw error
  }
}

async function queryBatch(
  batch: readonly Versioned[],
  options: OsvApiOptions,
): Promise<readonly (readonly string[])[]> {
  const found: string[][] = batch.map(() => [])
  let open = batch.map((item, index) => ({ index, query: queryOf(item) }))
  // Results come in pages; each open query carries its own token.
  while (open.length > 0) {
    const body = await request(`${options.address}/v1/querybatch`, options, { queries: open.map(({ query }) => query) })
    const parsed = batchSchema.safeParse(body)
    if (!parsed.success || parsed.data.results.length !== open.length)
      throw new OsvUnreachable('osv.dev answered something else')
    const next: typeof open = []
    for (const [position, result] of parsed.data.results.entries()) {
      const asked = open[position]
      if (asked === undefined) continue
      found[asked.index]?.push(...(result.vulns ?? []).map((vuln) => vuln.id))
      if (result.next_page_token)
        next.push({ index: asked.index, query: { ...asked.query, page_token: result.next_page_token } })
    }
    open = next
  }
  return found
}

function queryOf({ ecosystem, name, version }: Versioned): {
  package: { ecosystem: string; name: string }
  version: string
  page_token?: string
} {
  return { package: { ecosystem: ecosystem === 'npm' ? 'npm' : 'PyPI', name }, version }
}

async function recordsOf(ids: readonly string[], options: OsvApiOptions): Promise<ReadonlyMap<string, OsvRecord>> {
  const records = new Map<string, OsvRecord>()
  const queue = [...ids]
  const worker = async () => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      const record = (await kept(id, options)) ?? (await fetchRecord(id, options))
      records.set(id, record)
    }
  }
  await Promise.all(Array.from({ length: parallel }, worker))
  return records
}

async function fetchRecord(id: string, options: OsvApiOptions): Promise<OsvRecord> {
  const body = await request(`${options.address}/v1/vulns/${encodeURIComponent(id)}`, options)
  const parsed = osvRecordSchema.safeParse(body)
  if (!parsed.success) throw new OsvUnreachable(`osv.dev answered no advisory for ${id}`)
  const file = fileOf(id, options)
  await mkdir(join(options.cache, 'osv'), { recursive: true })
  const unfinished = join(options.cache, 'osv', `.${randomUUID()}`)
  await writeFile(unfinished, JSON.stringify({ at: options.now, record: parsed.data }))
  await rename(unfinished, file)
  return parsed.data
}

const keptSchema = z.object({ at: z.number(), record: osvRecordSchema })

async function kept(id: string, options: OsvApiOptions): Promise<OsvRecord | undefined> {
  let text: string
  try {
    text = await readFile(fileOf(id, options), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  try {
    const stored = keptSchema.safeParse(JSON.parse(text))
    if (stored.success) {
      const age = options.now - stored.data.at
      return age >= 0 && age < keptFor ? stored.data.record : undefined
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  options.log(`The kept advisory ${id} is damaged and is asked again.`)
  return undefined
}

function fileOf(id: string, { cache }: OsvApiOptions): string {
  return join(cache, 'osv', `${createHash('sha256').update(id).digest('hex')}.json`)
}

async function request(url: string, { signal }: OsvApiOptions, body?: unknown): Promise<unknown> {
  const { host } = new URL(url)
  try {
    const response = await fetch(url, {
      ...(body !== undefined && {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
    })
    if (!response.ok) throw new OsvUnreachable(`${host} answered ${response.status}`)
    return await response.json()
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof OsvUnreachable) throw error
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    throw new OsvUnreachable(`${host} cannot be reached: ${messageOf(cause)}`)
  }
}
