import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SandboxUnavailable } from '../errors.ts'

/** Programs of this machine a sandbox is made with, as paths. */
export interface Programs {
  readonly bwrap: string
  readonly prlimit: string
  readonly setpriv: string
  readonly unshare: string
}

/** @throws SandboxUnavailable when one is missing */
export function findPrograms(): Programs {
  if (process.platform !== 'linux') {
    throw new SandboxUnavailable(`The process sandbox needs Linux; this is ${process.platform}.`, {
      next: 'Use the Docker runner.',
    })
  }
  return {
    bwrap: findProgram('bwrap', 'bubblewrap'),
    prlimit: findProgram('prlimit', 'util-linux'),
    setpriv: findProgram('setpriv', 'util-linux'),
    unshare: findProgram('unshare', 'util-linux'),
  }
}

/** The path of a program. @throws SandboxUnavailable when it is not there */
export function findProgram(program: string, from: string): string {
  const folders = (process.env['PATH'] ?? '').split(':')
  const found = [...folders, '/usr/bin', '/bin'].find(
    (folder) => folder.startsWith('/') && executable(join(folder, program)),
  )
  if (found !== undefined) return join(found, program)
  throw new SandboxUnavailable(`${program} is not installed.`, { next: `Install ${from}: apt-get install ${from}` })
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** What a program says of its version: `bubblewrap 0.8.0`. */
export async function versionOf(program: string): Promise<string> {
  const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: 5000 })
  return stdout.trim().split('\n')[0] ?? ''
}
