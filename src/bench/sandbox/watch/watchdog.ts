/** The thread that watches over the sandboxes of this process. */
import { statfsSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { bornAt } from '../home.ts'
import { type Account, type Accounted, accountOf, outOfMemory, proportionalMemory } from './accounting.ts'
import { breaches, shared, type WatchdogOrder, type Watched } from './watch.ts'

/** Milliseconds between two looks. */
const interval = 200

/** Files in a MiB: an empty one takes memory of the kernel too. */
const filesPerMebibyte = 256

/** The number of file systems in memory (linux/magic.h). */
const tmpfs = 0x01021994

/** Tasks over the limit before a sandbox is ended: where the kernel refuses them it never comes to that. */
const spareTasks = 64

const watched = new Map<string, Watched>()

parentPort?.on('message', (order: WatchdogOrder) => {
  if ('forget' in order) watched.delete(order.forget)
  else watched.set(order.watch.id, order.watch)
})

setInterval(() => {
  for (const one of watched.values()) look(one)
}, interval)

function look(one: Watched): void {
  const { accounted, board, limits } = one
  const account = accountOf(accounted)
  board[shared.peakMemory] = Math.max(board[shared.peakMemory] ?? 0, account.memory)
  const breach = breachOf(account, one)
  if (breach === undefined) return
  watched.delete(one.id)
  board[shared.breach] = breaches.indexOf(breach)
  end(accounted)
  parentPort?.postMessage(one.id)

  function breachOf(used: Account, { accounted: { first, group, oneDisk } }: Watched) {
    if (outOfMemory(group) > 0) return 'memory'
    if (used.memory > limits.memory && (group.memory ?? proportionalMemory(accounted) > limits.memory)) return 'memory'
    if (used.cpuSeconds > limits.cpuSeconds) return 'cpu'
    if (used.processes > limits.processes + spareTasks) return 'processes'
    return oneDisk && filesIn(first, limits.disk) > limits.disk * filesPerMebibyte ? 'disk' : undefined
  }
}

function end({ first, born }: Accounted): void {
  // Its number may have gone to another process when it ended by itself a moment ago.
  if (bornAt(first) !== born) return
  try {
    process.kill(first, 'SIGKILL')
  } catch (error) {
    // Processes of a container are its engine's to end; who hears of the breach asks it to.
    const notOurs = error instanceof Error && 'code' in error && (error.code === 'EPERM' || error.code === 'ESRCH')
    if (!notOurs) throw error
  }
}

/** Files on the file system the sandbox can write to, known by its size: while it is built, the machine's own is in its place. */
function filesIn(first: number, disk: number): number {
  try {
    const { type, blocks, bsize, files, ffree } = statfsSync(`/proc/${first}/root`)
    return type === tmpfs && blocks * bsize === disk * 1024 * 1024 ? files - ffree : 0
  } catch {
    // It ended meanwhile.
    return 0
  }
}
