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
  if (source.url.startsWith('-') || source.ref?.startsWith('-') || /[\0\r\n]/.test(`${source.url}${source.ref}`)) {
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
    let failure: unknown
    child.on('error', (error) => {
      failure = error
      // When aborted, git is still writing: wait for its end, so that its folder can be removed.
      if (child.pid === undefined) settle(null)
    })
    child.on('close', settle)

    function settle(code: number | null): void {
      if (failure === undefined) resolve({ code, stderr })
      else if (failure instanceof Error && 'code' in failure && failure.code === 'ENOENT')
        reject(new Unavailable('git is not installed.', { next: 'Install git, or import a folder or archive.' }))
      else reject(failure)
    }
  })
}

/** A text without the names and passwords that addresses in it may carry. */
function withoutCredentials(text: string): string {
  return text.replace(/(\w:\/\/)[^\s/@]{1,2000}@/g, '$1')
}
