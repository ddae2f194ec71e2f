import { rename } from 'node:fs/promises'
import { createServer } from 'node:net'
import { z } from 'zod'

/** A unix socket that listens and is waiting for somebody to inherit its descriptor. */
export interface ListeningSocket {
  readonly path: string
  readonly descriptor: number
  /** Closes the descriptor here; who inherited it goes on listening. */
  close(): void
}

/** Where Node keeps the descriptor of a server; it has no name for it in its public face. */
const handle = z.object({ _handle: z.object({ fd: z.number().int().positive() }) })

/**
 * Makes a socket for a process to be born with. So the socket lies in a folder nobody inside can see, and every byte takes
 * one relay only.
 */
export function listeningSocket(path: string): Promise<ListeningSocket> {
  return new Promise((resolve, reject) => {
    const server = createServer((unexpected) => unexpected.destroy())
    server.once('error', reject)
    server.listen({ path: `${path}.new`, backlog: 4096 }, () => {
      // Closing removes the file under the name it was made with.
      rename(`${path}.new`, path).then(() => {
        resolve({ path, descriptor: handle.parse(server)._handle.fd, close: () => void server.close() })
      }, reject)
    })
  })
}
