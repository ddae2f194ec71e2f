import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { visible } from '#bench/reports'
import { type Config, loadConfig } from '#platform/config'
import { AssayError, InvalidInput, messageOf, Unavailable } from '#platform/errors'
import { page, problemSchema } from '#platform/http'
import { packageRoot } from './package-root.ts'
import { screen } from './terminal.ts'

/** What went wrong on the server, as the server said it. */
export class ServerProblem extends AssayError {
  readonly code: string
  readonly status: number

  constructor(problem: z.infer<typeof problemSchema>) {
    const fields = problem.errors?.map(({ path, message }) => `${path.replace(/^\w+\./, '')}: ${message}`).join('; ')
    super(fields ? `The request was refused: ${fields}.` : problem.detail, {
      ...(problem.next && !fields && { next: problem.next }),
    })
    this.code = problem.code
    this.status = problem.status
  }
}

/** The API, spoken to over HTTP: a running server's, or one opened for this command alone. */
export interface Connection extends AsyncDisposable {
  readonly url: string
  /** Whether a server was running already: then its workers do the work. */
  readonly shared: boolean
  /** Works on analyses beside the command; with a running server, it only waits. */
  work(signal: AbortSignal): Promise<void>
  get<Schema extends z.ZodType>(schema: Schema, path: string, query?: Query): Promise<z.output<Schema>>
  /** The items of a list, page after page; at most `limit` of them. `total` counts them all where the list tells. */
  list<Schema extends z.ZodType>(
    item: Schema,
    path: string,
    query?: Query & { readonly limit?: number | undefined },
  ): Promise<{ readonly items: z.output<Schema>[]; readonly total: number | undefined; readonly more: boolean }>
  post<Schema extends z.ZodType>(schema: Schema, path: string, body?: unknown): Promise<z.output<Schema>>
  patch<Schema extends z.ZodType>(schema: Schema, path: string, body: unknown): Promise<z.output<Schema>>
  delete(path: string): Promise<void>
  /** The response itself, for downloads and event streams. */
  fetch(path: string, options?: RequestInit): Promise<Response>
}

type Query = Readonly<Record<string, string | number | undefined>>

export interface ConnectOptions {
  readonly version: string
  /** Ends every request when aborted. */
  readonly signal: AbortSignal
  /** The command needs a worker until it is done: another command's server, gone when that one ends, is no use. */
  readonly works?: true
  /** Ask no registry; only where the data is opened here. */
  readonly offline?: true
  /** With a shared database, open it here beside a server that would ask for a key. */
  readonly asOwner?: true
}

/** `brief`: opened by one command for its own work, and gone with it. */
const addressSchema = z.object({ url: z.url(), pid: z.int(), brief: z.boolean().default(false) })

/** Where a running server tells its address. */
export function addressFile(config: Pick<Config, 'dataDirectory'>): string {
  return join(config.dataDirectory, 'server.json')
}

/** Tells commands of this machine where the server listens, until disposed. */
export async function announceServer(config: Config, url: string, { brief = false } = {}): Promise<AsyncDisposable> {
  const path = addressFile(config)
  await writeFile(path, JSON.stringify({ url, pid: process.pid, brief }), { mode: 0o600 })
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) }
}

