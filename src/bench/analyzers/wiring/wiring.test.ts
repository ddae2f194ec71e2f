// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the fixtures are source text with template literals
import { describe, expect, test } from 'vitest'
import { analyzeFiles } from '../testing.ts'
import { wiring } from './index.ts'

type Files = Record<string, string>

/** The findings of one rule as `file:line message`. */
async function found(rules: string, files: Files): Promise<string[]> {
  const { findings } = await analyzeFiles(wiring, files)
  for (const finding of findings) expect(wiring.rule(finding.rule)).toBeDefined()
  return findings
    .filter((finding) => rules.split(' ').includes(finding.rule))
    .map(
      ({ location, message }) =>
        `${location.kind === 'file' ? `${location.path}:${location.region?.startLine}` : ''} ${message}`,
    )
}

const flask = (routes: string, ...imports: string[]) =>
  `from flask import Flask, request, jsonify, render_template, url_for, redirect\n${imports.join('\n')}\napp = Flask(__name__)\n${routes}\nif __name__ == '__main__':\n    app.run(port=5000)\n`
const users = `@app.route('/api/users', methods=['GET', 'POST'])\ndef users():\n    return []\n@app.route('/api/users/<int:id>', methods=['DELETE'])\ndef remove(id):\n    return {}\n`
const express = (routes: string) =>
  `const express = require('express');\nconst app = express();\napp.use(require('cors')());\n${routes}\napp.listen(5000);\n`
const jsx = (code: string) => `import React, { useState } from 'react'\n${code}\n`

test('finds its canary', async () => {
  expect(await found(wiring.canary.rule, { ...wiring.canary.files })).toHaveLength(1)
})

describe('missing-route', () => {
  test.each<[string, Files]>([
    ['a path nobody declares', { 'app.py': flask(users), 'App.jsx': jsx("fetch('/api/accounts')") }],
    ['a parameter where there is none', { 'app.py': flask(users), 'App.jsx': jsx('fetch(`/api/users/${id}/posts`)') }],
    [
      'a base that repeats the prefix',
      {
        'app.py': flask(users),
        'api.js':
          "import axios from 'axios'\nconst api = axios.create({ baseURL: 'http://localhost:5000/api' })\napi.get('/api/users')\n",
      },
    ],
    [
      'a form',
      { 'app.py': flask(users), 'templates/a.html': '<form action="/subscribe" method="post"><input name="x"></form>' },
    ],
    [
      'a proxy that strips the prefix',
      {
        'app.py': flask(users),
        'vite.config.js':
          "export default { server: { proxy: { '/api': { target: 'http://localhost:5000', rewrite: (p) => p.replace(/^\\/api/, '') } } } }",
        'src/App.jsx': jsx("fetch('/api/nothing')"),
      },
    ],
  ])('reports %s', async (_title, files) => {
    expect(await found('missing-route', files)).toHaveLength(1)
  })

  test.each<[string, Files]>([
    [
      'what is declared',
      {
        'app.py': flask(users),
        'App.jsx': jsx("fetch('/api/users/')\nfetch(`http://localhost:5000/api/users/${id}`, { method: 'DELETE' })"),
      },
    ],
    [
      'URLs that are not known',
      {
        'app.py': flask(users),
        'App.jsx': jsx('fetch(url)\nfetch(base + path)\nfetch(`${import.meta.env.VITE_X}/elsewhere`)'),
      },
    ],
    ['other hosts', { 'app.py': flask(users), 'App.jsx': jsx("fetch('https://api.github.com/users')") }],
    ['an app without a backend', { 'App.jsx': jsx("fetch('/api/accounts')") }],
    [
      'a backend Assay cannot read',
      {
        'package.json': '{"dependencies":{"@hapi/hapi":"1"}}',
        'server.js': 'x',
        'App.jsx': jsx("fetch('/api/accounts')"),
        'a.js': express("app.get('/x', (q, s) => {})"),
      },
    ],
    [
      'a proxy that strips the prefix',
      {
        'app.py': flask("@app.route('/users')\ndef users():\n    return []\n"),
        'vite.config.js':
          "export default { server: { proxy: { '/api': { target: 'http://localhost:5000', rewrite: (p) => p.replace(/^\\/api/, '') } } } }",
        'src/App.jsx': jsx("fetch('/api/users')"),
      },
    ],
    ['static files', { 'app.py': flask(users), 'App.jsx': jsx("fetch('/data/cities.json')") }],
    [
      'routes on computed paths',
      {
        'server.js': express("for (const p of paths) app.get(p, (q, s) => {})\napp.get('/x', (q, s) => {})"),
        'App.jsx': jsx("fetch('/y')"),
      },
    ],
    [
      'queries appended to the path',
      { 'app.py': flask(users), 'App.jsx': jsx('fetch(`/api/users${query}`)\nfetch("/api/users?" + params)') },
    ],
    [
      'json-server',
      {
        'package.json': '{"devDependencies":{"json-server":"1","react":"1"}}',
        'app.py': flask(users),
        'src/App.jsx': jsx("fetch('/posts')"),
      },
    ],
  ])('is silent about %s', async (_title, files) => {
    expect(await found('missing-route', files)).toEqual([])
  })

  test('names the closest route', async () => {
    expect(await found('missing-route', { 'app.py': flask(users), 'App.jsx': jsx("fetch('/api/user')") })).toEqual([
      'App.jsx:2 GET /api/user is requested here, but the backend has no such route. The closest is GET /api/users.',
    ])
  })
})

