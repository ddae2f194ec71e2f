import type { RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { type CheckResult, runChecks } from './check.ts'
import { parseSpec } from './parse.ts'
import { specChecks } from './spec-checks.ts'
import { serve } from './testing.ts'

const spec = parseSpec(
  `name: notes
variables: { email: { random: email }, password: { random: password }, title: { random: text } }
endpoints:
  - { method: GET, path: /health, answers: { 200: [status] } }
  - { method: GET, path: /wrong, answers: { 200: { type: object, properties: { count: { type: integer } } } } }
  - { method: POST, path: /notes, answers: { 201: [id, title] } }
flows:
  - id: life
    title: A note lives and dies
    steps:
      - { name: registers, request: { method: POST, path: /register, json: { email: '{{email}}', password: '{{password}}' } }, expect: { status: 201 } }
      - { name: signs in, request: { method: POST, path: /login, form: { email: '{{email}}', password: '{{password}}' } }, capture: { session: 'cookie:session' } }
      - { name: creates, request: { method: POST, path: /notes, json: { title: '{{title}}' } }, expect: { status: 201, json: { $.title: '{{title}}' } }, capture: { id: $.id } }
      - { name: lists, request: { method: GET, path: /notes }, expect: { json: { '$.items[*].title': '{{title}}', $.items: { length: 1 } } } }
      - { name: a stranger asks, session: stranger, request: { method: GET, path: '/notes/{{id}}' }, expect: { status: 401 } }
      - { name: deletes, request: { method: DELETE, path: '/notes/{{id}}' }, expect: { status: 204 } }
      - { name: asks again, request: { method: GET, path: '/notes/{{id}}' }, expect: { status: 404 } }
`,
  'notes.yaml',
)

/** Notes for one person, with or without the mistake of forgetting to delete. */
function notes({ forgetful }: { readonly forgetful: boolean }): RequestListener {
  const users = new Map<string, string>()
  const titles = new Map<number, string>()
  return async (request, response) => {
    const answer = (status: number, body?: unknown, headers = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    }
    let text = ''
    for await (const chunk of request) text += chunk
    const url = request.url ?? '/'
    if (url === '/health') return answer(200, { status: 'ok' })
    if (url === '/wrong') return answer(200, { count: 'many' })
    if (url === '/register') {
      const { email, password } = JSON.parse(text)
      users.set(email, password)
      return answer(201, {})
    }
    if (url === '/login') {
      const form = new URLSearchParams(text)
      const known = users.get(form.get('email') ?? '') === form.get('password')
      return known ? answer(200, {}, { 'set-cookie': 'session=s1; HttpOnly; Secure' }) : answer(401)
    }
    if (request.headers.cookie !== 'session=s1') return answer(401)
    if (url === '/notes' && request.method === 'POST') {
      titles.set(titles.size + 1, JSON.parse(text).title)
      return answer(201, { id: titles.size, title: titles.get(titles.size) })
    }
    if (url === '/notes') return answer(200, { items: [...titles].map(([id, title]) => ({ id, title })) })
    const id = Number(url.split('/').at(-1))
    if (request.method === 'DELETE') {
      if (!forgetful) titles.delete(id)
      return answer(204)
    }
    return titles.has(id) ? answer(200, { id, title: titles.get(id) }) : answer(404)
  }
}

async function check(listener: RequestListener): Promise<readonly CheckResult[]> {
  await using app = await serve(listener)
  return await runChecks(specChecks(spec), { app, backend: app, seed: '1', signal: new AbortController().signal })
}

const outcomes = (results: readonly CheckResult[]): string[] =>
  results.map(
    ({ check: { id }, verdict }) =>
      `${id}: ${'reason' in verdict ? `${verdict.outcome}, ${verdict.reason}` : verdict.outcome}`,
  )

test('a flow goes through with captured values, cookies of each visitor and the fields endpoints declare', async () => {
  const results = await check(notes({ forgetful: false }))
  expect(outcomes(results)).toEqual([
    'endpoint:GET /health: pass',
    'endpoint:GET /wrong: fail, Asks for it: The answer to GET /wrong does not match what is declared: count must be integer.',
    'endpoint:POST /notes: not_applicable, Only flows know what to send here.',
    'flow:life: pass',
  ])
  expect(
    results.at(-1)?.exchanges.map(({ purpose, request, response }) => [purpose, request.method, response?.status]),
  ).toEqual([
    ['registers', 'POST', 201],
    ['signs in', 'POST', 200],
    ['creates', 'POST', 201],
    ['lists', 'GET', 200],
    ['a stranger asks', 'GET', 401],
    ['deletes', 'DELETE', 204],
    ['asks again', 'GET', 404],
  ])
})

test('the step that goes wrong is named', async () => {
  const results = await check(notes({ forgetful: true }))
  expect(outcomes(results).at(-1)).toBe(
    'flow:life: fail, Asks again: GET /notes/1 was answered with 200 instead of 404.',
  )
})

test('an app that breaks off fails, and a variable nobody set is an error of the check', async () => {
  const results = await check((request) => request.socket.destroy())
  expect(outcomes(results)[0]).toBe(
    'endpoint:GET /health: fail, Asks for it: GET /health was not answered: the connection was closed without an answer.',
  )
  await using app = await serve((_, response) => response.end())
  const unset = parseSpec(
    'name: a\nflows: [{ id: f, title: t, steps: [{ name: s, request: { method: GET, path: "/{{nobody}}" } }] }]',
    'a.yaml',
  )
  const [result] = await runChecks(specChecks(unset), {
    app,
    backend: app,
    seed: '1',
    signal: new AbortController().signal,
  })
  expect(result?.verdict).toEqual({ outcome: 'error', reason: 'The variable {{nobody}} has no value here.' })
})
