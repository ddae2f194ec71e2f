import { describe, expect, test } from 'vitest'
import { appOf } from '../analyzers/testing.ts'
import { interfacesOf } from './index.ts'

const routesIn = async (files: Record<string, string>) =>
  (await interfacesOf(await appOf(files))).routes.map(
    ({ method, path, prefixUnknown, mounted }) =>
      `${method} ${path}${prefixUnknown ? ' ?prefix' : ''}${mounted ? '' : ' unmounted'}`,
  )

const callsIn = async (files: Record<string, string>) =>
  (await interfacesOf(await appOf(files))).calls.map(
    ({ method, path, origin, baseUnknown, openEnd, via }) =>
      `${method} ${origin ?? ''}${baseUnknown ? '?' : ''}${path ?? 'unresolved'}${openEnd ? '…' : ''} ${via}`,
  )

const bodyOf = async (files: Record<string, string>) => {
  const [route] = (await interfacesOf(await appOf(files))).routes
  return {
    fields: route?.request.body.map(({ name, required }) => `${name}${required ? '!' : ''}`),
    open: route?.request.open,
  }
}

describe('Flask', () => {
  test('decorators, methods, parameters', async () => {
    const app = `from flask import Flask
app = Flask(__name__)

@app.route('/')
def index(): return 'x'

@app.route("/api/users/<int:user_id>", methods=["GET", 'DELETE'])
@login_required
def user(user_id): return {}

@app.post('/api/users')
def create(): return {}
`
    expect(await routesIn({ 'app.py': app })).toEqual([
      'GET /',
      'GET /api/users/:user_id',
      'DELETE /api/users/:user_id',
      'POST /api/users',
    ])
  })

  test('blueprints across files, the prefix at registration replacing its own', async () => {
    const files = {
      'app/__init__.py': `from flask import Flask
from .routes.users import bp as users_bp
from app.routes import items
def create_app():
    app = Flask(__name__)
    app.register_blueprint(users_bp)
    app.register_blueprint(items.items_bp, url_prefix='/api/items')
    return app
`,
      'app/routes/__init__.py': '',
      'app/routes/users.py': `from flask import Blueprint
bp = Blueprint('users', __name__, url_prefix='/api/users')
@bp.route('/', methods=['POST'])
def create(): pass
`,
      'app/routes/items.py': `from flask import Blueprint
items_bp = Blueprint('items', __name__, url_prefix='/old')
@items_bp.get('/<item_id>')
def show(item_id): pass
`,
      'app/routes/lost.py': `from flask import Blueprint
lost = Blueprint('lost', __name__, url_prefix='/lost')
@lost.get('/x')
def x(): pass
`,
    }
    expect(await routesIn(files)).toEqual([
      'GET /api/items/:item_id',
      'GET /lost/x ?prefix unmounted',
      'POST /api/users',
    ])
  })

  test('views, rules and resources', async () => {
    const app = `from flask import Flask
from flask.views import MethodView
from flask_restful import Api, Resource
app = Flask(__name__)
api = Api(app, prefix='/v1')
class Users(MethodView):
    def get(self): pass
    def post(self): pass
class Item(Resource):
    def delete(self, id): pass
app.add_url_rule('/users', view_func=Users.as_view('users'))
app.add_url_rule('/ping', 'ping', ping, methods=['POST'])
api.add_resource(Item, '/items/<int:id>')
`
    expect((await routesIn({ 'app.py': app })).sort()).toEqual([
      'DELETE /v1/items/:id',
      'GET /users',
      'POST /ping',
      'POST /users',
    ])
  })

  test('fields of the JSON body', async () => {
    const app = (body: string) => ({
      'app.py': `from flask import Flask, request, jsonify
app = Flask(__name__)
@app.route('/x', methods=['POST'])
def x():
${body
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
`,
    })
    expect(
      await bodyOf(
        app(`data = request.get_json()\ntitle = data['title']\nnote = data.get('note', '')\nreturn jsonify({'id': 1})`),
      ),
    ).toEqual({
      fields: ['title!', 'note'],
      open: false,
    })
    expect(
      await bodyOf(
        app(
          `data = request.json or {}\nname = data.get('name')\nage = data.get('age')\nif not name:\n    return jsonify(error='x'), 400\nreturn {}`,
        ),
      ),
    ).toEqual({ fields: ['name!', 'age'], open: false })
    expect(
      await bodyOf(
        app(
          `data = request.get_json(silent=True)\nrequired = ['a', 'b']\nfor field in required:\n    if field not in data:\n        return {}, 400\nreturn {}`,
        ),
      ),
    ).toEqual({
      fields: ['a!', 'b!'],
      open: false,
    })
    expect(await bodyOf(app(`data = request.get_json()\nif 'a' in data:\n    item.a = data['a']\nreturn {}`))).toEqual({
      fields: ['a'],
      open: false,
    })
    expect(await bodyOf(app(`data = request.get_json()\nuser = User(**data)\nreturn {}`))).toEqual({
      fields: [],
      open: true,
    })
    expect(
      await bodyOf(
        app(`data = request.get_json()\nif not data or 'email' not in data:\n    return {}, 400\nreturn {}`),
      ),
    ).toEqual({ fields: ['email!'], open: false })
    expect(await bodyOf(app(`data = request.get_json()\nif not data.get('q'):\n    abort(400)\nreturn {}`))).toEqual({
      fields: ['q!'],
      open: false,
    })
  })
})