describe('method-mismatch', () => {
  test.each<[string, Files]>([
    ['fetch', { 'app.py': flask(users), 'App.jsx': jsx('fetch(`/api/users/${id}`, { method: "PUT", body: "" })') }],
    ['axios', { 'server.js': express("app.get('/a', (q, s) => {})"), 'App.jsx': jsx("axios.post('/a', {})") }],
    [
      'a form',
      {
        'app.py': flask("@app.route('/login')\ndef login():\n    return ''\n"),
        'templates/l.html': '<form action="/login" method="POST"></form>',
      },
    ],
  ])('reports %s', async (_title, files) => {
    expect(await found('method-mismatch', files)).toHaveLength(1)
  })

  test.each<[string, Files]>([
    ['an unknown method', { 'app.py': flask(users), 'App.jsx': jsx('fetch(`/api/users/${id}`, options)') }],
    [
      'a route for all methods',
      { 'server.js': express("app.all('/a', (q, s) => {})"), 'App.jsx': jsx("axios.post('/a', {})") },
    ],
    [
      'a method two routes share',
      { 'app.py': flask(users), 'App.jsx': jsx("fetch('/api/users', { method: 'post' })") },
    ],
    [
      'a condition',
      {
        'app.py': flask(users),
        'App.jsx': jsx("fetch(id ? `/api/users/${id}` : '/api/users', { method: id ? 'DELETE' : 'POST' })"),
      },
    ],
  ])('is silent about %s', async (_title, files) => {
    expect(await found('method-mismatch', files)).toEqual([])
  })
})

describe('unmounted-router', () => {
  const blueprint =
    "from flask import Blueprint\nbp = Blueprint('a', __name__)\n@bp.route('/a')\ndef a():\n    return ''\n"
  const router =
    "const router = require('express').Router();\nrouter.get('/a', (q, s) => {});\nmodule.exports = router;\n"
  const fastapi = "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/a')\ndef a(): return 1\n"

  test.each<[string, Files]>([
    ['a blueprint', { 'app.py': flask(''), 'a.py': blueprint }],
    ['an Express router', { 'server.js': express("app.get('/x', (q, s) => {})"), 'routes/a.js': router }],
    [
      'a FastAPI router',
      {
        'main.py': 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/x")\ndef x(): return 1\n',
        'a.py': fastapi,
      },
    ],
  ])('reports %s', async (_title, files) => {
    expect(await found('unmounted-router', files)).toHaveLength(1)
  })

  test.each<[string, Files]>([
    [
      'a registered blueprint',
      { 'app.py': flask('app.register_blueprint(bp)', 'from a import bp'), 'a.py': blueprint },
    ],
    [
      'blueprints registered in a loop',
      { 'app.py': flask('for each in [bp]:\n    app.register_blueprint(each)', 'from a import bp'), 'a.py': blueprint },
    ],
    [
      'a blueprint registered inside a function',
      {
        'app.py': flask('def setup(app):\n    from a import bp\n    app.register_blueprint(bp)\nsetup(app)'),
        'a.py': blueprint,
      },
    ],
    ['a mounted router', { 'server.js': express("app.use('/api', require('./routes/a'))"), 'routes/a.js': router }],
    [
      'a router behind an index',
      {
        'server.js': express("app.use('/api', require('./routes'))"),
        'routes/index.js':
          "const router = require('express').Router();\nrouter.use('/a', require('./a'));\nmodule.exports = router;\n",
        'routes/a.js': router,
      },
    ],
    ['a library of routers without an app', { 'a.py': fastapi }],
  ])('is silent about %s', async (_title, files) => {
    expect(await found('unmounted-router', files)).toEqual([])
  })
})

