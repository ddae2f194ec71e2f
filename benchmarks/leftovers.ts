import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What running apps could leave behind on the machine, counted. */
export function leftovers(): Readonly<Record<string, number>> {
  return {
    mounts: readFileSync('/proc/self/mountinfo', 'utf8').split('\n').length,
    sandboxes: readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isSandbox(name)).length,
    folders: readdirSync(tmpdir()).filter((name) => /^(?:assay|asb)-/.test(name)).length,
    sockets: readFileSync('/proc/net/unix', 'utf8')
      .split('\n')
      .filter((line) => line.includes(`${tmpdir()}/a`)).length,
  }
}

function isSandbox(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0]?.endsWith('bwrap') === true
  } catch {
    // It ended meanwhile.
    return false
  }
}

/** How counts changed: `mounts 0, sandboxes 0`. */
export function difference(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>): string {
  return Object.entries(other)
    .map(([name, count]) => `${name} ${count - (one[name] ?? 0)}`)
    .join(', ')
}

/** A digest of what files below a folder of the machine hold, with their modes and links. */
export function digestOf(folder: string): string {
  const hash = createHash('sha256')
  const visit = (path: string): void => {
    const found = lstatSync(path)
    hash.update(`${path}\0${found.mode}\0${found.uid}\0`)
    if (found.isSymbolicLink()) hash.update(readlinkSync(path))
    else if (found.isFile()) hash.update(readFileSync(path))
    else if (found.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name))
  }
  visit(folder)
  return hash.digest('hex')
}
