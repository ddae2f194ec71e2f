import { readdirSync, readFileSync } from 'node:fs'

/** What some processes use together. */
export interface Account {
  readonly cpuSeconds: number
  /** MiB of memory of their own, shared and file pages left out. */
  readonly memory: number
  /** Processes and threads. */
  readonly processes: number
}

/** Clock ticks of /proc/PID/stat in a second: USER_HZ, which is 100 on every processor Linux runs Node on. */
const ticks = 100
const page = 4096

/** What a process and everything under it use, as far as the kernel still tells: ended children count when they were waited for. */
export function accountOf(leader: number): Account {
  let cpu = 0
  let memory = 0
  let processes = 0
  const add = (pid: number): void => {
    const text = contentOf(`/proc/${pid}/stat`)
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    // Fields 14 to 17: time of its own and of children waited for; 20: threads.
    const [user = 0, system = 0, childUser = 0, childSystem = 0, , , threads = 0] = fields.slice(11)
    cpu += user + system + childUser + childSystem
    processes += threads
    const [, resident = 0, shared = 0] = contentOf(`/proc/${pid}/statm`).split(' ').map(Number)
    memory += resident - shared
    for (const child of childrenOf(pid)) add(child)
  }
  add(leader)
  return { cpuSeconds: cpu / ticks, memory: (memory * page) / 1024 / 1024, processes }
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      contentOf(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number),
    )
  } catch {
    // It ended meanwhile.
    return []
  }
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // It ended meanwhile.
    return ''
  }
}
