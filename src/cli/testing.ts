import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { packageRoot } from './package-root.ts'

export const examples = join(packageRoot, 'examples')
const command = join(packageRoot, 'bin/assay')

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly input?: string
}

/** Starts the real command. Nothing of the environment of the tests configures it. */
export function start(args: readonly string[], { env = {}, cwd, input }: RunOptions = {}): ChildProcess {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(ASSAY_|DATABASE_URL|FORCE_COLOR|NODE_OPTIONS|VITEST)/.test(name),
    ),
  )
  const child = spawn(command, args, {
    env: { ...inherited, ...env },
    ...(cwd !== undefined && { cwd }),
    stdio: 'pipe',
  })
  child.stdin.end(input ?? '')
  return child
}

/** Waits for a started command, and collects what it writes from now on. */
export async function ended(child: ChildProcess): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  return { code, stdout, stderr }
}

/** Runs the real command to its end. */
export function assay(args: readonly string[], options?: RunOptions): Promise<Ran> {
  return ended(start(args, options))
}

/** The address of the server on a data directory, once it has told it. */
export async function serverOf(dataDirectory: string): Promise<string> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const text = await readFile(join(dataDirectory, 'server.json'), 'utf8').catch(() => '')
    if (text.endsWith('}')) return JSON.parse(text).url
    await sleep(100)
  }
  throw new Error(`No server told its address in ${dataDirectory}.`)
}

/** Waits until the first study of a server has at least so many finished analyses. */
export async function untilFinished(url: string, count: number): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const answer = await fetch(`${url}/api/v1/studies`, { headers: { connection: 'close' } })
    const { items } = JSON.parse(await answer.text())
    if (items[0]?.progress.finished >= count) return
    await sleep(50)
  }
  throw new Error(`The study at ${url} does not come along.`)
}
