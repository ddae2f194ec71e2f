import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { SandboxLimits } from '../contract.ts'
import { lives, newName, ownerOf } from '../home.ts'
import { textOf } from '../text-of.ts'
import type { ControlGroup } from '../watch/accounting.ts'
import { type Controller, controllers, groupsOf } from '../watch/groups.ts'

const mebibyte = 1024 * 1024

/** Begins the names of our groups. */
const ours = 'assay-'

/** Tasks of the sandbox's own: bubblewrap and the supervisor with its threads. */
export const ownTasks = 24

/** MiB the kernel needs to keep the books of a sandbox. */
const overhead = 64

/** Where groups for sandboxes can be made, for each of the controllers that can be used. */
export interface ControlGroups {
  readonly version: 1 | 2
  readonly parents: Readonly<Partial<Record<Controller, string>>>
}

/** Where this process may make groups, found by making one and letting a process in; undefined when it may not. */
export async function findControlGroups(): Promise<ControlGroups | undefined> {
  const groups = await candidates()
  if (groups === undefined) return undefined
  const usable: Partial<Record<Controller, string>> = {}
  for (const controller of controllers) {
    const parent = groups.parents[controller]
    if (parent !== undefined && (await canUse(parent))) usable[controller] = parent
  }
  return Object.keys(usable).length === 0 ? undefined : { version: groups.version, parents: usable }
}

/** Makes the group of a sandbox. The kernel ends who takes more memory than it may take and write together, and refuses more tasks. */
export async function makeControlGroup(
  groups: ControlGroups,
  name: string,
  limits: SandboxLimits,
): Promise<ControlGroup> {
  const group: Partial<Record<Controller, string>> = {}
  const bytes = `${(limits.memory + limits.disk + overhead) * mebibyte}`
  const tasks = `${limits.processes + ownTasks}`
  const settings: readonly (readonly [Controller, string, string])[] =
    groups.version === 1
      ? [
          ['memory', 'memory.limit_in_bytes', bytes],
          ['memory', 'memory.memsw.limit_in_bytes', bytes],
          ['pids', 'pids.max', tasks],
        ]
      : [
          ['memory', 'memory.max', bytes],
          ['memory', 'memory.swap.max', '0'],
          ['memory', 'memory.oom.group', '0'],
          ['pids', 'pids.max', tasks],
        ]
  for (const controller of controllers) {
    const parent = groups.parents[controller]
    if (parent === undefined) continue
    const folder = join(parent, `${ours}${name}`)
    await mkdir(folder, { recursive: true })
    group[controller] = folder
  }
  for (const [controller, file, value] of settings) {
    const folder = group[controller]
    // Swap is not counted on every machine.
    if (folder !== undefined && existsSync(join(folder, file))) await writeFile(join(folder, file), value)
  }
  return group
}

/** Ends whoever is left in a group and removes it. */
export async function removeControlGroup(group: ControlGroup): Promise<void> {
  for (const folder of new Set(Object.values(group))) await removeGroup(folder)
}

/** Removes the groups of sandboxes whose owner is no more. */
export async function sweepControlGroups({ parents }: ControlGroups): Promise<void> {
  for (const parent of new Set(Object.values(parents))) {
    for (const name of await readdir(parent)) {
      const owner = name.startsWith(ours) ? ownerOf(name.slice(ours.length)) : undefined
      if (owner !== undefined && lives(owner) === false) await removeGroup(join(parent, name))
    }
  }
}

async function removeGroup(folder: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    for (const pid of await members(folder)) end(pid)
    const left = await rmdir(folder).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? undefined : error),
    )
    if (left === undefined) return
    if (attempt === 100) throw left
    await sleep(20)
  }
}

async function members(folder: string): Promise<number[]> {
  const text = await readFile(join(folder, 'cgroup.procs'), 'utf8').catch(() => '')
  return text.split('\n').filter(Boolean).map(Number)
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ESRCH'
    if (!gone) throw error
  }
}

async function candidates(): Promise<ControlGroups | undefined> {
  const own = groupsOf(textOf('/proc/self/mountinfo'), textOf('/proc/self/cgroup'))
  if (own === undefined) return undefined
  if (own.version === 1) return { version: 1, parents: own.folders }
  // A group with processes in it gives its children no controllers, so a group above ours is looked for that does.
  await writeFile(join(own.folder, 'cgroup.subtree_control'), '+memory +pids +cpu').catch(() => undefined)
  for (let folder = own.folder; folder.startsWith(own.mount); folder = dirname(folder)) {
    const given = textOf(join(folder, 'cgroup.subtree_control')).split(/\s+/)
    if (given.includes('memory') && given.includes('pids')) {
      return { version: 2, parents: { memory: folder, pids: folder, cpuacct: folder } }
    }
  }
  return undefined
}

/** Whether a process can be put into a new group there. */
async function canUse(parent: string): Promise<boolean> {
  const folder = join(parent, `${ours}${newName()}`)
  try {
    await mkdir(folder)
  } catch {
    // Not ours to change: read-only, or somebody else's.
    return false
  }
  try {
    await promisify(execFile)('/bin/sh', ['-c', 'echo $$ >"$1"', 'sh', join(folder, 'cgroup.procs')])
    return true
  } catch {
    return false
  } finally {
    await removeGroup(folder)
  }
}
