import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { SandboxUnavailable } from '../errors.ts'

/** The version of the interface that is spoken: of Docker 20.10, and of every Podman since 3. */
const apiVersion = 'v1.41'

/** Milliseconds an engine may take for an answer; removing a container under load is the slowest. */
const patience = 60_000

/** A Docker or Podman that answers on a unix socket. */
export interface Engine {
  /** `Docker 24.0.5`, `Podman 4.3.1`. */
  readonly version: string
  readonly podman: boolean
  /** Asks it. @throws EngineError for an answer of 400 and above */
  call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object | Buffer): Promise<unknown>
}

/** What the engine refused, with its own words. */
export class EngineError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const versionSchema = z.object({
  Version: z.string(),
  Components: z.array(z.object({ Name: z.string() })).optional(),
})

/** Where an engine listens by custom, the one that was asked for first. */
export function engineSockets(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { DOCKER_HOST: asked, XDG_RUNTIME_DIR: own } = environment
  if (asked !== undefined && asked !== '') {
    if (!asked.startsWith('unix://')) {
      throw new SandboxUnavailable(
        `DOCKER_HOST is ${asked}, and an engine on another machine cannot see the files here.`,
        {
          next: 'Set DOCKER_HOST to the unix socket of an engine on this machine.',
        },
      )
    }
    return [asked.slice('unix://'.length)]
  }
  const ofThisUser = own === undefined ? [] : [join(own, 'docker.sock'), join(own, 'podman/podman.sock')]
  return ['/var/run/docker.sock', '/run/podman/podman.sock', ...ofThisUser]
}

/** The first engine that answers. @throws SandboxUnavailable when none does */
export async function findEngine(): Promise<Engine> {
  const reasons: string[] = []
  for (const socket of engineSockets(process.env)) {
    if (!existsSync(socket)) continue
    try {
      return await engineAt(socket)
    } catch (error) {
      reasons.push(`${socket}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw new SandboxUnavailable(
    reasons.length === 0 ? 'No Docker or Podman listens here.' : `No Docker or Podman answers: ${reasons.join('; ')}.`,
    { next: 'Start Docker, or podman system service, and let this user reach its socket.' },
  )
}

async function engineAt(socketPath: string): Promise<Engine> {
  const call: Engine['call'] = (method, path, body) =>
    new Promise((resolve, reject) => {
      const content = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body))
      const asking = request({
        socketPath,
        method,
        path: `/${apiVersion}${path}`,
        timeout: patience,
        headers: {
          host: 'engine',
          connection: 'close',
          'content-length': content?.length ?? 0,
          'content-type': Buffer.isBuffer(body) ? 'application/x-tar' : 'application/json',
        },
      })
      asking.on('error', reject)
      asking.on('timeout', () => asking.destroy(new Error(`no answer to ${method} ${path}`)))
      asking.on('response', (response) => {
        text(response).then((answer) => {
          const status = response.statusCode ?? 0
          if (status >= 400) reject(new EngineError(status, messageIn(answer)))
          else resolve(parsed(answer))
        }, reject)
      })
      asking.end(content)
    })
  const { Version, Components = [] } = versionSchema.parse(await call('GET', '/version'))
  const podman = Components.some(({ Name }) => Name.startsWith('Podman'))
  return { version: `${podman ? 'Podman' : 'Docker'} ${Version}`, podman, call }
}

function messageIn(answer: string): string {
  const parse = z.object({ message: z.string() }).safeParse(parsed(answer))
  return parse.success ? parse.data.message : answer.trim().slice(0, 500)
}

/** Some answers are empty, some several values in a row: those are no value to us. */
function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer)
  } catch {
    return undefined
  }
}
