import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { familyOf } from './family.ts'
import { maximalOutput, type Say } from './messages.ts'

/** Milliseconds after its end in which what a process printed is still waited for; its children may hold the pipe for ever. */
const afterword = 250

export interface Processes {
  start(process: number, argv: readonly string[], environment: Readonly<Record<string, string>>): Promise<void>
  input(process: number, bytes: Buffer, last: boolean): void
  /** Signals the process and all it started. */
  kill(process: number, signal: NodeJS.Signals): void
}

/** The variable by which what a process started is known, even after it made itself a daemon. */
export const mark = 'ASSAY_PROCESS'

/** Runs processes for the host and passes on what they print. */
export function runProcesses(say: Say): Processes {
  const running = new Map<number, ChildProcess>()

  const start = (number: number, argv: readonly string[], environment: Readonly<Record<string, string>>) =>
    new Promise<void>((resolve, reject) => {
      const [program = '', ...rest] = argv
      const child = spawn(program, rest, {
        env: { ...environment, [mark]: String(number) },
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: true,
      })
      child.once('error', reject)
      child.once('spawn', () => {
        running.set(number, child)
        follow(number, child)
        resolve()
      })
    })

  const follow = (number: number, child: ChildProcess): void => {
    const { stdin, stdout, stderr } = child
    // It may end before it has read everything; that is its own affair.
    stdin?.on('error', () => stdin.destroy())
    let printed = 0
    const pass = async (stream: 'stdout' | 'stderr', from: Readable): Promise<void> => {
      from.on('error', () => from.destroy())
      for await (const chunk of from) {
        if (!Buffer.isBuffer(chunk) || printed >= maximalOutput) continue
        const kept = chunk.subarray(0, maximalOutput - printed)
        printed += chunk.length
        await say({ say: 'output', process: number, stream }, kept)
        if (printed > maximalOutput) await say({ say: 'cut', process: number })
      }
    }
    const passed = Promise.allSettled([stdout && pass('stdout', stdout), stderr && pass('stderr', stderr)])
    child.once('exit', async (code, signal) => {
      await Promise.race([passed, new Promise((resolve) => setTimeout(resolve, afterword))])
      running.delete(number)
      await say({ say: 'exit', process: number, code, signal })
    })
  }

  return {
    start,
    input(number, bytes, last) {
      const stdin = running.get(number)?.stdin
      if (!stdin?.writable) return
      if (bytes.length > 0) stdin.write(bytes)
      if (last) stdin.end()
    },
    kill(number, signal) {
      const leader = running.get(number)?.pid
      if (leader !== undefined) killFamily(leader, `${mark}=${number}`, signal)
    },
  }
}

/** SIGKILL is repeated until nobody is left: what forks meanwhile is found in the next round. */
function killFamily(leader: number, marked: string, signal: NodeJS.Signals): void {
  for (let round = 0; round < 20; round += 1) {
    const family = familyOf(leader, marked)
    for (const pid of family) send(pid, signal)
    if (family.length === 0 || signal !== 'SIGKILL') return
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ESRCH'
    if (!gone) throw error
  }
}