test('FastAPI: routers, prefixes, models', async () => {
  const files = {
    'main.py': `from fastapi import FastAPI
from routers import items
app = FastAPI()
app.include_router(items.router, prefix='/api')
@app.websocket('/ws')
async def ws(websocket): pass
`,
    'routers/__init__.py': '',
    'routers/items.py': `from fastapi import APIRouter, Depends
from schemas import ItemCreate
router = APIRouter(prefix='/items')
@router.post('/', status_code=201)
async def create(item: ItemCreate, verbose: bool = False, user = Depends(current_user)): pass
@router.get('/{item_id}')
async def show(item_id: int): pass
`,
    'schemas.py': `from pydantic import BaseModel
class ItemBase(BaseModel):
    name: str
    price: float = 0
class ItemCreate(ItemBase):
    owner: str
`,
  }
  expect(await routesIn(files)).toEqual(['WS /ws', 'POST /api/items', 'GET /api/items/:item_id'])
  const { routes } = await interfacesOf(await appOf(files))
  expect(routes[1]?.request).toEqual({
    body: [
      { name: 'name', required: true },
      { name: 'price', required: false },
      { name: 'owner', required: true },
    ],
    query: [{ name: 'verbose', required: false }],
    open: false,
  })
  expect(routes[1]?.guards).toEqual(['current_user'])
})

test('Django: urlpatterns, include, routers', async () => {
  const files = {
    'manage.py': 'import django\n',
    'site/urls.py': `from django.contrib import admin
from django.urls import path, include, re_path
from shop import views
urlpatterns = [
    path('admin/', admin.site.urls),
    path('api/', include('shop.urls')),
    re_path(r'^old/(?P<year>[0-9]{4})/$', views.old),
]
`,
    'shop/views.py': `from rest_framework import viewsets
@api_view(['GET', 'POST'])
def items(request): pass
def old(request): pass
class OrderViewSet(viewsets.ReadOnlyModelViewSet):
    @action(detail=True, methods=['post'])
    def pay(self, request, pk): pass
`,
    'shop/urls.py': `from django.urls import path, include
from rest_framework.routers import DefaultRouter
from . import views
router = DefaultRouter()
router.register(r'orders', views.OrderViewSet)
urlpatterns = [path('items/<int:pk>/', views.items), path('', include(router.urls))]
`,
  }
  expect((await routesIn(files)).sort()).toEqual([
    'ALL /admin/*',
    'ALL /old/:year',
    'GET /api/items/:pk',
    'GET /api/orders',
    'GET /api/orders/:pk',
    'POST /api/items/:pk',
    'POST /api/orders/:pk/pay',
  ])
})

