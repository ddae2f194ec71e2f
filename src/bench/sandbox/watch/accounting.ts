import { existsSync, readdirSync } from 'node:fs'
import { textOf } from '../text-of.ts'
import type { Controller } from './groups.ts'

/** The control group of one sandbox: a folder for every controller that can be used, in version 2 the same for all. */
export type ControlGroup = Readonly<Partial<Record<Controller, string>>>

/** What the processes of a sandbox use together, its supervisor left out. */
export interface Account {
  readonly cpuSeconds: number
  /** MiB of memory of their own: files they wrote or mapped are left out. */
  readonly memory: number
  /** Processes and threads. */
  readonly processes: number
}

/** Where to look for what a sandbox uses. */
export interface Accounted {
  /** Number on the host of its first process. */
  readonly first: number
  /** When that was born, in clock ticks since the machine's start; so its number is not mistaken for another's. */
  readonly born: string
  /** Whether everything it can write to is the file system at its top. */
  readonly oneDisk: boolean
  readonly group: ControlGroup
}

/** Clock ticks of /proc/PID/stat in a second: USER_HZ, which is 100 wherever Linux runs Node. */
const ticks = 100
const mebibyte = 1024 * 1024
/** Bytes of a page in /proc/PID/statm, as reported by the process itself at the start. */
const pageSize = pageBytes()

/** Asks the control group where there is one, and adds up the processes where there is none. */
export function accountOf({ first, group }: Accounted): Account {
  // The first process was made by bubblewrap to start the supervisor; others become its children when orphaned.
  const supervisor = childrenOf(first)[0] ?? first
  const own = figuresOf(supervisor)
  const all = group.memory && group.cpuacct && group.pids ? undefined : treeOf(first, supervisor)
  return {
    cpuSeconds: group.cpuacct ? groupCpu(group.cpuacct) - own.cpu : (all?.cpu ?? 0),
    memory: group.memory ? groupMemory(group.memory) - own.memory : (all?.memory ?? 0),
    processes: group.pids ? Number(textOf(`${group.pids}/pids.current`)) - own.threads : (all?.threads ?? 0),
  }
}

/**
 * MiB of memory of a sandbox's processes where pages they share after a fork count once. Asking takes the kernel long, so it is
 * asked only when the sum that counts them for each is over the limit; Infinity when it does not say.
 */
export function proportionalMemory({ first }: Accounted): number {
  const supervisor = childrenOf(first)[0]
  const sum = (pid: number): number => {
    const own = pid === supervisor ? 0 : anonymousShare(pid)
    return childrenOf(pid).reduce((total, child) => total + sum(child), own)
  }
  return sum(first)
}

/** How often the kernel ended a process of the group because its memory was used up. */
export function outOfMemory({ memory }: ControlGroup): number {
  if (memory === undefined) return 0
  const text = textOf(`${memory}/memory.events`) || textOf(`${memory}/memory.oom_control`)
  return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0)
}

/** Numbers of the children of a process, the oldest first. */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      textOf(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number),
    )
  } catch {
    // It ended meanwhile.
    return []
  }
}

interface Figures {
  readonly cpu: number
  /** Processor time of ended children that were waited for. */
  readonly childCpu: number
  readonly memory: number
  readonly threads: number
}

function treeOf(first: number, supervisor: number): { cpu: number; memory: number; threads: number } {
  const sum = { cpu: 0, memory: 0, threads: 0 }
  const add = (pid: number): void => {
    const one = figuresOf(pid)
    sum.cpu += one.childCpu
    if (pid !== supervisor) {
      sum.cpu += one.cpu
      sum.memory += one.memory
      sum.threads += one.threads
    }
    for (const child of childrenOf(pid)) add(child)
  }
  add(first)
  return sum
}

function figuresOf(pid: number): Figures {
  const text = textOf(`/proc/${pid}/stat`)
  // Counted behind the program's name in parentheses: fields 14 to 17 are times, 20 is the number of threads.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [user = 0, system = 0, childUser = 0, childSystem = 0, , , threads = 0] = fields.slice(11)
  const [, resident = 0, shared = 0] = textOf(`/proc/${pid}/statm`).split(' ').map(Number)
  return {
    cpu: (user + system) / ticks,
    childCpu: (childUser + childSystem) / ticks,
    memory: ((resident - shared) * pageSize) / mebibyte,
    threads,
  }
}

function anonymousShare(pid: number): number {
  const text = textOf(`/proc/${pid}/smaps_rollup`)
  if (text === '') return existsSync(`/proc/${pid}/root`) ? Number.POSITIVE_INFINITY : 0
  return Number(/^Pss_Anon:\s+(\d+) kB$/m.exec(text)?.[1] ?? Number.POSITIVE_INFINITY) / 1024
}

function groupCpu(folder: string): number {
  const microseconds = /^usage_usec (\d+)$/m.exec(textOf(`${folder}/cpu.stat`))?.[1]
  return microseconds === undefined ? Number(textOf(`${folder}/cpuacct.usage`)) / 1e9 : Number(microseconds) / 1e6
}

function groupMemory(folder: string): number {
  const text = textOf(`${folder}/memory.stat`)
  const bytes = /^total_rss (\d+)$/m.exec(text)?.[1] ?? /^anon (\d+)$/m.exec(text)?.[1]
  return Number(bytes ?? 0) / mebibyte
}

/** From the two measures of our own size: /proc/self/status counts in KiB, statm in pages. */
function pageBytes(): number {
  const kibibytes = Number(/^VmSize:\s+(\d+) kB$/m.exec(textOf('/proc/self/status'))?.[1] ?? 0)
  const pages = Number(textOf('/proc/self/statm').split(' ')[0])
  const ratio = (kibibytes * 1024) / pages
  return [4096, 16_384, 65_536].find((size) => ratio < size * 1.5) ?? 4096
}
