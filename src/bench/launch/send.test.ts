import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { send } from './send.ts'

const signal = new AbortController().signal

function socketPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'assay-send-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 's')
}

async function serving(listener: RequestListener) {
  const socket = socketPath()
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { origin: 'http://localhost:5000', socket }
}

test('sends what it was told and keeps what came back', async () => {
  const app = await serving((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      response.writeHead(
        302,
        [
          ['Location', '/elsewhere'],
          ['Set-Cookie', 'a=1'],
          ['Set-Cookie', 'b=2'],
        ].flat(),
      )
      response.end(`${request.method} ${request.url} ${request.headers.host} ${Buffer.concat(chunks)}`)
    })
  })
  const exchange = await send(app, {
    purpose: 'signs in',
    method: 'POST',
    path: '/files/..%2fa?b=1&b=2',
    headers: [
      ['Cookie', 'x=1'],
      ['Cookie', 'y=2'],
    ],
    body: '{"ä":1}',
    signal,
  })
  expect(exchange.request).toEqual({
    method: 'POST',
    url: 'http://localhost:5000/files/..%2fa?b=1&b=2',
    headers: [
      ['host', 'localhost:5000'],
      ['user-agent', 'assay'],
      ['accept', '*/*'],
      ['connection', 'close'],
      ['content-length', '8'],
      ['Cookie', 'x=1'],
      ['Cookie', 'y=2'],
    ],
    body: '{"ä":1}',
  })
  expect(exchange.response?.status).toBe(302)
  expect(exchange.response?.body).toBe('POST /files/..%2fa?b=1&b=2 localhost:5000 {"ä":1}')
  expect(exchange.response?.headers.filter(([name]) => name === 'Set-Cookie')).toEqual([
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', 'b=2'],
  ])
  expect(exchange.failure).toBeUndefined()
  expect(exchange.milliseconds).toBeGreaterThan(0)
})

test('headers given take the place of its own', async () => {
  const app = await serving((request, response) => response.end(`${request.headers.host} ${request.headers['accept']}`))
  const headers = [
    ['HOST', 'evil.example'],
    ['Accept', 'text/html'],
  ] as const
  const exchange = await send(app, { purpose: 'asks', method: 'GET', path: '/', headers, signal })
  expect(exchange.response?.body).toBe('evil.example text/html')
})

test('keeps so many bytes of an answer that does not end', async () => {
  const app = await serving((_request, response) => {
    const more = () => {
      if (!response.destroyed) response.write('x'.repeat(1000), more)
    }
    more()
  })
  const exchange = await send(app, { purpose: 'asks', method: 'GET', path: '/', keep: 2500, signal })
  expect(exchange.response?.body).toBe('x'.repeat(2500))
  expect(exchange.response?.truncated).toBe(true)
})

test('says how an app did not answer', async () => {
  const silent = await serving(() => undefined)
  const late = await send(silent, { purpose: 'asks', method: 'GET', path: '/', timeout: 50, signal })
  expect(late).toMatchObject({ failure: 'no answer within 50 ms' })
  expect(late.response).toBeUndefined()

  const closing = await serving((request) => request.destroy())
  expect(await send(closing, { purpose: 'asks', method: 'GET', path: '/', signal })).toMatchObject({
    failure: 'the connection was closed without an answer',
  })

  const halfway = await serving((_request, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('half')
    setTimeout(() => response.destroy(), 20)
  })
  const broken = await send(halfway, { purpose: 'asks', method: 'GET', path: '/', signal })
  expect(broken.response).toMatchObject({ status: 200, body: 'half', truncated: true })
  expect(broken.failure).toBe('the connection was closed before the end of the answer')

  const nobody = { origin: 'http://localhost:5000', socket: socketPath() }
  expect(await send(nobody, { purpose: 'asks', method: 'GET', path: '/', signal })).toMatchObject({
    failure: 'the connection was refused',
  })
})

test('answers that are no HTTP are failures', async () => {
  const socket = socketPath()
  const server = createSocketServer((connection) => connection.end('hello\r\n'))
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  onTestFinished(() => {
    server.close()
  })
  const exchange = await send(
    { origin: 'http://localhost:1', socket },
    { purpose: 'asks', method: 'GET', path: '/', signal },
  )
  expect(exchange.response).toBeUndefined()
  expect(exchange.failure).toMatch(/Parse Error/)
})

test('a cancelled exchange throws why', async () => {
  const app = await serving(() => undefined)
  const controller = new AbortController()
  const sending = send(app, { purpose: 'asks', method: 'GET', path: '/', signal: controller.signal })
  controller.abort(new Error('enough'))
  await expect(sending).rejects.toThrow('enough')
})
