/** Before the browser tests (Vitest's globalSetup): a server with a finished starter study, where there is a Chromium. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'

const root = join(import.meta.dirname, '../..')

export default async function startServerUnderTest(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['ASSAY_E2E_URL']) return undefined
  const chromium = findChromium()
  const missing =
    chromium === undefined
      ? 'Chromium not found'
      : existsSync(join(root, 'web/dist/index.html'))
        ? undefined
        : "the web app is not built; run 'sh bin/prepare'"
  if (missing !== undefined || chromium === undefined) {
    process.env['ASSAY_E2E_MISSING'] = missing
    return undefined
  }
  process.env['CHROMIUM_PATH'] = chromium
  const data = await mkdtemp(join(tmpdir(), 'assay-browser-tests-'))
  const server = spawn(join(root, 'bin/assay'), ['serve', '--starter', '--port', '0', '--offline'], {
    cwd: data,
    env: {
      ...process.env,
      ASSAY_DATA_DIR: data,
      ASSAY_LOG_LEVEL: 'warn',
      DATABASE_URL: '',
      HOST: '',
      ASSAY_SECRET: '',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const stop = async (): Promise<void> => {
    server.kill()
    await ended
    await rm(data, { recursive: true, force: true })
  }
  try {
    const url = await addressOf(server.stdout, ended)
    await starterStudyFinished(url)
    process.env['ASSAY_E2E_URL'] = url
    return stop
  } catch (error) {
    await stop()
    throw error
  }
}

function findChromium(): string | undefined {
  const named = process.env['CHROMIUM_PATH']
  if (named) return named
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path))
}

async function addressOf(output: NodeJS.ReadableStream, ended: Promise<void>): Promise<string> {
  const lines = createInterface({ input: output })
  const address = new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      const url = /http:\/\/\S+/.exec(line)?.[0]
      if (url !== undefined) resolve(url)
    })
  })
  const early = ended.then((): never => {
    throw new Error('The server for the browser tests ended before it was ready.')
  })
  return Promise.race([address, early])
}

async function starterStudyFinished(url: string): Promise<void> {
  for (let waited = 0; waited < 240; waited++) {
    const response = await fetch(`${url}/api/v1/studies`)
    const { items } = (await response.json()) as { items: { state: string }[] }
    if (items[0]?.state === 'completed') return
    await delay(1000)
  }
  throw new Error('The starter study did not finish within 4 minutes.')
}
