import { InvalidInput } from '#platform/errors'

/** One thing that is wrong in a spec. */
export interface SpecProblem {
  /** From 1. */
  readonly line: number
  readonly message: string
}

/** A text that is no spec. Its message names the first problems with their lines. */
export class InvalidSpec extends InvalidInput {
  override readonly code = 'invalid-spec'
  readonly problems: readonly SpecProblem[]

  constructor(path: string, problems: readonly SpecProblem[]) {
    const shown = problems.slice(0, 5).map(({ line, message }) => `${path}:${line}: ${message}`)
    const more = problems.length > shown.length ? [`… and ${problems.length - shown.length} more`] : []
    super([...shown, ...more].join('\n'), { next: 'The format is described in docs/specs.md.', facts: { problems } })
    this.problems = problems
  }
}
