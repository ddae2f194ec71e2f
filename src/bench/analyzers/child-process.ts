import { spawn } from 'node:child_process'

export interface ChildResult {
  /** Exit code, or null when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface ChildOptions {
  readonly cwd: string
  /** The whole environment of the child besides PATH; nothing of ours is inherited. */
  readonly env?: Readonly<Record<string, string>>
  /** The child and all its children are killed when this is aborted. */
  readonly signal: AbortSignal
}

/** Bytes of output after which a tool is taken to have gone astray. */
const maximalOutput = 256 * 1024 * 1024

/**
 * Runs a trusted tool to its end and collects what it prints.
 * @throws the signal's reason when aborted, Error when the program cannot be started or prints without end
 */
export function runChild(command: string, args: readonly string[], options: ChildOptions): Promise<ChildResult> {
  options.signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { PATH: process.env['PATH'] ?? '', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    let size = 0
    let failure: unknown

    function kill(reason: unknown): void {
      failure ??= reason
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) killGroup(child.pid)
    }
    function collect(chunks: Buffer[]): (chunk: Buffer) => void {
      return (chunk) => {
        size += chunk.length
        if (size > maximalOutput) kill(new Error(`${command} printed more than ${maximalOutput} bytes.`))
        else chunks.push(chunk)
      }
    }
    const abort = () => kill(options.signal.reason)

    options.signal.addEventListener('abort', abort, { once: true })
    child.stdout.on('data', collect(stdout))
    child.stderr.on('data', collect(stderr))
    child.on('error', (error) => {
      failure ??= error
      options.signal.removeEventListener('abort', abort)
      reject(failure)
    })
    child.on('close', (code, signal) => {
      options.signal.removeEventListener('abort', abort)
      if (failure !== undefined) reject(failure)
      else resolve({ code, signal, stdout: text(stdout), stderr: text(stderr) })
    })
  })
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8')
}

/** The child leads a process group of its own (`detached`), so one signal reaches everything it started. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ESRCH'
    if (!gone) throw error
  }
}
