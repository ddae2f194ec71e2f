/**
 * Load generators side by side against the same server of a few lines: answers a second, processor time of the client for each,
 * latency; and what each says of a server that stands still for a second.
 * `node benchmarks/load.ts [--autocannon DIR] [--rounds 5] [--work MICROSECONDS] [--parts tcp,socket,stall]`
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs, promisify } from 'node:util'
import type { ClientFigures } from './load-client.ts'
import { median, printTable } from './measures.ts'
import { machineLine, processorSeconds } from './processes.ts'
import { scratchFolder } from './scratch.ts'

const { values } = parseArgs({
  options: {
    autocannon: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    work: { type: 'string', default: '0' },
    parts: { type: 'string', default: 'tcp,socket,stall' },
  },
})
const connections = 20
const seconds = 2
const rate = 200
const stallSeconds = 5

type Generator = 'ours' | 'autocannon' | 'autocannon-raw' | 'wrk'

async function serve(where: string): Promise<{ server: ChildProcess; where: string }> {
  const server = spawn(process.execPath, [join(import.meta.dirname, 'load-server.ts'), where, values.work], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (server.stdout === null) throw new Error('no output')
  const [line] = await once(createInterface(server.stdout), 'line')
  return { server, where: String(line) }
}

async function client(
  generator: Generator,
  where: string,
  length: number,
  perSecond: number,
  begun?: () => void,
): Promise<ClientFigures> {
  const entry = join(import.meta.dirname, 'load-client.ts')
  const words = [
    entry,
    generator,
    where,
    String(connections),
    String(length),
    String(perSecond),
    values.autocannon ?? '',
  ]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  if (child.stdout === null) throw new Error('no output')
  let last = ''
  for await (const line of createInterface(child.stdout)) {
    if (line === 'started') begun?.()
    else last = line
  }
  return JSON.parse(last)
}

async function wrk(where: string, length: number): Promise<ClientFigures> {
  // The same request as ours, byte for byte but for the order: a field more costs a server of a few lines some percent.
  const fields = ['-H', 'User-Agent: assay-load', '-H', 'Accept: */*']
  const words = ['--latency', '-t1', `-c${connections}`, `-d${length}`, ...fields, `http://127.0.0.1:${where}/`]
  const { stdout } = await promisify(execFile)('wrk', words)
  const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout)?.slice(1) ?? []
  return {
    throughput: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    microsecondsOfProcessor: undefined,
    p50: duration(/50%\s+(\S+)/.exec(stdout)?.[1]),
    p99: duration(/99%\s+(\S+)/.exec(stdout)?.[1]),
    max: duration(/Latency\s+\S+\s+\S+\s+(\S+)/.exec(stdout)?.[1]),
    errors: errors.reduce((sum, count) => sum + Number(count), 0),
    requests: Number(/(\d+) requests in/.exec(stdout)?.[1]),
  }
}

/** `1.20ms`, `250.00us`, `1.01s` in milliseconds. */
function duration(text = ''): number {
  const [, value, unit] = /^([\d.]+)(us|ms|s)$/.exec(text) ?? []
  return Number(value) * (unit === 'us' ? 0.001 : unit === 's' ? 1000 : 1)
}

async function hasWrk(): Promise<boolean> {
  return promisify(execFile)('wrk', ['-v']).then(
    () => true,
    // Its -v ends with 1, and says so on its standard output all the same.
    (error: { stdout?: string }) => /^wrk /.test(error.stdout ?? ''),
  )
}

const figure = (value: number | undefined, digits = 2): string =>
  value === undefined ? 'not measured' : value >= 100 ? value.toFixed(0) : value.toFixed(digits)

interface Run extends ClientFigures {
  /** Microseconds of the server's processor time for a request: what the load is to it, whoever else uses the machine. */
  readonly serverMicroseconds: number
}

async function sideBySide(where: string, server: number, generators: readonly Generator[]): Promise<void> {
  const all = new Map<Generator, Run[]>(generators.map((one) => [one, []]))
  for (let round = 0; round < Number(values.rounds); round += 1) {
    // In turns, each first once: a machine that grows warm or busy is so for all.
    const turn = generators.map((_, at) => generators[(at + round) % generators.length] ?? 'ours')
    for (const one of turn) {
      const before = processorSeconds(server)
      const run = one === 'wrk' ? await wrk(where, seconds) : await client(one, where, seconds, 0)
      const serverMicroseconds = ((processorSeconds(server) - before) / run.requests) * 1e6
      all.get(one)?.push({ ...run, serverMicroseconds })
    }
  }
  const ourRates = all.get('ours')?.map(({ throughput }) => throughput) ?? []
  printTable(
    ['generator', 'answers/s', 'ours to it', 'client µs/request', 'server µs/request', 'p50 ms', 'p99 ms', 'errors'],
    [...all].map(([name, runs]) => [
      name,
      figure(median(runs.map(({ throughput }) => throughput))),
      figure(median(runs.map(({ throughput }, at) => (ourRates[at] ?? Number.NaN) / throughput)), 3),
      figure(name === 'wrk' ? undefined : median(runs.map((run) => run.microsecondsOfProcessor ?? Number.NaN))),
      figure(median(runs.map((run) => run.serverMicroseconds))),
      figure(median(runs.map(({ p50 }) => p50))),
      figure(median(runs.map(({ p99 }) => p99))),
      String(runs.reduce((sum, { errors }) => sum + errors, 0)),
    ]),
  )
}

async function stall(where: string, server: ChildProcess, generators: readonly Generator[]): Promise<void> {
  const rows: string[][] = []
  for (const one of generators) {
    const stop = () => setTimeout(() => server.kill('SIGUSR2'), 2000)
    if (one === 'wrk') stop()
    const run = one === 'wrk' ? await wrk(where, stallSeconds) : await client(one, where, stallSeconds, rate, stop)
    rows.push([one, ...[run.p50, run.p99, run.max, run.throughput].map((value) => figure(value))])
    await sleep(200)
  }
  printTable(['generator', 'p50 ms', 'p99 ms', 'max ms', 'answers/s'], rows)
}

const cannons: readonly Generator[] = values.autocannon === undefined ? [] : ['autocannon']
const wrks: readonly Generator[] = (await hasWrk()) ? ['wrk'] : []
const parts = values.parts.split(',')
console.log(machineLine())
if (values.autocannon === undefined) {
  console.log('autocannon is left out: npm install it in some folder, then --autocannon FOLDER.')
}
if (wrks.length === 0) console.log('wrk is left out: apt-get install wrk.')
await using folder = await scratchFolder()
const setting = `${connections} connections for ${seconds} s, medians of ${values.rounds} rounds, ${values.work} µs of computing a request`
for (const [part, place] of [
  ['tcp', '0'],
  ['socket', join(folder.path, 's')],
  ['stall', '0'],
] as const) {
  if (!parts.includes(part)) continue
  const { server, where } = await serve(place)
  try {
    if (part === 'stall') {
      console.log(
        `\nThe server stands still for 1 s of ${stallSeconds} s; ${rate} requests a second (wrk: as many as come)`,
      )
      const raw: readonly Generator[] = values.autocannon === undefined ? [] : ['autocannon-raw']
      await stall(where, server, ['ours', ...cannons, ...raw, ...wrks])
    } else {
      console.log(`\n${part === 'tcp' ? 'TCP' : 'Unix socket'}: ${setting}`)
      await sideBySide(where, server.pid ?? 0, ['ours', ...cannons, ...(part === 'tcp' ? wrks : [])])
    }
  } finally {
    server.kill()
  }
}
