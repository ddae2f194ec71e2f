import type { ColumnType, JSONColumnType } from 'kysely'
import type { ExecutionState, StepKind, StepState } from './contract.ts'

type Json = JSONColumnType<object | null, string, string>

export interface EngineTables {
  /** One run of an agent on a task. Its steps are the durable log. */
  executions: {
    id: string
    workspace_id: string
    agent: string
    agent_version: string
    task: ColumnType<unknown, string, never>
    state: ExecutionState
    /** Why it is not completed, for people. */
    reason: string | null
    result: ColumnType<unknown, string | null, string | null>
    /** The execution that delegated to this one. */
    parent_id: string | null
    created_by: string
    created_at: Date
    started_at: Date | null
    finished_at: Date | null
    /** Grows with every worker that takes it up: what an earlier one still writes is refused. */
    epoch: number
    worker_id: string | null
  }
  execution_steps: {
    execution_id: string
    /** From 1, without gaps. */
    number: number
    kind: StepKind
    name: string
    state: StepState
    /** Digest of what was asked: a step is taken for done only when the same is asked again. */
    digest: string
    input: Json
    output: Json
    /** How often it was begun. */
    attempts: number
    started_at: Date
    finished_at: Date | null
  }
  execution_workers: {
    id: string
    host: string
    pid: number
    last_seen: Date
  }
}
