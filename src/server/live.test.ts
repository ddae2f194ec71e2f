import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, studyId, type TestServer } from './testing.ts'

const room = `study:${studyId}`
const eventsPath = `/api/v1/studies/${studyId}/events`

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ signIn: true, server: { heartbeatMs: 50 } })
})
afterAll(() => server[Symbol.asyncDispose]())

interface Reader {
  /** The next event, heartbeats and comments left out. */
  next(): Promise<{ readonly id: string | undefined; readonly event: string; readonly data: unknown }>
  /** Everything sent until the server ended the stream. */
  rest(): Promise<string>
  leave(): void
}

async function follow(key: string, lastEventId?: string): Promise<Reader> {
  const leave = new AbortController()
  const response = await fetch(server.url + eventsPath, {
    headers: { authorization: `Bearer ${key}`, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) },
    signal: leave.signal,
  })
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const chunks = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (chunks === undefined) throw new Error('no body')
  let text = ''
  const field = (block: string, name: string): string | undefined =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2)
  return {
    async next() {
      for (;;) {
        const end = text.indexOf('\n\n')
        if (end >= 0) {
          const block = text.slice(0, end)
          text = text.slice(end + 2)
          const event = field(block, 'event')
          if (event !== undefined)
            return { id: field(block, 'id'), event, data: JSON.parse(field(block, 'data') ?? 'null') }
          continue
        }
        const { value, done } = await chunks.read()
        if (done) throw new Error('the stream ended')
        text += value
      }
    },
    async rest() {
      for (;;) {
        const { value, done } = await chunks.read()
        if (done) return text
        text += value
      }
    },
    leave: () => leave.abort(),
  }
}

test('an event stream begins with the present state and goes on with what happens', async () => {
  const reader = await follow(await server.keyOf('viewer'))
  expect(await reader.next()).toEqual({ id: undefined, event: 'study', data: { state: 'running' } })
  expect((await reader.next()).event).toBe('progress')
  server.bus.publish(room, 'study', { state: 'completed' })
  expect(await reader.next()).toMatchObject({ event: 'study', data: { state: 'completed' } })
  reader.leave()
})

test('a reader that comes back gets what it missed, and only that', async () => {
  const key = await server.keyOf('viewer')
  const first = await follow(key)
  await first.next()
  await first.next()
  server.bus.publish(room, 'analysis', { number: 1 })
  const { id } = await first.next()
  first.leave()
  server.bus.publish(room, 'analysis', { number: 2 })
  server.bus.publish(room, 'analysis', { number: 3 })
  const second = await follow(key, id)
  expect(await second.next()).toMatchObject({ event: 'analysis', data: { number: 2 } })
  expect(await second.next()).toMatchObject({ event: 'analysis', data: { number: 3 } })
  second.leave()
})

test('a reader from before a restart gets the present state', async () => {
  const reader = await follow(await server.keyOf('viewer'), 'another-run-17')
  expect(await reader.next()).toMatchObject({ event: 'study' })
  reader.leave()
})

test('a stream ends when its reader loses the right to it', async () => {
  const key = await server.keyOf('viewer')
  const reader = await follow(key)
  const { items } = await server.identity.keys.list(server.identity.defaultWorkspace, { limit: 1 })
  await server.identity.keys.revoke(server.identity.defaultWorkspace, items[0]?.id ?? '', { name: 'test' })
  expect(await reader.rest()).toContain('event: study')
})

test('a reader that does not read is dropped before it fills the memory', async () => {
  const key = await server.keyOf('viewer')
  const socket = connect(server.running.port, '127.0.0.1')
  socket.write(`GET ${eventsPath} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\n\r\n`)
  await new Promise((resolve) => socket.once('readable', resolve))
  const ended = new Promise((resolve) => socket.once('close', resolve))
  socket.on('error', () => socket.destroy())
  const big = 'x'.repeat(100_000)
  for (let sent = 0; sent < 400; sent++) server.bus.publish(room, 'analysis', { big })
  socket.resume()
  await ended
  expect(socket.bytesRead).toBeLessThan(30_000_000)
})

test('a stream of a study that is not there is refused', async () => {
  const key = await server.keyOf('viewer')
  const response = await server.ask('GET', '/api/v1/studies/01890000-0000-7000-8000-0000000000ff/events', { key })
  expect(response.status).toBe(404)
})

test('a WebSocket follows the rooms it may, and leaves them', async () => {
  const local = await startTestServer()
  try {
    const socket = new WebSocket(`${local.url.replace('http', 'ws')}/api/v1/live`)
    const messages: unknown[] = []
    const arrived = (count: number): Promise<void> =>
      expect.poll(() => messages.length, { timeout: 5000 }).toBeGreaterThanOrEqual(count)
    socket.addEventListener('message', ({ data }) => messages.push(JSON.parse(String(data))))
    await new Promise((resolve) => socket.addEventListener('open', resolve))
    socket.send(JSON.stringify({ subscribe: [room, 'study:someone-elses'] }))
    await arrived(2)
    local.bus.publish(room, 'study', { state: 'completed' })
    local.bus.publish('study:someone-elses', 'study', { state: 'completed' })
    await arrived(3)
    expect(messages).toMatchObject([
      { room, event: 'subscribed', data: { complete: true } },
      { room: 'study:someone-elses', event: 'refused' },
      { room, event: 'study', data: { state: 'completed' } },
    ])
    const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve))
    socket.send('{"drop":"tables"}')
    expect((await closed).code).toBe(1008)
  } finally {
    await local[Symbol.asyncDispose]()
  }
})

test('a WebSocket from a foreign page is refused', async () => {
  const local = await startTestServer()
  try {
    const response = await new Promise<string>((resolve) => {
      const socket = connect(local.running.port, '127.0.0.1')
      socket.once('data', (data) => {
        resolve(data.toString())
        socket.destroy()
      })
      socket.write(
        [
          'GET /api/v1/live HTTP/1.1',
          'Host: 127.0.0.1',
          'Origin: https://evil.example',
          'Connection: Upgrade',
          'Upgrade: websocket',
          'Sec-WebSocket-Version: 13',
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
          '\r\n',
        ].join('\r\n'),
      )
    })
    expect(response).toMatch(/^HTTP\/1\.1 403 /)
  } finally {
    await local[Symbol.asyncDispose]()
  }
})

test('closing the server ends its streams at once', async () => {
  const reader = await follow(await server.keyOf('viewer'))
  await reader.next()
  const closed = server.running.close()
  await reader.rest()
  await closed
})

test('closing does not wait for a client that never finishes its request', async () => {
  const stuck = await startTestServer()
  const socket = connect(stuck.running.port, '127.0.0.1')
  socket.write(
    'POST /api/v1/studies HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
  )
  socket.on('error', () => socket.destroy())
  await new Promise((resolve) => setTimeout(resolve, 200))
  await stuck.running.close()
  await stuck.database.close()
}, 20_000)
