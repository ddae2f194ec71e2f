import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { processRunner } from '#bench/sandbox'
import { findChromium } from './chromium.ts'
import { openSandboxedBrowser, type SandboxedBrowser } from './open.ts'

/** Why the browser cannot be tried here; undefined when it can. */
async function missing(): Promise<string | undefined> {
  const report = await processRunner.examine(AbortSignal.timeout(30_000))
  if (!report.available) return report.reason
  try {
    findChromium()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
const reason = await missing()

/** Pages of the test's own behind a unix socket. */
async function pages(answer: RequestListener): Promise<{ readonly socket: string } & AsyncDisposable> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-pages-'))
  const socket = join(folder, 's')
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  return {
    socket,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function open(socket: string, signal = new AbortController().signal): Promise<SandboxedBrowser> {
  return openSandboxedBrowser({ runner: processRunner, gateways: [{ port: 8000, socket }], signal })
}

describe.skipIf(reason !== undefined)(`a browser in a sandbox${reason ? ` (${reason})` : ''}`, () => {
  test('sees the app under its origin, runs its scripts, and reaches nothing else', async () => {
    await using app = await pages((request, response) => {
      response.setHeader('content-type', 'text/html')
      response.setHeader('set-cookie', 'seen=1; Secure; SameSite=Lax')
      response.end(
        `<title>${request.headers.host}</title><body><main></main><script>document.querySelector('main').append('made by script')</script>`,
      )
    })
    await using browser = await open(app.socket)
    expect(browser.version).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
    const visitor = await browser.visitor()
    const page = await visitor.newPage()
    await page.goto('http://localhost:8000/')
    expect(await page.title()).toBe('localhost:8000')
    expect(await page.textContent('main')).toBe('made by script')
    expect((await visitor.cookies()).map(({ name, value }) => [name, value])).toEqual([['seen', '1']])
    const other = await page.evaluate(() => fetch('http://example.com/').then(String, String))
    expect(other).toContain('Failed to fetch')
    await expect(page.goto('http://127.0.0.1:22/')).rejects.toThrow(/ERR_(CONNECTION_REFUSED|UNSAFE_PORT)/)
  })

  test('shares nothing between visitors', async () => {
    await using app = await pages((_, response) => {
      response.setHeader('set-cookie', 'seen=1').end('hello')
    })
    await using browser = await open(app.socket)
    const [one, other] = [await browser.visitor(), await browser.visitor()]
    await (await one.newPage()).goto('http://localhost:8000/')
    expect(await one.cookies()).toHaveLength(1)
    expect(await other.cookies()).toHaveLength(0)
  })

  test('is gone with its sandbox after stop and after cancel', async () => {
    await using app = await pages((_, response) => response.end('hello'))
    const stopped = await open(app.socket)
    await stopped.stop()
    expect((await stopped.sandbox.ended).reason).toBe('stopped')
    const abort = new AbortController()
    const cancelled = await open(app.socket, abort.signal)
    abort.abort()
    expect((await cancelled.sandbox.ended).reason).toBe('cancelled')
    await cancelled.stop()
  })
})

test('a machine without Chromium is told how to get one, and where another one lies is believed', () => {
  expect(() => findChromium({}, [])).toThrow('There is no Chromium on this machine.')
  expect(findChromium({ CHROMIUM_PATH: process.execPath }, []).executable).toBe(realpathSync(process.execPath))
})