describe('unused-route', () => {
  test.each<[string, Files]>([
    [
      'a method nobody uses',
      { 'app.py': flask(users), 'App.jsx': jsx("fetch('/api/users')\nfetch('/api/users', { method: 'POST' })") },
    ],
    [
      'a path nobody asks for',
      {
        'server.js': express("app.get('/api/a', (q, s) => {});\napp.get('/api/b', (q, s) => {});"),
        'App.jsx': jsx("fetch('/api/a')"),
      },
    ],
    [
      'one method of two',
      {
        'app.py': flask("@app.route('/api/a', methods=['GET', 'POST'])\ndef a():\n    return ''\n"),
        'App.jsx': jsx("fetch('/api/a')"),
      },
    ],
  ])('reports %s', async (_title, files) => {
    expect(await found('unused-route', files)).toHaveLength(1)
  })

  test.each<[string, Files]>([
    ['a backend alone', { 'app.py': flask(users) }],
    ['routes an unknown call may use', { 'app.py': flask(users), 'App.jsx': jsx("fetch('/api/users')\nfetch(url)") }],
    [
      'health checks and webhooks',
      {
        'server.js': express(
          "app.get('/api/a', f);\napp.get('/health', f);\napp.post('/webhook/stripe', f);\napp.get('*', f);",
        ),
        'App.jsx': jsx("fetch('/api/a')"),
      },
    ],
    [
      'links',
      {
        'server.js': express("app.get('/api/a', f);\napp.get('/api/reports/:id', f);"),
        'App.jsx': jsx("fetch('/api/a')\nconst A = () => <a href={`/api/reports/${id}`}>x</a>"),
      },
    ],
    [
      'pages',
      {
        'app.py': flask(`${users}@app.route('/about')\ndef about():\n    return render_template('a.html')\n`),
        'templates/a.html':
          "<script>fetch('/api/users'); fetch('/api/users', {method:'POST'}); fetch(`/api/users/${i}`, {method:'DELETE'})</script>",
      },
    ],
  ])('is silent about %s', async (_title, files) => {
    expect(await found('unused-route', files)).toEqual([])
  })
})

describe('fields', () => {
  const create = (body: string) =>
    flask(
      `@app.route('/api/items', methods=['POST'])\ndef create():\n${body
        .split('\n')
        .map((line) => `    ${line}`)
        .join('\n')}\n`,
    )
  const post = (code: string) => ({
    'App.jsx': jsx(`function App() {\n  const [form, setForm] = useState({ title: '', body: '' })\n  ${code}\n}`),
  })

  test.each<[string, Files]>([
    [
      'a name written otherwise',
      {
        'app.py': create("data = request.get_json()\nreturn data['due_date']"),
        ...post('axios.post("/api/items", { dueDate: 1 })'),
      },
    ],
    [
      'a state without the field',
      {
        'app.py': create(
          "data = request.get_json()\nif 'owner' not in data:\n    return {}, 400\nreturn data['title'] + data['body']",
        ),
        ...post("fetch('/api/items', { method: 'POST', body: JSON.stringify(form) })"),
      },
    ],
    [
      'a pydantic model',
      {
        'main.py':
          "from fastapi import FastAPI\nfrom pydantic import BaseModel\napp = FastAPI()\nclass Item(BaseModel):\n    name: str\n    note: str = ''\n@app.post('/api/items')\ndef create(item: Item): return item\n",
        ...post("axios.post('/api/items', { note: 'x' })"),
      },
    ],
    [
      'Express with a check',
      {
        'server.js': express(
          "app.post('/api/items', (req, res) => { const { title } = req.body; if (!title) return res.status(400).json({}); res.json({}); });",
        ),
        ...post("axios.post('/api/items', { name: 'x' })"),
      },
    ],
  ])('fields reports %s', async (_title, files) => {
    expect(await found('missing-field unread-field', files)).toHaveLength(1)
  })

  test.each<[string, Files]>([
    [
      'optional fields',
      {
        'app.py': create("data = request.get_json()\nreturn data['title'] + data.get('due_date')"),
        ...post('axios.post("/api/items", { title: 1 })'),
      },
    ],
    [
      'a field behind a test',
      {
        'app.py': create(
          "data = request.get_json()\nif 'note' in data:\n    return data['note']\nreturn data['title']",
        ),
        ...post('axios.post("/api/items", { title: 1 })'),
      },
    ],
    [
      'a body that is not visible',
      {
        'app.py': create("data = request.get_json()\nreturn data['due_date']"),
        ...post('axios.post("/api/items", values)'),
      },
    ],
    [
      'a spread that is not visible',
      {
        'app.py': create("data = request.get_json()\nreturn data['due_date']"),
        ...post('axios.post("/api/items", { ...values })'),
      },
    ],
    [
      'inputs named after the field',
      {
        'app.py': create("data = request.get_json()\nreturn data['owner'] + data['title'] + data['body']"),
        ...post(
          "const change = (e) => setForm({ ...form, [e.target.name]: e.target.value })\n  fetch('/api/items', { method: 'POST', body: JSON.stringify(form) })\n  return <input name=\"owner\" onChange={change} />",
        ),
      },
    ],
  ])('fields is silent about %s', async (_title, files) => {
    expect(await found('missing-field unread-field', files)).toEqual([])
  })

  test.each<[string, Files]>([
    [
      'Flask',
      {
        'app.py': create("data = request.get_json()\nreturn data['title']"),
        ...post('axios.post("/api/items", { title: 1, colour: 2 })'),
      },
    ],
    [
      'Express',
      {
        'server.js': express("app.post('/api/items', (req, res) => { res.json(req.body.title); });"),
        ...post("axios.post('/api/items', { title: 1, colour: 2 })"),
      },
    ],
    [
      'a form',
      {
        'app.py': create("return request.form['title']"),
        'templates/x.html': '<form action="/api/items" method="post"><input name="title"><input name="colour"></form>',
      },
    ],
  ])('fields reports %s', async (_title, files) => {
    expect(await found('missing-field unread-field', files)).toHaveLength(1)
  })

  test.each<[string, Files]>([
    [
      'handlers that pass the body on',
      {
        'app.py': create("data = request.get_json()\ncheck(data)\nreturn data['title']"),
        ...post('axios.post("/api/items", { title: 1, colour: 2 })'),
      },
    ],
    [
      'Express handlers that spread',
      {
        'server.js': express(
          "app.post('/api/items', (req, res) => { const { title, ...rest } = req.body; res.json(rest); });",
        ),
        ...post("axios.post('/api/items', { title: 1, colour: 2 })"),
      },
    ],
    [
      'handlers that are not visible',
      {
        'server.js': express("app.post('/api/items', controller.create);"),
        ...post("axios.post('/api/items', { title: 1, colour: 2 })"),
      },
    ],
    [
      'handlers that read nothing',
      { 'app.py': create('return {}'), ...post('axios.post("/api/items", { title: 1 })') },
    ],
  ])('fields is silent about %s', async (_title, files) => {
    expect(await found('missing-field unread-field', files)).toEqual([])
  })
})

