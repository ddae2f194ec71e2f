import type { Duplex } from 'node:stream'
import type {
  RunnerId,
  Sandbox,
  SandboxCommand,
  SandboxEnd,
  SandboxGateway,
  SandboxLimits,
  SandboxUsage,
} from './contract.ts'
import { converse, type ProcessReport } from './conversation.ts'
import { copyFolder } from './copy-folder.ts'
import { SandboxEnded, SandboxUnavailable } from './errors.ts'
import { environmentInside } from './inside.ts'
import { type ProcessRecord, recordProcess } from './process-record.ts'
import { maximalBody } from './supervisor/frames.ts'

/** Bytes of a file that {@link Sandbox.read} reads. */
const maximalRead = 256 * 1024 * 1024

/** What a runner has built: a closed room with a supervisor in it. */
export interface Room {
  readonly id: string
  readonly runner: RunnerId
  /** The connection with the supervisor. */
  readonly connection: Duplex
  /** What a command becomes, so that its limits hold for it. */
  wrap(argv: readonly string[], cwd: string): readonly string[]
  /** A unix socket of the host whose connections go to the port. */
  expose(port: number, ask: ReturnType<typeof converse>): Promise<string>
  usage(): Promise<SandboxUsage>
  /** Ends everything in it and removes what it left on the host; resolves when nothing is left. Called once. */
  clear(): Promise<void>
  /** Settles when it ended by itself or by a limit, with why. */
  readonly ended: Promise<SandboxEnd>
}

export interface Wanted {
  readonly files?: string
  readonly gateways: readonly SandboxGateway[]
  readonly environment: Readonly<Record<string, string>>
  readonly limits: SandboxLimits
  readonly signal: AbortSignal
}

/** Where the socket of a gateway lies inside. */
export function gatewaySocket(port: number): string {
  return `/run/assay/gateways/${port}`
}

/**
 * Makes a sandbox of a room: speaks with its supervisor, and ends it when its time has come.
 * @throws SandboxUnavailable when its supervisor does not come to life; SandboxEnded when a limit ended it while the files were
 * copied; the signal's reason when aborted
 */
export async function openSandbox(room: Room, wanted: Wanted): Promise<Sandbox> {
  const started = performance.now()
  const records = new Map<number, ProcessRecord>()
  const exposed = new Map<number, Promise<string>>()
  const { promise: ended, resolve: announce } = Promise.withResolvers<SandboxEnd>()
  let last = 0
  let ending: Promise<void> | undefined

  const end = (reason: SandboxEnd): Promise<void> => {
    ending ??= (async () => {
      clearTimeout(wall)
      wanted.signal.removeEventListener('abort', cancel)
      conversation.end(new SandboxEnded(reason))
      try {
        await room.clear()
      } finally {
        for (const record of records.values()) record.exit({ code: null, signal: 'SIGKILL' })
        announce(reason)
      }
    })()
    // Who stops it hears when something could not be removed; otherwise the next start sweeps it away.
    ending.catch(() => undefined)
    return ending
  }
  const cancel = (): void => void end({ reason: 'cancelled', message: 'It was cancelled.' })
  const { wallSeconds } = wanted.limits
  const wall = setTimeout(() => {
    void end({ reason: 'wall', message: `It was stopped after ${wallSeconds} s, the time it was given.` })
  }, wallSeconds * 1000)
  wall.unref()

  const conversation = converse(room.connection, {
    onProcess(report, body) {
      const record = records.get(report.process)
      if (record !== undefined) keep(record, report, body, performance.now() - started)
    },
    // How it ended is known better by who watches the processes; this is for when nobody says anything.
    onBroken: (how) => setTimeout(() => void end({ reason: 'crashed', message: `It broke down: ${how}.` }), 200),
  })
  void room.ended.then(end)
  wanted.signal.addEventListener('abort', cancel, { once: true })

  const start = async ({ argv, cwd = '/app', environment, stdin }: SandboxCommand): Promise<ProcessRecord> => {
    last += 1
    const number = last
    const record = recordProcess((signal) => conversation.tell({ do: 'kill', process: number, signal }))
    records.set(number, record)
    void record.process.exited.then(() => records.delete(number))
    await conversation.ask({
      do: 'start',
      process: number,
      argv: room.wrap(argv, cwd),
      environment: { ...environmentInside, ...wanted.environment, ...environment },
    })
    const input = Buffer.from(stdin ?? '')
    for (let at = 0; at < input.length; at += maximalBody) {
      conversation.tell({ do: 'input', process: number, last: false }, input.subarray(at, at + maximalBody))
    }
    conversation.tell({ do: 'input', process: number, last: true })
    return record
  }

  const sandbox: Sandbox = {
    id: room.id,
    runner: room.runner,
    ended,
    start: async (command) => (await start(command)).process,
    async run(command, signal) {
      signal?.throwIfAborted()
      const record = await start(command)
      const kill = (): void => record.process.kill()
      signal?.addEventListener('abort', kill, { once: true })
      if (signal?.aborted) kill()
      const exit = await record.process.exited
      signal?.removeEventListener('abort', kill)
      signal?.throwIfAborted()
      if (ending !== undefined) throw new SandboxEnded(await ended)
      return { ...exit, stdout: record.text('stdout'), stderr: record.text('stderr'), truncated: record.truncated }
    },
    expose(port) {
      const known = exposed.get(port)
      if (known !== undefined) return known
      const socket = room.expose(port, conversation)
      exposed.set(port, socket)
      socket.catch(() => exposed.delete(port))
      return socket
    },
    listening: async () => (await conversation.ask({ do: 'listening' })).ports,
    async read(path) {
      const { content } = await conversation.ask({ do: 'read', path, limit: maximalRead })
      return content && Buffer.concat(content)
    },
    async write(path, content) {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content
      for (let at = 0; at === 0 || at < bytes.length; at += maximalBody) {
        const how = { do: 'write', path, append: at > 0, executable: false } as const
        await conversation.ask(how, bytes.subarray(at, at + maximalBody))
      }
    },
    usage: () => (ending === undefined ? room.usage() : ended.then((how) => Promise.reject(new SandboxEnded(how)))),
    stop: () => end({ reason: 'stopped', message: 'It was stopped.' }),
    [Symbol.asyncDispose]: () => end({ reason: 'stopped', message: 'It was stopped.' }),
  }

  try {
    wanted.signal.throwIfAborted()
    const gateways = wanted.gateways.map(({ port }) => ({ port, socket: gatewaySocket(port) }))
    await conversation.ask({ do: 'begin', gateways })
    if (wanted.files !== undefined) await copyFolder(wanted.files, conversation, wanted.signal)
    return sandbox
  } catch (error) {
    await sandbox.stop()
    wanted.signal.throwIfAborted()
    if (!(error instanceof SandboxEnded) || error.end.reason !== 'crashed') throw error
    throw new SandboxUnavailable(`The sandbox did not start: ${error.end.message}`, {
      next: 'Run assay doctor, which tries one and says what is missing.',
    })
  }
}

function keep(record: ProcessRecord, report: ProcessReport, body: Buffer, at: number): void {
  if (report.say === 'output') record.output(report.stream, body, at)
  else if (report.say === 'cut') record.cut()
  else record.exit({ code: report.code, signal: report.signal })
}
