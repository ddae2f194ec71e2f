import { AsyncLocalStorage } from 'node:async_hooks'
import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger } from 'pino'

export interface LoggerOptions {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** By default standard error, so that standard output stays the command's own. */
  readonly destination?: DestinationStream
}

/** What a line is about: carried to every line logged while the work runs. */
export interface LogContext {
  readonly requestId?: string
  readonly jobId?: string
  readonly studyId?: string
}

const contexts = new AsyncLocalStorage<LogContext>()

/** Keys whose values never reach a log, three levels deep. */
const secretKeys = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  'password',
  'secret',
  'token',
  'apiKey',
  'databaseUrl',
] as const

/** One JSON object per line, with the ids of {@link withLogContext}; secrets are replaced by `[hidden]`. */
export function createLogger({ level, destination }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => ({ ...contexts.getStore() }),
      redact: {
        paths: secretKeys.flatMap((key) => ['', '*.', '*.*.'].map((prefix) => at(prefix, key))),
        censor: '[hidden]',
      },
    },
    destination ?? pino.destination({ dest: 2, sync: true }),
  )
}

/** Runs `work` with ids that every line logged by it carries, besides those already there. */
export function withLogContext<T>(context: LogContext, work: () => T): T {
  return contexts.run({ ...contexts.getStore(), ...context }, work)
}

function at(prefix: string, key: string): string {
  return key.startsWith('[') && prefix.endsWith('.') ? prefix.slice(0, -1) + key : prefix + key
}
