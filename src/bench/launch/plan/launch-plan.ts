import type { LaunchPart } from '../contract.ts'

/** A program and its arguments, run in a folder of the app. */
export interface PlannedCommand {
  /** The first is `python3`, `node` or `sh`; what they mean is settled where they run. */
  readonly argv: readonly [string, ...string[]]
  /** Relative to the app, `''` for the app itself. */
  readonly cwd: string
}

/** One server of an app: how it is started and where it is then expected. */
export interface PlannedServer {
  readonly part: LaunchPart
  readonly runtime: 'python' | 'node'
  /** Run to their ends before the start: builds and migrations. */
  readonly before: readonly PlannedCommand[]
  readonly start: PlannedCommand
  readonly environment: Readonly<Record<string, string>>
  /** Where it listens as far as the code says, the likeliest first. */
  readonly ports: readonly number[]
}

/** Pages that are files: built first, or lying there. */
export interface PlannedPages {
  readonly part: LaunchPart
  readonly build?: PlannedCommand
  /** Folders relative to the app that may hold `index.html` afterwards, the likeliest first. */
  readonly outputs: readonly string[]
  /** The port a developer would see them at. */
  readonly port: number
}

/** Paths of the front end's origin that a server answers. */
export interface PassedOn {
  readonly prefix: string
  /** What the server sees for `prefix`. */
  readonly rewritten: string
  /** The port of the server, when the rule names one. */
  readonly port?: number
}

/** What the app expects of the world around it. */
export interface PlannedEnvironment {
  readonly values: Readonly<Record<string, string>>
  /** Names whose values the app does not bring along. */
  readonly madeUp: readonly string[]
}

export type ServiceKind = 'postgresql' | 'mysql' | 'mongodb' | 'redis'

/** A database or cache that has to run beside the app. */
export interface ExpectedService {
  readonly kind: ServiceKind
  /** What shows it: a package that is imported, an address that is configured. */
  readonly because: string
}

/** How an app is started, as far as its files say. */
export interface LaunchPlan {
  readonly servers: readonly PlannedServer[]
  readonly pages?: PlannedPages
  readonly passedOn: readonly PassedOn[]
  /** Shapes of paths a server answers: `/api/users/:id`. They are its own even without a proxy rule. */
  readonly routes: readonly string[]
  readonly environment: PlannedEnvironment
  readonly services: readonly ExpectedService[]
  /** It also uses SQLite, or falls back to it. */
  readonly hasSqlite: boolean
  /** Why there is nothing to start; only when there is neither server nor page. */
  readonly nothing?: string
}
