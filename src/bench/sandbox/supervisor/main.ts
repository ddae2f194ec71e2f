/**
 * The first process in a sandbox that is ours: it starts others for the host, relays connections, and reads and writes files.
 * It ends when the host is gone, and everything in the sandbox ends with it.
 */
import { connect, type Socket } from 'node:net'
import { openControl } from './control.ts'
import { closeForgotten } from './descriptors.ts'
import { contentOf, makeFolder, makeLink, writeContent } from './files.ts'
import { encodeFrame, frameReader } from './frames.ts'
import type { Report, Request } from './messages.ts'
import { listeningPorts } from './ports.ts'
import { runProcesses } from './processes.ts'
import { joinPort, relayToPort, relayToSocket } from './relay.ts'

closeForgotten()
const { control, socket } = openControl(process.argv[2] ?? '')
const own = new Set<number>()

const say = (report: Report, body?: Uint8Array): Promise<void> => {
  if (control.write(encodeFrame(report, body))) return Promise.resolve()
  return new Promise((resolve) => control.once('drain', resolve))
}
const processes = runProcesses(say)

/** Does what is asked; resolves when that is to be answered with `done`. */
async function obey(request: Request, body: Buffer): Promise<boolean> {
  switch (request.do) {
    case 'begin':
      for (const { port, socket: path } of request.gateways) {
        own.add(port)
        await relayToSocket(port, path)
      }
      return true
    case 'start':
      await processes.start(request.process, request.argv, request.environment)
      return true
    case 'input':
      processes.input(request.process, body, request.last)
      return false
    case 'kill':
      processes.kill(request.process, request.signal)
      return false
    case 'expose':
      await relayToPort(request.descriptor, request.port)
      return true
    case 'dial':
      dial(request.ticket, request.port)
      return false
    case 'listening':
      await say({ say: 'ports', id: request.id, ports: listeningPorts().filter((port) => !own.has(port)) })
      return false
    case 'read':
      return read(request.id, request.path, request.limit)
    case 'write':
      writeContent(request.path, body, request)
      return true
    case 'folder':
      makeFolder(request.path)
      return true
    case 'link':
      makeLink(request.path, request.target)
      return true
  }
}

async function read(id: number, path: string, limit: number): Promise<boolean> {
  const pieces = contentOf(path, limit)
  if (pieces === undefined) {
    await say({ say: 'absent', id })
    return false
  }
  for (const piece of pieces) await say({ say: 'content', id }, piece)
  return true
}

function dial(ticket: string, port: number): void {
  const outer: Socket = connect({ path: socket, allowHalfOpen: true })
  outer.write(`${ticket}\n`)
  joinPort(outer, port)
}

async function answer(request: Request, body: Buffer): Promise<void> {
  try {
    if ((await obey(request, body)) && 'id' in request) await say({ say: 'done', id: request.id })
  } catch (error) {
    if (!('id' in request)) return
    await say({ say: 'failed', id: request.id, reason: error instanceof Error ? error.message : String(error) })
  }
}

control.on('error', () => process.exit(1))
control.on('close', () => process.exit(0))
control.on('end', () => process.exit(0))
control.on(
  'data',
  frameReader((frame) => {
    if (frame === undefined) process.exit(1)
    // The host is believed: it is the other end of the connection this process was born with.
    void answer(frame.head as Request, frame.body)
  }),
)
