import type { z } from 'zod'

export const effectKinds = ['none', 'reads', 'writes', 'executes'] as const
/** What a call does to the world. Decides approval, sandboxing, and whether a call that was interrupted may be made again. */
export type Effects = (typeof effectKinds)[number]

/** What a tool is handed besides its input. */
export interface ToolContext {
  /** Aborted on cancel and when the tool takes too long. */
  readonly signal: AbortSignal
  /** The workspace the execution belongs to; nothing of another one may be reached. */
  readonly workspace: string
  readonly now: () => number
}

/** One thing an agent can do. The same definition serves agents, REST and MCP. */
export interface Tool<Input = unknown, Output = unknown> {
  /** Lower-case words joined by `_`: `read_file`. */
  readonly name: string
  /** For people and models: what it does, in one or two sentences. */
  readonly description: string
  readonly input: z.ZodType<Input>
  readonly output: z.ZodType<Output>
  readonly effects: Effects
  /** Milliseconds a call may take; default 60 000. */
  readonly timeout?: number
  /** @throws anything: the caller is told the message */
  run(input: Input, context: ToolContext): Promise<Output>
}

/** Gives a tool its types, and forgets them where tools of all kinds lie side by side. */
export function defineTool<Input, Output>(tool: Tool<Input, Output>): Tool {
  return {
    ...tool,
    async run(input, context) {
      return tool.run(tool.input.parse(input), context)
    },
  }
}

/** How a call ended, as a value: a model reads it, a procedure decides. */
export type ToolOutcome =
  | { readonly ok: true; readonly output: unknown }
  | {
      readonly ok: false
      /** `interrupted`: it was begun before a crash and may have taken effect; it is not made again. */
      readonly problem: 'unknown-tool' | 'not-granted' | 'invalid-input' | 'failed' | 'timed-out' | 'interrupted'
      /** A sentence that says what is wrong, and what would be right. */
      readonly message: string
    }
