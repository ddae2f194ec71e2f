import { spawn } from 'node:child_process'
import { Duplex, type Readable } from 'node:stream'
import type { SandboxEnd } from '../contract.ts'
import { SandboxUnavailable } from '../errors.ts'

/** Milliseconds the kernel may take to end everything. */
const patience = 5000

/** A room that bubblewrap has built. */
export interface Enclosed {
  /** With its supervisor. */
  readonly connection: Duplex
  /** Number on the host of the first process inside: with it everything inside ends. */
  readonly first: number
  /** Ends everything inside; resolves when nobody lives there any more. */
  kill(): Promise<void>
  readonly ended: Promise<SandboxEnd>
}

/** Descriptor inside of the connection with the host. */
export const controlDescriptor = 3
/** Descriptor to which bubblewrap writes the number of the first process inside. */
export const infoDescriptor = 4
/** Descriptor with the compiled filter of system calls. */
export const filterDescriptor = 5
/** The first of the descriptors that are handed on to the supervisor. */
export const firstInherited = 6

export interface Handed {
  readonly filter?: number
  /** Descriptors the room is born with, from {@link firstInherited} on. */
  readonly inherited: readonly number[]
}

/** Starts bubblewrap by a command line. @throws SandboxUnavailable when it cannot make the room */
export async function enclose(argv: readonly string[], { filter, inherited }: Handed): Promise<Enclosed> {
  const [program = '', ...rest] = argv
  const child = spawn(program, rest, {
    cwd: '/',
    env: {},
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', filter ?? 'ignore', ...inherited],
    detached: true,
  })
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-4000)
  })
  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
  const [, , , connection, info] = child.stdio
  if (!(connection instanceof Duplex) || !(info instanceof Duplex)) throw new Error('The pipes were not made.')

  const first = await Promise.race([firstProcess(info), gone.then(() => undefined)])
  if (first === undefined) {
    throw new SandboxUnavailable(`bubblewrap cannot make a sandbox here: ${complaint.trim() || (await gone)}`, {
      next: 'Allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone, AppArmor), or use the Docker runner.',
    })
  }
  return {
    connection,
    first,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      kill(first)
      const late = setTimeout(() => child.kill('SIGKILL'), patience)
      await gone
      clearTimeout(late)
    },
    ended: gone.then((how) => ({
      reason: 'crashed',
      message: `Its supervisor ended (${how})${complaint.trim() === '' ? '.' : `: ${complaint.trim().split('\n').at(-1)}`}`,
    })),
  }
}

async function firstProcess(info: Readable): Promise<number | undefined> {
  let text = ''
  for await (const chunk of info) text += String(chunk)
  const pid = /"child-pid": (\d+)/.exec(text)?.[1]
  return pid === undefined ? undefined : Number(pid)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    const over = error instanceof Error && 'code' in error && error.code === 'ESRCH'
    if (!over) throw error
  }
}
