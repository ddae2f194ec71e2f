import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium, openSandboxedBrowser } from '#bench/browser'
import type { RawFinding } from '#bench/findings'
import { processRunner } from '#bench/sandbox'
import { messageOf } from '#platform/errors'
import { findingsOf } from './findings.ts'
import { type Tour, takeTour, tourLimits } from './tour.ts'

const examined = await processRunner.examine(AbortSignal.timeout(30_000))
const missing = examined.available ? missingBrowser() : examined.reason

function missingBrowser(): string | undefined {
  try {
    findChromium()
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

const head = (title: string): string =>
  `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>${title}</title>`

/** Pages of the test's own: one with everything wrong, one with everything that looks wrong and is right. */
const pages: Readonly<Record<string, string>> = {
  '/': `${head('Start')}<main><h1>Start</h1><img src="/logo.svg" width="10" height="10">
    <p><a href="/right">Right</a></p><p><a href="/wide">Wide</a></p><p><a href="/gone">Gone</a></p><p><a href="#nowhere">Nowhere</a></p><p><a href="/foreign">Foreign</a></p><p><a href="/breaks">Breaks</a></p>
    <button id="dead">Do it</button>
    <script>console.error('told you so'); fetch('/api/none'); setTimeout(() => { throw new Error('lost') })</script></main>`,
  '/right': `${head('Right')}<main><h1 id="here">Right</h1><p><a href="#here">Here</a></p><p><a href="/log-in">Log in</a></p>
    <label>Name <input id="name"></label><p id="out"></p>
    <p><button onclick="out.textContent += 'x'">Changes the page</button></p>
    <p><button onclick="document.getElementById('name').value = ''">Empties a field</button></p>
    <p><button onclick="fetch('/right')">Asks the server</button></p>
    <p><button onclick="document.getElementById('name').focus()">Moves the focus</button></p>
    <p><button onclick="alert('hello')">Says something</button></p>
    <p><button onclick="localStorage.setItem('a', Date.now())">Remembers</button></p>
    <p><button onclick="history.pushState({}, '', '/right?later')">Moves on</button></p>
    <p><button disabled>Not now</button> <button aria-pressed="true">Chosen</button></p>
    <script>document.body.addEventListener('click', () => undefined)</script></main>`,
  '/wide': `${head('Wide')}<main><h1>Wide</h1><div style="width: 700px; background: #eee">very wide</div></main>`,
  '/foreign': `${head('Foreign')}<main><h1>Foreign</h1><button onclick="jQuery('main').hide()">Hide</button>
    <script src="https://cdn.example.com/jquery.js"></script><script>jQuery(() => undefined)</script></main>`,
}

const folder = mkdtempSync(join(tmpdir(), 'assay-tour-'))
const socket = join(folder, 's')
const server = createServer((request, response) => {
  const page = pages[request.url?.split('?', 1)[0] ?? '']
  if (page !== undefined) response.writeHead(200, { 'content-type': 'text/html' }).end(page)
  else if (request.url === '/breaks') {
    if (request.headers['sec-fetch-mode']) request.socket.destroy()
    else response.writeHead(200, { 'content-type': 'text/html' }).end()
  } else if (request.url === '/logo.svg')
    response
      .writeHead(200, { 'content-type': 'image/svg+xml' })
      .end('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>')
  else response.writeHead(request.url === '/log-in' ? 401 : 404).end('nothing')
})

describe.skipIf(missing !== undefined)(`a tour through pages${missing ? ` (${missing})` : ''}`, () => {
  const kept: string[] = []
  let tour: Tour
  let findings: readonly RawFinding[]

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(socket, resolve))
    const signal = new AbortController().signal
    await using browser = await openSandboxedBrowser({
      runner: processRunner,
      gateways: [{ port: 8000, socket }],
      signal,
    })
    const app = { origin: 'http://localhost:8000', socket }
    const keep = async ({ name }: { readonly name: string }): Promise<void> => void kept.push(name)
    tour = await takeTour(await browser.visitor(), app, { keep, signal }, { ...tourLimits, time: 100_000 })
    findings = findingsOf(tour, app.origin)
  })
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    rmSync(folder, { recursive: true, force: true })
  })

  test('finds what is wrong, each once, and nothing on the page where all is right', () => {
    expect(tour.pages.map(({ path }) => path)).toEqual(['/', '/right', '/wide', '/foreign'])
    expect(findings.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
      'page-error: / throws: lost',
      'console-error: / logs an error: told you so',
      'failed-request: / requests GET /api/none, which is answered with 404.',
      'axe/image-alt: /: img. Element does not have an alt attribute',
      'dead-button: A click on "Do it" on / does nothing.',
      'dead-link: The link "Nowhere" on / leads to #nowhere, which is not on the page.',
      'overflow: At 390 pixels /wide is 318 pixels wider than the screen.',
      'dead-link: The link "Gone" on / leads to /gone, which is answered with 404.',
      'page-failed: /breaks is not answered: the connection breaks off.',
    ])
    expect(tour.gaps).toEqual([{ path: '/breaks', reason: 'net::ERR_EMPTY_RESPONSE at http://localhost:8000/breaks' }])
  })

  test('shows the element, the exchange and the picture', () => {
    const dead = findings.find(({ rule }) => rule === 'dead-button')
    expect(dead).toMatchObject({
      location: { kind: 'endpoint', method: 'GET', url: 'http://localhost:8000/' },
      confidence: 'high',
      evidence: {
        snippet: '<button id="dead">Do it</button>',
        facts: { selector: '#dead' },
        artifacts: ['page-1-1440-light.png'],
      },
    })
    const gone = findings.find(({ message }) => message.includes('/gone'))
    expect(gone?.evidence?.exchanges?.map(({ request, response }) => [request.url, response?.status])).toEqual([
      ['http://localhost:8000/gone', 404],
    ])
  })

  test('takes pictures at two sizes in two colour schemes', () => {
    expect(kept.slice(0, 4)).toEqual([
      'page-1-1440-light.png',
      'page-1-1440-dark.png',
      'page-1-390-dark.png',
      'page-1-390-light.png',
    ])
    expect(kept).toHaveLength(16)
  })

  test('measures web vitals, and does not judge what scripts of other hosts would have done', () => {
    const [start, right, , foreign] = tour.pages
    expect(start?.vitals.largestPaint).toBeGreaterThan(0)
    expect(start?.vitals.layoutShift).toBeLessThan(0.1)
    expect(right?.controls.clicked).toBe(7)
    expect(right?.vitals.slowestInteraction).toBeGreaterThan(0)
    expect(foreign?.incomplete).toEqual({ scripts: true, styles: false })
    expect(foreign?.controls).toEqual({ clicked: 0, dead: [] })
  })
})
