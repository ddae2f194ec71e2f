import { connect, createServer, type Server, type Socket } from 'node:net'

/** Connections that may wait to be accepted; the kernel may allow fewer. */
const backlog = 4096

/** Passes connections on an inherited listening socket to a port inside. */
export function relayToPort(descriptor: number, port: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (outer) => {
    joinPort(outer, port)
  })
  return listening(server, () => server.listen({ fd: descriptor }, backlog))
}

/** Passes connections on a port inside to a unix socket of the host. */
export function relayToSocket(port: number, path: string): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (inner) => {
    const outer = connect({ path, allowHalfOpen: true })
    join(inner, outer)
  })
  return listening(server, () => server.listen({ port, host: '127.0.0.1', backlog }))
}

/** Connects a stream with a port inside: on 127.0.0.1, or on ::1 when only that is listened on. */
export function joinPort(outer: Socket, port: number): void {
  const four = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  const refused = (): void => {
    four.destroy()
    join(outer, connect({ port, host: '::1', allowHalfOpen: true, noDelay: true }))
  }
  four.once('error', refused)
  four.once('connect', () => {
    four.removeListener('error', refused)
    join(outer, four)
  })
  outer.once('error', () => four.destroy())
}

/** Passes on in both directions what comes, the ends included; an error of one ends both. */
function join(left: Socket, right: Socket): void {
  left.on('error', () => right.destroy())
  right.on('error', () => left.destroy())
  left.on('close', () => right.destroy())
  right.on('close', () => left.destroy())
  left.pipe(right)
  right.pipe(left)
}

function listening(server: Server, listen: () => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.removeListener('error', reject)
      // Too many connections at once is no reason to end: who waits is served later.
      server.on('error', () => undefined)
      resolve(server)
    })
    listen()
  })
}
