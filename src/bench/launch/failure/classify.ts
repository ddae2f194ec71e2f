import type { SandboxExit } from '#bench/sandbox'
import type { LaunchFailure, LaunchPart, LogLine } from '../contract.ts'
import { type Cause, causePatterns } from './patterns.ts'

/** A cause with the line that shows it. */
type Shown = Cause & { readonly shownBy: string }

/** What is known of a part that did not come to answer. */
export interface Trouble {
  readonly part: LaunchPart
  /** `build` before it was started, `start` after. */
  readonly phase: 'build' | 'start'
  /** What it printed, both streams in the order it came. */
  readonly logs: readonly LogLine[]
  /** How its process ended; undefined when it still ran. */
  readonly exit?: SandboxExit
  /** Status of the last answer, when it listened but never answered well. */
  readonly status?: number
  /** Why it listened and yet gave no answer. */
  readonly unanswered?: string
  /** Seconds it was given. */
  readonly waited: number
  /** Paths of the app, to tell its own modules from packages. */
  readonly paths: ReadonlySet<string>
}

/** Lines of output looked at, from the end: what went wrong is said last. */
const lookedAt = 400

/**
 * Why an app does not start, told from what it printed and how it ended: the kind, one sentence, the line that shows it and
 * the place in the app.
 */
export function classifyFailure(trouble: Trouble): LaunchFailure {
  const { part, logs } = trouble
  const lines = logs
    .filter((line) => line.part === partName(part))
    .slice(-lookedAt)
    .map(({ text }) => text)
  const found = trouble.exit === undefined && trouble.status === undefined ? undefined : causeIn(lines, trouble.paths)
  const cause = found ?? causeIn(lines, trouble.paths, 'telling') ?? withoutWords(trouble, lines)
  const isBuild = trouble.phase === 'build' && (cause.kind === 'crash' || cause.kind === 'syntax')
  return {
    kind: isBuild ? 'build' : cause.kind,
    message: cause.message,
    shownBy: cause.shownBy,
    ...(cause.package === undefined ? {} : { package: cause.package }),
    ...(cause.location === undefined ? {} : { location: cause.location }),
    part,
  }
}

/** What log lines of a part are marked with. */
export function partName({ path, role, framework }: LaunchPart): string {
  return path === '' ? (role === 'backend' ? framework : role) : path
}

/** The first pattern that fits, each looking from the last line upwards. */
function causeIn(lines: readonly string[], paths: ReadonlySet<string>, only?: 'telling'): Shown | undefined {
  for (const pattern of causePatterns) {
    if (only !== undefined && !pattern.telling) continue
    for (let at = lines.length - 1; at >= 0; at--) {
      const match = pattern.line.exec(lines[at] ?? '')
      const cause = match === null ? undefined : pattern.read(match, { lines, at, paths })
      if (cause !== undefined) return { ...cause, shownBy: (lines[at] ?? '').trim() }
    }
  }
  return undefined
}

function withoutWords({ exit, status, unanswered, waited, phase }: Trouble, lines: readonly string[]): Shown {
  const last = lines.findLast((line) => line.trim() !== '') ?? ''
  if (exit?.signal === 'SIGKILL')
    return { kind: 'limits', message: 'It was killed: it took more memory or processes than it may.', shownBy: last }
  if (exit !== undefined) {
    const how = exit.signal === null ? `with exit code ${exit.code}` : `by ${exit.signal}`
    const when = phase === 'build' ? 'The build ended' : exit.code === 0 ? 'It ended by itself' : 'It ended'
    const without = exit.code === 0 && phase === 'start' ? ' without serving anything' : ''
    return { kind: 'crash', message: `${when} ${how}${without}.`, shownBy: last }
  }
  if (status !== undefined)
    return { kind: 'not-healthy', message: `It listens, but answers every request with ${status}.`, shownBy: last }
  if (unanswered !== undefined)
    return { kind: 'not-healthy', message: `It listens, but gives no answer: ${unanswered}.`, shownBy: last }
  return { kind: 'never-listens', message: `It runs, but listened on no port within ${waited} s.`, shownBy: last }
}
