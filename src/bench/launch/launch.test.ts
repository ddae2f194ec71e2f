import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { processRunner } from '#bench/sandbox'
import { appOf } from '../analyzers/testing.ts'
import type { LaunchResult, RunningApp } from './contract.ts'
import { launch } from './launch.ts'
import { send } from './send.ts'

// Code of apps runs in the sandbox only, here too: without one these tests do not run.
const signal = new AbortController().signal
const { available } = await processRunner.examine(signal)
const cache = mkdtempSync(join(tmpdir(), 'assay-launch-test-'))
afterAll(() => rmSync(cache, { recursive: true, force: true }))

async function launched(files: Readonly<Record<string, string>>): Promise<LaunchResult> {
  const app = await appOf(files)
  const patience = { toListen: 4, toAnswer: 3 }
  return launch(app, { runner: processRunner, signal, log: () => undefined, cache, network: false, now: 0, patience })
}

async function running(files: Readonly<Record<string, string>>): Promise<RunningApp> {
  const result = await launched(files)
  if (result.outcome !== 'running') throw new Error(`It does not run: ${JSON.stringify(result)}`)
  onTestFinished(() => result.app.stop())
  return result.app
}

async function failureOf(files: Readonly<Record<string, string>>) {
  const result = await launched(files)
  if (result.outcome !== 'failed') throw new Error(`It did not fail: ${result.outcome}`)
  const { kind, message, shownBy, location } = result.failure
  return { kind, message, shownBy, location }
}

async function pageOf(app: RunningApp, path: string): Promise<string | undefined> {
  const { response, failure } = await send(app, { purpose: 'asks', method: 'GET', path, signal })
  return response?.body ?? failure
}

const counting = `
  import { createServer } from 'node:http'
  import { existsSync, readFileSync, writeFileSync } from 'node:fs'
  createServer((request, response) => {
    const visits = existsSync('visits') ? Number(readFileSync('visits', 'utf8')) : 0
    writeFileSync('visits', String(visits + 1))
    console.log('asked for', request.url)
    response.end('visit ' + visits)
  }).listen(3000, '0.0.0.0')`

test.runIf(available)('a Node server answers, keeps its log, and starts anew with fresh files', async () => {
  const app = await running({ 'server.mjs': counting })
  expect(app.origin).toBe('http://localhost:3000')
  expect(app.parts).toMatchObject([{ role: 'backend', command: 'node server.mjs', hint: 'convention' }])
  expect(await pageOf(app, '/a')).toBe('visit 1')
  expect(await pageOf(app, '/b')).toBe('visit 2')
  const printed = () => app.logs().map(({ part, stream, text }) => [part, stream, text])
  await expect.poll(printed, { timeout: 20_000 }).toEqual([
    ['node', 'stdout', 'asked for /'],
    ['node', 'stdout', 'asked for /a'],
    ['node', 'stdout', 'asked for /b'],
  ])
  const before = app.socket
  await app.restart()
  expect(await pageOf(app, '/c')).toBe('visit 1')
  expect(app.socket).not.toBe(before)
  expect(app.alive()).toBe(true)
  await app.stop()
  expect(app.alive()).toBe(false)
})

test.runIf(available)('an app that ends is not alive', async () => {
  const ending = `
    require('node:http').createServer((request, response) => {
      response.end('bye')
      if (request.url === '/end') setTimeout(() => process.exit(1), 10)
    }).listen(8000)`
  const app = await running({ 'server.js': ending })
  expect(app.alive()).toBe(true)
  expect(await pageOf(app, '/end')).toBe('bye')
  await expect.poll(() => app.alive(), { timeout: 20_000 }).toBe(false)
  await app.restart()
  expect(await pageOf(app, '/')).toBe('bye')
  expect(app.alive()).toBe(true)
})

test.runIf(available)('a Python server without a framework answers', async () => {
  const server = `
from http.server import BaseHTTPRequestHandler, HTTPServer

class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")

if __name__ == "__main__":
    HTTPServer(("0.0.0.0", 8123), Page).serve_forever()
`
  const app = await running({ 'server.py': server })
  expect(app.origin).toBe('http://localhost:8123')
  expect(await pageOf(app, '/')).toBe('hello')
})

test.runIf(available)('pages and their server are behind one origin', async () => {
  const app = await running({
    'frontend/index.html': '<h1>Notes</h1>',
    'frontend/app.js': "fetch('/api/notes')",
    'backend/package.json': '{"dependencies":{"express":"1"},"scripts":{"start":"node server.js"}}',
    'backend/server.js': `
      require('node:http').createServer((request, response) => response.end('notes of ' + request.headers.host + request.url)).listen(5000)`,
    'nginx.conf': 'location /api { proxy_pass http://backend:5000; }',
  })
  expect(app.origin).toBe('http://localhost:8080')
  expect(app.backend?.origin).toBe('http://localhost:5000')
  expect(await pageOf(app, '/')).toBe('<h1>Notes</h1>')
  expect(await pageOf(app, '/app.js')).toBe("fetch('/api/notes')")
  expect(await pageOf(app, '/notes/3')).toBe('<h1>Notes</h1>')
  expect(await pageOf(app, '/api/notes')).toBe('notes of localhost:8080/api/notes')
  expect(await pageOf(app, '/..%2fbackend/server.js')).toBe('notes of localhost:8080/..%2fbackend/server.js')
})

