import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

/** Clock ticks per second in /proc (USER_HZ): 100 on every Linux that Node runs on. */
const ticksPerSecond = 100

/** Resident memory of one process in MiB; 0 once it has ended. Linux only. */
export function residentMiB(pid: number): number {
  return statusMiB(pid, 'VmRSS')
}

/** The most resident memory one process ever had, in MiB. */
export function peakMiB(pid: number): number {
  return statusMiB(pid, 'VmHWM')
}

/** Seconds of processor time, user and system, of a process and of its ended and waited-for children. */
export function processorSeconds(pid: number): number {
  const fields = statOf(pid)
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0) / ticksPerSecond
}

/** Seconds of processor time of whatever this process started that has ended, with what that had started and waited for. */
export function endedSeconds(): number {
  const fields = statOf(process.pid)
  return [13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0) / ticksPerSecond
}

/** All living descendants of a process. */
export function descendants(pid: number): number[] {
  const children = childrenOf(pid)
  return [...children, ...children.flatMap(descendants)]
}

/** Machine and load in one line, to stand beside figures. */
export function machineLine(): string {
  const processor = cpus()[0]?.model ?? 'unknown processor'
  return `${availableParallelism()} × ${processor}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, load ${loadLine()}`
}

/** The load of the last 1 and 5 minutes. */
export function loadLine(): string {
  const [one = 0, five = 0] = loadavg()
  return `${one.toFixed(1)} / ${five.toFixed(1)}`
}

/** Samples the memory of a process and its descendants until disposed. */
export function watchMemory(pid: number, intervalMs = 200) {
  const peak = { self: 0, children: 0, processes: 0 }
  const timer = setInterval(() => {
    const children = descendants(pid)
    peak.self = Math.max(peak.self, residentMiB(pid))
    peak.children = Math.max(
      peak.children,
      children.reduce((sum, child) => sum + residentMiB(child), 0),
    )
    peak.processes = Math.max(peak.processes, children.length)
  }, intervalMs)
  return { peak, [Symbol.dispose]: () => clearInterval(timer) }
}

function statusMiB(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const status = read(`/proc/${pid}/status`)
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) / 1024
}

/** Fields of /proc/PID/stat after the name, which may hold anything. */
function statOf(pid: number): string[] {
  const stat = read(`/proc/${pid}/stat`)
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number),
    )
  } catch (error) {
    if (isGone(error)) return []
    throw error
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isGone(error)) return ''
    throw error
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')
}
