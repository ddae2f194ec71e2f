/**
 * Two `assay worker` processes share a study on one PostgreSQL with a server that does no work itself:
 * `node benchmarks/workers.ts --database postgres://… [--apps 30] [--workers 2] [--seed 1] [--cut 0]`.
 * With `--cut N`, all connections to the database are ended N times meanwhile.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { generateApps } from './generate-apps.ts'
import { machineLine } from './processes.ts'
import { scratchDatabase, scratchFolder } from './scratch.ts'
import { assayEnvironment, serve } from './served.ts'
import { startStudy, studyEnd } from './study-api.ts'
import { studyRows } from './study-rows.ts'

export interface ShareOptions {
  readonly apps: number
  readonly workers: number
  readonly seed: number
  /** A PostgreSQL server to make a database on. */
  readonly database: string
  /** How often all connections are ended meanwhile. */
  readonly cuts: number
  readonly analyzers?: readonly string[]
}

export interface ShareReport {
  readonly analyses: number
  /** Analyses begun by each worker. */
  readonly perWorker: readonly number[]
  /** Beginnings of analyses beyond the first. */
  readonly repeatedAttempts: number
  /** Rows of results beyond one for each measured analysis. */
  readonly surplusResults: number
  readonly seconds: number
}

const environment = { ASSAY_OFFLINE: 'true', ASSAY_LOG_LEVEL: 'silent', ASSAY_WORKERS: '0' }

export async function shareStudy(options: ShareOptions): Promise<ShareReport> {
  await using folder = await scratchFolder()
  await using database = await scratchDatabase(options.database)
  const apps = join(folder.path, 'apps')
  await generateApps(apps, options.apps, options.seed)
  const place = { data: folder.path, databaseUrl: database.url }
  await using server = await serve({ ...place, environment })
  const workers = Array.from({ length: options.workers }, () => startWorker(folder.path, database.url))
  try {
    await until(async () => (await ask(database.url, 'select id from workers')).length === options.workers)
    const begun = await watchBeginnings(database.url)
    const started = performance.now()
    const study = await startStudy(server.url, apps, options.analyzers)
    for (let cut = 0; cut < options.cuts; cut += 1) {
      await sleep(1500)
      await cutConnections(database.url)
    }
    await studyEnd(server.url, study, 600_000)
    const seconds = Math.round((performance.now() - started) / 100) / 10
    const perWorker = await begun.stop()
    const rows = await studyRows(place)
    return {
      analyses: rows.analyses.length,
      perWorker,
      repeatedAttempts: rows.attempts - (await ask(database.url, 'select 1 from analyses where attempts > 0')).length,
      surplusResults: rows.results - rows.measured,
      seconds,
    }
  } finally {
    for (const worker of workers) await stop(worker)
  }
}

function startWorker(data: string, databaseUrl: string): ChildProcess {
  return spawn(join(import.meta.dirname, '..', 'bin', 'assay'), ['worker', '--workers', '1'], {
    cwd: data,
    env: assayEnvironment({ ...environment, ASSAY_DATA_DIR: data, DATABASE_URL: databaseUrl }),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

/** Who begins which analysis is in the rows only while it runs: a trigger keeps it. */
async function watchBeginnings(url: string) {
  await ask(
    url,
    `create table beginnings (worker uuid, analysis uuid);
     create function note_beginning() returns trigger language plpgsql as
       $$ begin insert into beginnings values (new.worker_id, new.id); return new; end $$;
     create trigger beginnings after update of attempts on analyses for each row
       when (new.attempts > old.attempts) execute function note_beginning()`,
  )
  return {
    async stop(): Promise<number[]> {
      const rows = await ask(url, 'select count(*)::int as count from beginnings group by worker order by 1 desc')
      return rows.map(({ count }) => Number(count))
    },
  }
}

async function cutConnections(url: string): Promise<void> {
  await ask(
    url,
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
}

async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows ?? []
  } finally {
    await client.end()
  }
}

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let time = 0; time < 600; time += 1) {
    if (await what()) return
    await sleep(100)
  }
  throw new Error('The workers did not come up within a minute.')
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      apps: { type: 'string', default: '30' },
      workers: { type: 'string', default: '2' },
      seed: { type: 'string', default: '1' },
      cut: { type: 'string', default: '0' },
      database: { type: 'string' },
    },
  })
  if (values.database === undefined) {
    console.error('Usage: node benchmarks/workers.ts --database postgres://… [--apps 30] [--workers 2] [--cut 0]')
    process.exitCode = 2
    return
  }
  const report = await shareStudy({
    apps: Number(values.apps),
    workers: Number(values.workers),
    seed: Number(values.seed),
    cuts: Number(values.cut),
    database: values.database,
  })
  const lines: readonly (readonly [string, string | number])[] = [
    ['analyses', report.analyses],
    ['begun by each worker', report.perWorker.join(', ')],
    ['begun again', report.repeatedAttempts],
    ['results stored twice', report.surplusResults],
    ['connections cut', `${values.cut} times`],
    ['seconds', report.seconds],
    ['machine', machineLine()],
  ]
  for (const [label, value] of lines) console.log(`${label.padEnd(28)}${value}`)
  const again = values.cut === '0' ? report.repeatedAttempts : 0
  if (report.surplusResults + again > 0 || report.perWorker.length < Number(values.workers)) process.exitCode = 1
}

if (import.meta.main) await main()
