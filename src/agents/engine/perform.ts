import { createHash } from 'node:crypto'
import { z } from 'zod'
import { callTool, type Tool, type ToolOutcome } from '#agents/tools'
import { jsonText } from '#platform/database'
import { checkCitations } from './citations.ts'
import type { Agent, AgentContext, Step } from './contract.ts'
import { ExecutionDiverged, StepFailed } from './errors.ts'
import type { Journal, Owner } from './journal.ts'

/** A step of the log, with what tells whether the same is asked again. */
export interface LoggedStep {
  readonly step: Step
  readonly digest: string
}

export interface Performance {
  readonly owner: Owner
  readonly workspace: string
  readonly agent: Agent
  readonly task: unknown
  /** What an earlier run of the procedure left, in order. */
  readonly log: readonly LoggedStep[]
  readonly tools: ReadonlyMap<string, Tool>
  readonly journal: Journal
  readonly signal: AbortSignal
  /** Told of every step begun and ended, after it is on disk. */
  readonly onStep: (step: Step) => void
  readonly now: () => number
}

/**
 * Runs the procedure of an agent to its end. Steps that the log has finished give what they gave and are not done again; a step that
 * was only begun is done again when its effects allow that, and otherwise told to the procedure as interrupted.
 *
 * @throws StepFailed, ExecutionDiverged, OwnershipLost, the signal's reason, and what the procedure itself throws
 */
export async function perform({ agent, task, ...performance }: Performance): Promise<unknown> {
  const steps = openSteps(performance)
  const context: AgentContext = {
    signal: performance.signal,
    async call(name, input) {
      const tool = performance.tools.get(name)
      if (tool === undefined || !agent.tools.includes(name)) {
        return steps.take('tool_call', name, input, async () => refusal(name, tool !== undefined, agent))
      }
      const repeatable = tool.effects === 'none' || tool.effects === 'reads'
      return steps.take(
        'tool_call',
        name,
        input,
        (signal) => callTool(tool, input, { ...performance, signal }),
        repeatable,
      )
    },
    async use(name, input, output) {
      const { step, value } = await context.call(name, input)
      if (!value.ok) throw new StepFailed(value.message)
      return { step, value: output.parse(value.output) }
    },
    async note(about, text) {
      await steps.take('note', about, text, async () => ({ ok: true, output: null }))
    },
  }
  const result = agent.result.parse(await agent.run(task, context))
  steps.finish()
  checkCitations(result, steps.finished)
  return result
}

function openSteps({ owner, log, journal, signal, onStep, now }: Omit<Performance, 'agent' | 'task'>) {
  let last = 0
  const finished = new Set<number>()
  return {
    /** Numbers of the steps that gave something. */
    finished,
    /** The next step: from the log, or done and written. The number is given at once, in the order of asking. */
    async take(
      kind: Step['kind'],
      name: string,
      input: unknown,
      work: (signal: AbortSignal) => Promise<ToolOutcome>,
      repeatable = true,
    ): Promise<{ step: number; value: ToolOutcome }> {
      last += 1
      const number = last
      const digest = digestOf(kind, name, input)
      const logged = log[number - 1]
      if (logged !== undefined && logged.digest !== digest) throw diverged(logged.step, kind, name)
      if (logged?.step.state === 'finished') {
        finished.add(number)
        return { step: number, value: { ok: true, output: logged.step.output } }
      }
      if (logged?.step.state === 'failed' || logged?.step.state === 'interrupted')
        return { step: number, value: failureSchema.parse(logged.step.output) }
      signal.throwIfAborted()

      const attempts = (logged?.step.attempts ?? 0) + 1
      const step = { number, kind, name, input, attempts, startedAt: new Date(now()).toISOString() }
      if (logged !== undefined && !repeatable)
        return { step: number, value: await end(logged.step, interruption(name)) }
      await journal.begin(owner, { number, kind, name, digest, input, at: new Date(step.startedAt) })
      const begun: Step = { ...step, state: 'started', output: null, finishedAt: null }
      onStep(begun)
      return { step: number, value: await end(begun, await work(signal)) }
    },
    /** @throws ExecutionDiverged when the log has steps that the procedure did not ask for */
    finish(): void {
      const next = log[last]
      if (next !== undefined) throw diverged(next.step)
    },
  }

  async function end(step: Step, outcome: ToolOutcome): Promise<ToolOutcome> {
    const at = new Date(now())
    const state = outcome.ok ? 'finished' : outcome.problem === 'interrupted' ? 'interrupted' : 'failed'
    const output = asStored(outcome.ok ? outcome.output : outcome)
    await journal.end(owner, { number: step.number, state, output, at })
    onStep({ ...step, state, output, finishedAt: at.toISOString() })
    if (!outcome.ok) return outcome
    finished.add(step.number)
    return { ok: true, output }
  }
}

/** The first run of a procedure must see what a later one will read from the log. */
function asStored(output: unknown): unknown {
  return output === undefined ? null : JSON.parse(jsonText(output))
}

const failureSchema = z.object({
  ok: z.literal(false),
  problem: z.enum(['unknown-tool', 'not-granted', 'invalid-input', 'failed', 'timed-out', 'interrupted']),
  message: z.string(),
})

function refusal(name: string, exists: boolean, agent: Agent): ToolOutcome {
  return exists
    ? {
        ok: false,
        problem: 'not-granted',
        message: `${agent.title} may not use ${name}. It has: ${agent.tools.join(', ')}.`,
      }
    : { ok: false, problem: 'unknown-tool', message: `There is no tool ${name}. There are: ${agent.tools.join(', ')}.` }
}

function interruption(name: string): ToolOutcome {
  const message = `${name} was begun before Assay stopped, and may have taken effect. It is not called again: find out what is there.`
  return { ok: false, problem: 'interrupted', message }
}

function diverged(before: Step, kind?: Step['kind'], name?: string): ExecutionDiverged {
  const asked =
    kind === undefined ? 'ends there' : `asks for ${kind} ${name}${before.name === name ? ' with other input' : ''}`
  return new ExecutionDiverged(
    `Step ${before.number} was ${before.kind} ${before.name}, and the agent now ${asked}. Its procedure is not the one that began.`,
    { next: 'Start the execution anew.' },
  )
}

/** The same for the same question, whatever the order of keys. */
function digestOf(kind: string, name: string, input: unknown): string {
  return createHash('sha256')
    .update(`${kind}\n${name}\n${sortedJson(input)}`)
    .digest('hex')
    .slice(0, 32)
}

function sortedJson(input: unknown): string {
  return (
    JSON.stringify(input, (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    ) ?? 'null'
  )
}
