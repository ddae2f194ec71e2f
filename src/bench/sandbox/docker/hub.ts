import { randomBytes } from 'node:crypto'
import { chmod } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import type { Conversation } from '../conversation.ts'

/** Connections that have not said yet what they are, over those that are waited for. */
const maximalUnknown = 256

/** Milliseconds a connection waits for its other half. */
const patience = 10_000

/** Bytes of the first line: `control`, or a ticket. */
const maximalLine = 64

/** A socket of the host that a supervisor connects to, for its conversation and for every connection that is relayed. */
export interface Hub {
  /** The supervisor's connection, once it came. */
  readonly control: Promise<Socket>
  /** Makes a unix socket whose connections go to the port inside. */
  expose(path: string, port: number, conversation: Conversation): Promise<void>
  close(): void
}

/** Listens for a supervisor, and for nothing else: what comes without a ticket is turned away. */
export async function openHub(path: string): Promise<Hub> {
  const tickets = new Map<string, Socket>()
  const servers: Server[] = []
  const open = new Set<Socket>()
  const { promise: control, resolve: arrive } = Promise.withResolvers<Socket>()
  let arrived = false
  let unknown = 0

  const admit = (socket: Socket, line: string): void => {
    const waiting = tickets.get(line)
    tickets.delete(line)
    if (line === 'control' && !arrived) {
      arrived = true
      arrive(socket)
    } else if (waiting !== undefined) join(waiting, socket)
    else socket.destroy()
  }

  const greet = (socket: Socket): void => {
    keep(socket)
    if (unknown >= maximalUnknown + tickets.size) {
      socket.destroy()
      return
    }
    unknown += 1
    let known = false
    const settle = (): void => {
      if (!known) unknown -= 1
      known = true
    }
    socket.once('close', settle)
    readLine(socket, (line) => {
      settle()
      admit(socket, line)
    })
  }

  const keep = (socket: Socket): void => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => open.delete(socket))
  }

  await listen(path, greet)
  await chmod(path, 0o666)
  return {
    control,
    expose: (socketPath, port, conversation) =>
      listen(socketPath, (outer) => {
        keep(outer)
        const ticket = randomBytes(16).toString('hex')
        tickets.set(ticket, outer)
        const late = setTimeout(() => tickets.has(ticket) && outer.destroy(), patience)
        outer.once('close', () => {
          clearTimeout(late)
          tickets.delete(ticket)
        })
        conversation.tell({ do: 'dial', ticket, port })
      }),
    close() {
      for (const server of servers) server.close()
      for (const socket of open) socket.destroy()
    },
  }

  function listen(where: string, connected: (socket: Socket) => void): Promise<void> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, connected)
    servers.push(server)
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ path: where, backlog: 4096 }, resolve)
    })
  }
}

/** Reads up to the first newline and leaves the rest where it is; a line that is too long ends the connection. */
function readLine(socket: Socket, done: (line: string) => void): void {
  let line = Buffer.alloc(0)
  const read = (): void => {
    for (let byte = socket.read(1); byte !== null; byte = socket.read(1)) {
      if (!Buffer.isBuffer(byte)) continue
      if (byte[0] === 10) {
        socket.removeListener('readable', read)
        done(line.toString('latin1'))
        return
      }
      line = Buffer.concat([line, byte])
      if (line.length > maximalLine) {
        socket.destroy()
        return
      }
    }
  }
  socket.on('readable', read)
}

function join(left: Socket, right: Socket): void {
  left.on('close', () => right.destroy())
  right.on('close', () => left.destroy())
  left.pipe(right)
  right.pipe(left)
}
