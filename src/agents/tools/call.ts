import { z } from 'zod'
import { messageOf } from '#platform/errors'
import type { Tool, ToolContext, ToolOutcome } from './contract.ts'

const defaultTimeout = 60_000

/**
 * Calls a tool: input checked, time bounded, output checked. Never rejects but with the reason of an aborted `context.signal`:
 * every other failure is an outcome that says what to do better.
 */
export async function callTool(tool: Tool, input: unknown, context: ToolContext): Promise<ToolOutcome> {
  const parsed = tool.input.safeParse(input)
  if (!parsed.success) {
    return {
      ok: false,
      problem: 'invalid-input',
      message: `The input of ${tool.name} is not valid: ${z.prettifyError(parsed.error)}`,
    }
  }
  const timeout = tool.timeout ?? defaultTimeout
  const clock = AbortSignal.timeout(timeout)
  const signal = AbortSignal.any([context.signal, clock])
  try {
    const output = await Promise.race([tool.run(parsed.data, { ...context, signal }), rejectedBy(signal)])
    return checked(tool, output)
  } catch (error) {
    context.signal.throwIfAborted()
    if (clock.aborted)
      return { ok: false, problem: 'timed-out', message: `${tool.name} did not finish within ${timeout / 1000} s.` }
    return { ok: false, problem: 'failed', message: `${tool.name} failed: ${messageOf(error)}` }
  }
}

function checked(tool: Tool, output: unknown): ToolOutcome {
  const parsed = tool.output.safeParse(output)
  if (parsed.success) return { ok: true, output: parsed.data }
  const message = `${tool.name} gave an answer that is not one: ${z.prettifyError(parsed.error)}`
  return { ok: false, problem: 'failed', message }
}

/** A tool that looks at no signal is left behind, not waited for. */
function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
