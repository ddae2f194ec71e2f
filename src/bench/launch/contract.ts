import type { Sandbox } from '#bench/sandbox'

/** What made Assay believe that a part starts this way. */
export type LaunchHint = 'framework' | 'npm-script' | 'procfile' | 'dockerfile' | 'compose' | 'convention' | 'spec'

/** One process of an app: a backend, or a front end that is built and then served. */
export interface LaunchPart {
  /** Folder relative to the app, `''` for the app itself. */
  readonly path: string
  readonly role: 'backend' | 'frontend'
  readonly framework: string
  /** Shown to people: `python3 app.py`, `vite build`. */
  readonly command: string
  readonly hint: LaunchHint
  /** The file and line the command was taken from. */
  readonly evidence: { readonly path: string; readonly line?: number }
}

export const launchFailureKinds = [
  'syntax',
  'missing-package',
  'missing-environment',
  'database',
  'build',
  'crash',
  'never-listens',
  'not-healthy',
  'limits',
] as const
export type LaunchFailureKind = (typeof launchFailureKinds)[number]

/** Why an app did not start, by its own fault. */
export interface LaunchFailure {
  readonly kind: LaunchFailureKind
  /** One sentence naming what is wrong: "The package flask_login is imported but not installed or declared." */
  readonly message: string
  /** The line of output that shows it. */
  readonly shownBy: string
  /** The package that is missing, by the name it is imported with. */
  readonly package?: string
  /** Where in the app, as far as the output says. */
  readonly location?: { readonly path: string; readonly line?: number }
  readonly part: LaunchPart
}

/** How packages came into the sandbox. */
export interface Provision {
  readonly manager: 'npm' | 'pip' | 'none'
  /** `registry`: installed from the registry; `cache`: an earlier install of the same manifest; `machine`: what this machine has. */
  readonly from: 'registry' | 'cache' | 'machine' | 'app'
  /** Declared and not available, with the reason. */
  readonly missing: readonly { readonly name: string; readonly reason: string }[]
  /** Why a registry could not be asked, when it could not: what is missing then says nothing of the app. */
  readonly unreachable?: string
  /** A sentence for people when something is not as declared: "The registry was not reachable; Flask 2.2.2 of this machine is used." */
  readonly note?: string
}

export interface LogLine {
  readonly part: string
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
  /** Milliseconds since the launch began. */
  readonly at: number
}

/** Something a process of the app was seen to do, reported from inside by hooks of the language's runtime. */
export interface Observation {
  readonly kind: 'file-read' | 'file-write' | 'process' | 'query' | 'connect' | 'evaluate' | 'deserialize'
  /** The path, command line, statement, address or code. At most 2,000 characters. */
  readonly detail: string
  readonly at: number
}

/**
 * An app that answers. Stop it in `finally` or by `await using`. What leads to it (`origin`, `socket`, `backend`, `sandbox`)
 * is another after {@link restart}: read it anew each time.
 */
export interface RunningApp {
  /** As a browser would see it: `http://localhost:8000`. Backend and front end are behind this one origin. */
  readonly origin: string
  /** Unix socket of the host that leads to it. */
  readonly socket: string
  /** Where the backend alone is reached, when it differs: unix socket and origin. */
  readonly backend?: { readonly origin: string; readonly socket: string }
  readonly sandbox: Sandbox
  readonly parts: readonly LaunchPart[]
  readonly provisions: readonly Provision[]
  /** Parts that are not there while the rest runs: a front end that cannot be built. */
  readonly failures: readonly LaunchFailure[]
  /** What is to be known about this start, a sentence each: values that were made up, a start page that answers with 500. */
  readonly notes: readonly string[]
  /** Milliseconds from the start of the first process to the first healthy answer; provisioning and builds apart. */
  readonly startMilliseconds: number
  logs(): readonly LogLine[]
  /**
   * What was observed since the launch or the last {@link restart}, or since `since` (milliseconds since the launch began).
   * Empty unless asked for.
   */
  observations(since?: number): Promise<readonly Observation[]>
  /**
   * Starts it anew in a new sandbox with a fresh copy of its files, for a crashed or spoilt app. Packages and builds stay.
   * @throws RestartFailed when it does not start any more
   */
  restart(): Promise<void>
  /** True while its main process lives. */
  alive(): boolean
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * How a launch ended. That the machine could not do it (no sandbox) is thrown instead: it says nothing about the app.
 */
export type LaunchResult =
  | { readonly outcome: 'running'; readonly app: RunningApp }
  | { readonly outcome: 'failed'; readonly failure: LaunchFailure; readonly logs: readonly LogLine[] }
  | { readonly outcome: 'not_applicable'; readonly reason: string }