describe('field-mismatch in answers', () => {
  const list =
    "@app.route('/api/notes')\ndef notes():\n    rows = db.execute('select id, title, updated_at from notes')\n    return jsonify({'items': [dict(row) for row in rows], 'total': 1})\n"
  const app = (code: string) => ({ 'app.py': flask(list), 'App.jsx': jsx(`async function load() {\n${code}\n}`) })

  test.each<[string, Files]>([
    ['fetch', app("const r = await fetch('/api/notes')\nconst data = await r.json()\nshow(data.notes)")],
    ['axios', app("const r = await axios.get('/api/notes')\nshow(r.data.notes)")],
    ['axios, taken apart', app("const { data } = await axios.get('/api/notes')\nshow(data.notes)")],
    [
      'a wrapper',
      {
        ...app("const data = await get('/api/notes')\nshow(data.notes)"),
        'App.jsx': jsx(
          "const get = async (path) => (await fetch(path)).json()\nasync function load() {\n  const { notes } = await get('/api/notes')\n  show(notes)\n}",
        ),
      },
    ],
    [
      'records',
      app(
        "const r = await fetch('/api/notes')\nconst data = await r.json()\ndata.items.map((note) => show(note.title, note.createdOn))",
      ),
    ],
    ['errors', app("try { await axios.get('/api/notes') } catch (err) { show(err.response.data.detail) }")],
  ])('reports %s', async (_title, files) => {
    expect(await found('missing-field unread-field', files)).toHaveLength(1)
  })

  test.each<[string, Files]>([
    [
      'fields the answer has',
      app("const r = await fetch('/api/notes')\nconst data = await r.json()\nshow(data.items, data.total)"),
    ],
    [
      'answers that are not literal',
      {
        'app.py': flask("@app.route('/api/notes')\ndef notes():\n    return jsonify(load())\n"),
        'App.jsx': jsx(
          "async function load() {\n  const { data } = await axios.get('/api/notes')\n  show(data.notes)\n}",
        ),
      },
    ],
    ['fields with a fallback', app("const { data } = await axios.get('/api/notes')\nshow(data.notes || data.items)")],
    [
      'records with the columns of the table',
      app(
        "const { data } = await axios.get('/api/notes')\ndata.items.map((note) => show(note.title, note.updated_at))",
      ),
    ],
    [
      'fields the frontend adds itself',
      app(
        "const { data } = await axios.get('/api/notes')\nconst rows = data.items.map((note) => ({ ...note, selected: false }))\nrows.map((note) => show(note.title, note.selected))",
      ),
    ],
    [
      'backends that rename fields',
      {
        ...app(
          "const { data } = await axios.get('/api/notes')\ndata.items.map((note) => show(note.title, note.createdOn))",
        ),
        'b.py': 'from pydantic.alias_generators import to_camel\n',
      },
    ],
    [
      'tokens of the framework',
      {
        'app.py': flask("@app.route('/a', methods=['POST'])\ndef a():\n    return request.form['title']\n"),
        'templates/a.html': '<form method="post" action="/a"><input name="csrf_token"><input name="title"></form>',
      },
    ],
  ])('is silent about %s', async (_title, files) => {
    expect(await found('missing-field unread-field', files)).toEqual([])
  })
})

