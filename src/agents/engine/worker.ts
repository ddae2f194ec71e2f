import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { type Kysely, type Selectable, sql } from 'kysely'
import { jsonText } from '#platform/database'
import { messageOf } from '#platform/errors'
import { OwnershipLost } from './errors.ts'
import { controlRoom, type EngineParts } from './executions.ts'
import { openJournal } from './journal.ts'
import { perform } from './perform.ts'
import { toLoggedStep } from './step.ts'
import type { EngineTables } from './tables.ts'

export interface EngineWorkerParts extends EngineParts {
  /** Executions at once. */
  readonly concurrency: number
  readonly log: (message: string) => void
}

type ExecutionRow = Selectable<EngineTables['executions']>

/** Milliseconds between two signs of life, and between two looks for work nobody announced. */
const heartbeatMs = 5000
/** Signs of life a worker may miss before it is taken for gone. */
const missedHeartbeats = 6

/**
 * Works on executions until the signal aborts. What is not finished then is gone on with later, here or elsewhere, from its last
 * finished step.
 */
export async function runExecutions(parts: EngineWorkerParts, signal: AbortSignal): Promise<void> {
  const { database, bus, now, log, concurrency } = parts
  const db = database.tables<EngineTables>()
  const worker = randomUUID()
  const journal = openJournal(db)
  const running = new Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>()
  let looking: Promise<void> = Promise.resolve()

  await report()
  await takeBack(parts, worker)
  using _control = bus.subscribe(controlRoom, ({ event, data }) => {
    const execution = typeof data === 'object' && data !== null && 'execution' in data ? String(data.execution) : ''
    if (event === 'cancel') running.get(execution)?.stop.abort(new OwnershipLost('The execution was cancelled.'))
    if (event === 'queued') look()
  })
  const heartbeat = setInterval(() => {
    report()
      .then(() => takeBack(parts, worker))
      .then(look)
      .catch((error: unknown) => log(`The worker of executions cannot report: ${messageOf(error)}`))
  }, heartbeatMs)
  look()
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  clearInterval(heartbeat)
  await looking
  for (const { stop } of running.values()) stop.abort(signal.reason)
  await Promise.all([...running.values()].map(({ done }) => done))
  await db
    .updateTable('executions')
    .set({ worker_id: null })
    .where('worker_id', '=', worker)
    .where('state', '=', 'running')
    .execute()
  await db.deleteFrom('execution_workers').where('id', '=', worker).execute()

  async function report(): Promise<void> {
    const last_seen = new Date(now())
    await db
      .insertInto('execution_workers')
      .values({ id: worker, host: hostname(), pid: process.pid, last_seen })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ last_seen }))
      .execute()
  }

  /** Takes up what waits, as far as there is room. One look at a time. */
  function look(): void {
    looking = looking
      .then(async () => {
        if (signal.aborted || running.size >= concurrency) return
        for (const row of await claim(db, worker, concurrency - running.size, new Date(now()))) begin(row)
      })
      .catch((error: unknown) => log(`No execution could be taken up: ${messageOf(error)}`))
  }

  function begin(row: ExecutionRow): void {
    const stop = new AbortController()
    const done = carryOut(row, stop.signal)
      .catch((error: unknown) => log(`Execution ${row.id} could not be carried out: ${messageOf(error)}`))
      .finally(() => {
        running.delete(row.id)
        look()
      })
    running.set(row.id, { stop, done })
  }

  async function carryOut(row: ExecutionRow, stop: AbortSignal): Promise<void> {
    const room = `execution:${row.id}`
    bus.publish(room, 'execution', { state: 'running', reason: null })
    const owner = { execution: row.id, epoch: row.epoch }
    const ending = await outcomeOf(row, stop)
    if (ending === undefined) return
    const { numUpdatedRows } = await db
      .updateTable('executions')
      .set({ ...ending, finished_at: new Date(now()), worker_id: null })
      .where('id', '=', owner.execution)
      .where('epoch', '=', owner.epoch)
      .executeTakeFirst()
    if (numUpdatedRows > 0) bus.publish(room, 'execution', { state: ending.state, reason: ending.reason })
  }

  /** How it ended; undefined when it is not this worker's to say. */
  async function outcomeOf(row: ExecutionRow, stop: AbortSignal) {
    try {
      const agent = parts.agents.find(({ id }) => id === row.agent)
      if (agent === undefined || agent.version !== row.agent_version) {
        const reason = `This release has ${agent ? `version ${agent.version}` : 'no agent'} of ${row.agent}, the execution began with ${row.agent_version}. Start it anew.`
        return { state: 'failed' as const, reason, result: null }
      }
      const steps = await db
        .selectFrom('execution_steps')
        .selectAll()
        .where('execution_id', '=', row.id)
        .orderBy('number')
        .execute()
      const result = await perform({
        owner: { execution: row.id, epoch: row.epoch },
        workspace: row.workspace_id,
        agent,
        task: row.task,
        log: steps.map(toLoggedStep),
        tools: new Map(parts.tools.map((tool) => [tool.name, tool])),
        journal,
        signal: stop,
        onStep: (step) => bus.publish(`execution:${row.id}`, 'step', step),
        now,
      })
      return { state: 'completed' as const, reason: null, result: jsonText(result ?? null) }
    } catch (error) {
      if (stop.aborted || error instanceof OwnershipLost) return undefined
      return { state: 'failed' as const, reason: messageOf(error), result: null }
    }
  }
}

/** Takes up executions that wait, and those whose worker is gone. The epoch shuts out whoever had them before. */
async function claim(db: Kysely<EngineTables>, worker: string, limit: number, at: Date): Promise<ExecutionRow[]> {
  return db
    .updateTable('executions')
    .set((update) => ({
      state: 'running',
      worker_id: worker,
      epoch: update('epoch', '+', 1),
      started_at: update.fn.coalesce('started_at', sql<Date>`${at}::timestamptz`),
    }))
    .where('id', 'in', (select) =>
      select
        .selectFrom('executions')
        .select('id')
        .where('state', 'in', ['queued', 'running'])
        .where('worker_id', 'is', null)
        .orderBy('id')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute()
}

/** Lets go what workers that are gone had. The embedded database has one process: every other worker it knows is dead. */
async function takeBack({ database, now }: EngineWorkerParts, self: string): Promise<void> {
  const db = database.tables<EngineTables>()
  const others = await db.selectFrom('execution_workers').selectAll().where('id', '<>', self).execute()
  const silentSince = now() - missedHeartbeats * heartbeatMs
  const gone = others
    .filter(({ last_seen }) => database.kind === 'pglite' || last_seen.getTime() < silentSince)
    .map(({ id }) => id)
  if (gone.length === 0) return
  await db.updateTable('executions').set({ worker_id: null }).where('worker_id', 'in', gone).execute()
  await db.deleteFrom('execution_workers').where('id', 'in', gone).execute()
}
