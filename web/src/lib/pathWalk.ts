import type { Finding, PathStep } from '../api/types.ts'

/** A step of a path that lies in a file, with its number in the path from 1. */
export interface WalkStep {
  readonly number: number
  readonly kind: PathStep['kind']
  readonly path: string
  readonly line: number
  /** The last line, for what stands in several. */
  readonly lastLine: number
  readonly message: string
  /** How many calls deep; 0 where it is not known. */
  readonly depth: number
}

/** The steps of a finding's path that can be shown in code, in order; empty without a path. */
export const walkOf = ({ evidence }: Pick<Finding, 'evidence'>): readonly WalkStep[] =>
  (evidence.path ?? [])
    .flatMap(({ kind, location, message, depth = 0 }) =>
      location.kind === 'file'
        ? [
            {
              kind,
              path: location.path,
              line: location.region?.startLine ?? 1,
              last: location.region?.endLine,
              message,
              depth,
            },
          ]
        : [],
    )
    .map(({ last, ...step }, at) => ({ ...step, lastLine: Math.max(step.line, last ?? 0), number: at + 1 }))

/** The step of that number, the nearest where there is none, the first unasked. */
export const stepAt = (walk: readonly WalkStep[], number = 1): WalkStep | undefined =>
  walk[Math.min(Math.max(1, number), walk.length) - 1]

/** `Source`, `Step 3`, `Sink`. */
export const stepName = ({ kind, number }: WalkStep): string =>
  kind === 'source' ? 'Source' : kind === 'sink' ? 'Sink' : `Step ${number}`
