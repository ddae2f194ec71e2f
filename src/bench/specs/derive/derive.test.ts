import type { RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { appOf } from '../../analyzers/testing.ts'
import type { CheckResult } from '../check.ts'
import { serve } from '../testing.ts'
import { runDerivedChecks } from './derive.ts'

/** What the routes are read from. It is not started: the answers are those of the test. */
const source = `
from flask import Flask, request, jsonify
app = Flask(__name__)

@app.post('/api/register')
def register():
    data = request.json
    return jsonify(email=data['email'], password=bool(data['password'])), 201

@app.post('/api/login')
def login():
    data = request.json
    return jsonify(token=sign(data['email'], data['password']))

@app.get('/api/notes')
def notes():
    return jsonify(items=all_notes())

@app.post('/api/notes')
def add():
    data = request.json
    return jsonify(id=save(data['title'], data['body'])), 201

@app.get('/api/notes/<int:id>')
def note(id):
    return jsonify(find(id))

@app.put('/api/notes/<int:id>')
def change(id):
    return jsonify(update(id, request.json['title']))

@app.delete('/api/notes/<int:id>')
def delete(id):
    return '', 204

@app.get('/api/health')
def health():
    return jsonify(status='ok')

@app.get('/')
def start():
    return page()
`

interface Flaws {
  readonly forgetful?: true
  readonly unlisted?: true
  readonly crashing?: true
  readonly text?: true
  readonly fallback?: true
}

function notes(flaws: Flaws): RequestListener {
  const things = new Map<string, { title: string }>()
  return async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const answer = (status: number, body: unknown, type = 'application/json'): void => {
      response.writeHead(status, { 'content-type': type }).end(typeof body === 'string' ? body : JSON.stringify(body))
    }
    const parsed = (): Record<string, string> | undefined => {
      try {
        const value = JSON.parse(text)
        return typeof value === 'object' && !Array.isArray(value) ? value : undefined
      } catch {
        return undefined
      }
    }
    const { method, url = '/' } = request
    if (url === '/') {
      return answer(
        200,
        '<form method="post" action="/contact"><input name="email"><input type="hidden" name="t" value="7"></form>',
        'text/html',
      )
    }
    if (url === '/contact') return answer(text.includes('t=7') && text.includes('email=') ? 302 : 500, '')
    if (url === '/api/health') return flaws.text ? answer(200, 'ok', 'text/plain') : answer(200, { status: 'ok' })
    if (url === '/api/register' || url === '/api/login') {
      const body = parsed()
      if (!body?.['password']) return answer(flaws.crashing ? 500 : 400, {})
      return answer(201, { token: `token-${body['email']}` })
    }
    const id = url.split('/')[3]
    if (url.startsWith('/api/notes')) {
      if (!request.headers.authorization?.startsWith('Bearer token-')) return answer(401, {})
      const body = parsed()
      if ((method === 'POST' || method === 'PUT') && !body?.['title']) return answer(400, {})
      if (method === 'POST') {
        things.set(String(things.size + 1), { title: body?.['title'] ?? '' })
        return answer(201, { note: { id: things.size } })
      }
      if (id === undefined) return answer(200, { items: flaws.unlisted ? [] : [...things.values()] })
      if (!things.has(id)) return answer(404, {})
      if (method === 'PUT') things.set(id, { title: body?.['title'] ?? '' })
      if (method === 'DELETE' && !flaws.forgetful) things.delete(id)
      return answer(method === 'DELETE' ? 204 : 200, things.get(id) ?? '')
    }
    return flaws.fallback ? answer(200, 'soft', 'text/html') : answer(404, {})
  }
}

async function derived(flaws: Flaws): Promise<readonly CheckResult[]> {
  const app = await appOf({ 'app.py': source })
  await using running = await serve(notes(flaws))
  const scene = { app: running, backend: running, seed: '1', signal: new AbortController().signal }
  return await runDerivedChecks(app, scene)
}

const lines = (results: readonly CheckResult[]): string[] =>
  results.map(
    ({ check: { id }, verdict }) =>
      `${id}: ${'reason' in verdict ? `${verdict.outcome}, ${verdict.reason}` : verdict.outcome}`,
  )

test('an app that does what its routes promise passes every check', async () => {
  expect(lines(await derived({}))).toEqual([
    'account: pass',
    'unknown-path: pass',
    'server-error:GET /api/notes: pass',
    'server-error:GET /api/health: pass',
    'server-error:GET /: pass',
    'not-json:GET /api/notes: pass',
    'not-json:GET /api/health: pass',
    'resource:/api/notes: pass',
    'form:POST /contact email,t: pass',
    'bad-input:POST /api/register: pass',
    'bad-input:POST /api/login: pass',
    'bad-input:POST /api/notes: pass',
    'bad-input:PUT /api/notes/:id: pass',
  ])
})

test.each<[Flaws, string]>([
  [{ forgetful: true }, 'resource:/api/notes: fail, GET /api/notes/1 was answered with 200 after it was removed.'],
  [{ unlisted: true }, 'resource:/api/notes: fail, What POST /api/notes added is not in the list.'],
  [{ text: true }, 'not-json:GET /api/health: fail, The answer to GET /api/health is text/plain, not JSON.'],
  [
    { fallback: true },
    expect.stringMatching(/^unknown-path: fail, GET \/\w+-\d+ was answered with 200 instead of 404\.$/),
  ],
])('%j fails one check', async (flaws, line) => {
  expect(lines(await derived(flaws)).filter((each) => each.includes(': fail'))).toEqual([line])
})

test('bodies that break a route fail its check, which says from which line it is derived', async () => {
  const results = (await derived({ crashing: true })).filter(({ verdict }) => verdict.outcome === 'fail')
  expect(lines(results)).toEqual([
    'bad-input:POST /api/register: fail, For an empty object, POST /api/register was answered with 500.',
    'bad-input:POST /api/login: fail, For an empty object, POST /api/login was answered with 500.',
  ])
  expect(results[0]?.check.origin).toEqual({
    kind: 'derived',
    from: 'the route POST /api/register',
    path: 'app.py',
    line: 5,
  })
  expect(results[0]?.exchanges.at(-1)?.response?.status).toBe(500)
})
