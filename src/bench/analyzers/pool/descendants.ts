import { readdirSync, readFileSync } from 'node:fs'

/** The processes a process started, and theirs, whatever process groups they made; none where there is no /proc. */
export function descendantsOf(pid: number): number[] {
  const children = childrenOf(pid)
  return [...children, ...children.flatMap(descendantsOf)]
}

/** Kills a process, its group and everything it started. */
export function killTree(leader: number): void {
  const started = descendantsOf(leader)
  for (const pid of [-leader, leader, ...started]) kill(pid)
}

/** Resident memory of a process and what it started, in MiB; 0 where there is no /proc. */
export function residentMiB(leader: number): number {
  return [leader, ...descendantsOf(leader)].reduce((sum, pid) => sum + statusMiB(pid), 0)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // Gone already; EPERM is what macOS says of a zombie.
    const gone = error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM')
    if (!gone) throw error
  }
}

function statusMiB(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    // Ended meanwhile, or no /proc.
    return 0
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
  } catch {
    // Ended meanwhile, or no /proc.
    return []
  }
}
