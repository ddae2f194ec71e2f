import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A program of this machine that Assay uses when it is there. */
export interface MachineTool {
  readonly name: string
  readonly found: boolean
  readonly version?: string
  readonly neededFor: string
  readonly install: string
}

const known: readonly { name: string; commands: readonly string[]; neededFor: string; install: string }[] = [
  { name: 'git', commands: ['git'], neededFor: 'importing apps from git addresses', install: 'apt-get install git' },
  {
    name: 'Chromium',
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    neededFor: 'looking at the pages of running apps (browser, flows of specs), and the browser tests of Assay itself',
    install: 'apt-get install chromium',
  },
  {
    name: 'bubblewrap',
    commands: ['bwrap'],
    neededFor: 'running apps in a sandbox, where there is no Docker or Podman',
    install: 'apt-get install bubblewrap',
  },
  {
    name: 'PostgreSQL client',
    commands: ['psql'],
    neededFor: 'looking into a PostgreSQL database by hand; Assay itself needs none',
    install: 'apt-get install postgresql-client',
  },
]

/** Looks for the programs, by asking each for its version. */
export async function findTools(signal?: AbortSignal): Promise<readonly MachineTool[]> {
  return Promise.all(
    known.map(async ({ name, commands, neededFor, install }) => {
      for (const command of commands) {
        const version = await versionOf(command, signal)
        if (version !== undefined) return { name, found: true, version, neededFor, install }
      }
      return { name, found: false, neededFor, install }
    }),
  )
}

async function versionOf(command: string, signal?: AbortSignal): Promise<string | undefined> {
  try {
    const { stdout } = await run(command, ['--version'], { timeout: 5000, ...(signal && { signal }) })
    return /\d+(\.\d+)+/.exec(stdout)?.[0] ?? stdout.trim().split('\n')[0]
  } catch {
    // Not installed, or it does not start: for us the same.
    return undefined
  }
}
