import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'

const home = mkdtempSync(join(tmpdir(), 'assay-damaged-'))
const good = join(home, 'good')
const command = join(import.meta.dirname, '..', 'bin', 'assay')
const args = ['serve', '--port', '0', '--workers', '0']
let count = 0

const environment = (data: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: home,
  ASSAY_DATA_DIR: data,
  ASSAY_LOG_LEVEL: 'error',
})

beforeAll(() => served(good), 120_000)
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** Serves the data until it is ready, and stops; throws when it does not become ready. */
async function served(data: string): Promise<void> {
  const child = spawn(command, args, { cwd: home, env: environment(data), stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  let ready = false
  for await (const line of createInterface({ input: child.stdout })) {
    ready ||= line.includes(' is ready on ')
    child.kill('SIGTERM')
  }
  await ended
  expect(ready).toBe(true)
}

/** A copy of good data, damaged. */
function damaged(damage: (data: string) => void): string {
  const data = join(home, `data-${++count}`)
  cpSync(good, data, { recursive: true })
  damage(data)
  return data
}

const mayBeDamaged = (data: string) =>
  `assay: The embedded database in ${data}/database cannot be opened: it does not start.\n       It may be damaged. Move ${data}/database away to start afresh (import and study again), or restore a backup of it.\n`

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

interface Damage {
  readonly what: string
  readonly damage: (data: string) => void
  /** What the command says, where it is not that the database may be damaged. */
  readonly says?: (data: string) => string
}

const damages: readonly Damage[] = [
  { what: 'an emptied version file', damage: (data) => truncateSync(join(data, 'database/PG_VERSION'), 0) },
  { what: 'a cut control file', damage: (data) => truncateSync(join(data, 'database/global/pg_control'), 100) },
  { what: 'a missing write-ahead log', damage: (data) => rmSync(join(data, 'database/pg_wal'), { recursive: true }) },
  {
    what: 'cut tables',
    damage(data) {
      for (const file of filesBelow(join(data, 'database/base'))) truncateSync(file, 100)
    },
  },
  {
    what: 'tables of garbage',
    damage(data) {
      for (const file of filesBelow(join(data, 'database/base'))) writeFileSync(file, 'garbage '.repeat(1024))
    },
  },
  {
    what: 'a file where the database was',
    damage(data) {
      rmSync(join(data, 'database'), { recursive: true })
      writeFileSync(join(data, 'database'), 'x')
    },
    says: (data) =>
      mayBeDamaged(data).replace('it does not start', `EEXIST: file already exists, mkdir '${data}/database'`),
  },
  {
    what: 'a lock of garbage',
    damage: (data) => writeFileSync(join(data, 'lock.sqlite'), 'garbage '.repeat(100)),
    says: (data) =>
      `assay: The lock file ${data}/lock.sqlite is damaged.\n       Remove it when no Assay process is running, and start again.\n`,
  },
]

test.each(damages)(
  '$what: a clear error with what to do, and no stack trace',
  ({ damage, says = mayBeDamaged }) => {
    const data = damaged(damage)
    const options = { cwd: home, env: environment(data), encoding: 'utf8', timeout: 60_000 } as const
    const { status, stdout, stderr } = spawnSync(command, args, options)
    expect({ status, stdout, stderr }).toEqual({ status: 3, stdout: '', stderr: says(data) })
  },
  90_000,
)

test('notes of garbage stop nothing', async () => {
  await served(
    damaged((data) => {
      writeFileSync(join(data, 'server.json'), 'garbage')
      writeFileSync(join(data, 'lock'), '\0\0\0')
    }),
  )
}, 90_000)
