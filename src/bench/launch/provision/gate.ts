import { mkdir, readdir, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf } from '#platform/errors'

/** A server of ours on a unix socket: all that an installing sandbox can reach. */
export interface Gate {
  readonly socket: string
  close(): Promise<void>
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

const prefix = 'assay-gate-'
let opened = 0

/** Opens a gate that answers by `answer`; what that throws becomes a 502. */
export async function openGate(answer: Answer): Promise<Gate> {
  await sweep()
  opened += 1
  const folder = join(tmpdir(), `${prefix}${process.pid}-${opened}`)
  await mkdir(folder, { mode: 0o700 })
  const socket = join(folder, 'gate')
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else response.writeHead(502, { 'content-type': 'text/plain' }).end(`${messageOf(error)}\n`)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socket, resolve)
  })
  return {
    socket,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Removes the folders of gates whose process died before it could. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = new RegExp(`^${prefix}(\\d+)-\\d+$`).exec(name)?.[1]
    if (owner !== undefined && !lives(Number(owner))) await rm(join(tmpdir(), name), { recursive: true, force: true })
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}
