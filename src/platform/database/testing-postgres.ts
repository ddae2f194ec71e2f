/** A PostgreSQL for tests: one that runs already, or one started for them from the binaries on this machine. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { messageOf } from '#platform/errors'

export type FoundPostgres = { readonly url: string; stop(): Promise<void> } | { readonly missing: string }

/** Looks at `TEST_DATABASE_URL` (then nowhere else), at the usual local addresses, and for server binaries. */
export async function findPostgres(): Promise<FoundPostgres> {
  const given = process.env['TEST_DATABASE_URL']
  for (const url of given ? [given] : localAddresses()) {
    try {
      await requireCreation(url)
      return { url, stop: async () => undefined }
    } catch (error) {
      if (given) return { missing: `TEST_DATABASE_URL cannot be used: ${messageOf(error)}` }
    }
  }
  const binaries = await serverBinaries()
  if (binaries === undefined) {
    return { missing: 'PostgreSQL not found: no server in TEST_DATABASE_URL or on this machine, and no initdb' }
  }
  try {
    return await startCluster(binaries)
  } catch (error) {
    return { missing: `PostgreSQL in ${binaries} could not be started: ${messageOf(error)}` }
  }
}

/** Runs one statement on a connection of its own. */
export async function execute(url: string, statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
  await client.connect()
  try {
    return await client.query(statement)
  } finally {
    await client.end()
  }
}

function localAddresses(): string[] {
  const users = [...new Set([userInfo().username, 'postgres'])]
  const socket = '/var/run/postgresql'
  return users.flatMap((user) => [
    ...(existsSync(join(socket, '.s.PGSQL.5432')) ? [`postgres://${user}@localhost/postgres?host=${socket}`] : []),
    `postgres://${user}@127.0.0.1:5432/postgres`,
  ])
}

async function requireCreation(url: string): Promise<void> {
  const { rows } = await execute(
    url,
    'select rolcreatedb or rolsuper as may from pg_roles where rolname = current_user',
  )
  if (rows[0]?.may !== true) throw new Error('its user may not create databases')
}

/** The folder with `initdb` and `pg_ctl`: of the newest version Debian installed, or on the PATH. */
async function serverBinaries(): Promise<string | undefined> {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? (await readdir(debian)).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')))
}

/** Starts an empty cluster that listens on a socket in a folder of its own, as a user that is not root. */
async function startCluster(binaries: string): Promise<FoundPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-postgres-'))
  const user = process.getuid?.() === 0 ? await unprivilegedUser() : undefined
  const run = async (command: string, ...parameters: string[]): Promise<void> => {
    await promisify(execFile)(join(binaries, command), parameters, { cwd: folder, ...user })
  }
  const data = join(folder, 'data')
  const stop = async (): Promise<void> => {
    if (existsSync(join(data, 'postmaster.pid'))) await run('pg_ctl', 'stop', '-D', data, '-m', 'immediate', '-w')
    await rm(folder, { recursive: true, force: true })
  }
  try {
    if (user !== undefined) await chown(folder, user.uid, user.gid)
    await run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync')
    const settings = `-c listen_addresses= -c unix_socket_directories=${folder} -c fsync=off -c max_connections=200`
    await run('pg_ctl', 'start', '-D', data, '-l', join(folder, 'log'), '-o', settings, '-w', '-t', '60')
    return { url: `postgres://postgres@localhost/postgres?host=${folder}`, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function unprivilegedUser(): Promise<{ readonly uid: number; readonly gid: number }> {
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  const [, , uid, gid] = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody') ?? []
  if (uid === undefined || gid === undefined) throw new Error('there is no user postgres or nobody to run it as')
  return { uid: Number(uid), gid: Number(gid) }
}
