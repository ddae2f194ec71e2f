/**
 * How long a sandbox takes to start, an app in it to answer, and everything to be gone; and what the way through the relay
 * costs. `node benchmarks/sandbox.ts [process|docker]`
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chooseRunner, type Sandbox } from '#bench/sandbox'

const rounds = 20
const requests = 4000
const signal = new AbortController().signal

const apps: Readonly<Record<string, { readonly argv: [string, ...string[]]; readonly code: string }>> = {
  'server.js': {
    argv: ['node', 'server.js'],
    code: "require('node:http').createServer((q, r) => r.end('hello')).listen(8000, '127.0.0.1')",
  },
  'app.py': {
    argv: ['/usr/bin/python3', 'app.py'],
    code: "from flask import Flask\napp = Flask(__name__)\n@app.get('/')\ndef index(): return 'hello'\napp.run(port=8000)",
  },
}

const folder = await mkdtemp(join(tmpdir(), 'assay-benchmark-'))
const preference = process.argv[2] === 'docker' ? 'docker' : 'process'
const runner = await chooseRunner({ preference, signal })
try {
  for (const [name, { argv, code }] of Object.entries(apps)) {
    await writeFile(join(folder, name), code)
    const times: Record<'ready' | 'answer' | 'gone', number[]> = { ready: [], answer: [], gone: [] }
    for (let round = 0; round < rounds; round += 1) {
      const begun = performance.now()
      const sandbox = await runner.start({ files: folder, signal })
      times.ready.push(performance.now() - begun)
      await sandbox.start({ argv })
      await answered(await sandbox.expose(8000))
      times.answer.push(performance.now() - begun)
      const stopping = performance.now()
      await sandbox.stop()
      times.gone.push(performance.now() - stopping)
    }
    const columns = Object.entries(times).map(
      ([title, values]) => `${title} ${median(values)} ms (most ${most(values)})`,
    )
    console.log(`${runner.id}  ${name.padEnd(10)} ${columns.join('   ')}`)
  }
  await using sandbox = await runner.start({ files: folder, signal })
  await relay(sandbox)
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** Requests one after the other over one connection: the time of one is that of the relay and the server. */
async function relay(sandbox: Sandbox): Promise<void> {
  await sandbox.start({ argv: ['node', 'server.js'] })
  const socketPath = await sandbox.expose(8000)
  await answered(socketPath)
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const cpu = process.cpuUsage()
  const begun = performance.now()
  const each = async (): Promise<void> => {
    for (let made = 0; made < requests / 16; made += 1) await page(socketPath, agent)
  }
  await Promise.all(Array.from({ length: 16 }, each))
  const milliseconds = performance.now() - begun
  const { user, system } = process.cpuUsage(cpu)
  agent.destroy()
  console.log(
    `${runner.id}  relay      ${Math.round((requests / milliseconds) * 1000)} requests/s, ` +
      `${Math.round((user + system) / requests)} µs of this process for each`,
  )
}

async function answered(socketPath: string): Promise<void> {
  for (;;) {
    const body = await page(socketPath).catch(() => undefined)
    if (body === 'hello') return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function page(socketPath: string, agent?: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ socketPath, ...(agent && { agent }) }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.on('end', () => resolve(body))
    }).on('error', reject)
  })
}

function median(values: readonly number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0)
}

function most(values: readonly number[]): number {
  return Math.round(Math.max(...values))
}
