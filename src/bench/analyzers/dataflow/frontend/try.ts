import type { CodeNode } from '#bench/syntax'
import type { Lowering } from './lowering.ts'

/** The parts of a `try` statement. */
export interface TryParts {
  readonly body: () => void
  readonly otherwise?: () => void
  /** The handlers; each is one way an exception may go. */
  readonly handlers: readonly (() => void)[]
  /** Some handler takes whatever was raised. */
  readonly catchesAll: boolean
  readonly cleanup?: () => void
  readonly node: CodeNode
}

/** `finally` bodies nested deeper than this are not repeated on every way out. */
const repeatedCleanups = 4

/**
 * Lowers `try`: an exception leaves at the start of any statement of the body, the `finally` body is repeated on the
 * normal way, on the way of exceptions nobody takes, and before every return and jump.
 */
export function lowerTry(parts: TryParts, low: Lowering): void {
  const { builder } = low
  const after = builder.block()
  const caught = builder.block()
  const outer = builder.handler
  const { cleanup } = parts
  const repeats = cleanup !== undefined && low.cleanups.length < repeatedCleanups
  if (repeats) low.cleanups = [...low.cleanups, cleanup]

  builder.handler = caught
  builder.continueIn()
  parts.body()
  builder.handler = outer
  if (parts.otherwise !== undefined) {
    builder.continueIn()
    parts.otherwise()
  }
  if (builder.open) builder.jump(after)

  builder.enter(caught)
  for (const handler of parts.handlers) {
    const taken = builder.block()
    const next = builder.block()
    builder.branch(low.join([], parts.node), taken, next)
    builder.enter(taken)
    handler()
    if (builder.open) builder.jump(after)
    builder.enter(next)
  }
  if (repeats) low.cleanups = low.cleanups.slice(0, -1)
  if (parts.catchesAll && parts.handlers.length > 0) builder.throw()
  else {
    cleanup?.()
    if (builder.open) builder.throw()
  }
  builder.enter(after)
  cleanup?.()
}
