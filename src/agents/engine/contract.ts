import type { z } from 'zod'
import type { ToolOutcome } from '#agents/tools'

export const executionStates = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const
export type ExecutionState = (typeof executionStates)[number]

export const stepKinds = ['tool_call', 'note'] as const
/** `tool_call`: a tool was asked for something; `note`: what the agent wants remembered or shown. */
export type StepKind = (typeof stepKinds)[number]

export const stepStates = ['started', 'finished', 'failed', 'interrupted'] as const
/**
 * `started`: begun, its end not known; `failed`: it ended, without an output; `interrupted`: begun before a crash, perhaps with
 * effect, and not to be repeated.
 */
export type StepState = (typeof stepStates)[number]

/** One step as the log has it. */
export interface Step {
  /** From 1, without gaps, in the order the agent asked. */
  readonly number: number
  readonly kind: StepKind
  /** Of the tool; for a note, what it is about. */
  readonly name: string
  readonly state: StepState
  readonly input: unknown
  /** The output; of a failed call its problem and message; null while started. */
  readonly output: unknown
  readonly attempts: number
  readonly startedAt: string
  readonly finishedAt: string | null
}

/** A result together with the step it comes from, so that it can be cited. */
export interface Cited<T> {
  readonly step: number
  readonly value: T
}

/** What an agent's procedure works with. Everything it does to the world goes through here, and so into the log. */
export interface AgentContext {
  /** Calls a tool. Failures are outcomes; see {@link ToolOutcome}. */
  call(tool: string, input: unknown): Promise<Cited<ToolOutcome>>
  /**
   * Calls a tool whose failure ends the execution.
   * @throws StepFailed with what the tool said
   */
  use<T>(tool: string, input: unknown, output: z.ZodType<T>): Promise<Cited<T>>
  /** Writes into the log what the agent found out or means to do. */
  note(about: string, text: string): Promise<void>
  /** Aborted on cancel. */
  readonly signal: AbortSignal
}

/**
 * An agent. Its procedure is run again from its beginning after a crash, and handed what its finished steps gave: so it must ask
 * for the same steps in the same order when they give the same, and take time, chance and the world only from steps.
 */
export interface Agent<Task = unknown, Result = unknown> {
  /** Kebab-case: `inspector`. */
  readonly id: string
  /** Raised when the procedure asks for other steps: an execution begun with another version is not continued. */
  readonly version: string
  readonly title: string
  /** What it is for, in one or two sentences. */
  readonly purpose: string
  /** Names of the tools it may call; no others. */
  readonly tools: readonly string[]
  readonly task: z.ZodType<Task>
  readonly result: z.ZodType<Result>
  run(task: Task, context: AgentContext): Promise<Result>
}

/** Gives an agent its types, and forgets them where agents of all kinds lie side by side. */
export function defineAgent<Task, Result>(agent: Agent<Task, Result>): Agent {
  return { ...agent, run: async (task, context) => agent.run(agent.task.parse(task), context) }
}
