import { spawn } from 'node:child_process'
import { InvalidInput, Unavailable } from '#platform/errors'

/**
 * Clones one commit of an untrusted repository without running anything of it: no hooks, no submodules, no filters,
 * no links, only the usual transports.
 *
 * @param protocols transports allowed, as `GIT_ALLOW_PROTOCOL` has them
 * @throws InvalidInput when there is no such repository or branch
 * @throws Unavailable when git is not installed
 */
export async function cloneRepository(
  source: { readonly url: string; readonly ref?: string | undefined },
  folder: string,
  protocols: string,
  signal?: AbortSignal,
): Promise<void> {
  const shown = withoutCredentials(source.url)
  if (
    !protocols.split(':').includes(protocolOf(source.url)) ||
    !isPlain(source.url) ||
    !isPlain(source.ref ?? 'main')
  ) {
    throw new InvalidInput(`${shown} is not the address of a repository.`, {
      next: 'Give an https, ssh or git address.',
    })
  }
  const settings = [
    'core.symlinks=false',
    'core.hooksPath=/dev/null',
    'core.fsmonitor=false',
    'submodule.recurse=false',
    // A server that sends nothing for a minute is given up.
    'http.lowSpeedLimit=1',
    'http.lowSpeedTime=60',
  ]
  const { code, stderr } = await run(
    [
      ...settings.flatMap((setting) => ['-c', setting]),
      'clone',
      '--quiet',
      '--depth',
      '1',
      '--no-tags',
      '--single-branch',
      '--template=',
      ...(source.ref === undefined ? [] : ['--branch', source.ref]),
      '--',
      source.url,
      folder,
    ],
    {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      GIT_TERMINAL_PROMPT: '0',
      GIT_ALLOW_PROTOCOL: protocols,
      GIT_LFS_SKIP_SMUDGE: '1',
      LC_ALL: 'C',
    },
    signal,
  )
  if (code !== 0) {
    const reason = stderr.trim().split('\n').at(-1) ?? `git ended with code ${code}`
    if (/No space left on device|Disk quota exceeded/i.test(stderr)) {
      throw new Unavailable(`Cannot write to ${folder}: no space left on the disk.`, {
        next: 'Free space on the disk and import again; nothing was kept.',
      })
    }
    throw new InvalidInput(`Cannot clone ${shown}: ${withoutCredentials(reason)}`, {
      next: 'Check the address, the branch, and your access to it.',
    })
  }
}

function isPlain(text: string): boolean {
  return !text.startsWith('-') && !/[\0\r\n]/.test(text)
}

/** How git would reach an address. Its own allowed list knows no difference between a path and an address of it. */
function protocolOf(url: string): string {
  // `ext::`, `fd::` and their like run programs.
  if (/^[\w+.-]+::/.test(url)) return 'helper'
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]
  if (scheme !== undefined) return scheme.toLowerCase()
  return /^[^/:]+:/.test(url) ? 'ssh' : 'file'
}

function run(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<{ code: number | null; stderr: string }> {
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    // A group of its own: the helpers git starts would wait for a silent server long after git.
    const child = spawn('git', args, { env: environment, stdio: ['ignore', 'ignore', 'pipe'], detached: true })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-8000)
    })
    const abort = (): void => {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        process.kill(-child.pid, 'SIGKILL')
    }
    signal?.addEventListener('abort', abort, { once: true })
    child.on('error', (error) => {
      signal?.removeEventListener('abort', abort)
      reject(
        'code' in error && error.code === 'ENOENT'
          ? new Unavailable('git is not installed.', { next: 'Install git, or import a folder or archive.' })
          : error,
      )
    })
    child.on('close', (code) => {
      signal?.removeEventListener('abort', abort)
      if (signal?.aborted) reject(signal.reason)
      else resolve({ code, stderr })
    })
  })
}

/** A text without the names and passwords that addresses in it may carry. */
function withoutCredentials(text: string): string {
  return text.replace(/(\w:\/\/)[^\s/@]{1,2000}@/g, '$1')
}
