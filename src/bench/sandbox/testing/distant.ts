import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Runner, RunnerId, Sandbox, SandboxEnd, SandboxExit, SandboxOutput, SandboxProcess } from '../contract.ts'
import { SandboxEnded } from '../errors.ts'
import type { Answers, FromOwner, Question } from './messages.ts'

/** A runner whose sandboxes belong to another process. */
export interface DistantRunner extends Runner {
  /** The process that owns them. */
  readonly owner: ChildProcess
  close(): Promise<void>
}

/** The user tests take for an ordinary one: no rights, no home. */
const ordinary = 65_534

export interface DistantOptions {
  readonly runner: RunnerId
  /** Run by somebody without rights; the tests are root. */
  readonly asOrdinary?: boolean
  readonly environment?: Readonly<Record<string, string>>
  /** Put before the command: `['bash', '-c', 'exec 200<file; exec "$@"', 'bash']`. */
  readonly through?: readonly string[]
}

/** A checkout nobody may walk to is bound where everybody may. */
const bound = 'mount --bind "$1" /mnt && cd / && shift && exec "$@"'

/** Starts a process that owns sandboxes for the test. */
export function distantRunner({ runner, asOrdinary, environment = {}, through = [] }: DistantOptions): DistantRunner {
  const checkout = join(import.meta.dirname, '../../../..')
  const seen = asOrdinary ? '/mnt' : checkout
  const node = asOrdinary ? join(seen, process.execPath.slice(checkout.length)) : process.execPath
  const drop = ['setpriv', `--reuid=${ordinary}`, `--regid=${ordinary}`, '--clear-groups']
  const [program = '', ...rest] = [
    ...(asOrdinary ? ['unshare', '--mount', '/bin/sh', '-c', bound, 'sh', checkout, ...drop] : []),
    ...through,
    ...[node, '--disable-warning=ExperimentalWarning', join(seen, 'src/bench/sandbox/testing/owner.ts')],
  ]
  const owner = spawn(program, rest, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
    env: { PATH: process.env['PATH'] ?? '', ...environment },
  })
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  const outputs = new Map<number, (piece: SandboxOutput) => void>()
  const exits = new Map<number, (exit: SandboxExit) => void>()
  const ends = new Map<string, (end: SandboxEnd) => void>()
  let last = 0

  const ask = <Asked extends Question>(question: Asked, signal?: AbortSignal): Promise<Answers[Asked['ask']]> => {
    last += 1
    const id = last
    if (!owner.connected) return Promise.reject(new Error('The owner is gone.'))
    const answer = new Promise<Answers[Asked['ask']]>((resolve, reject) => {
      // Both ends are ours, so the value is what the question is answered with.
      waiting.set(id, { resolve: (value) => resolve(value as Answers[Asked['ask']]), reject })
    }).catch((error) => {
      signal?.throwIfAborted()
      throw error
    })
    owner.send({ id, question })
    const abort = (): void => void (owner.connected && owner.send({ abort: id }))
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    return answer
  }

  owner.on('message', (message: FromOwner) => {
    if ('output' in message) outputs.get(message.output)?.(message.piece)
    else if ('exited' in message) exits.get(message.exited)?.(message.exit)
    else if ('ended' in message) ends.get(message.ended)?.(message.end)
    else if ('error' in message) waiting.get(message.answer)?.reject(revived(message.error))
    else waiting.get(message.answer)?.resolve(message.value)
  })
  const gone = new Promise<void>((resolve) => owner.once('exit', () => resolve()))
  void gone.then(() => {
    for (const { reject } of waiting.values()) reject(new Error('The owner is gone.'))
  })

  const start = async (sandbox: string, command: Parameters<Sandbox['start']>[0]): Promise<SandboxProcess> => {
    last += 1
    const number = last
    const printed: SandboxOutput[] = []
    const listeners = new Set<(output: SandboxOutput) => void>()
    outputs.set(number, (piece) => {
      printed.push(piece)
      for (const listener of listeners) listener(piece)
    })
    const exited = new Promise<SandboxExit>((resolve) => exits.set(number, resolve))
    await ask({ ask: 'start', sandbox, process: number, command })
    return {
      onOutput(listener) {
        for (const piece of printed) listener(piece)
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      exited,
      kill: (signal) => void ask({ ask: 'kill', process: number, signal }),
    }
  }

  return {
    id: runner,
    owner,
    async close() {
      if (owner.connected) owner.disconnect()
      await gone
    },
    examine: (signal) => ask({ ask: 'examine', runner }, signal),
    async start({ signal, ...request }): Promise<Sandbox> {
      const id = await ask({ ask: 'open', runner, request }, signal)
      const ended = new Promise<SandboxEnd>((resolve) => ends.set(id, resolve))
      const stop = async (): Promise<void> => void (owner.connected && (await ask({ ask: 'stop', sandbox: id })))
      return {
        id,
        runner,
        ended,
        start: (command) => start(id, command),
        run: (command, running) => ask({ ask: 'run', sandbox: id, command }, running),
        expose: (port) => ask({ ask: 'expose', sandbox: id, port }),
        listening: () => ask({ ask: 'listening', sandbox: id }),
        async read(path) {
          const content = await ask({ ask: 'read', sandbox: id, path })
          return content && Buffer.from(content)
        },
        write: (path, content) => ask({ ask: 'write', sandbox: id, path, content }),
        usage: () => ask({ ask: 'usage', sandbox: id }),
        stop,
        [Symbol.asyncDispose]: stop,
      }
    },
  }
}

function revived({ name, message, end }: Extract<FromOwner, { error: unknown }>['error']): Error {
  if (end !== undefined) return new SandboxEnded(end)
  return Object.assign(new Error(message), { name })
}
