import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Reachable } from '#bench/launch'

/** Test support: a server of the test's own behind a unix socket, as a running app would be. */
export async function serve(answer: RequestListener): Promise<Reachable & AsyncDisposable> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-spec-'))
  const socket = join(folder, 's')
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  return {
    origin: 'http://localhost:8000',
    socket,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