describe('Express and its kin', () => {
  test('routers mounted across files', async () => {
    const files = {
      'server.js': `const express = require('express');
const app = express();
const users = require('./routes/users');
app.use(express.json());
app.use('/api/users', users);
app.use('/api', auth, require('./routes/items').router);
app.get('/health', (req, res) => res.json({ ok: true }));
app.get('title');
require('./routes/extra')(app);
app.listen(process.env.PORT || 3001);
`,
      'routes/users.js': `const router = require('express').Router();
const { create } = require('../controllers/users');
router.route('/').get(list).post(create);
router.delete('/:id', auth, (req, res) => {});
module.exports = router;
`,
      'controllers/users.js': `exports.create = async (req, res) => {
  const { name, email, role = 'user' } = req.body;
  if (!name || !email) return res.status(400).json({ error: 'x' });
};
`,
      'routes/items.js': `const { Router } = require('express');
const router = Router();
router.put('/items/:id', (req, res) => { res.json(req.body.title); });
module.exports = { router };
`,
      'routes/extra.js': `module.exports = (app) => { app.get('/extra', (req, res) => res.send('')); };`,
    }
    expect((await routesIn(files)).sort()).toEqual([
      'DELETE /api/users/:id',
      'GET /api/users',
      'GET /extra',
      'GET /health',
      'POST /api/users',
      'PUT /api/items/:id',
    ])
    const { routes, delivery } = await interfacesOf(await appOf(files))
    expect(routes.find(({ method }) => method === 'POST')?.request.body).toEqual([
      { name: 'name', required: true },
      { name: 'email', required: true },
      { name: 'role', required: false },
    ])
    expect(delivery.listeners.map(({ port }) => port)).toEqual([3001])
  })

  test('ES modules, Fastify plugins with prefixes, route objects', async () => {
    const files = {
      'index.ts': `import Fastify from 'fastify'
import todos from './todos.js'
const fastify = Fastify({ logger: true })
await fastify.register(todos, { prefix: '/api/todos' })
fastify.route({ method: 'GET', url: '/ping', handler: async () => 'x' })
`,
      'todos.ts': `export default async function routes(fastify: FastifyInstance) {
  fastify.get('/', async () => [])
  fastify.post<{ Body: { title: string } }>('/', async (request, reply) => { const { title } = request.body; return title })
}
`,
    }
    expect((await routesIn(files)).sort()).toEqual(['GET /api/todos', 'GET /ping', 'POST /api/todos'])
  })

  test('a router nobody mounts', async () => {
    const files = {
      'server.js': `import express from 'express'\nconst app = express()\napp.get('/a', (req, res) => {})\n`,
      'lost.js': `import { Router } from 'express'\nconst router = Router()\nrouter.get('/b', (req, res) => {})\nexport default router\n`,
    }
    expect(await routesIn(files)).toEqual(['GET /b ?prefix unmounted', 'GET /a'])
  })

  test('Koa router with a prefix', async () => {
    const files = {
      'app.js': `const Koa = require('koa'); const Router = require('@koa/router');
const app = new Koa(); const router = new Router({ prefix: '/api' });
router.get('/x/:id', async (ctx) => {});
app.use(router.routes()).use(router.allowedMethods());
`,
    }
    expect(await routesIn(files)).toEqual(['GET /api/x/:id'])
  })

  test('Next: route handlers and API pages', async () => {
    const files = {
      'package.json': '{"dependencies":{"next":"15"}}',
      'src/app/api/(group)/users/[id]/route.ts': `export async function GET(request: Request) {}\nexport const DELETE = async () => {}\n`,
      'pages/api/items/index.js': `export default function handler(req, res) { if (req.method === 'POST') {} }`,
      'pages/api/all/[...rest].js': `export default function handler(req, res) {}`,
    }
    expect((await routesIn(files)).sort()).toEqual([
      'ALL /api/all/*',
      'DELETE /api/users/:id',
      'GET /api/users/:id',
      'POST /api/items',
    ])
  })
})

