import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { askRegistry, type RegistryOptions } from './registries.ts'

const now = Date.UTC(2026, 0, 1)
const day = 24 * 3_600_000
let server: Server
let address = ''
let requests: string[] = []
let answer: (url: string, method: string) => { status: number; body?: unknown }
let cache = ''
let logged: string[] = []

beforeEach(async () => {
  requests = []
  logged = []
  cache = mkdtempSync(join(tmpdir(), 'assay-registry-'))
  server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    const { status, body } = answer(request.url ?? '', request.method ?? '')
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(body === undefined ? '' : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  address = typeof bound === 'object' && bound !== null ? `http://127.0.0.1:${bound.port}` : ''
})

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve))
  rmSync(cache, { recursive: true, force: true })
})

function options(more: Partial<RegistryOptions> = {}): RegistryOptions {
  const log = (message: string) => void logged.push(message)
  return {
    npmRegistry: address,
    pypiRegistry: address,
    cache,
    network: true,
    now,
    signal: new AbortController().signal,
    log,
    ...more,
  }
}

const npm = (name: string, version?: string) => ({ ecosystem: 'npm' as const, name, ...(version && { version }) })

test('npm: found with facts, no such version, no such package', async () => {
  answer = (url) => {
    if (url === '/express/4.18.0')
      return { status: 200, body: { version: '4.18.0', license: 'MIT', deprecated: 'old', hasInstallScript: true } }
    if (url === '/express') return { status: 200 }
    if (url === '/@types%2Fnode/latest') return { status: 200, body: { version: '26.0.0', license: { type: 'MIT' } } }
    return { status: 404 }
  }
  const report = await askRegistry(
    'npm',
    [npm('express', '4.18.0'), npm('express', '99.0.0'), npm('invented'), npm('@types/node')],
    options(),
  )
  expect(Object.fromEntries(report.answers)).toEqual({
    'npm:express@4.18.0': { kind: 'found', version: '4.18.0', deprecated: 'old', licence: 'MIT', installScript: true },
    'npm:express@99.0.0': { kind: 'no-version' },
    'npm:invented': { kind: 'no-package' },
    'npm:@types/node': { kind: 'found', version: '26.0.0', licence: 'MIT' },
  })
  expect(report).toMatchObject({ asked: 4 })
  expect(report.failure).toBeUndefined()
})

test('PyPI: by the JSON API for a version, by the index for a name', async () => {
  answer = (url, method) => {
    if (url === '/pypi/flask/3.0.0/json') {
      return {
        status: 200,
        body: { info: { license_expression: 'BSD-3-Clause', yanked: true, yanked_reason: 'broken' } },
      }
    }
    return { status: url === '/simple/requests/' && method === 'HEAD' ? 200 : 404 }
  }
  const questions = [
    { ecosystem: 'pypi' as const, name: 'flask', version: '3.0.0' },
    { ecosystem: 'pypi' as const, name: 'requests' },
    { ecosystem: 'pypi' as const, name: 'invented' },
  ]
  const { answers } = await askRegistry('pypi', questions, options())
  expect([...answers.values()]).toEqual([
    { kind: 'found', version: '3.0.0', deprecated: 'yanked: broken', licence: 'BSD-3-Clause' },
    { kind: 'found', version: '' },
    { kind: 'no-package' },
  ])
})

test('answers are kept: 7 days when found, 1 day when not', async () => {
  answer = (url) => (url.startsWith('/real') ? { status: 200, body: { version: '1.0.0' } } : { status: 404 })
  const questions = [npm('real'), npm('invented')]
  await askRegistry('npm', questions, options())
  requests = []
  await askRegistry('npm', questions, options({ now: now + day - 1 }))
  expect(requests).toEqual([])
  await askRegistry('npm', questions, options({ now: now + 2 * day }))
  expect(requests).toEqual(['GET /invented/latest', 'HEAD /invented'])
  requests = []
  await askRegistry('npm', questions, options({ now: now + 8 * day, network: false }))
  expect(requests).toEqual([])
})

test('a damaged kept answer is asked again, and said so', async () => {
  answer = () => ({ status: 200, body: { version: '1.0.0' } })
  await askRegistry('npm', [npm('real')], options())
  const folder = join(cache, 'registry')
  for (const file of readdirSync(folder)) writeFileSync(join(folder, file), '{"at": 1, "ans')
  requests = []
  const report = await askRegistry('npm', [npm('real')], options())
  expect(report.answers.size).toBe(1)
  expect(requests).toEqual(['GET /real/latest'])
  expect(logged).toEqual([`The kept registry answer for ${address} npm:real is damaged and is asked again.`])
})

test('one failure is retried; a second one is a failure, never an answer', async () => {
  let failures = 1
  answer = () => (failures-- > 0 ? { status: 503 } : { status: 200, body: { version: '1.0.0' } })
  expect((await askRegistry('npm', [npm('real')], options())).failure).toBeUndefined()
  answer = () => ({ status: 503 })
  const report = await askRegistry('npm', [npm('other')], options())
  expect(report).toMatchObject({ failure: expect.stringMatching(/answered 503$/) })
  expect(report.answers.size).toBe(0)
})

test('a registry nobody answers for is asked once, and left alone by the next apps', async () => {
  const closed = createServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  const bound = closed.address()
  const nobody = typeof bound === 'object' && bound !== null ? `http://127.0.0.1:${bound.port}` : ''
  await new Promise((resolve) => closed.close(resolve))
  const many = Array.from({ length: 50 }, (_, index) => npm(`package-${index}`))
  const first = await askRegistry('npm', many, options({ npmRegistry: nobody }))
  expect(first.failure).toMatch(/cannot be reached: connect ECONNREFUSED/)
  const again = await askRegistry('npm', many, options({ npmRegistry: nobody }))
  expect(again.failure).toBe(first.failure)
})

test('without network nothing is asked', async () => {
  const report = await askRegistry('npm', [npm('real')], options({ network: false }))
  expect(report.failure).toBe('the network is switched off (--offline)')
  expect(requests).toEqual([])
})
