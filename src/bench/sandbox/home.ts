import { createHash, randomBytes } from 'node:crypto'
import { lstatSync, mkdirSync, readFileSync, readlinkSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SandboxUnavailable } from './errors.ts'

/** Milliseconds after which what another container, or this machine before its last start, left is swept: whether its owner lives cannot be seen from here. */
const foreignAge = 24 * 60 * 60 * 1000

/**
 * The folder of this user where all sandboxes keep what they need on the host. It is not TMPDIR: the path of a unix socket
 * may have 107 bytes only, and the next start must find it again.
 * @throws SandboxUnavailable when somebody else made it
 */
export function sandboxHome(): string {
  const user = process.getuid?.() ?? 0
  const home = `/tmp/assay-sandbox-${user}`
  mkdirSync(home, { recursive: true, mode: 0o711 })
  const found = lstatSync(home)
  if (!found.isDirectory() || found.uid !== user || (found.mode & 0o022) !== 0) {
    throw new SandboxUnavailable(`${home} was not made by Assay.`, { next: `Remove ${home}.` })
  }
  return home
}

/** Who made a sandbox: a process, known by its number and its start, in a space of process numbers. */
export interface Owner {
  readonly space: string
  readonly pid: number
  readonly born: string
}

const self: Owner = { space: spaceOf(), pid: process.pid, born: bornAt(process.pid) ?? '0' }

/** A new name for a sandbox of this process. */
export function newName(): string {
  return `${self.space}-${self.pid}-${self.born}-${randomBytes(4).toString('hex')}`
}

/** Whose sandbox has this name; undefined when it is no name of a sandbox. */
export function ownerOf(name: string): Owner | undefined {
  const [, space = '', pid = '', born = ''] = /^([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{8}$/.exec(name) ?? []
  return space === '' ? undefined : { space, pid: Number(pid), born }
}

/** Whether the process that made it lives; undefined when that cannot be seen from here. */
export function lives(owner: Owner): boolean | undefined {
  if (owner.space !== self.space) return undefined
  return bornAt(owner.pid) === owner.born
}

/** Removes the folders of sandboxes whose owner is no more. */
export async function sweepFolders(home: string, now: number): Promise<void> {
  for (const name of await readdir(home)) {
    const owner = ownerOf(name)
    if (owner === undefined || lives(owner) === true) continue
    const path = join(home, name)
    const age =
      now -
      (await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => now,
      ))
    if (lives(owner) === false || age > foreignAge) await rm(path, { recursive: true, force: true })
  }
}

/** Clock ticks from the machine's start to that of the process: field 22 of /proc/PID/stat. */
export function bornAt(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    // A zombie owns nothing any more.
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

/** Process numbers mean something only since this start of this machine, and in this container. */
function spaceOf(): string {
  try {
    const space = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8') + readlinkSync('/proc/self/ns/pid')
    return createHash('sha256').update(space).digest('hex').slice(0, 8)
  } catch {
    // Not Linux: there is no sandbox here, and nothing to sweep.
    return '00000000'
  }
}
