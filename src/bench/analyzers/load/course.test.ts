import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, expect, test } from 'vitest'
import type { AnalysisContext, AnalysisResult } from '../contract.ts'
import { appOf, testContext } from '../testing.ts'
import { loadRunning } from './load-app.ts'
import { readOptions } from './options.ts'

/** Servers of our own, in this process: what is tested is the course of a load, not a sandbox. */
const folder = mkdtempSync(join(tmpdir(), 'assay-course-'))
const socket = join(folder, 'app')
let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const short = { rate: 40, duration: 1, warmUp: 0.3, knee: false }

interface Situation {
  readonly options?: Readonly<Record<string, unknown>>
  readonly source?: string
  /** MiB the app takes. */
  readonly memory?: () => number
  readonly context?: Partial<AnalysisContext>
}

async function loaded(listener: RequestListener, situation: Situation = {}): Promise<AnalysisResult> {
  server = createServer(listener)
  server.listen(socket)
  await once(server, 'listening')
  const { options = short, source = '', memory = () => 30, context = {} } = situation
  const running = server
  const subject = {
    origin: 'http://localhost:3000',
    socket,
    alive: () => running.listening,
    ending: () => ['It printed last: out of handles'],
    usage: async () => {
      const { user, system } = process.cpuUsage()
      return { cpuSeconds: (user + system) / 1e6, memory: memory(), peakMemory: memory(), processes: 1 }
    },
  }
  return loadRunning(await appOf({ 'app.js': source }), subject, readOptions(options), testContext(context))
}

const found = ({ findings }: AnalysisResult): readonly string[] =>
  findings.map(({ rule, message }) => `${rule}: ${message}`)

test('a sound app: figures, checks, no finding, and the series kept', async () => {
  const kept = new Map<string, string>()
  const keep: AnalysisContext['keep'] = async ({ name }, content) => void kept.set(name, String(content))
  const result = await loaded((_, response) => void response.end('hello'), {
    options: { ...short, knee: 150 },
    context: { keep },
  })
  expect(result.findings).toEqual([])
  expect(result.metrics).toMatchObject({ endpoints: 1, 'requests.failed': 0, 'requests.failed.share': 0 })
  expect(result.metrics['latency.p95.ms']).toBeGreaterThan(0)
  expect(result.metrics['warm-up.requests']).toBeGreaterThan(0)
  // So few requests have no 99.9th percentile.
  expect(result.metrics).not.toHaveProperty('latency.p999.ms')
  expect(result.checks?.map(({ id }) => id)).toEqual([
    'criterion-p95',
    'criterion-error-rate',
    'generator-pace',
    'knee',
  ])
  const series = JSON.parse(kept.get('load.json') ?? '')
  expect(series.main.due).toBe(result.metrics['requests.due'])
  expect(series.main.seconds.length).toBeGreaterThan(0)
  expect(series.knee.attempts[0].rate).toBe(150)
  expect(kept.get('latency.svg')).toContain('<polyline points="')
})

test('addresses come from routes and links; what ends something or is not there is left out, and said', async () => {
  const asked = new Set<string | undefined>()
  const { coverage } = await loaded(
    (request, response) => {
      asked.add(request.url)
      response.setHeader('content-type', 'text/html; charset=utf-8')
      if (request.url === '/private') response.statusCode = 401
      response.end('<a href="/about#team">About</a> <a href="https://example.com/x">x</a> <a href="//cdn/x">x</a>')
    },
    {
      source: `const express = require('express')
const app = express()
app.get('/things', (req, res) => res.json([]))
app.get('/things/:id', (req, res) => res.json({}))
app.get('/private', (req, res) => res.sendStatus(401))
app.get('/logout', (req, res) => res.redirect('/'))
app.post('/things', (req, res) => res.sendStatus(201))
app.listen(3000)
`,
    },
  )
  expect([...asked].sort()).toEqual(['/', '/about', '/private', '/things'])
  expect(coverage).toEqual({
    analysed: 3,
    total: 5,
    gaps: [
      { path: '/private', reason: 'GET answers 401' },
      { path: '/logout', reason: 'its name says that it ends something' },
    ],
  })
})