describe('addresses', () => {
  const vite = {
    'frontend/package.json': '{"dependencies":{"react":"1","vite":"1"}}',
    'frontend/vite.config.js': 'export default { plugins: [react()] }',
  }
  const backend = { 'backend/app.py': flask(users, 'from flask_cors import CORS') }
  const bare = { 'backend/app.py': flask(users) }

  test.each<[string, Files]>([
    ['fetch', { ...backend, 'frontend/src/App.jsx': jsx("fetch('http://localhost:5001/api/users')") }],
    [
      'a constant',
      { ...backend, 'frontend/src/App.jsx': jsx("const API = 'http://127.0.0.1:8000'\nfetch(API + '/api/users')") },
    ],
    [
      'Express',
      {
        'server.js': express("app.get('/x', (q, s) => {})"),
        'client/App.jsx': jsx("axios.get('http://localhost:3001/x')"),
      },
    ],
  ])('wrong-port reports %s', async (_title, files) => {
    expect(await found('wrong-port', files)).toHaveLength(1)
  })

  test.each<[string, Files]>([
    ['the right port', { ...backend, 'frontend/src/App.jsx': jsx("fetch('http://localhost:5000/api/users')") }],
    [
      'a port compose publishes',
      {
        ...backend,
        'docker-compose.yml': 'services:\n  api:\n    build: backend\n    ports:\n      - "5001:5000"\n',
        'frontend/src/App.jsx': jsx("fetch('http://localhost:5001/api/users')"),
      },
    ],
    [
      'a backend whose port is not known',
      {
        'app.py': flask(users).replace('port=5000', 'port=port()'),
        'src/App.jsx': jsx("fetch('http://localhost:5001/api/users')"),
      },
    ],
    [
      'a default a setting overrides',
      {
        ...backend,
        '.env': 'VITE_API=http://localhost:5000\n',
        'frontend/src/App.jsx': jsx(
          "const API = import.meta.env.VITE_API || 'http://localhost:9999'\nfetch(API + '/api/users')",
        ),
      },
    ],
  ])('wrong-port is silent about %s', async (_title, files) => {
    expect(await found('wrong-port', files)).toEqual([])
  })

  test.each<[string, Files]>([
    ['Vite without a proxy', { ...backend, ...vite, 'frontend/src/App.jsx': jsx("fetch('/api/users')") }],
    ['axios', { ...backend, ...vite, 'frontend/src/App.jsx': jsx("axios.get('/api/users')") }],
    [
      'Express behind Vite',
      {
        'backend/server.js': express("app.get('/api/x', (q, s) => {})"),
        ...vite,
        'frontend/src/App.jsx': jsx("fetch('/api/x')"),
      },
    ],
  ])('missing-proxy reports %s', async (_title, files) => {
    expect(await found('missing-proxy', files)).toHaveLength(1)
  })

  test.each<[string, Files]>([
    [
      'a proxy',
      {
        ...backend,
        ...vite,
        'frontend/vite.config.js': "export default { server: { proxy: { '/api': 'http://localhost:5000' } } }",
        'frontend/src/App.jsx': jsx("fetch('/api/users')"),
      },
    ],
    [
      'nginx in front',
      {
        ...backend,
        ...vite,
        'nginx.conf': 'server { location /api { proxy_pass http://backend:5000; } }',
        'frontend/src/App.jsx': jsx("fetch('/api/users')"),
      },
    ],
    [
      'a backend that serves the build',
      {
        'backend/app.py': flask(users).replace('__name__', "__name__, static_folder='../frontend/dist'"),
        ...vite,
        'frontend/src/App.jsx': jsx("fetch('/api/users')"),
      },
    ],
    [
      'full addresses',
      { ...backend, ...vite, 'frontend/src/App.jsx': jsx("fetch('http://localhost:5000/api/users')") },
    ],
    ['no configuration to judge by', { ...backend, 'frontend/src/App.jsx': jsx("fetch('/api/users')") }],
  ])('missing-proxy is silent about %s', async (_title, files) => {
    expect(await found('missing-proxy', files)).toEqual([])
  })

  test.each<[string, Files]>([
    ['Flask', { ...bare, ...vite, 'frontend/src/App.jsx': jsx("fetch('http://localhost:5000/api/users')") }],
    [
      'Express',
      {
        'server.js': express("app.get('/x', (q, s) => {})").replace("app.use(require('cors')());", ''),
        'client/App.jsx': jsx("fetch('http://localhost:5000/x')"),
      },
    ],
    ['one folder', { 'app.py': flask(users), 'App.jsx': jsx("axios.get('http://127.0.0.1:5000/api/users')") }],
  ])('missing-cors reports %s', async (_title, files) => {
    expect(await found('missing-cors', files)).toHaveLength(1)
  })

  test.each<[string, Files]>([
    ['flask-cors', { ...backend, ...vite, 'frontend/src/App.jsx': jsx("fetch('http://localhost:5000/api/users')") }],
    [
      'the cors package',
      {
        'server.js': express("app.get('/x', (q, s) => {})"),
        'client/App.jsx': jsx("fetch('http://localhost:5000/x')"),
      },
    ],
    [
      'headers set by hand',
      {
        'app.py': flask(
          `${users}\n@app.after_request\ndef allow(r):\n    r.headers['Access-Control-Allow-Origin'] = '*'\n    return r\n`,
        ),
        'App.jsx': jsx("fetch('http://localhost:5000/api/users')"),
      },
    ],
    ['relative requests', { ...bare, ...vite, 'frontend/src/App.jsx': jsx("fetch('/api/users')") }],
    [
      'pages of the backend itself',
      {
        'app.py': flask(`${users}@app.route('/')\ndef home():\n    return render_template('i.html')\n`),
        'templates/i.html': "<script>fetch('http://localhost:5000/api/users')</script>",
      },
    ],
  ])('missing-cors is silent about %s', async (_title, files) => {
    expect(await found('missing-cors', files)).toEqual([])
  })
})

