/**
 * What one sandbox may use. All its processes count together, unless said otherwise. Crossing `memory`, `cpuSeconds` or
 * `wallSeconds` ends the sandbox with that reason; crossing `processes`, `openFiles` or `disk` makes the call fail that would.
 * By whom that is seen to is in {@link RunnerReport.limits}.
 */
export interface SandboxLimits {
  /** MiB of memory. Files written are held in memory too, but count as `disk`. */
  readonly memory: number
  /** Processes and threads at one time. */
  readonly processes: number
  /** Open files of each process. */
  readonly openFiles: number
  /** Seconds of processor time. */
  readonly cpuSeconds: number
  /** MiB that can be written: the app's private copy and temporary files. */
  readonly disk: number
  /** Seconds from start until it is stopped in any case. */
  readonly wallSeconds: number
}

/** Enough for a small web application and its build. */
export const defaultSandboxLimits: SandboxLimits = {
  memory: 1024,
  processes: 256,
  openFiles: 1024,
  cpuSeconds: 300,
  disk: 512,
  wallSeconds: 300,
}

/** A file or folder of the host the sandbox may read at `to`, as far as everybody may read it. Never writable. */
export interface SandboxMount {
  readonly from: string
  readonly to: string
}

/** A way out, one address wide: connections to `127.0.0.1:port` inside go to the unix socket `socket` of the host. Everybody may be allowed to connect to it: keep it in a private folder. */
export interface SandboxGateway {
  readonly port: number
  readonly socket: string
}

export interface SandboxRequest {
  /** Folder of the host copied to `/app`, private and writable inside. Left out: an empty `/app`. */
  readonly files?: string
  readonly mounts?: readonly SandboxMount[]
  readonly gateways?: readonly SandboxGateway[]
  /** The whole environment besides PATH, HOME, TMPDIR and LANG. Nothing of Assay's own is inherited. */
  readonly environment?: Readonly<Record<string, string>>
  readonly limits?: Partial<SandboxLimits>
  /** Stops the sandbox and everything in it. */
  readonly signal: AbortSignal
}

export interface SandboxCommand {
  /** Program and arguments; no shell in between. */
  readonly argv: readonly [string, ...string[]]
  /** Default `/app`. */
  readonly cwd?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Written to standard input, which is then closed. */
  readonly stdin?: string
}

/** One piece of output, as it came. */
export interface SandboxOutput {
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
  /** Milliseconds since the sandbox started. */
  readonly at: number
}

/** How a process in the sandbox ended: exactly one of the two is set. */
export interface SandboxExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A process in the sandbox that runs on while others are started. */
export interface SandboxProcess {
  /** Calls `listener` with what was printed so far, and then as it is printed. Returns what ends that. */
  onOutput(listener: (output: SandboxOutput) => void): () => void
  /** Settles when it ended, for whatever reason; never rejects. */
  readonly exited: Promise<SandboxExit>
  /** Sends the signal to it and all it started; default SIGKILL. Does nothing when it has ended. */
  kill(signal?: NodeJS.Signals): void
}

export interface SandboxResult extends SandboxExit {
  readonly stdout: string
  readonly stderr: string
  /** True when the output was cut because it is longer than 8 MiB. */
  readonly truncated: boolean
}

/** What the sandbox has used so far, Assay's own process in it left out. */
export interface SandboxUsage {
  readonly cpuSeconds: number
  /** MiB now and at the highest, files written left out. */
  readonly memory: number
  readonly peakMemory: number
  /** Processes and threads now. */
  readonly processes: number
}

/** Why a sandbox is no more. */
export interface SandboxEnd {
  readonly reason: 'stopped' | 'cancelled' | 'memory' | 'cpu' | 'processes' | 'disk' | 'wall' | 'crashed'
  /** One sentence for people. */
  readonly message: string
}

/**
 * A place where untrusted code runs. Its network is its own loopback and the gateways it was given. Everything in it ends with
 * {@link stop}, with the signal of its request, with its limits, and with the death of the process that started it.
 */
export interface Sandbox {
  readonly id: string
  readonly runner: RunnerId
  /** Starts a process. @throws SandboxEnded when the sandbox is no more */
  start(command: SandboxCommand): Promise<SandboxProcess>
  /** Runs a process to its end. @throws SandboxEnded; the signal's reason when aborted (the process is killed) */
  run(command: SandboxCommand, signal?: AbortSignal): Promise<SandboxResult>
  /** A unix socket of the host, each of whose connections goes to `127.0.0.1:port` inside; one that is refused there is closed here. */
  expose(port: number): Promise<string>
  /** TCP ports something in the sandbox listens on, ascending, the sandbox's own left out. */
  listening(): Promise<readonly number[]>
  /** Content of a file inside, undefined when there is none. Links are followed inside only. */
  read(path: string): Promise<Buffer | undefined>
  /** Writes a file inside, making its folders. */
  write(path: string, content: Uint8Array | string): Promise<void>
  usage(): Promise<SandboxUsage>
  /** Settles when the sandbox is no more; never rejects. */
  readonly ended: Promise<SandboxEnd>
  /** Ends everything in it and removes what it left on the host. Idempotent; resolves when nothing is left. */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export type RunnerId = 'process' | 'docker'

/** Who sees to a limit: the kernel at once, Assay's watchdog within a second, or nobody. */
export type Enforcement = 'kernel' | 'watchdog' | 'none'

/** What a runner can do on this machine, for `assay doctor` and for the record of an analysis. */
export type RunnerReport =
  | {
      readonly runner: RunnerId
      readonly available: true
      /** Of the program behind it: `bubblewrap 0.8.0`. */
      readonly version: string
      readonly limits: Readonly<Record<keyof SandboxLimits, Enforcement>>
      /** What else it cannot do here, a sentence each: "No system call filter on this processor." */
      readonly notes: readonly string[]
    }
  | {
      readonly runner: RunnerId
      readonly available: false
      readonly reason: string
      /** What to install or switch on. */
      readonly next: string
    }

/** One way to provide sandboxes. */
export interface Runner {
  readonly id: RunnerId
  /** Tries a sandbox once and says what holds. Never throws for a missing program. */
  examine(signal: AbortSignal): Promise<RunnerReport>
  /** @throws SandboxUnavailable when it cannot be provided here */
  start(request: SandboxRequest): Promise<Sandbox>
}