test('an address that is slow by itself, though not serial', async () => {
  const source = `const express = require('express')\nconst app = express()\napp.get('/slow', (req, res) => setTimeout(() => res.end(), 600))\n`
  const result = await loaded(
    async ({ url }, response) => {
      if (url === '/slow') await sleep(600)
      response.end('hello')
    },
    { source },
  )
  expect(found(result)).toEqual([expect.stringMatching(/^slow-endpoint: GET \/slow takes 6\d\d ms when nothing else/)])
  expect(result.findings[0]).toMatchObject({
    severity: 'low',
    location: { kind: 'endpoint', method: 'GET', url: 'http://localhost:3000/slow' },
    evidence: { related: [{ location: { kind: 'file', path: 'app.js', region: { startLine: 3 } } }] },
  })
  expect(result.findings[0]?.evidence?.exchanges?.[0]?.response?.status).toBe(200)
})

test('a server that serves one by one, and keeps other addresses waiting', async () => {
  let line = Promise.resolve()
  const source = `const express = require('express')\nconst app = express()\napp.get('/work', (req, res) => res.end())\n`
  const result = await loaded(
    ({ url }, response) => {
      line = line.then(async () => {
        if (url === '/work') await sleep(60)
        response.end('hello')
      })
    },
    { source, options: { ...short, rate: 4 } },
  )
  expect(found(result)).toEqual([
    expect.stringMatching(/^serial-handling: 8 requests for \/work at once took .*; other addresses wait meanwhile\.$/),
  ])
  expect(result.findings[0]?.evidence?.observed?.join()).toMatch(/Beside one such request, GET \/ took/)
})

test('requests that fail now and then under a small load', async () => {
  let at = 0
  const result = await loaded((_, response) => {
    at += 1
    // The first ones are those that look at the app; then every fifth fails.
    if (at > 4 && at % 5 === 0) response.statusCode = 500
    response.end('hello')
  })
  expect(found(result)).toEqual([
    expect.stringMatching(/^errors-under-load: \d+ of \d+ requests for \/ failed .*: \d+ × 500\.$/),
  ])
  expect(result.checks?.find(({ id }) => id === 'criterion-error-rate')?.outcome).toBe('fail')
})

test('an app that limits its clients is not accused of errors', async () => {
  let at = 0
  const result = await loaded((_, response) => {
    at += 1
    if (at > 10) response.statusCode = 429
    response.end('hello')
  })
  expect(result.findings).toEqual([])
})

test('an app that ends', async () => {
  let at = 0
  const result = await loaded((_, response) => {
    at += 1
    if (at < 30) return void response.end('hello')
    server?.close()
    server?.closeAllConnections()
  })
  expect(result.findings).toHaveLength(1)
  expect(result.findings[0]).toMatchObject({
    rule: 'app-dies-under-load',
    message: 'The app ended during the load profile.',
    severity: 'high',
    evidence: { observed: ['It printed last: out of handles'] },
  })
  expect(result.checks?.find(({ id }) => id === 'knee')?.outcome).toBe('not_applicable')
})

test('memory that grows with the requests', async () => {
  let requests = 0
  const result = await loaded(
    (_, response) => {
      requests += 1
      response.end('hello')
    },
    { options: { ...short, duration: 4, warmUp: 0 }, memory: () => 50 + requests },
  )
  expect(found(result)).toEqual([expect.stringMatching(/^memory-growth: Memory grew by \d+ MiB in .* \(95 % interval/)])
})

test('an app without an address to load is none', async () => {
  const nothing = loaded((_, response) => void response.writeHead(404).end())
  await expect(nothing).rejects.toThrow('No address of the app answers a plain GET with 2xx (/: GET answers 404).')
})
