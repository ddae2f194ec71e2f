/** One run of a load generator in a process of its own: `node load-client.ts GENERATOR WHERE CONNECTIONS SECONDS RATE [autocannon's folder]`. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { generate } from '../src/bench/analyzers/load/generator/generate.ts'

/** Milliseconds, and answers a second. */
export interface ClientFigures {
  readonly throughput: number
  readonly microsecondsOfProcessor: number | undefined
  readonly p50: number
  readonly p99: number
  readonly max: number
  readonly errors: number
  /** Sent in all, warm-up and errors included. */
  readonly requests: number
}

interface AutocannonResult {
  readonly duration: number
  readonly errors: number
  readonly '2xx': number
  readonly latency: { readonly p50: number; readonly p99: number; readonly max: number }
}

const [generator = '', where = '', connections = '10', seconds = '2', rate = '0', folder = ''] = process.argv.slice(2)
const unix = where.startsWith('/')

async function ours(length: number): Promise<ClientFigures> {
  const address = unix ? { path: where } : { host: '127.0.0.1', port: Number(where) }
  const level = Number(rate) > 0 ? Number(rate) : Number(connections)
  const stretches = [{ seconds: length, from: level, to: level }]
  const report = await generate({
    target: { address, host: 'localhost' },
    requests: [{ method: 'GET', path: '/' }],
    model:
      Number(rate) > 0
        ? { kind: 'open', stretches, order: 'uniform', seed: 1, connections: Number(connections) }
        : { kind: 'closed', stretches, think: 0, seed: 1 },
    timeout: 10_000,
    signal: new AbortController().signal,
  })
  const { p50, p99, max } = report.latency
  return {
    throughput: report.throughput,
    microsecondsOfProcessor: (report.clientCpuSeconds / report.due) * 1e6,
    p50,
    p99,
    max,
    errors: report.due - report.succeeded,
    requests: report.due,
  }
}

async function autocannon(length: number): Promise<ClientFigures> {
  const fire: (options: object) => Promise<AutocannonResult> = createRequire(join(folder, 'x'))('autocannon')
  const before = process.cpuUsage()
  const result = await fire({
    url: unix ? 'http://localhost/' : `http://127.0.0.1:${where}/`,
    ...(unix ? { socketPath: where } : {}),
    ...(Number(rate) > 0
      ? { overallRate: Number(rate), ignoreCoordinatedOmission: generator === 'autocannon-raw' }
      : {}),
    headers: { 'User-Agent': 'assay-load', Accept: '*/*' },
    connections: Number(connections),
    duration: length,
  })
  const { user, system } = process.cpuUsage(before)
  const { p50, p99, max } = result.latency
  const answered = result['2xx']
  return {
    throughput: answered / result.duration,
    microsecondsOfProcessor: (user + system) / answered,
    p50,
    p99,
    max,
    errors: result.errors,
    requests: answered + result.errors,
  }
}

const run = generator === 'ours' ? ours : autocannon
// Compiled code first: wrk has nothing to warm up.
const before = Number(rate) === 0 ? (await run(1)).requests : 0
console.log('started')
const figures = await run(Number(seconds))
console.log(JSON.stringify({ ...figures, requests: before + figures.requests }))