describe('duplicate and shadowed routes', () => {
  const api = (routes: string) => `from fastapi import FastAPI\napp = FastAPI()\n${routes}`

  test.each<[string, Files]>([
    ['Flask', { 'app.py': flask("@app.route('/a')\ndef a(): return ''\n@app.get('/a')\ndef b(): return ''\n") }],
    ['Express', { 'server.js': express("app.get('/a/:id', f);\napp.get('/a/:name', g);") }],
    [
      'across files',
      {
        'server.js': express("app.get('/api/a', f);\napp.use('/api', require('./r'));"),
        'r.js': "const r = require('express').Router();\nr.get('/a', (q, s) => {});\nmodule.exports = r;\n",
      },
    ],
  ])('duplicate-route reports %s', async (_title, files) => {
    expect(await found('duplicate-route', files)).toHaveLength(1)
  })

  test.each<[string, Files]>([
    ['other methods', { 'app.py': flask("@app.get('/a')\ndef a(): return ''\n@app.post('/a')\ndef b(): return ''\n") }],
    [
      'one router under two prefixes',
      { 'server.js': express("const r = express.Router();\nr.get('/a', f);\napp.use('/v1', r);\napp.use('/v2', r);") },
    ],
    [
      'two backends',
      {
        'one/app.py': flask("@app.get('/health')\ndef a(): return ''\n"),
        'two/app.py': flask("@app.get('/health')\ndef a(): return ''\n"),
      },
    ],
  ])('duplicate-route is silent about %s', async (_title, files) => {
    expect(await found('duplicate-route', files)).toEqual([])
  })

  test.each<[string, Files]>([
    ['Express', { 'server.js': express("app.get('/users/:id', f);\napp.get('/users/search', g);") }],
    [
      'FastAPI',
      { 'main.py': api("@app.get('/users/{id}')\ndef a(id): return 1\n@app.get('/users/me')\ndef b(): return 1\n") },
    ],
    [
      'a router',
      {
        'server.js': express(
          "const r = express.Router();\nr.delete('/:id', f);\nr.delete('/all', f);\napp.use('/x', r);",
        ),
      },
    ],
  ])('shadowed-route reports %s', async (_title, files) => {
    expect(await found('shadowed-route', files)).toHaveLength(1)
  })

  test.each<[string, Files]>([
    ['the literal first', { 'server.js': express("app.get('/users/search', g);\napp.get('/users/:id', f);") }],
    [
      'Flask, which sorts',
      { 'app.py': flask("@app.get('/users/<id>')\ndef a(id): return ''\n@app.get('/users/me')\ndef b(): return ''\n") },
    ],
    [
      'constrained parameters',
      { 'server.js': express("app.get('/users/:id(\\\\d+)', f);\napp.get('/users/search', g);") },
    ],
    ['other methods', { 'server.js': express("app.get('/users/:id', f);\napp.post('/users/search', g);") }],
    ['other lengths', { 'server.js': express("app.get('/users/:id', f);\napp.get('/users/search/all', g);") }],
  ])('shadowed-route is silent about %s', async (_title, files) => {
    expect(await found('shadowed-route', files)).toEqual([])
  })
})

