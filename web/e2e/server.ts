import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const execute = promisify(execFile)

const command = join(import.meta.dirname, '../../bin/assay')

export interface Server extends AsyncDisposable {
  /** `http://127.0.0.1:…` */
  readonly url: string
  /** Ends the process and removes its data. */
  stop(): Promise<void>
}

interface Wanted {
  /** Further arguments of `assay serve`. */
  readonly flags?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Runs before the server does: fills its data. */
  readonly prepare?: (environment: NodeJS.ProcessEnv) => Promise<void>
}

/** Starts `assay serve` as a user does: a free port, a data directory of its own, no network. */
export async function startServer({ flags = [], environment = {}, prepare }: Wanted): Promise<Server> {
  const data = await mkdtemp(join(tmpdir(), 'assay-browser-tests-'))
  const env = { ...withoutSettings(), ASSAY_DATA_DIR: data, ASSAY_LOG_LEVEL: 'warn', ...environment }
  await prepare?.(env)
  const server = spawn(command, ['serve', '--port', '0', '--offline', ...flags], {
    cwd: data,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(server, 'exit')
  const stop = async (): Promise<void> => {
    server.kill()
    await ended
    await rm(data, { recursive: true, force: true })
  }
  try {
    const early = ended.then((): never => {
      throw new Error('The server for the browser tests ended before it was ready.')
    })
    return { url: await Promise.race([addressIn(server.stdout), early]), stop, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Runs a command of Assay to its end. @throws Error with what it said, when it fails */
export async function runCommand(words: readonly string[], env: NodeJS.ProcessEnv, input = ''): Promise<void> {
  const child = spawn(command, words, { env, stdio: ['pipe', 'ignore', 'pipe'] })
  child.stdin.end(input)
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`assay ${words.join(' ')} ended with ${code}: ${said}`)
}

/** Fills the data a server is going to open with invented findings of 20 generated apps. */
export async function fillFindings(env: NodeJS.ProcessEnv, findings: number): Promise<void> {
  const data = env['ASSAY_DATA_DIR'] ?? ''
  const plan = { findings, studies: 2, apps: 20, seed: 1 }
  await fill('fill-findings.ts', 'fillFindings', [plan, { data, apps: join(data, 'generated apps') }], env)
}

/** Fills the data a server is going to open with one app and a finding whose path leads through two of its files. */
export async function fillPath(env: NodeJS.ProcessEnv): Promise<void> {
  await fill('fill-path.ts', 'fillPath', [env['ASSAY_DATA_DIR'] ?? ''], env)
}

/** Runs a function of a module of benchmarks/ in a process of its own. */
async function fill(module: string, name: string, given: readonly unknown[], env: NodeJS.ProcessEnv): Promise<void> {
  const url = pathToFileURL(join(import.meta.dirname, '../../benchmarks', module)).href
  const program = `
    import { ${name} } from ${JSON.stringify(url)}
    await ${name}(...${JSON.stringify(given)})
  `
  await execute(process.execPath, ['--input-type=module', '--eval', program], { env })
}

/** Waits until the newest study of a server is finished. */
export async function starterStudyFinished(url: string): Promise<void> {
  for (let waited = 0; waited < 240; waited++) {
    const response = await fetch(`${url}/api/v1/studies`)
    const { items } = (await response.json()) as { items: { state: string }[] }
    if (items[0]?.state === 'completed') return
    await delay(1000)
  }
  throw new Error('The starter study did not finish within 4 minutes.')
}

function withoutSettings(): NodeJS.ProcessEnv {
  const others = ['DATABASE_URL', 'BLOBS_URL', 'REDIS_URL', 'HOST', 'PORT']
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('ASSAY_') && !others.includes(name))
  return Object.fromEntries(kept)
}

async function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => {
    createInterface({ input: output }).on('line', (line) => {
      const url = /http:\/\/\S+/.exec(line)?.[0]
      if (url !== undefined) resolve(url)
    })
  })
}
