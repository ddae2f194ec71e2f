import { readdirSync, readFileSync } from 'node:fs'

interface Relative {
  readonly pid: number
  readonly parent: number
  readonly session: number
}

/**
 * The living processes a process started, itself included: its descendants, who share its session, and who carry its mark in
 * their environment.
 */
export function familyOf(leader: number, mark: string): number[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? relative(Number(name)) : []))
  const family = new Set<number>()
  const add = (pid: number): void => {
    if (family.has(pid)) return
    family.add(pid)
    for (const { pid: child, parent } of all) if (parent === pid) add(child)
  }
  for (const { pid, session } of all) {
    if (pid === process.pid) continue
    if (pid === leader || session === leader || isMarked(pid, mark)) add(pid)
  }
  return [...family]
}

/** Nothing for a process that has ended, be it as a zombie. */
function relative(pid: number): Relative[] {
  const text = contentOf(`/proc/${pid}/stat`)
  // The second field is the program's name in parentheses, which may hold anything.
  const [state, parent, , session] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  if (state === undefined || state === '' || state === 'Z' || state === 'X') return []
  return [{ pid, parent: Number(parent), session: Number(session) }]
}

function isMarked(pid: number, mark: string): boolean {
  return contentOf(`/proc/${pid}/environ`).split('\0').includes(mark)
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // It ended meanwhile.
    return ''
  }
}
