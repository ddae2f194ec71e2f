import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Conflict, messageOf, Unavailable } from '#platform/errors'

/** Who holds a data directory. */
export interface LockHolder {
  readonly pid: number
  /** Start time of the process in kernel ticks where the system tells, so that a reused pid is not mistaken. */
  readonly started: string
  readonly host: string
}

export interface DirectoryLock extends AsyncDisposable {
  readonly directory: string
  release(): Promise<void>
}

/**
 * Guards a data directory: one process at a time. A lock left behind by a process that is gone is taken over.
 *
 * @throws Conflict when a living process holds it
 * @throws Unavailable when the directory cannot be written
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const path = join(directory, 'lock')
  const mine = JSON.stringify({
    pid: process.pid,
    started: startOf(process.pid),
    host: hostname(),
  } satisfies LockHolder)
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const draft = join(directory, `.lock-${randomUUID()}`)
    await writeFile(draft, mine)
    try {
      await place(draft, path, directory)
    } finally {
      await rm(draft, { force: true })
    }
  } catch (error) {
    if (error instanceof Conflict) throw error
    throw new Unavailable(`Cannot use the data directory ${directory}: ${messageOf(error)}.`, {
      next: 'Free space, correct its permissions, or choose another with ASSAY_DATA_DIR.',
      cause: error,
    })
  }
  const release = async (): Promise<void> => {
    const content = await readFile(path, 'utf8').catch(() => undefined)
    if (content === mine) await rm(path, { force: true })
  }
  return { directory, release, [Symbol.asyncDispose]: release }
}

async function place(draft: string, path: string, directory: string): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      await link(draft, path)
      return
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const content = await readFile(path, 'utf8').catch(() => '')
    const holder = parseHolder(content)
    if (holder !== undefined && isAlive(holder)) {
      throw new Conflict(`Another Assay process (pid ${holder.pid}) is using the data directory ${directory}.`, {
        next: 'Use that one, stop it, or choose another directory with ASSAY_DATA_DIR.',
        facts: { pid: holder.pid, directory },
      })
    }
    await rename(path, join(directory, `.lock-stale-${randomUUID()}`)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }
  throw new Conflict(`The data directory ${directory} is being opened by several processes at once.`, {
    next: 'Try again.',
  })
}

function parseHolder(content: string): LockHolder | undefined {
  try {
    const { pid, started, host } = JSON.parse(content)
    return typeof pid === 'number' ? { pid, started: String(started), host: String(host) } : undefined
  } catch {
    // A torn lock file names nobody: whoever wrote it died while writing.
    return undefined
  }
}

function isAlive(holder: LockHolder): boolean {
  // A directory shared between hosts: nothing can be said about a process elsewhere, so respect its lock.
  if (holder.host !== hostname()) return true
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  return startOf(holder.pid) === holder.started
}

function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    // No /proc (macOS): the pid alone has to do.
    return ''
  }
}
