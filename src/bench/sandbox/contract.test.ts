import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type OpenPlace, places } from './fixtures/places.ts'
import { type Sandbox, SandboxEnded, type SandboxProcess, type SandboxRequest } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'assay-sandbox-test-'))
const files = join(folder, 'app')
const open: Sandbox[] = []
let place: OpenPlace

const server = `
  require('node:http')
    .createServer((request, response) => response.end('you asked for ' + request.url))
    .listen(3000, '127.0.0.1', () => console.log('ready'))`

beforeAll(() => {
  chmodSync(folder, 0o755)
  mkdirSync(join(files, 'sub'), { recursive: true })
  writeFileSync(join(files, 'server.js'), server)
  writeFileSync(join(files, 'sub/tool.sh'), '#!/bin/sh\necho "$0 $*"\n', { mode: 0o755 })
  writeFileSync(join(files, 'big.bin'), Buffer.alloc(700_000, 7))
  symlinkSync('sub/tool.sh', join(files, 'link'))
})

afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.stop()
})
afterAll(() => rmSync(folder, { recursive: true }))

async function start(request: Partial<SandboxRequest> = {}): Promise<Sandbox> {
  const sandbox = await place.runner.start({ signal: new AbortController().signal, ...request })
  open.push(sandbox)
  return sandbox
}

function printed(process: SandboxProcess, text: string): Promise<void> {
  return new Promise((resolve) => process.onOutput((output) => output.text.includes(text) && resolve()))
}

function page(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ socketPath, path }, async (response) => {
      let body = ''
      for await (const chunk of response) body += String(chunk)
      resolve(body)
    }).on('error', reject)
  })
}

