import type { Duplex } from 'node:stream'
import { z } from 'zod'
import { SandboxRefused } from './errors.ts'
import { encodeFrame, type Frame, frameReader } from './supervisor/frames.ts'
import type { Report, Request } from './supervisor/messages.ts'

const id = z.number().int()
const process = z.number().int()

/** Everything the supervisor may say; anything else ends the conversation, for the app may have taken its place. */
const reportSchema: z.ZodType<Report> = z.discriminatedUnion('say', [
  z.object({ say: z.literal('done'), id }),
  z.object({ say: z.literal('failed'), id, reason: z.string().max(10_000) }),
  z.object({ say: z.literal('content'), id }),
  z.object({ say: z.literal('absent'), id }),
  z.object({ say: z.literal('ports'), id, ports: z.array(z.number().int().min(1).max(65_535)).max(65_535) }),
  z.object({ say: z.literal('output'), process, stream: z.enum(['stdout', 'stderr']) }),
  z.object({ say: z.literal('cut'), process }),
  z.object({
    say: z.literal('exit'),
    process,
    code: z.number().int().nullable(),
    signal: z
      .custom<NodeJS.Signals>((value) => typeof value === 'string' && /^SIG[A-Z0-9]{1,10}$/.test(value))
      .nullable(),
  }),
])

/** What a question was answered with. */
export interface Answer {
  /** The content of a file, in pieces; undefined when there is none. */
  readonly content: readonly Buffer[] | undefined
  readonly ports: readonly number[]
}

type Asking = Request extends infer One ? (One extends { readonly id: number } ? Omit<One, 'id'> : never) : never
type Telling = Exclude<Request, { readonly id: number }>
export type ProcessReport = Extract<Report, { readonly process: number }>

/** The host's end of the connection with a supervisor. */
export interface Conversation {
  /**
   * Asks and waits for the answer.
   * @throws SandboxRefused when it could not be done inside; what `end` was given when the sandbox ended first
   */
  ask(request: Asking, body?: Uint8Array): Promise<Answer>
  tell(request: Telling, body?: Uint8Array): void
  /** Rejects what waits for an answer and everything asked from now on. */
  end(reason: Error): void
}

interface Waiting {
  readonly pieces: Buffer[]
  size: number
  readonly limit: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (reason: Error) => void
}

export interface ConversationEvents {
  /** Something about a process: output, its end. */
  onProcess(report: ProcessReport, body: Buffer): void
  /** The supervisor said what it never says, or the connection is gone. */
  onBroken(how: string): void
}

/** Begins a conversation over a connection. */
export function converse(connection: Duplex, events: ConversationEvents): Conversation {
  const waiting = new Map<number, Waiting>()
  let last = 0
  let ended: Error | undefined
  let isBroken = false

  const broken = (how: string): void => {
    if (isBroken) return
    isBroken = true
    connection.destroy()
    events.onBroken(how)
  }

  const receive = (frame: Frame | undefined): void => {
    if (ended !== undefined) return
    const report = reportSchema.safeParse(frame?.head)
    if (frame === undefined || !report.success) broken('its supervisor said something that makes no sense')
    else if ('process' in report.data) events.onProcess(report.data, frame.body)
    else if (!settle(report.data, frame.body)) broken('its supervisor gave an answer that is too long')
  }

  /** False when the answer is longer than was asked for. */
  const settle = (report: Exclude<Report, ProcessReport>, body: Buffer): boolean => {
    const one = waiting.get(report.id)
    if (one === undefined) return true
    if (report.say === 'content') {
      one.size += body.length
      one.pieces.push(body)
      return one.size <= one.limit
    }
    waiting.delete(report.id)
    if (report.say === 'failed') one.reject(new SandboxRefused(`The sandbox could not do it: ${report.reason}`))
    else {
      const ports = report.say === 'ports' ? report.ports : []
      one.resolve({ content: report.say === 'absent' ? undefined : one.pieces, ports })
    }
    return true
  }

  connection.on('data', frameReader(receive))
  connection.on('error', () => undefined)
  connection.on('end', () => broken('its supervisor is gone'))
  connection.on('close', () => broken('its supervisor is gone'))

  return {
    ask(request, body) {
      if (ended !== undefined) return Promise.reject(ended)
      last += 1
      const number = last
      const answer = new Promise<Answer>((resolve, reject) => {
        const limit = 'limit' in request ? request.limit : 0
        waiting.set(number, { pieces: [], size: 0, limit, resolve, reject })
      })
      connection.write(encodeFrame({ ...request, id: number }, body))
      return answer
    },
    tell(request, body) {
      if (ended === undefined) connection.write(encodeFrame(request, body))
    },
    end(reason) {
      if (ended !== undefined) return
      ended = reason
      for (const one of waiting.values()) one.reject(reason)
      waiting.clear()
      connection.destroy()
    },
  }
}
