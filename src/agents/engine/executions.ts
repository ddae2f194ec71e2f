import { type Kysely, type Selectable, sql } from 'kysely'
import { z } from 'zod'
import type { Tool } from '#agents/tools'
import { type Database, jsonText, newId } from '#platform/database'
import { Conflict, InvalidInput, NotFound } from '#platform/errors'
import type { Bus } from '#platform/events'
import { cursorCodec, pageOf } from '#platform/http'
import type { Agent } from './contract.ts'
import type { AgentResource, Execution } from './resources.ts'
import type { ExecutionRouteServices } from './routes.ts'
import { toStep } from './step.ts'
import type { EngineTables } from './tables.ts'

export interface EngineParts {
  readonly database: Database
  readonly bus: Bus
  readonly agents: readonly Agent[]
  readonly tools: readonly Tool[]
  readonly now: () => number
}

/** Room of the bus in which processes tell each other of new and cancelled executions. */
export const controlRoom = 'executions'

const byId = cursorCodec(z.object({ id: z.uuid() }))
const byNumber = cursorCodec(z.object({ number: z.int().min(0) }))

/** Opens the engine's records. Executions themselves are worked on by workers, here or in other processes. */
export function openExecutions({ database, bus, agents, tools, now }: EngineParts): ExecutionRouteServices {
  const db = database.tables<EngineTables>()

  async function row(workspace: string, id: string): Promise<ExecutionRow> {
    const found = await withSteps(db).where('id', '=', id).where('workspace_id', '=', workspace).executeTakeFirst()
    if (found === undefined)
      throw new NotFound(`There is no execution ${id}.`, { next: "'assay executions list' shows them." })
    return found
  }

  return {
    agents: () => agents.map(describeAgent),
    tools: () =>
      tools.map(({ name, description, effects, input }) => ({ name, description, effects, input: schemaOf(input) })),
    async createExecution(workspace, author, wanted) {
      const agent = agents.find(({ id }) => id === wanted.agent)
      if (agent === undefined) {
        throw new InvalidInput(`There is no agent ${wanted.agent}.`, {
          next: `Choose from: ${agents.map(({ id }) => id).join(', ')}.`,
        })
      }
      const task = agent.task.safeParse(wanted.task)
      if (!task.success)
        throw new InvalidInput(`The task is not one for ${agent.title}: ${z.prettifyError(task.error)}`, {
          next: 'GET /agents says what each agent is asked.',
        })
      const id = newId(now())
      await db
        .insertInto('executions')
        .values({
          id,
          workspace_id: workspace,
          agent: agent.id,
          agent_version: agent.version,
          task: jsonText(wanted.task ?? null),
          state: 'queued',
          reason: null,
          result: null,
          parent_id: null,
          created_by: author,
          created_at: new Date(now()),
          started_at: null,
          finished_at: null,
          epoch: 0,
          worker_id: null,
        })
        .execute()
      bus.publish(controlRoom, 'queued', { execution: id })
      return toExecution(await row(workspace, id))
    },
    async listExecutions(workspace, { agent, cursor, limit }) {
      let query = withSteps(db).where('workspace_id', '=', workspace)
      if (agent !== undefined) query = query.where('agent', '=', agent)
      if (cursor !== undefined) query = query.where('id', '<', byId.decode(cursor).id)
      const rows = await query
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute()
      return pageOf(rows, limit, ({ id }) => byId.encode({ id }), toExecution)
    },
    getExecution: async (workspace, id) => toExecution(await row(workspace, id)),
    async cancelExecution(workspace, id) {
      const { state } = await row(workspace, id)
      const cancelled = await cancel(db, id, new Date(now()))
      if (!cancelled)
        throw new Conflict(`The execution ${id} is ${state} already.`, { next: 'There is nothing to cancel.' })
      bus.publish(controlRoom, 'cancel', { execution: id })
      bus.publish(`execution:${id}`, 'execution', { state: 'cancelled', reason: 'It was cancelled.' })
      return toExecution(await row(workspace, id))
    },
    async listSteps(workspace, id, { cursor, limit }) {
      await row(workspace, id)
      const rows = await db
        .selectFrom('execution_steps')
        .selectAll()
        .where('execution_id', '=', id)
        .where('number', '>', cursor === undefined ? 0 : byNumber.decode(cursor).number)
        .orderBy('number')
        .limit(limit + 1)
        .execute()
      return pageOf(rows, limit, ({ number }) => byNumber.encode({ number }), toStep)
    },
  }
}

/** Ends an execution and what it was at. A worker that has it cannot write any more: its epoch is over. */
async function cancel(db: Kysely<EngineTables>, id: string, at: Date): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const ended = await trx
      .updateTable('executions')
      .set((update) => ({
        state: 'cancelled',
        reason: 'It was cancelled.',
        finished_at: at,
        worker_id: null,
        epoch: update('epoch', '+', 1),
      }))
      .where('id', '=', id)
      .where('state', 'in', ['queued', 'running'])
      .returning('id')
      .executeTakeFirst()
    if (ended === undefined) return false
    const output = { ok: false, problem: 'interrupted', message: 'The execution was cancelled.' }
    await trx
      .updateTable('execution_steps')
      .set({ state: 'interrupted', output: jsonText(output), finished_at: at })
      .where('execution_id', '=', id)
      .where('state', '=', 'started')
      .execute()
    return true
  })
}

type ExecutionRow = Selectable<EngineTables['executions']> & { readonly steps: number }

function withSteps(db: Kysely<EngineTables>) {
  const steps = sql<number>`(select count(*)::int from execution_steps where execution_id = executions.id)`
  return db.selectFrom('executions').selectAll().select(steps.as('steps'))
}

function toExecution(row: ExecutionRow): Execution {
  return {
    id: row.id,
    agent: row.agent,
    agentVersion: row.agent_version,
    task: row.task,
    state: row.state,
    reason: row.reason,
    result: row.result,
    steps: row.steps,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  }
}

function describeAgent({ id, title, purpose, version, tools, task, result }: Agent): AgentResource {
  return { id, title, purpose, version, tools: [...tools], task: schemaOf(task), result: schemaOf(result) }
}

function schemaOf(schema: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema, { unrepresentable: 'any' })
}