describe.each(places.filter(({ missing }) => missing === undefined))('$name', ({ open: openPlace }) => {
  beforeAll(async () => {
    place = await openPlace()
  })
  afterAll(() => place.close())

  test('a program runs with its arguments, its environment, its input and in its folder', async () => {
    const sandbox = await start({ environment: { COLOUR: 'green' } })
    const script = 'echo "$1 $COLOUR $TASTE $(pwd) $HOME $(cat)"; echo oh >&2; exit 3'
    const result = await sandbox.run({
      argv: ['sh', '-c', script, 'sh', 'a b'],
      cwd: '/tmp',
      environment: { TASTE: 'sour' },
      stdin: 'from outside',
    })
    expect(result).toEqual({
      code: 3,
      signal: null,
      stdout: 'a b green sour /tmp /home/app from outside\n',
      stderr: 'oh\n',
      truncated: false,
    })
  })

  test('nothing of the environment of Assay is inherited', async () => {
    const hidden = place.another(['env', 'ASSAY_TEST_SECRET=hidden'])
    await using sandbox = await hidden.start({ signal: new AbortController().signal })
    const { stdout } = await sandbox.run({ argv: ['sh', '-c', 'env -u PWD -u OLDPWD; cat /proc/[0-9]*/environ'] })
    expect(stdout).not.toContain('hidden')
    const names = stdout.split('\n').map((line) => line.split('=')[0])
    expect(names.slice(0, 5).sort()).toEqual(['ASSAY_PROCESS', 'HOME', 'LANG', 'PATH', 'TMPDIR'])
    await sandbox.stop()
    await hidden.close()
  })

  test('a program that is not there, and a folder that is not there, are failures of the command', async () => {
    const sandbox = await start()
    expect(await sandbox.run({ argv: ['no-such-program'] })).toMatchObject({ code: 127, signal: null })
    expect(await sandbox.run({ argv: ['true'], cwd: '/nowhere' })).toMatchObject({ code: 127, signal: null })
  })

  test('the files of an app are copied, with their links and what may be executed', async () => {
    const sandbox = await start({ files })
    expect((await sandbox.run({ argv: ['./link', '1'] })).stdout).toBe('./link 1\n')
    expect((await sandbox.read('/app/big.bin'))?.equals(Buffer.alloc(700_000, 7))).toBe(true)
    await sandbox.run({ argv: ['sh', '-c', 'rm -r sub; echo x > server.js'] })
    expect(readdirSync(join(files, 'sub'))).toEqual(['tool.sh'])
  })

  test('files are read and written inside', async () => {
    const sandbox = await start()
    await sandbox.write('/app/deep/er/note', 'grüezi')
    expect((await sandbox.run({ argv: ['cat', 'deep/er/note'] })).stdout).toBe('grüezi')
    await sandbox.write('/app/deep/er/note', Buffer.alloc(600_000, 1))
    expect((await sandbox.read('/app/deep/er/note'))?.length).toBe(600_000)
    expect(await sandbox.read('/app/none')).toBeUndefined()
    expect(await sandbox.read('/app/deep')).toBeUndefined()
    await expect(sandbox.write('/app/deep', 'x')).rejects.toThrow('EISDIR')
  })

  test('a server inside is reached through a socket, however many connections there are', async () => {
    const sandbox = await start({ files })
    expect(await sandbox.listening()).toEqual([])
    const process = await sandbox.start({ argv: ['node', 'server.js'] })
    await printed(process, 'ready')
    expect(await sandbox.listening()).toEqual([3000])
    const socket = await sandbox.expose(3000)
    expect(await sandbox.expose(3000)).toBe(socket)
    expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(107)
    expect(await page(socket, '/a')).toBe('you asked for /a')
    const pages = await Promise.all(Array.from({ length: 200 }, (_, index) => page(socket, `/${index}`)))
    expect(pages.at(-1)).toBe('you asked for /199')
    process.kill()
    expect(await process.exited).toEqual({ code: null, signal: 'SIGKILL' })
    await expect(page(socket, '/')).rejects.toThrow()
  })

  test('a process outside is reached through a gateway, and nothing else is', async () => {
    const path = join(folder, 'gateway')
    const outside = createServer((connection) => connection.end('welcome out'))
    await new Promise<void>((resolve) => outside.listen(path, resolve))
    chmodSync(path, 0o777)
    try {
      const sandbox = await start({ gateways: [{ port: 8123, socket: path }] })
      const script = `require('node:net').connect(8123, '127.0.0.1').on('data', (data) => process.stdout.write(data))`
      expect((await sandbox.run({ argv: ['node', '-e', script] })).stdout).toBe('welcome out')
      expect(await sandbox.listening()).toEqual([])
    } finally {
      outside.close()
    }
  })

  test('a folder of the host can be read and not written', async () => {
    const sandbox = await start({ mounts: [{ from: files, to: '/data/app' }] })
    expect((await sandbox.run({ argv: ['/data/app/sub/tool.sh', 'x'] })).stdout).toBe('/data/app/sub/tool.sh x\n')
    const { code, stderr } = await sandbox.run({ argv: ['sh', '-c', 'echo x > /data/app/new'] })
    expect(code).not.toBe(0)
    expect(stderr).toContain('Read-only file system')
  })

  test('killing a process kills what it started, daemons included', async () => {
    const sandbox = await start()
    const daemon = '(setsid sh -c "sleep 1000 & sleep 1000" >/dev/null 2>&1 &) ; sleep 1001'
    const process = await sandbox.start({ argv: ['sh', '-c', `echo begun; ${daemon}`] })
    const count = async () => Number((await sandbox.run({ argv: ['sh', '-c', 'pgrep -c sleep; true'] })).stdout)
    await expect.poll(count).toBe(3)
    process.kill()
    expect(await process.exited).toEqual({ code: null, signal: 'SIGKILL' })
    expect(await count()).toBe(0)
  })

  test('a running command is killed when its signal is aborted', async () => {
    const sandbox = await start()
    const stop = new AbortController()
    const running = sandbox.run({ argv: ['sleep', '1000'] }, stop.signal)
    setTimeout(() => stop.abort(new Error('enough')), 100)
    await expect(running).rejects.toThrow('enough')
    expect((await sandbox.run({ argv: ['true'] })).code).toBe(0)
  })

  test('after the stop nothing can be asked, and why is known', async () => {
    const sandbox = await start()
    const process = await sandbox.start({ argv: ['sleep', '1000'] })
    const waiting = sandbox.run({ argv: ['sleep', '1000'] })
    await Promise.all([sandbox.stop(), expect(waiting).rejects.toThrow(SandboxEnded)])
    await sandbox.stop()
    expect(await sandbox.ended).toEqual({ reason: 'stopped', message: 'It was stopped.' })
    expect(await process.exited).toEqual({ code: null, signal: 'SIGKILL' })
    await expect(sandbox.run({ argv: ['true'] })).rejects.toThrow('The sandbox has ended: It was stopped.')
    await expect(sandbox.usage()).rejects.toThrow(SandboxEnded)
  })

  test('aborting the request ends the sandbox', async () => {
    const stop = new AbortController()
    const sandbox = await start({ signal: stop.signal })
    stop.abort()
    expect((await sandbox.ended).reason).toBe('cancelled')
    await expect(start({ signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow('too late')
  })
})

test.skipIf(places[0]?.missing !== undefined && places[1]?.missing !== undefined)(
  'a process that has stopped its sandbox ends by itself',
  async () => {
    const script = `
      import { processRunner } from '${join(import.meta.dirname, 'index.ts')}'
      const sandbox = await processRunner.start({ signal: new AbortController().signal })
      await sandbox.stop()`
    const argv = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script]
    await promisify(execFile)(process.execPath, argv, { timeout: 30_000 })
  },
)

test.for(places)('$name can be tested', ({ missing }, { skip }) => skip(missing !== undefined, missing))
