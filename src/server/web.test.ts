import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './testing.ts'

let server: TestServer
let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'assay-web-'))
  await mkdir(join(root, 'assets'))
  await writeFile(join(root, 'index.html'), '<!doctype html><title>Assay</title>')
  await writeFile(join(root, 'assets', 'index-B1xYz_9Q.js'), `console.log(${JSON.stringify('x'.repeat(5000))})`)
  await writeFile(join(root, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  server = await startTestServer({ server: { webRoot: root } })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await rm(root, { recursive: true })
})

test.each(['/', '/studies/1', '/findings?severity=high'])('%s is the page', async (path) => {
  const response = await server.ask('GET', path)
  expect(await response.text()).toBe('<!doctype html><title>Assay</title>')
  expect(response.headers.get('cache-control')).toBe('no-cache')
  expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
})

test('names with a hash are kept for ever, and compressed', async () => {
  const response = await server.ask('GET', '/assets/index-B1xYz_9Q.js', { headers: { 'accept-encoding': 'gzip, br' } })
  expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(response.headers.get('content-encoding')).toBe('br')
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect((await response.text()).length).toBe(5015)
  const etag = response.headers.get('etag') ?? ''
  const again = await server.ask('GET', '/assets/index-B1xYz_9Q.js', { headers: { 'if-none-match': etag } })
  expect(again.status).toBe(304)
})

test.each([
  '/assets/gone-B1xYz_9Q.js',
  '/%2e%2e/%2e%2e/etc/passwd.txt',
  '/..%2fpackage.json',
  '//assets/none.js',
  '/api/v1/nothing',
  '/api/auth/nothing',
])('%s is not there', async (path) => {
  const response = await server.ask('GET', path)
  expect(response.status).toBe(404)
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
})

test('the API page needs nothing from elsewhere', async () => {
  const page = await server.ask('GET', '/api/docs/')
  const html = await page.text()
  expect(page.status).toBe(200)
  expect(html).not.toMatch(/(src|href)="https?:/)
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/)
  const scripts = [...html.matchAll(/src="([^"]+)"/g)].map(([, path]) => new URL(path ?? '', `${server.url}/api/docs/`))
  expect(scripts.length).toBeGreaterThan(0)
  for (const script of scripts) expect((await fetch(script)).status, script.pathname).toBe(200)
})