describe('settings', () => {
  test.each<[string, Files]>([
    ['Python', { 'a.py': "import os\nx = os.environ['SECRET_KEY']\n", 'README.md': 'Run it.' }],
    ['JavaScript', { 'a.js': 'const x = process.env.JWT_SECRET\n' }],
    ['Vite', { 'a.js': 'const x = import.meta.env.VITE_API_URL\n', '.env.example': 'OTHER=1\n' }],
  ])('undocumented-setting reports %s', async (_title, files) => {
    expect(await found('undocumented-setting', files)).toHaveLength(1)
  })

  test.each<[string, Files]>([
    ['an example', { 'a.py': "import os\nx = os.environ['SECRET_KEY']\n", '.env.example': 'SECRET_KEY=\n' }],
    ['a README', { 'a.js': 'const x = process.env.JWT_SECRET\n', 'README.md': 'Set `JWT_SECRET`.' }],
    [
      'compose',
      {
        'a.js': 'const x = process.env.JWT_SECRET\n',
        'docker-compose.yml': 'services:\n  a:\n    environment:\n      JWT_SECRET: x\n',
      },
    ],
    ['standard variables', { 'a.js': 'const x = process.env.PORT + process.env.NODE_ENV\n' }],
    ['assignments', { 'a.js': "process.env.FOO = 'x'\n" }],
  ])('undocumented-setting is silent about %s', async (_title, files) => {
    expect(await found('undocumented-setting', files)).toEqual([])
  })

  test('a default makes it information', async () => {
    const { findings } = await analyzeFiles(wiring, { 'a.py': "import os\nx = os.getenv('REGION', 'eu')\n" })
    expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([['undocumented-setting', 'info']])
  })

  test.each<[string, Files]>([
    ['nothing reads it', { 'a.js': 'x()', '.env.example': 'MAIL_FROM=a\n' }],
    ['only documentation has it', { 'a.py': 'x()', '.env.sample': 'MAIL_FROM=a\n', 'README.md': 'MAIL_FROM' }],
    [
      'another name is read',
      { 'a.js': 'process.env.MAIL_FROM_NAME', '.env.example': 'MAIL_FROM=a\nMAIL_FROM_NAME=b\n' },
    ],
  ])('unused-setting reports when %s', async (_title, files) => {
    expect(await found('unused-setting', files)).toHaveLength(1)
  })

  test.each<[string, Files]>([
    ['it is read', { 'a.js': 'process.env.MAIL_FROM', '.env.example': 'MAIL_FROM=a\n' }],
    [
      'compose passes it on',
      {
        'a.js': 'x()',
        '.env.example': 'MAIL_FROM=a\n',
        'compose.yml': 'services:\n  a:\n    environment:\n      X: ${MAIL_FROM}\n',
      },
    ],
    ['the whole environment is read', { 'a.py': 'app.config.from_prefixed_env()', '.env.example': 'MAIL_FROM=a\n' }],
    [
      'a settings class reads it',
      { 'a.py': 'class S(BaseSettings):\n    mail_from: str\n', '.env.example': 'MAIL_FROM=a\n' },
    ],
    ['a tool reads it', { 'a.js': 'x()', '.env.example': 'POSTGRES_PASSWORD=a\n' }],
  ])('unused-setting is silent when %s', async (_title, files) => {
    expect(await found('unused-setting', files)).toEqual([])
  })
})

