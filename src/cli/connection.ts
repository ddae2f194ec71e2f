import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type Config, loadConfig } from '#platform/config'
import { AssayError, InvalidInput, messageOf, Unavailable } from '#platform/errors'
import { problemSchema } from '#platform/http'
import { packageRoot } from './package-root.ts'

/** What went wrong on the server, as the server said it. */
class ServerProblem extends AssayError {
  readonly code: string
  readonly status: number

  constructor(problem: z.infer<typeof problemSchema>) {
    super(problem.detail ?? problem.title, { ...(problem.next && { next: problem.next }) })
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
  post<Schema extends z.ZodType>(schema: Schema, path: string, body?: unknown): Promise<z.output<Schema>>
  delete(path: string): Promise<void>
  /** The response itself, for downloads and event streams. */
  fetch(path: string, options?: RequestInit): Promise<Response>
}

type Query = Readonly<Record<string, string | number | undefined>>

const addressSchema = z.object({ url: z.url(), pid: z.int() })

/** Where a running server tells its address. */
export function addressFile(config: Pick<Config, 'dataDirectory'>): string {
  return join(config.dataDirectory, 'server.json')
}

/** Tells commands of this machine where the server listens, until disposed. */
export async function announceServer(config: Config, url: string): Promise<AsyncDisposable> {
  const path = addressFile(config)
  await writeFile(path, JSON.stringify({ url, pid: process.pid }), { mode: 0o600 })
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) }
}

/**
 * Connects to the server named by ASSAY_SERVER, to the one that runs on the data directory, or opens the data itself.
 */
export async function connect(version: string): Promise<Connection> {
  const named = process.env['ASSAY_SERVER']
  if (named !== undefined && named !== '') return toServer(named.replace(/\/+$/, ''), process.env['ASSAY_KEY'])
  const config = await loadConfig({ environment: process.env, workingDirectory: process.cwd() })
  const running = await runningServer(config)
  return running === undefined ? openHere(config, version) : toServer(running, process.env['ASSAY_KEY'])
}

async function runningServer(config: Config): Promise<string | undefined> {
  const text = await readFile(addressFile(config), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const address = addressSchema.safeParse(parseJson(text))
  if (!address.success) return undefined
  try {
    const response = await fetch(`${address.data.url}/api/v1/health`, { signal: AbortSignal.timeout(3000) })
    return response.ok ? address.data.url : undefined
  } catch {
    // It was killed and left its address behind.
    return undefined
  }
}

function toServer(url: string, key: string | undefined): Connection {
  const requests = requestsTo(url, key)
  return {
    ...requests,
    url,
    shared: true,
    work: (signal) =>
      new Promise((resolve) =>
        signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
      ),
    [Symbol.asyncDispose]: async () => undefined,
  }
}

async function openHere(config: Config, version: string): Promise<Connection> {
  const [{ openApplication, startServer }, { createLogger }] = await Promise.all([
    import('#server'),
    import('#platform/telemetry'),
  ])
  const log = createLogger({ level: config.logLevel === 'info' ? 'warn' : config.logLevel })
  // The owner of the machine is at the keyboard: sign-in is for those who come over the network.
  const application = await openApplication({ ...config, host: '127.0.0.1', secret: undefined }, version, log)
  try {
    const server = await startServer(application, {
      host: '127.0.0.1',
      port: 0,
      webRoot: join(packageRoot, 'web/dist'),
    })
    return {
      ...requestsTo(server.url, undefined),
      url: server.url,
      shared: false,
      work: (signal) => application.work(signal),
      async [Symbol.asyncDispose]() {
        await server.close()
        await application.close()
      },
    }
  } catch (error) {
    await application.close()
    throw error
  }
}

function requestsTo(url: string, key: string | undefined): Pick<Connection, 'get' | 'post' | 'delete' | 'fetch'> {
  const request = async (path: string, options: RequestInit = {}): Promise<Response> => {
    let response: Response
    try {
      response = await fetch(`${url}/api/v1${path}`, {
        ...options,
        headers: {
          ...(key !== undefined && { authorization: `Bearer ${key}` }),
          ...Object.fromEntries(new Headers(options.headers)),
        },
      })
    } catch (error) {
      if (options.signal?.aborted) throw error
      throw new Unavailable(`The server at ${url} cannot be reached: ${messageOf(error)}.`, {
        next: 'Check that it runs.',
        cause: error,
      })
    }
    if (response.ok) return response
    const problem = problemSchema.safeParse(parseJson(await response.text()))
    if (problem.success)
      throw problem.data.status === 400 || problem.data.status === 422
        ? new InvalidInput(problem.data.detail ?? problem.data.title, {
            ...(problem.data.next && { next: problem.data.next }),
          })
        : new ServerProblem(problem.data)
    throw new Unavailable(`The server at ${url} answered ${response.status} to ${options.method ?? 'GET'} ${path}.`, {
      next: 'Check that it is an Assay server of this release.',
    })
  }
  return {
    fetch: request,
    async get(schema, path, query = {}) {
      const search = new URLSearchParams()
      for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
      return schema.parse(await (await request(search.size > 0 ? `${path}?${search}` : path)).json())
    },
    async post(schema, path, body) {
      const response = await request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body ?? {}),
      })
      return schema.parse(await response.json())
    },
    async delete(path) {
      await request(path, { method: 'DELETE' })
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: whoever asked checks the shape, and finds none.
    return undefined
  }
}
