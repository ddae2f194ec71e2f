import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { processRunner } from '#bench/sandbox'
import { appOf } from '../analyzers/testing.ts'
import { launch } from './launch.ts'
import { send } from './send.ts'
import { availableServices, withLocalServices } from './services.ts'

const signal = new AbortController().signal
const { available } = await processRunner.examine(signal)
const cache = mkdtempSync(join(tmpdir(), 'assay-services-test-'))
afterAll(() => rmSync(cache, { recursive: true, force: true }))

function isThere(kind: 'redis' | 'postgresql'): boolean {
  return available && availableServices([{ kind, because: '' }]).available.length === 1
}

async function launched(files: Readonly<Record<string, string>>) {
  const options = { runner: processRunner, signal, log: () => undefined, cache, network: false, now: 0 }
  return launch(await appOf(files), { ...options, patience: { toListen: 5 } })
}

/** Answers with what a server at the address in the environment says to some bytes. */
const asking = (name: string, bytes: string) => `
  const { hostname, port } = new URL(process.env.${name})
  require('node:http').createServer((request, response) => {
    const socket = require('node:net').connect(Number(port), hostname)
    socket.on('error', (error) => response.end(error.message))
    socket.once('data', (data) => { response.end(data.toString('latin1')); socket.destroy() })
    socket.write(${bytes})
  }).listen(3000)\n`

async function answer(files: Readonly<Record<string, string>>): Promise<string | undefined> {
  const result = await launched(files)
  if (result.outcome !== 'running') throw new Error(`It does not run: ${JSON.stringify(result)}`)
  onTestFinished(() => result.app.stop())
  return (await send(result.app, { purpose: 'asks', method: 'GET', path: '/', signal })).response?.body
}

test('addresses of databases lead to where they are started', () => {
  expect(
    withLocalServices({
      DATABASE_URL: 'postgresql://shop:secret@db:5432/shop',
      CACHE: 'redis://cache:6379/0',
      PAGES: 'http://db:5432',
    }),
  ).toEqual({
    DATABASE_URL: 'postgresql://shop:secret@127.0.0.1:5432/shop',
    CACHE: 'redis://127.0.0.1:6379/0',
    PAGES: 'http://db:5432',
  })
})

test.runIf(isThere('redis'))('an app that expects Redis gets one', async () => {
  const files = { '.env': 'REDIS_URL=redis://cache:6379\n', 'server.js': asking('REDIS_URL', "'PING\\r\\n'") }
  expect(await answer(files)).toBe('+PONG\r\n')
})

test.runIf(isThere('postgresql'))('an app that expects PostgreSQL gets one, with its user and database', async () => {
  const startup = `(() => {
    const body = Buffer.from('\\0\\x03\\0\\0user\\0shop\\0database\\0shop\\0\\0', 'latin1')
    const length = Buffer.alloc(4)
    length.writeInt32BE(body.length + 4)
    return Buffer.concat([length, body])
  })()`
  const files = {
    '.env': 'DATABASE_URL=postgres://shop:secret@db:5432/shop\n',
    'server.js': asking('DATABASE_URL', startup),
  }
  // Authentication is done: a message R of eight bytes that holds a zero.
  expect(await answer(files)).toMatch(/^R\0\0\0\x08\0\0\0\0/)
})

test.runIf(available && !existsSync('/usr/bin/mongod'))(
  'a database this machine does not have says nothing of the app',
  async () => {
    const waiting = `
    const mongoose = { connect: () => require('node:net').connect(27017, '127.0.0.1').on('error', (error) => { throw error }) }
    if (false) require('mongoose')
    mongoose.connect()
    setTimeout(() => require('node:http').createServer().listen(3000), 1000)\n`
    expect(await launched({ 'server.js': waiting })).toEqual({
      outcome: 'not_applicable',
      reason: 'The app expects MongoDB (server.js imports mongoose), which this machine does not have.',
    })
  },
)
