import type { Selectable } from 'kysely'
import type { Step } from './contract.ts'
import type { LoggedStep } from './perform.ts'
import type { EngineTables } from './tables.ts'

type StepRow = Selectable<EngineTables['execution_steps']>

/** A step as readers see it. */
export function toStep(row: StepRow): Step {
  return {
    number: row.number,
    kind: row.kind,
    name: row.name,
    state: row.state,
    input: row.input,
    output: row.output,
    attempts: row.attempts,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  }
}

/** A step as the engine compares it with what is asked now. */
export function toLoggedStep(row: StepRow): LoggedStep {
  return { step: toStep(row), digest: row.digest }
}