describe('calls', () => {
  const jsx = (body: string) => ({ 'App.jsx': `import { useState } from 'react'\n${body}` })

  test('fetch with constants, templates, concatenation', async () => {
    expect(
      await callsIn(
        jsx(`const API = import.meta.env.VITE_API_URL || 'http://localhost:5000'
function App({ id }) {
  fetch(\`\${API}/api/users/\${id}\`, { method: 'DELETE' })
  fetch('/api/users?page=' + id)
  fetch(API + '/api/x', { method: 'post', body: '' })
  fetch(url)
  fetch(\`/api/list\${query}\`)
}`),
      ),
    ).toEqual([
      'DELETE http://localhost:5000/api/users/: fetch',
      'GET /api/users fetch',
      'POST http://localhost:5000/api/x fetch',
      'GET ?unresolved fetch',
      'GET /api/list… fetch',
    ])
  })

  test('a base without a default, and one from .env', async () => {
    const code = jsx("const API = import.meta.env.VITE_API\nfetch(API + '/users')")
    expect(await callsIn(code)).toEqual(['GET ?/users fetch'])
    expect(await callsIn({ ...code, '.env': 'VITE_API=http://localhost:8000/api\n' })).toEqual([
      'GET http://localhost:8000/api/users fetch',
    ])
  })

  test('conditions are followed together', async () => {
    expect(
      await callsIn(
        jsx(`function save(editing) {
  const method = editing ? 'PUT' : 'POST'
  const url = editing ? \`/api/items/\${editing.id}\` : '/api/items'
  return fetch(url, { method })
}`),
      ),
    ).toEqual(['PUT /api/items/: fetch', 'POST /api/items fetch'])
  })

  test('axios and its instances, across files', async () => {
    const files = {
      'src/api.js': `import axios from 'axios'\nconst api = axios.create({ baseURL: 'http://localhost:5000/api' })\nexport default api\nexport const getUser = (id) => api.get(\`/users/\${id}\`)\n`,
      'src/App.jsx': `import axios from 'axios'\nimport client from './api'\nclient.post('/items', { a: 1 })\naxios.delete('http://localhost:5000/api/items/' + id)\naxios({ url: '/api/z', method: 'patch' })\nmap.get('/nothing')\n`,
    }
    expect(await callsIn(files)).toEqual([
      'POST http://localhost:5000/api/items axios',
      'DELETE http://localhost:5000/api/items/: axios',
      'PATCH /api/z axios',
      'GET http://localhost:5000/api/users/: axios',
    ])
  })

  test('wrappers are followed to their callers', async () => {
    const files = {
      'src/api.js': `const BASE = '/api'
async function request(path, options = {}) {
  const response = await fetch(BASE + path, { headers: {}, ...options })
  return response.json()
}
export const api = {
  get: (path) => request(path),
  post: (path, body) => request(path, { method: 'POST', body: JSON.stringify(body) }),
}
export const login = (email, password) => api.post('/login', { email, password })
`,
      'src/App.jsx': `import { api, login } from './api'\napi.get('/users')\napi.post(\`/users/\${id}/pay\`, { amount: 1 })\nlogin('a', 'b')\n`,
    }
    expect((await callsIn(files)).sort()).toEqual([
      'GET /api/users fetch',
      'POST /api/login fetch',
      'POST /api/users/:/pay fetch',
    ])
  })

  test('fields sent', async () => {
    const { calls } = await interfacesOf(
      await appOf(
        jsx(`function App() {
  const [form, setForm] = useState({ title: '', body: '' })
  const change = (e) => setForm({ ...form, [e.target.name]: e.target.value })
  fetch('/a', { method: 'POST', body: JSON.stringify({ x, y: 1, ...rest }) })
  fetch('/b', { method: 'POST', body: JSON.stringify(form) })
  const data = new FormData(); data.append('file', file)
  axios.post('/c', data)
  axios.post('/d', { ...form, done: true })
  axios.post('/e', props.value)
}`),
      ),
    )
    expect(calls.map(({ sent }) => `${sent?.names.join(' ')}${sent?.open ? ' …' : ''}`)).toEqual([
      'x y …',
      'title body',
      'file',
      'title body done',
      ' …',
    ])
  })

  test('other ways to call', async () => {
    const files = {
      'index.html': `<form action="/login" method="post"><input name="user"><input name="pass"></form>
<script>
const x = new XMLHttpRequest(); x.open('PUT', '/api/x');
$.post('/api/p', { a: 1 }); $.ajax({ url: '/api/q', type: 'DELETE' });
new EventSource('/events'); new WebSocket('ws://localhost:8000/ws');
</script>`,
    }
    expect(await callsIn(files)).toEqual([
      'PUT /api/x XMLHttpRequest',
      'POST /api/p jQuery',
      'DELETE /api/q jQuery',
      'GET /events EventSource',
      'WS ws://localhost:8000/ws WebSocket',
      'POST /login form',
    ])
  })

  test('calls of server code are marked', async () => {
    const { calls } = await interfacesOf(
      await appOf({ 'server.js': `const express = require('express')\nfetch('http://localhost:9000/x')` }),
    )
    expect(calls.map(({ server }) => server)).toEqual([true])
  })
})

test('environment variables, with and without defaults', async () => {
  const { environment } = await interfacesOf(
    await appOf({
      'app.py': `import os\nA = os.environ['A']\nB = os.getenv('B', 'x')\nC = os.environ.get('C') or 'y'\nos.environ['D'] = '1'\n`,
      'x.js': `const a = process.env.E || 'x'; const b = import.meta.env.VITE_F; const { G, H = 1 } = process.env; process.env.I = 1`,
    }),
  )
  expect(environment.map(({ name, hasDefault }) => `${name}${hasDefault ? '=' : ''}`).sort()).toEqual([
    'A',
    'B=',
    'C=',
    'E=',
    'G',
    'H=',
    'VITE_F',
  ])
})

test('proxies of Vite, with and without rewriting', async () => {
  const vite = (proxy: string) => ({
    'vite.config.js': `export default defineConfig({ server: { port: 3000, proxy: ${proxy} } })`,
  })
  const proxies = async (files: Record<string, string>) =>
    (await interfacesOf(await appOf(files))).delivery.proxies.map(({ prefix, target, rewritten }) => [
      prefix,
      target,
      rewritten,
    ])
  expect(await proxies(vite(`{ '/api': 'http://localhost:5000' }`))).toEqual([
    ['/api', 'http://localhost:5000', '/api'],
  ])
  expect(
    await proxies(
      vite(
        `{ '/api': { target: 'http://localhost:5000', changeOrigin: true, rewrite: (path) => path.replace(/^\\/api/, '') } }`,
      ),
    ),
  ).toEqual([['/api', 'http://localhost:5000', '']])
})