/**
 * Connects to the server named by ASSAY_SERVER, to the one that runs on the data directory, or opens the data itself.
 * @throws InvalidInput when `offline` is asked of a server that is not opened here
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const key = process.env['ASSAY_KEY']
  const named = process.env['ASSAY_SERVER']
  if (named !== undefined && named !== '') {
    if (!URL.canParse(named))
      throw new InvalidInput(`ASSAY_SERVER is not an address: ${named}.`, { next: 'Write http://host:port.' })
    return toServer(named.replace(/\/+$/, ''), key, options)
  }
  const config = await loadConfig({
    environment: process.env,
    workingDirectory: process.cwd(),
    ...(options.offline && { overrides: { offline: true } }),
  })
  const beside = options.asOwner && config.databaseUrl !== undefined && !key
  const running = beside ? undefined : await runningServer(config, options.works === true)
  return running === undefined ? openHere(config, options) : toServer(running, key, options)
}

/** The address of the server that runs on the data directory; with `works`, not one that another command opened. */
export async function runningServer(config: Config, works = false): Promise<string | undefined> {
  const text = await readFile(addressFile(config), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const address = addressSchema.safeParse(parseJson(text))
  if (!address.success || (works && address.data.brief)) return undefined
  try {
    const response = await fetch(`${address.data.url}/api/v1/health`, { signal: AbortSignal.timeout(3000) })
    return response.ok ? address.data.url : undefined
  } catch {
    // It was killed and left its address behind.
    return undefined
  }
}

function toServer(url: string, key: string | undefined, { signal, offline }: ConnectOptions): Connection {
  if (offline) {
    throw new InvalidInput(`The server at ${url} decides whether registries are asked.`, {
      next: 'Leave --offline out here, and start the server with --offline.',
    })
  }
  return {
    ...requestsTo(url, key, signal),
    url,
    shared: true,
    work: (stop) =>
      new Promise((resolve) =>
        stop.aborted ? resolve() : stop.addEventListener('abort', () => resolve(), { once: true }),
      ),
    [Symbol.asyncDispose]: async () => undefined,
  }
}

async function openHere(config: Config, { version, signal, works }: ConnectOptions): Promise<Connection> {
  const [{ openApplication, startServer }, { createLogger }] = await Promise.all([
    import('#server'),
    import('#platform/telemetry'),
  ])
  const log = createLogger({
    level: config.logLevel === 'info' ? 'warn' : config.logLevel,
    destination: { write: (line) => screen.note(screen.watched ? forPeople(line) : line) },
  })
  const resources = new AsyncDisposableStack()
  try {
    // The owner of the machine is at the keyboard: sign-in is for those who come over the network.
    const application = resources.use(
      await openApplication({ ...config, host: '127.0.0.1', secret: undefined }, version, log),
    )
    const server = resources.use(
      await startServer(application, { host: '127.0.0.1', port: 0, webRoot: join(packageRoot, 'web/dist') }),
    )
    // While this command has the data directory, others can look in.
    if (works && config.databaseUrl === undefined)
      resources.use(await announceServer(config, server.url, { brief: true }))
    return {
      ...requestsTo(server.url, undefined, signal),
      url: server.url,
      shared: false,
      work: (stop) => application.work(stop),
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    }
  } catch (error) {
    await resources.disposeAsync()
    throw error
  }
}

const logLineSchema = z.object({ msg: z.string(), err: z.object({ message: z.string() }).optional() })

function forPeople(line: string): string {
  const parsed = logLineSchema.safeParse(parseJson(line))
  if (!parsed.success) return line
  const { msg, err } = parsed.data
  return `assay: ${visible(err === undefined ? msg : `${msg} ${err.message}`)}\n`
}

type Requests = Omit<Connection, 'url' | 'shared' | 'work' | keyof AsyncDisposable>

/** Items asked for at once. */
const pageSize = 500

function requestsTo(url: string, key: string | undefined, signal: AbortSignal): Requests {
  const request = async (path: string, options: RequestInit = {}): Promise<Response> => {
    let response: Response
    try {
      response = await fetch(`${url}/api/v1${path}`, {
        signal,
        ...options,
        headers: {
          ...(key && { authorization: `Bearer ${key}` }),
          ...Object.fromEntries(new Headers(options.headers)),
        },
      })
    } catch (error) {
      if (signal.aborted || options.signal?.aborted) throw error
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
      throw new Unavailable(`The server at ${url} cannot be reached: ${messageOf(cause)}.`, {
        next: 'Check that it runs.',
        cause: error,
      })
    }
    if (!response.ok) throw failureOf(url, path, response.status, parseJson(await response.text()))
    return response
  }
  const send = async <Schema extends z.ZodType>(
    method: 'POST' | 'PATCH',
    schema: Schema,
    path: string,
    body: unknown,
  ): Promise<z.output<Schema>> => {
    const headers = { 'content-type': 'application/json' }
    const response = await request(path, { method, headers, body: JSON.stringify(body) })
    return schema.parse(await response.json())
  }
  const get: Requests['get'] = async (schema, path, query = {}) => {
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
    return schema.parse(await (await request(search.size > 0 ? `${path}?${search}` : path)).json())
  }
  return {
    fetch: request,
    get,
    async list(item, path, { limit = Number.POSITIVE_INFINITY, ...query } = {}) {
      const schema = page(item)
      const items: z.output<typeof item>[] = []
      let cursor: string | undefined
      for (;;) {
        const part = await get(schema, path, { ...query, cursor, limit: Math.min(pageSize, limit - items.length) })
        items.push(...part.items)
        if (part.next === null || items.length >= limit) {
          return { items, total: part.total, more: part.next !== null }
        }
        cursor = part.next
      }
    },
    post: (schema, path, body = {}) => send('POST', schema, path, body),
    patch: (schema, path, body) => send('PATCH', schema, path, body),
    async delete(path) {
      await request(path, { method: 'DELETE' })
    },
  }
}

function failureOf(url: string, path: string, status: number, body: unknown): AssayError {
  const problem = problemSchema.safeParse(body)
  if (!problem.success) {
    return new Unavailable(`The server at ${url} answered ${status} to ${path}.`, {
      next: 'Check that it is an Assay server of this release.',
    })
  }
  if (problem.data.status === 401) {
    return new ServerProblem({
      ...problem.data,
      next: "Set ASSAY_KEY to an API key ('assay keys create' makes one). Where nobody can sign in yet, stop the server and run 'assay members add' on its data.",
    })
  }
  return new ServerProblem(problem.data)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: whoever asked checks the shape, and finds none.
    return undefined
  }
}
