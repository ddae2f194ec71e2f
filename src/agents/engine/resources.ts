import { z } from 'zod'
import { executionStates, stepKinds, stepStates } from './contract.ts'

const time = z.iso.datetime()

export const agentResourceSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    purpose: z.string(),
    version: z.string(),
    tools: z.array(z.string()).describe('Names of the tools it may use.'),
    task: z.record(z.string(), z.unknown()).describe('JSON Schema of what it is asked.'),
    result: z.record(z.string(), z.unknown()).describe('JSON Schema of what it answers.'),
  })
  .meta({ id: 'Agent' })
export type AgentResource = z.infer<typeof agentResourceSchema>

export const toolResourceSchema = z
  .object({
    name: z.string(),
    description: z.string(),
    effects: z.string().describe('`none`, `reads`, `writes` or `executes`.'),
    input: z.record(z.string(), z.unknown()).describe('JSON Schema.'),
  })
  .meta({ id: 'Tool' })
export type ToolResource = z.infer<typeof toolResourceSchema>

export const executionSchema = z
  .object({
    id: z.uuid(),
    agent: z.string(),
    agentVersion: z.string(),
    task: z.unknown(),
    state: z.enum(executionStates),
    reason: z.string().nullable().describe('Why it is not completed.'),
    result: z.unknown().describe('What the agent answered; null until completed.'),
    steps: z.int().min(0),
    createdBy: z.string().describe('Name of the member.'),
    createdAt: time,
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Execution' })
export type Execution = z.infer<typeof executionSchema>

export const stepSchema = z
  .object({
    number: z.int().min(1).describe('From 1, without gaps.'),
    kind: z.enum(stepKinds),
    name: z.string().describe('Of the tool; for a note, what it is about.'),
    state: z.enum(stepStates),
    input: z.unknown(),
    output: z.unknown().describe('Of a failed call its problem and message; null until it ended.'),
    attempts: z.int().min(1),
    startedAt: time,
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Step' })

export const newExecutionSchema = z
  .object({
    agent: z.string().min(1),
    task: z.unknown().describe('As the `task` of the agent says.'),
  })
  .meta({ id: 'NewExecution' })
export type NewExecution = z.infer<typeof newExecutionSchema>

/** The events of `GET /executions/{id}/events` and of the WebSocket room `execution:ID`. */
export const executionEventSchemas = {
  execution: z.object({ state: z.enum(executionStates), reason: z.string().nullable() }).meta({ id: 'ExecutionEvent' }),
  step: stepSchema,
}
