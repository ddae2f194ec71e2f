import { Worker } from 'node:worker_threads'

/**
 * Ends this process when its parent is gone. A busy analyzer cannot notice that the parent was killed; a thread beside
 * it can. It ends the tools the analyzer started too, which lead process groups of their own. To be called before
 * anything else is loaded, which takes a while.
 *
 * Arguments of the process: the parent's pid, and the folder of scratch folders, removed when the parent was killed.
 */
export function dieWithParent(): void {
  const parent = Number(process.argv[2])
  const scratch = process.argv[3] ?? ''
  const watch = `
    const { readdirSync, readFileSync, rmSync } = require('node:fs')
    const { workerData: { parent, scratch } } = require('node:worker_threads')
    const attempt = (work, otherwise) => { try { return work() } catch { return otherwise } }
    const childrenOf = (pid) => attempt(() => readdirSync('/proc/' + pid + '/task').flatMap((task) =>
      readFileSync('/proc/' + pid + '/task/' + task + '/children', 'utf8').split(' ').filter(Boolean).map(Number)), [])
    const descendantsOf = (pid) => childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)])
    const end = () => {
      for (const pid of descendantsOf(process.pid)) attempt(() => process.kill(pid, 'SIGKILL'))
      if (scratch) attempt(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 }))
      attempt(() => process.kill(-process.pid, 'SIGKILL'))
      process.kill(process.pid, 'SIGKILL')
    }
    setInterval(() => { if (process.ppid !== parent) end() }, 250)`
  new Worker(watch, {
    eval: true,
    workerData: { parent, scratch },
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 8 },
  }).unref()
}
