import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { generate, type Load, type LoadReport } from './generate.ts'

const folder = mkdtempSync(join(tmpdir(), 'assay-load-'))
const socket = join(folder, 'app')
const open: { close(): unknown }[] = []

afterEach(() => {
  for (const server of open.splice(0)) server.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function listening(server: Server): Promise<void> {
  const sockets = new Set<Socket>()
  server.on('connection', (one: Socket) => sockets.add(one))
  open.push({ close: () => server.close() }, { close: () => sockets.forEach((one) => void one.destroy()) })
  server.listen(socket)
  await once(server, 'listening')
}

const answering = (listener: RequestListener) => listening(createHttpServer(listener))
/** A server below HTTP: it hears each piece that comes. */
const speaking = (listener: (client: Socket) => void) =>
  listening(createServer((client) => client.on('error', () => undefined).on('data', () => listener(client))))

function loadOf(changes: Partial<Load> = {}): Load {
  return {
    target: { address: { path: socket }, host: 'localhost' },
    requests: [{ method: 'GET', path: '/' }],
    model: {
      kind: 'open',
      stretches: [{ seconds: 0.25, from: 200, to: 200 }],
      order: 'uniform',
      seed: 1,
      connections: 10,
    },
    timeout: 2000,
    signal: new AbortController().signal,
    ...changes,
  }
}

/** All kinds together: what was answered and what was not. */
function accountedFor({ statuses, failures }: LoadReport): number {
  return [...Object.values(statuses), ...Object.values(failures)].reduce((sum, count) => sum + count, 0)
}

describe('open model', () => {
  test('sends what is due, in turns, over connections kept alive', async () => {
    const seen: string[] = []
    await answering((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.host}`)
      response.end('hello')
    })
    const report = await generate(
      loadOf({
        requests: [
          { method: 'GET', path: '/a?b=c' },
          { method: 'HEAD', path: '/d' },
        ],
      }),
    )
    expect(report).toMatchObject({ due: 50, succeeded: 50, errorRate: 0, statuses: { 200: 50 }, failures: {} })
    expect(report.each.map(({ request, due }) => [request.path, due])).toEqual([
      ['/a?b=c', 25],
      ['/d', 25],
    ])
    expect(seen.filter((line) => line === 'GET /a?b=c localhost')).toHaveLength(25)
    expect(seen.filter((line) => line === 'HEAD /d localhost')).toHaveLength(25)
    expect(report.connectionsOpened).toBeLessThan(50)
    expect(report.seconds.map(({ due }) => due)).toEqual([50])
  })

  test('a server that stalls for a second shows it: latency counts from the intended start', async () => {
    const began = performance.now()
    await answering(async (_, response) => {
      const into = performance.now() - began
      if (into > 500 && into < 1500) await sleep(1500 - into)
      response.end('hello')
    })
    const stretches = [{ seconds: 3, from: 200, to: 200 }]
    // One connection: the first request of the stall keeps all others in line, unsent.
    const report = await generate(loadOf({ model: { ...openModel, stretches, connections: 1 } }))
    expect(report.due).toBe(600)
    expect(report.succeeded).toBe(600)
    expect(report.latency.p99).toBeGreaterThan(900)
    // A third of all requests were due while it stalled; on average they had half of it before them.
    expect(report.latency.p90).toBeGreaterThan(600)
  })

  test('users who wait for their answers hardly notice the same stall', async () => {
    const began = performance.now()
    await answering(async (_, response) => {
      const into = performance.now() - began
      if (into > 500 && into < 1500) await sleep(1500 - into)
      response.end('hello')
    })
    const stretches = [{ seconds: 3, from: 1, to: 1 }]
    const report = await generate(loadOf({ model: { kind: 'closed', stretches, think: 0, seed: 1 } }))
    expect(report.latency.max).toBeGreaterThan(900)
    expect(report.latency.p99).toBeLessThan(900)
  })

  test('what finds no connection until its time is over is not sent, and said so', async () => {
    await answering(() => undefined)
    const stretches = [{ seconds: 0.5, from: 400, to: 400 }]
    const report = await generate(loadOf({ model: { ...openModel, stretches, connections: 1 }, timeout: 300 }))
    expect(report.due).toBe(200)
    expect(report.failures['not-sent']).toBeGreaterThan(0)
    expect(report.failures.timeout).toBeGreaterThan(0)
    expect(accountedFor(report)).toBe(200)
    expect(report.errorRate).toBe(1)
  })

  test('a request without an answer counts as one that took the whole timeout', async () => {
    const report = await generate(loadOf({ timeout: 700 }))
    expect(report).toMatchObject({ due: 50, statuses: {}, failures: { refused: 50 } })
    expect(report.latency).toMatchObject({ p50: 700, max: 700 })
  })

  const openModel = loadOf().model as Extract<Load['model'], { kind: 'open' }>
})

describe('no error is hidden', () => {
  test.each<[string, (client: Socket) => void, object]>([
    ['an end without a word', (client) => client.destroy(), { closed: 50 }],
    ['an end before the answer', (client) => client.end(), { closed: 50 }],
    [
      'an end within the answer',
      (client) => client.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhell'),
      { closed: 50 },
    ],
    ['garbage', (client) => client.write('hello\r\n\r\n'), { malformed: 50 }],
    [
      'more than it announced',
      (client) => client.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nhell'),
      { malformed: 50 },
    ],
    ['half an answer', (client) => client.write('HTTP/1.1 200 OK\r\nContent-Le'), { timeout: 50 }],
    ['an answer ended by closing', (client) => client.end('HTTP/1.0 200 OK\r\n\r\nhello'), {}],
  ])('%s', async (_, listener, failures) => {
    await speaking(listener)
    const report = await generate(
      loadOf({ timeout: 400, model: { ...loadOf().model, connections: 60 } as Load['model'] }),
    )
    expect(report.failures).toEqual(failures)
    expect(report.due).toBe(50)
    expect(accountedFor(report)).toBe(50)
  })

  test('a reset of a connection over TCP', async () => {
    const server = createServer((client) =>
      client.on('data', () => client.resetAndDestroy()).on('error', () => undefined),
    )
    open.push(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const target = { address: { host: '127.0.0.1', port: address.port }, host: `127.0.0.1:${address.port}` }
    expect((await generate(loadOf({ target }))).failures).toEqual({ reset: 50 })
  })

  test('every status is counted; those of 4xx and 5xx are errors', async () => {
    const statuses = [200, 302, 404, 429, 500]
    let at = 0
    await answering((_, response) => {
      response.statusCode = statuses[at % statuses.length] ?? 0
      at += 1
      response.end()
    })
    const report = await generate(loadOf())
    expect(report.statuses).toEqual({ 200: 10, 302: 10, 404: 10, 429: 10, 500: 10 })
    expect(report).toMatchObject({ succeeded: 20, errorRate: 0.6 })
  })

  test('a server that does everything wrong now and then', async () => {
    let at = 0
    await speaking((client) => {
      at += 1
      if (at % 7 === 0) client.destroy()
      else if (at % 5 === 0) client.write('what?\r\n\r\n')
      else if (at % 3 === 0) client.write('HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
      else if (at % 11 !== 0) client.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    })
    for (const model of [
      { kind: 'open', stretches: [{ seconds: 1, from: 0, to: 400 }], order: 'poisson', seed: 3, connections: 4 },
      { kind: 'closed', stretches: [{ seconds: 1, from: 5, to: 5 }], think: 3, seed: 3 },
    ] as const) {
      const report = await generate(loadOf({ model, timeout: 200 }))
      expect(accountedFor(report)).toBe(report.due)
      expect(report.seconds.reduce((sum, { due }) => sum + due, 0)).toBe(report.due)
      expect(report.seconds.reduce((sum, { succeeded, failed }) => sum + succeeded + failed, 0)).toBe(report.due)
      expect(Object.keys(report.failures).sort()).toEqual(expect.arrayContaining(['closed', 'malformed', 'timeout']))
    }
  })
})

describe('closed model', () => {
  test('as many users as the profile says, each waiting for its answer', async () => {
    let now = 0
    let most = 0
    await answering(async (_, response) => {
      now += 1
      most = Math.max(most, now)
      await sleep(20)
      now -= 1
      response.end('hello')
    })
    const stretches = [
      { seconds: 0.4, from: 1, to: 1 },
      { seconds: 0.4, from: 6, to: 6 },
      { seconds: 0.4, from: 2, to: 2 },
    ]
    const report = await generate(loadOf({ model: { kind: 'closed', stretches, think: 0, seed: 1 } }))
    expect(most).toBe(6)
    expect(report.succeeded).toBe(report.due)
    expect(report.due).toBeGreaterThan(6)
  })

  test('who is refused does not come again at once', async () => {
    const stretches = [{ seconds: 0.55, from: 2, to: 2 }]
    const report = await generate(loadOf({ model: { kind: 'closed', stretches, think: 0, seed: 1 } }))
    expect(report.failures).toEqual({ refused: report.due })
    expect(report.due).toBeLessThanOrEqual(12)
  })

  test('nobody thinks on after the end', async () => {
    await answering((_, response) => void response.end('hello'))
    const stretches = [{ seconds: 0.2, from: 4, to: 4 }]
    const report = await generate(loadOf({ model: { kind: 'closed', stretches, think: 60_000, seed: 1 } }))
    expect(report).toMatchObject({ due: 4, succeeded: 4 })
    expect(report.milliseconds).toBeLessThan(2000)
  })
})

test('is stopped at once, for the reason given', async () => {
  await answering(() => undefined)
  const stop = new AbortController()
  const running = generate(loadOf({ signal: stop.signal, timeout: 60_000 }))
  setTimeout(() => stop.abort(new Error('enough')), 100)
  await expect(running).rejects.toThrow('enough')
})

test('a path that cannot stand in a request line is refused', async () => {
  await expect(generate(loadOf({ requests: [{ method: 'GET', path: '/a b' }] }))).rejects.toThrow('"/a b" cannot stand')
})