test.runIf(available)('an app that serves nothing is not applicable', async () => {
  expect(await launched({ 'sort.py': 'print(1)\n' })).toEqual({
    outcome: 'not_applicable',
    reason: 'Nothing in it serves anything (found: python).',
  })
})

const serve = "require('node:http').createServer().listen(3000)\n"

test.runIf(available)('a cancelled launch leaves nothing behind', async () => {
  const controller = new AbortController()
  const app = await appOf({ 'server.js': `setTimeout(() => {}, 60_000)\nfunction later() { ${serve} }\n` })
  const options = { runner: processRunner, log: () => undefined, cache, network: false, now: 0 }
  const launching = launch(app, { ...options, signal: controller.signal })
  setTimeout(() => controller.abort(new Error('enough')), 300)
  await expect(launching).rejects.toThrow()
})

test.runIf(available)('why Python does not start', async () => {
  const guard = "from http.server import *\nHTTPServer(('', 8000), BaseHTTPRequestHandler).serve_forever()\n"
  expect(await failureOf({ 'app.py': `import os\nKEY = os.environ["PAYMENT_GATE"]\n${guard}` })).toEqual({
    kind: 'missing-environment',
    message: 'It needs the environment variable PAYMENT_GATE.',
    shownBy: "KeyError: 'PAYMENT_GATE'",
    location: { path: 'app.py', line: 2 },
  })
  expect(await failureOf({ 'app.py': `${guard}def broken(:\n` })).toMatchObject({
    kind: 'syntax',
    shownBy: 'SyntaxError: invalid syntax',
    location: { path: 'app.py', line: 3 },
  })
  expect(await failureOf({ 'app.py': `import assay_example_nonexistent\n${guard}` })).toEqual({
    kind: 'missing-package',
    message: 'The package assay_example_nonexistent is imported but not installed.',
    shownBy: "ModuleNotFoundError: No module named 'assay_example_nonexistent'",
    location: { path: 'app.py', line: 1 },
  })
  const sqlite = "import sqlite3\nsqlite3.connect('/nowhere/x.db').execute('select 1')\n"
  expect(await failureOf({ 'app.py': sqlite + guard })).toEqual({
    kind: 'database',
    message: 'The database fails: OperationalError: unable to open database file.',
    shownBy: 'sqlite3.OperationalError: unable to open database file',
    location: { path: 'app.py', line: 2 },
  })
})

test.runIf(available)('why Node does not start', async () => {
  expect(await failureOf({ 'server.js': `const a = {\nb: 1,,\n}\n${serve}` })).toMatchObject({
    kind: 'syntax',
    shownBy: "SyntaxError: Unexpected token ','",
    location: { path: 'server.js', line: 2 },
  })
  expect(await failureOf({ 'server.js': `require('assay-example-nonexistent')\n${serve}` })).toEqual({
    kind: 'missing-package',
    message: 'The package assay-example-nonexistent is imported but not installed.',
    shownBy: "Error: Cannot find module 'assay-example-nonexistent'",
    location: { path: 'server.js', line: 1 },
  })
  expect(await failureOf({ 'server.js': `require('./routes/users')\n${serve}` })).toMatchObject({
    kind: 'crash',
    message: 'A file it imports is not there: ./routes/users.',
  })
  const needs = "if (!process.env['PAYMENT_GATE']) throw new Error('PAYMENT_GATE is not set')\n"
  expect(await failureOf({ 'server.js': needs + serve })).toEqual({
    kind: 'missing-environment',
    message: 'It needs the environment variable PAYMENT_GATE: PAYMENT_GATE is not set.',
    shownBy: 'Error: PAYMENT_GATE is not set',
    location: { path: 'server.js', line: 1 },
  })
  const postgres =
    "const socket = require('node:net').connect(5432, '127.0.0.1')\nsocket.on('error', (error) => { throw error })\n"
  expect(await failureOf({ 'server.js': `${postgres}setTimeout(() => { ${serve} }, 3000)\n` })).toMatchObject({
    kind: 'database',
    message: 'It expects PostgreSQL, which does not answer.',
    shownBy: 'Error: connect ECONNREFUSED 127.0.0.1:5432',
  })
  expect(await failureOf({ 'server.js': `const keep = setInterval(() => {}, 1000)\nif (0) ${serve}` })).toMatchObject({
    kind: 'never-listens',
    message: 'It runs, but listened on no port within 4 s.',
  })
  expect(await failureOf({ 'server.js': `console.log('done')\nif (0) ${serve}` })).toMatchObject({
    kind: 'crash',
    message: 'It ended by itself with exit code 0 without serving anything.',
    shownBy: 'done',
  })
  const deaf = "require('node:net').createServer((socket) => socket.destroy()).listen(3000)\n"
  expect(await failureOf({ 'server.js': deaf })).toMatchObject({
    kind: 'not-healthy',
    message: 'It listens, but gives no answer: the connection was closed without an answer.',
  })
})
