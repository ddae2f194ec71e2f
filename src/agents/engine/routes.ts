import { z } from 'zod'
import {
  defineEventStream,
  defineRoute,
  type Page,
  type PageRequest,
  page,
  pageQuery,
  type Route,
} from '#platform/http'
import type { Step } from './contract.ts'
import {
  type AgentResource,
  agentResourceSchema,
  type Execution,
  executionEventSchemas,
  executionSchema,
  type NewExecution,
  newExecutionSchema,
  stepSchema,
  type ToolResource,
  toolResourceSchema,
} from './resources.ts'

/** What the routes ask of the engine. Every call is limited to one workspace; what is not there throws `NotFound`. */
export interface ExecutionRouteServices {
  agents(): readonly AgentResource[]
  tools(): readonly ToolResource[]
  createExecution(workspace: string, author: string, wanted: NewExecution): Promise<Execution>
  listExecutions(
    workspace: string,
    request: PageRequest & { readonly agent?: string | undefined },
  ): Promise<Page<Execution>>
  getExecution(workspace: string, id: string): Promise<Execution>
  cancelExecution(workspace: string, id: string): Promise<Execution>
  listSteps(workspace: string, id: string, request: PageRequest): Promise<Page<Step>>
}

const params = z.object({ id: z.uuid() })

export function executionRoutes(engine: ExecutionRouteServices): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/agents',
      role: 'viewer',
      summary: 'List the agents there are',
      tags: ['agents'],
      response: z.object({ items: z.array(agentResourceSchema).readonly() }),
      handle: () => ({ items: engine.agents() }),
    }),
    defineRoute({
      method: 'GET',
      path: '/tools',
      role: 'viewer',
      summary: 'List the tools agents may be granted',
      tags: ['agents'],
      response: z.object({ items: z.array(toolResourceSchema).readonly() }),
      handle: () => ({ items: engine.tools() }),
    }),
    defineRoute({
      method: 'POST',
      path: '/executions',
      role: 'analyst',
      summary: 'Give an agent a task',
      audit: 'execution.create',
      tags: ['executions'],
      body: newExecutionSchema,
      response: executionSchema,
      status: 201,
      handle: ({ body }, { actor }) => engine.createExecution(actor.workspace.id, actor.user.name, body),
    }),
    defineRoute({
      method: 'GET',
      path: '/executions',
      role: 'viewer',
      summary: 'List executions, the newest first',
      tags: ['executions'],
      query: z.object({ ...pageQuery, agent: z.string().optional().describe('Only of this agent.') }),
      response: page(executionSchema),
      handle: ({ query }, { actor }) => engine.listExecutions(actor.workspace.id, query),
    }),
    ...oneExecution(engine),
  ]
}

function oneExecution(engine: ExecutionRouteServices): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/executions/{id}',
      role: 'viewer',
      summary: 'Show an execution',
      tags: ['executions'],
      params,
      response: executionSchema,
      handle: (input, { actor }) => engine.getExecution(actor.workspace.id, input.params.id),
    }),
    defineRoute({
      method: 'POST',
      path: '/executions/{id}/cancel',
      role: 'analyst',
      summary: 'Stop an execution; its log stays',
      audit: 'execution.cancel',
      tags: ['executions'],
      params,
      response: executionSchema,
      handle: (input, { actor }) => engine.cancelExecution(actor.workspace.id, input.params.id),
    }),
    defineRoute({
      method: 'GET',
      path: '/executions/{id}/steps',
      role: 'viewer',
      summary: 'List the steps of an execution, the first first',
      tags: ['executions'],
      params,
      query: z.object(pageQuery),
      response: page(stepSchema),
      handle: (input, { actor }) => engine.listSteps(actor.workspace.id, input.params.id, input.query),
    }),
    defineEventStream({
      method: 'GET',
      path: '/executions/{id}/events',
      role: 'viewer',
      summary: 'Follow an execution while it runs',
      tags: ['executions'],
      params,
      events: executionEventSchemas,
      async handle(input, { actor }) {
        const { id } = await engine.getExecution(actor.workspace.id, input.params.id)
        return {
          room: `execution:${id}`,
          async opening() {
            const { state, reason } = await engine.getExecution(actor.workspace.id, id)
            return [{ event: 'execution', data: { state, reason } }]
          },
        }
      },
    }),
  ]
}
