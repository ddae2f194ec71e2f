import { describe, expect, it } from 'vitest'
import { unite } from './endpoint.ts'
import { endpointsOfOpenApi } from './from-openapi.ts'
import { readPage } from './from-page.ts'
import { endpointsInSource, parametersIn } from './from-source.ts'
import { handlerPlace } from './handler.ts'
import { fieldsIn, idsIn, SeenIds } from './learn.ts'

const brief = (
  endpoints: readonly { method: string; path: string; parameters: readonly { name: string; place: string }[] }[],
) =>
  endpoints.map(({ method, path, parameters }) =>
    `${method} ${path} ${parameters.map(({ name, place }) => `${place}:${name}`).join(' ')}`.trim(),
  )

describe('servers that compare addresses themselves', () => {
  it('are read with their methods, parameters and handlers', () => {
    const text = `const http = require('node:http')
http.createServer(async (req, res) => {
  if (req.method === 'GET' && url.pathname === '/search') {
    const q = url.searchParams.get('q')
  } else if (req.method === 'POST' && url.pathname === '/notes') {
    const { title, text = '' } = JSON.parse(await readBody(req))
  } else if (url.pathname.startsWith('/notes/')) {
    res.end(req.headers['x-trace'])
  }
}).listen(3000)`
    const endpoints = endpointsInSource({ path: 'server.js', text })
    expect(brief(endpoints)).toEqual([
      'GET /search query:q',
      'POST /notes json:title json:text',
      'GET /notes/:rest path:rest header:x-trace',
    ])
    expect(endpoints[1]?.handler).toEqual({ path: 'server.js', startLine: 5, endLine: 6 })
  })

  it('are not looked for in code that serves nothing', () => {
    expect(endpointsInSource({ path: 'a.js', text: "if (location.pathname === '/x') go()" })).toEqual([])
  })
})

it('parameters come from query, form, files, headers and cookies', () => {
  const code =
    "a = request.args.get('q'); b = request.form['name']; c = request.files['doc']; d = request.headers.get('X-Key'); e = request.cookies['cart']"
  expect(parametersIn(code, 'POST').map(({ name, place }) => [place, name])).toEqual([
    ['query', 'q'],
    ['form', 'name'],
    ['file', 'doc'],
    ['header', 'X-Key'],
    ['cookie', 'cart'],
  ])
})

it('the lines of a handler end with its indentation or its brackets', () => {
  const python = "@app.get('/a')\ndef a(\n    id,\n):\n    return id\n\n\n@app.get('/b')\ndef b():\n    pass\n"
  expect(handlerPlace('app.py', python, 1)).toEqual({ path: 'app.py', startLine: 1, endLine: 5 })
  const script = "app.get('/a', (req, res) => {\n  res.send('}')\n})\napp.get('/b', show)\n"
  expect(handlerPlace('app.js', script, 1).endLine).toBe(3)
  expect(handlerPlace('app.js', script, 4).endLine).toBe(4)
})

it('OpenAPI documents give parameters, bodies behind references, types and samples', () => {
  const endpoints = endpointsOfOpenApi({
    openapi: '3.1.0',
    paths: {
      '/users/{user_id}': {
        parameters: [{ name: 'user_id', in: 'path', required: true, schema: { type: 'integer' } }],
        put: { requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/User' } } } } },
      },
    },
    components: {
      schemas: {
        User: {
          properties: { email: { type: 'string', format: 'email' }, role: { enum: ['user', 'admin'] } },
          required: ['email'],
        },
      },
    },
  })
  expect(endpoints[0]?.parameters).toEqual([
    { name: 'user_id', place: 'path', required: true, type: 'integer' },
    { name: 'email', place: 'json', required: true, type: 'email' },
    { name: 'role', place: 'json', required: false, sample: 'user' },
  ])
  expect(endpointsOfOpenApi('not a document')).toEqual([])
})

it('pages give forms with their tokens and links of the same origin', () => {
  const html = `<!-- <form action="/no"> --><script>"<a href='/no'>"</script>
    <a href="/items?sort=name">Items</a><a href="https://example.org/x">away</a>
    <form method="post" action="add" enctype="multipart/form-data"><input type="hidden" name="csrf_token" value="t1">
    <input name="title" required><input type="file" name="picture"><textarea name="text">old</textarea></form>`
  const { endpoints, tokens } = readPage(html, 'http://localhost:3000/app/')
  expect(brief(endpoints)).toEqual([
    'GET /items query:sort',
    'POST /app/add form:csrf_token form:title file:picture form:text',
  ])
  expect([...tokens]).toEqual([['csrf_token', 't1']])
})

it('a concrete address joins the route that serves it', () => {
  const route = {
    method: 'GET',
    path: '/notes/:id',
    parameters: [{ name: 'id', place: 'path', required: true }],
    origins: ['route'],
    open: false,
  } as const
  const link = { method: 'GET', path: '/notes/7', parameters: [], origins: ['link'], open: false } as const
  const word = { ...link, path: '/notes/new' }
  expect(
    unite([route, link, word]).map(({ path, origins, parameters }) => [path, origins, parameters[0]?.sample]),
  ).toEqual([
    ['/notes/:id', ['route', 'link'], '7'],
    ['/notes/new', ['link'], undefined],
  ])
})

it('answers teach ids and fields', () => {
  expect(idsIn({ notes: [{ id: 1 }, { id: 2, tags: [{ id: 9 }] }] })).toEqual(['2', '1'])
  expect(fieldsIn({ items: [{ id: 1, name: 'a', tags: [] }] })).toEqual(['id', 'name'])
  const ids = new SeenIds()
  ids.learn('/api/notes', { id: 5 })
  ids.learn('/items', undefined, '/items/12')
  expect([ids.idsOf('/api/notes'), ids.idsOf('/note'), ids.idsOf('/items')]).toEqual([['5'], ['5'], ['12']])
})