describe('templates', () => {
  const page = (code: string) => flask(`@app.route('/')\ndef home():\n    ${code}\n`)

  test.each<[string, string, Files]>([
    ['missing-template', 'render_template', { 'app.py': page("return render_template('home.html')") }],
    [
      'missing-template',
      'extends',
      { 'app.py': page("return render_template('home.html')"), 'templates/home.html': '{% extends "base.html" %}' },
    ],
    [
      'missing-template',
      'Django',
      { 'manage.py': 'import django', 'a/views.py': "def x(request):\n    return render(request, 'a/x.html')\n" },
    ],
    [
      'missing-static-file',
      'url_for',
      {
        'app.py': page("return render_template('home.html')"),
        'templates/home.html': `<link href="{{ url_for('static', filename='css/x.css') }}">`,
      },
    ],
    [
      'missing-static-file',
      'single quotes',
      {
        'app.py': page("return render_template('home.html')"),
        'templates/home.html': `<script src='{{ url_for("static", filename="app.js") }}'></script>`,
      },
    ],
    [
      'missing-static-file',
      'Django',
      { 'manage.py': 'import django', 'a/templates/x.html': '{% load static %}<img src="{% static \'a.png\' %}">' },
    ],
    ['missing-static-file', 'a picture in JSX', { 'App.jsx': jsx('const A = () => <img src="/logo.png" />') }],
    ['missing-static-file', 'a style of a page', { 'index.html': '<link rel="stylesheet" href="css/site.css">' }],
    ['missing-endpoint', 'a redirect', { 'app.py': page("return redirect(url_for('dashboard'))") }],
    [
      'missing-endpoint',
      'a link',
      {
        'app.py': page("return render_template('home.html')"),
        'templates/home.html': `<a href="{{ url_for('login') }}">`,
      },
    ],
    [
      'missing-endpoint',
      'a blueprint of the app',
      {
        'app.py': page("return redirect(url_for('auth.nothing'))").replace(
          'if __name__',
          'from a import bp\napp.register_blueprint(bp)\nif __name__',
        ),
        'a.py':
          "from flask import Blueprint\nbp = Blueprint('auth', __name__)\n@bp.route('/l')\ndef login(): return ''\n",
      },
    ],
  ])('%s reports %s', async (rule, _title, files) => {
    expect(await found(rule, files)).toHaveLength(1)
  })

  test.each<[string, string, Files]>([
    [
      'missing-template',
      'one that exists',
      { 'app.py': page("return render_template('a/home.html')"), 'templates/a/home.html': '' },
    ],
    ['missing-template', 'one of a package', { 'app.py': page("return render_template('security/login.html')") }],
    ['missing-template', 'computed names', { 'app.py': page("return render_template(f'{name}.html')") }],
    [
      'missing-template',
      'comments',
      { 'app.py': `${page("pass  # render_template('home.html')").replace('pass  #', '#')}\n` },
    ],
    [
      'missing-static-file',
      'one that exists',
      {
        'app.py': page("return render_template('h.html')"),
        'templates/h.html': `<link href="{{ url_for('static', filename='css/x.css') }}">`,
        'static/css/x.css': '',
      },
    ],
    [
      'missing-static-file',
      'computed names',
      {
        'app.py': page("return render_template('h.html')"),
        'templates/h.html': `<img src="{{ url_for('static', filename=user.image) }}">`,
      },
    ],
    ['missing-static-file', 'frontends without templates', { 'a.js': `url_for('static', filename='x.css')` }],
    [
      'missing-static-file',
      'files of the public folder, of other hosts, of builds and of users',
      {
        'public/logo.png': 'x',
        'css/site.css': '',
        'index.html':
          '<img src="/logo.png?v=2"><link href="./css/site.css"><script src="https://cdn.x/y.js"></script><script src="/dist/app.js"></script><img src="/uploads/a.png"><img src="{{ picture }}.png"><script src="//cdn/z.js"></script><img src="data:image/png;base64,AA.png">',
      },
    ],
    [
      'missing-static-file',
      'files a route serves',
      {
        'server.js': express("app.get('/badge.svg', (q, s) => {})"),
        'App.jsx': jsx('const A = () => <img src="/badge.svg" />'),
      },
    ],
    ['missing-endpoint', 'one that exists', { 'app.py': page("return redirect(url_for('home'))") }],
    ['missing-endpoint', 'extensions', { 'app.py': page("return redirect(url_for('security.login'))") }],
    [
      'missing-endpoint',
      'explicit names',
      {
        'app.py': page("return redirect(url_for('start'))").replace(
          "@app.route('/')",
          "@app.route('/', endpoint='start')",
        ),
      },
    ],
    ['missing-endpoint', 'computed names', { 'app.py': page('return redirect(url_for(name))') }],
  ])('%s is silent about %s', async (rule, _title, files) => {
    expect(await found(rule, files)).toEqual([])
  })
})

test('counts what it could not judge', async () => {
  const { metrics } = await analyzeFiles(wiring, {
    'app.py': flask(users),
    'App.jsx': jsx("fetch('/api/users')\nfetch(url)\nfetch('https://example.org/x')\nfetch('/nowhere')"),
  })
  expect(metrics).toMatchObject({
    routes: 3,
    calls: 4,
    'calls.matched': 1,
    'calls.unresolved': 1,
    'calls.external': 1,
    'calls.unmatched': 1,
  })
})
