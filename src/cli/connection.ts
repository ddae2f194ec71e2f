import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { z } from 'zod'
import { visible } from '#bench/reports'
import { type Config, loadConfig } from '#platform/config'
import { AssayError, InvalidInput, messageOf, Unavailable } from '#platform/errors'
import { page, problemSchema } from '#platform/http'
import { type HttpOptions, openHttpClient, textOf } from './http.ts'
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
  /** Sends an archive. */
  upload<Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    type: string,
    content: Readable,
  ): Promise<z.output<Schema>>
  /** Gives the body of the answer as it comes, for downloads and event streams. */
  stream(path: string, options?: HttpOptions): Promise<Readable>
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
  const draft = `${path}.${process.pid}`
  await mkdir(config.dataDirectory, { recursive: true, mode: 0o700 })
  await writeFile(draft, JSON.stringify({ url, pid: process.pid, brief }), { mode: 0o600 })
  await rename(draft, path)
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
  using client = openHttpClient()
  try {
    const { status, body } = await client.send(`${address.data.url}/api/v1/health`, {
      signal: AbortSignal.timeout(3000),
    })
    body.resume()
    return status === 200 ? address.data.url : undefined
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
    const requests = resources.use(requestsTo(server.url, undefined, signal))
    return {
      ...requests,
      url: server.url,
      shared: false,
      work(stop) {
        // Work given back because we stop is no news.
        stop.addEventListener('abort', () => {
          log.level = 'error'
        })
        return application.work(stop)
      },
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

type Requests = Omit<Connection, 'url' | 'shared' | 'work'>

/** Items asked for at once. */
const pageSize = 500

function requestsTo(url: string, key: string | undefined, signal: AbortSignal): Requests {
  const client = openHttpClient()
  const stream: Requests['stream'] = async (path, options = {}) => {
    try {
      const { status, body } = await client.send(`${url}/api/v1${path}`, {
        signal,
        ...options,
        headers: { ...(key && { authorization: `Bearer ${key}` }), ...options.headers },
      })
      if (status >= 400) throw failureOf(url, path, status, parseJson(await textOf(body)))
      return body
    } catch (error) {
      if (error instanceof AssayError || signal.aborted || options.signal?.aborted) throw error
      throw new Unavailable(`The server at ${url} cannot be reached: ${messageOf(error)}.`, {
        next: 'Check that it runs.',
        cause: error,
      })
    }
  }
  const json = async <Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    options?: HttpOptions,
  ): Promise<z.output<Schema>> => {
    const answer = schema.safeParse(parseJson(await textOf(await stream(path, options))))
    if (answer.success) return answer.data
    const [issue] = answer.error.issues
    throw new Unavailable(
      `The server at ${url} gave an answer to ${path} that this release does not understand: ${issue?.path.join('.') || 'answer'}: ${issue?.message}.`,
      { next: 'Use the same release of Assay here and there.' },
    )
  }
  const send = <Schema extends z.ZodType>(
    method: 'POST' | 'PATCH',
    schema: Schema,
    path: string,
    body: unknown,
  ): Promise<z.output<Schema>> =>
    json(schema, path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const get: Requests['get'] = async (schema, path, query = {}) => {
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
    return json(schema, search.size > 0 ? `${path}?${search}` : path)
  }
  return {
    stream,
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
    upload: (schema, path, type, content) =>
      json(schema, path, { method: 'POST', headers: { 'content-type': type }, body: content }),
    post: (schema, path, body = {}) => send('POST', schema, path, body),
    patch: (schema, path, body) => send('PATCH', schema, path, body),
    async delete(path) {
      await textOf(await stream(path, { method: 'DELETE' }))
    },
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]()
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
