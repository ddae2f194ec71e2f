import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { Conflict, messageOf, Unavailable } from '#platform/errors'

export interface DirectoryLock extends AsyncDisposable {
  readonly directory: string
  release(): Promise<void>
}

/** Who holds a data directory; only told, never relied on. */
const holderSchema = z.object({ pid: z.int() })

/**
 * Guards a data directory: one process at a time. The lock is the kernel's, taken through SQLite, so it ends with the
 * process however that ends: there is no stale lock to judge by its pid, and no moment when two could take one over.
 *
 * @throws Conflict when another process holds it
 * @throws Unavailable when the directory cannot be written, or the lock file is damaged
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const holder = join(directory, 'lock')
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw unusable(directory, error)
  }
  const lock = await take(directory, holder)
  const release = async (): Promise<void> => {
    if (!lock.isOpen) return
    await rm(holder, { force: true })
    lock.close()
  }
  try {
    await writeFile(holder, `${JSON.stringify({ pid: process.pid })}\n`)
  } catch (error) {
    lock.close()
    throw unusable(directory, error)
  }
  return { directory, release, [Symbol.asyncDispose]: release }
}

async function take(directory: string, holder: string): Promise<DatabaseSync> {
  const path = join(directory, 'lock.sqlite')
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(path, { timeout: 0 })
    // Held, and never ended: nothing is written, so a killed process leaves nothing to roll back.
    lock.exec('begin immediate')
    return lock
  } catch (error) {
    lock?.close()
    if (!(error instanceof Error)) throw error
    if (/locked|busy/i.test(error.message)) throw await taken(directory, holder)
    if (/not a database|malformed/i.test(error.message)) {
      throw new Unavailable(`The lock file ${path} is damaged.`, {
        next: 'Remove it when no Assay process is running, and start again.',
        cause: error,
      })
    }
    throw unusable(directory, error)
  }
}

async function taken(directory: string, holder: string): Promise<Conflict> {
  const pid = holderSchema.safeParse(parseJson(await readFile(holder, 'utf8').catch(() => ''))).data?.pid
  return new Conflict(
    `Another Assay process${pid === undefined ? '' : ` (pid ${pid})`} is using the data directory ${directory}.`,
    {
      next: 'Use that one, stop it, or choose another directory with ASSAY_DATA_DIR.',
      facts: { directory, ...(pid !== undefined && { pid }) },
    },
  )
}

function unusable(directory: string, error: unknown): Unavailable {
  return new Unavailable(`Cannot use the data directory ${directory}: ${messageOf(error)}.`, {
    next: 'Free space, correct its permissions, or choose another with ASSAY_DATA_DIR.',
    cause: error,
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Written only to be told; whoever wrote it may have died meanwhile.
    return undefined
  }
}
