import { type Kysely, sql } from 'kysely'
import { jsonText } from '#platform/database'
import type { StepKind, StepState } from './contract.ts'
import { OwnershipLost } from './errors.ts'
import type { EngineTables } from './tables.ts'

/** Who writes: an execution as one worker has it. */
export interface Owner {
  readonly execution: string
  readonly epoch: number
}

export interface BegunStep {
  readonly number: number
  readonly kind: StepKind
  readonly name: string
  readonly digest: string
  readonly input: unknown
  readonly at: Date
}

export interface EndedStep {
  readonly number: number
  readonly state: Exclude<StepState, 'started'>
  readonly output: unknown
  readonly at: Date
}

/** Writes steps so that they survive the process. What is asked for at the same time, by any execution, is written together. */
export interface Journal {
  /** Resolves when the beginning is on disk. Beginning a step again counts an attempt. @throws OwnershipLost */
  begin(owner: Owner, step: BegunStep): Promise<void>
  /** Resolves when the end is on disk. @throws OwnershipLost */
  end(owner: Owner, step: EndedStep): Promise<void>
}

interface Entry {
  readonly what: 'begin' | 'end'
  readonly execution: string
  readonly number: number
  readonly row: Readonly<Record<string, unknown>>
  settle(written: boolean): void
  fail(error: unknown): void
}

/** Rows to a statement. */
const batch = 500

export function openJournal(db: Kysely<EngineTables>): Journal {
  let waiting: Entry[] = []
  let writing = false

  const add = (entry: Omit<Entry, 'settle' | 'fail'>): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({
        ...entry,
        settle: (written) =>
          written ? resolve() : reject(new OwnershipLost(`Another worker has execution ${entry.execution}.`)),
        fail: reject,
      })
      void drain()
    })

  /** One statement after the other: the order in which steps were asked for is the order in which they are written. */
  async function drain(): Promise<void> {
    if (writing) return
    writing = true
    // What is asked for in the same turn goes into the same statement.
    await Promise.resolve()
    while (waiting.length > 0) {
      const entries = waiting.slice(0, batch)
      waiting = waiting.slice(batch)
      try {
        const written = await write(db, entries)
        for (const entry of entries) entry.settle(written.has(keyOf(entry)))
      } catch (error) {
        for (const entry of entries) entry.fail(error)
      }
    }
    writing = false
  }

  return {
    begin: ({ execution, epoch }, { number, kind, name, digest, input, at }) =>
      add({
        what: 'begin',
        execution,
        number,
        row: { execution_id: execution, epoch, number, kind, name, digest, input, started_at: at },
      }),
    end: ({ execution, epoch }, { number, state, output, at }) =>
      add({
        what: 'end',
        execution,
        number,
        row: { execution_id: execution, epoch, number, state, output, finished_at: at },
      }),
  }
}

function keyOf({ what, execution, number }: Pick<Entry, 'what' | 'execution' | 'number'>): string {
  return `${what} ${execution} ${number}`
}

/** Writes what its owner may still write. The lock holds off a worker that is taking the execution up meanwhile. */
async function write(db: Kysely<EngineTables>, entries: readonly Entry[]): Promise<ReadonlySet<string>> {
  const rows = (what: Entry['what']) => jsonText(entries.filter((entry) => entry.what === what).map(({ row }) => row))
  const { rows: written } = await sql<{ what: Entry['what']; execution: string; number: number }>`
    with owned as (
      select id, epoch from executions where id = any(${[...new Set(entries.map(({ execution }) => execution))]}::uuid[])
      for share
    ), begun as (
      insert into execution_steps (execution_id, number, kind, name, state, digest, input, attempts, started_at)
      select given.execution_id, given.number, given.kind, given.name, 'started', given.digest, given.input, 1, given.started_at
      from jsonb_to_recordset(${rows('begin')}::jsonb) as given
        (execution_id uuid, epoch integer, number integer, kind text, name text, digest text, input jsonb, started_at timestamptz)
      join owned on owned.id = given.execution_id and owned.epoch = given.epoch
      on conflict (execution_id, number) do update
        set state = 'started', attempts = execution_steps.attempts + 1, started_at = excluded.started_at
      returning execution_id, number
    ), ended as (
      update execution_steps set state = given.state, output = given.output, finished_at = given.finished_at
      from jsonb_to_recordset(${rows('end')}::jsonb) as given
        (execution_id uuid, epoch integer, number integer, state text, output jsonb, finished_at timestamptz)
      join owned on owned.id = given.execution_id and owned.epoch = given.epoch
      where execution_steps.execution_id = given.execution_id and execution_steps.number = given.number
      returning execution_steps.execution_id, execution_steps.number
    )
    select 'begin' as what, execution_id as execution, number from begun
    union all select 'end', execution_id, number from ended`.execute(db)
  return new Set(written.map(keyOf))
}
