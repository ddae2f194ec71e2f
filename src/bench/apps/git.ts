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
  if (source.url.startsWith('-') || source.ref?.startsWith('-')) {
    throw new InvalidInput(`${source.url} is not the address of a repository.`, {
      next: 'Give an https, ssh or git address.',
    })
  }
  const settings = [
    'core.symlinks=false',
    'core.hooksPath=/dev/null',
    'core.fsmonitor=false',
    'submodule.recurse=false',
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
    throw new InvalidInput(`Cannot clone ${source.url}: ${reason}`, {
      next: 'Check the address, the branch, and your access to it.',
    })
  }
}

function run(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(signal && { signal }),
    })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-8000)
    })
    child.on('error', (error) =>
      reject(
        'code' in error && error.code === 'ENOENT'
          ? new Unavailable('git is not installed.', { next: 'Install git, or import a folder or archive.' })
          : error,
      ),
    )
    child.on('close', (code) => resolve({ code, stderr }))
  })
}
