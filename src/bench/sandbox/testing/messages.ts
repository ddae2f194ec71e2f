import type {
  RunnerId,
  RunnerReport,
  SandboxCommand,
  SandboxEnd,
  SandboxExit,
  SandboxOutput,
  SandboxRequest,
  SandboxResult,
  SandboxUsage,
} from '../contract.ts'

/** What a test asks of a process that owns sandboxes for it; `id` comes back with the answer. */
export type Question =
  | { readonly ask: 'examine'; readonly runner: RunnerId }
  | { readonly ask: 'open'; readonly runner: RunnerId; readonly request: Omit<SandboxRequest, 'signal'> }
  | { readonly ask: 'start'; readonly sandbox: string; readonly process: number; readonly command: SandboxCommand }
  | { readonly ask: 'run'; readonly sandbox: string; readonly command: SandboxCommand }
  | { readonly ask: 'expose'; readonly sandbox: string; readonly port: number }
  | { readonly ask: 'listening' | 'usage' | 'stop'; readonly sandbox: string }
  | { readonly ask: 'read'; readonly sandbox: string; readonly path: string }
  | { readonly ask: 'write'; readonly sandbox: string; readonly path: string; readonly content: Uint8Array | string }
  | { readonly ask: 'kill'; readonly process: number; readonly signal: NodeJS.Signals | undefined }

/** What each question is answered with. */
export interface Answers {
  readonly examine: RunnerReport
  readonly open: string
  readonly start: undefined
  readonly run: SandboxResult
  readonly expose: string
  readonly listening: readonly number[]
  readonly usage: SandboxUsage
  readonly stop: undefined
  readonly read: Uint8Array | undefined
  readonly write: undefined
  readonly kill: undefined
}

export type ToOwner = { readonly id: number; readonly question: Question } | { readonly abort: number }

export type FromOwner =
  | { readonly answer: number; readonly value: unknown }
  | {
      readonly answer: number
      readonly error: {
        readonly name: string
        readonly message: string
        readonly next: string | undefined
        readonly end: SandboxEnd | undefined
      }
    }
  | { readonly output: number; readonly piece: SandboxOutput }
  | { readonly exited: number; readonly exit: SandboxExit }
  | { readonly ended: string; readonly end: SandboxEnd }
