import { expect, test } from 'vitest'
import { appOf } from '../../analyzers/testing.ts'
import type { LaunchPlan } from './launch-plan.ts'
import { planLaunch } from './plan.ts'

async function planOf(files: Readonly<Record<string, string>>): Promise<LaunchPlan> {
  return planLaunch(await appOf(files))
}

async function startOf(files: Readonly<Record<string, string>>) {
  const { servers } = await planOf(files)
  return servers.map(({ start, ports }) => ({ command: start.argv.join(' '), cwd: start.cwd, port: ports[0] }))
}

const flask = 'from flask import Flask\napp = Flask(__name__)\n'
const main = "if __name__ == '__main__':\n    app.run(debug=True)\n"
const express = "const express = require('express')\nconst app = express()\n"

test('a Flask file that runs itself is run', async () => {
  expect(await startOf({ 'app.py': flask + main })).toEqual([{ command: 'python3 app.py', cwd: '', port: 5000 }])
  expect(
    await startOf({ 'app.py': `${flask}if __name__ == '__main__':\n    app.run(host='0.0.0.0', port=8123)\n` }),
  ).toEqual([{ command: 'python3 app.py', cwd: '', port: 8123 }])
  const nested = `${flask}def main():\n    app.run()\n\nif __name__ == '__main__':\n    main()\n`
  expect(await startOf({ 'backend/requirements.txt': 'flask\n', 'backend/server.py': nested })).toEqual([
    { command: 'python3 server.py', cwd: 'backend', port: 5000 },
  ])
})

test('a Flask object or factory that nothing runs is served by Flask', async () => {
  expect(await startOf({ 'wsgi.py': flask })).toEqual([
    { command: 'python3 -m flask --app wsgi:app run --host 127.0.0.1 --port 5000', cwd: '', port: 5000 },
  ])
  const factory = 'from flask import Flask\ndef create_app(config=None):\n    app = Flask(__name__)\n    return app\n'
  expect(await startOf({ 'shop/__init__.py': factory, 'shop/views.py': 'from . import create_app\n' })).toEqual([
    { command: 'python3 -m flask --app shop:create_app run --host 127.0.0.1 --port 5000', cwd: '', port: 5000 },
  ])
  expect(
    await startOf({
      'shop/__init__.py': factory,
      'run.py': "from shop import create_app\napp = create_app()\nif __name__ == '__main__':\n    app.run()\n",
    }),
  ).toMatchObject([{ command: 'python3 run.py' }])
})

test('a file that imports from its package is run as a module of it', async () => {
  const files = {
    'requirements.txt': 'flask\n',
    'app/__init__.py': '',
    'app/models.py': '',
    'app/main.py': `from app.models import x\n${flask}${main}`,
  }
  expect(await startOf(files)).toMatchObject([{ command: 'python3 -m app.main', cwd: '' }])
})

test('FastAPI is served by uvicorn unless it does so itself', async () => {
  const fastapi = 'from fastapi import FastAPI\napp = FastAPI()\n'
  expect(await startOf({ 'main.py': fastapi })).toEqual([
    { command: 'python3 -m uvicorn main:app --host 127.0.0.1 --port 8000', cwd: '', port: 8000 },
  ])
  expect(
    await startOf({
      'main.py': `${fastapi}if __name__ == "__main__":\n    import uvicorn\n    uvicorn.run(app, port=9000)\n`,
    }),
  ).toEqual([{ command: 'python3 main.py', cwd: '', port: 9000 }])
})

test('Django migrates first', async () => {
  const { servers } = await planOf({
    'requirements.txt': 'django\n',
    'manage.py':
      "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\nfrom django.core import management\n",
    'site/settings.py': '',
  })
  expect(servers.map(({ before, start }) => [...before, start].map(({ argv }) => argv.join(' ')))).toEqual([
    ['python3 manage.py migrate --noinput', 'python3 manage.py runserver --noreload 127.0.0.1:8000'],
  ])
})

test('Dockerfile and Procfile say which of several files', async () => {
  const files = { 'app.py': flask + main, 'admin.py': flask + main }
  expect(await startOf(files)).toMatchObject([{ command: 'python3 app.py' }])
  expect(await startOf({ ...files, Dockerfile: 'FROM python\nCMD ["python", "admin.py"]\n' })).toMatchObject([
    { command: 'python3 admin.py' },
  ])
  expect(await startOf({ ...files, Procfile: 'web: gunicorn admin:app\n' })).toMatchObject([
    { command: 'python3 admin.py' },
  ])
})

test('plain Python servers count', async () => {
  const server =
    "from http.server import HTTPServer, BaseHTTPRequestHandler\nHTTPServer(('', 8080), BaseHTTPRequestHandler).serve_forever()\n"
  expect(await startOf({ 'server.py': server })).toMatchObject([{ command: 'python3 server.py' }])
})

test('npm scripts start Node, without what only restarts it', async () => {
  const app = `${express}app.listen(process.env.PORT || 4000)\n`
  const manifest = (scripts: object) => JSON.stringify({ scripts, dependencies: { express: '1' } })
  expect(await startOf({ 'package.json': manifest({ start: 'node server.js' }), 'server.js': app })).toEqual([
    { command: 'node server.js', cwd: '', port: 4000 },
  ])
  expect(
    await startOf({ 'package.json': manifest({ dev: 'nodemon --watch src server.js' }), 'server.js': app }),
  ).toMatchObject([{ command: 'sh -c nodemon --watch src server.js' }])
  expect(await startOf({ 'package.json': manifest({ dev: 'nodemon server.js' }), 'server.js': app })).toMatchObject([
    { command: 'node server.js' },
  ])
  expect(await startOf({ 'package.json': manifest({}), 'src/index.js': app, 'src/other.js': app })).toMatchObject([
    { command: 'node src/index.js' },
  ])
})

test('a script that starts what is not there builds it first', async () => {
  const { servers } = await planOf({
    'package.json': JSON.stringify({
      scripts: { build: 'tsc', start: 'node dist/index.js' },
      dependencies: { express: '1' },
    }),
    'src/index.ts': "import express from 'express'\nexpress().listen(3000)\n",
  })
  expect(servers.map(({ before, start }) => [...before, start].map(({ argv }) => argv.join(' ')))).toEqual([
    ['sh -c tsc', 'sh -c node dist/index.js'],
  ])
})

test('plain Node servers count', async () => {
  const server = "import { createServer } from 'node:http'\ncreateServer().listen(8000)\n"
  expect(await startOf({ 'server.mjs': server })).toEqual([{ command: 'node server.mjs', cwd: '', port: 8000 }])
})

const vite = {
  'frontend/package.json': JSON.stringify({
    scripts: { build: 'vite build' },
    dependencies: { react: '1' },
    devDependencies: { vite: '1' },
  }),
  'frontend/index.html': '<div id="root"></div>',
  'frontend/src/main.jsx': "import React from 'react'\nfetch('/api/notes')\n",
  'frontend/vite.config.js':
    "export default { server: { port: 5199, proxy: { '/api': { target: 'http://localhost:5050', rewrite: (path) => path.replace(/^\\/api/, '') } } } }\n",
}

test('a front end is built, served and leads to its backend', async () => {
  const plan = await planOf({ ...vite, 'backend/app.py': flask })
  expect(plan.pages).toMatchObject({
    build: { argv: ['sh', '-c', 'vite build'], cwd: 'frontend' },
    outputs: ['frontend/dist', 'frontend/build', 'frontend/out', 'frontend/public'],
    port: 5199,
  })
  expect(plan.passedOn).toEqual([{ prefix: '/api', rewritten: '', port: 5050 }])
  expect(plan.servers.map(({ start }) => start.argv.at(-1))).toEqual(['5050'])
})

test('pages inside a server are its own, pages beside it are served', async () => {
  expect((await planOf({ 'app.py': flask, 'static/index.html': '<p>' })).pages).toBeUndefined()
  expect((await planOf({ 'backend/app.py': flask, 'web/index.html': '<p>' })).pages).toMatchObject({ outputs: ['web'] })
  expect((await planOf({ 'index.html': '<p>' })).pages).toMatchObject({ outputs: [''], port: 8080 })
})

test('the environment comes from dotenv files, examples, and is made up where it has to be', async () => {
  const { environment } = await planOf({
    'app.py': `import os\n${flask}a = os.environ['SECRET_KEY']\nb = os.environ['PAGES']\nc = os.environ.get('REGION', 'eu')\nd = os.environ['UNKNOWN']\n`,
    '.env.example': 'SECRET_KEY=change-me\nPAGES=http://localhost:5173\nREGION=us\n',
  })
  expect(environment).toEqual({
    values: { SECRET_KEY: expect.stringMatching(/^[0-9a-f]{64}$/), PAGES: 'http://localhost:5173' },
    madeUp: ['SECRET_KEY'],
  })
  const own = await planOf({
    'app.py': `import os\n${flask}a = os.environ['SECRET_KEY']\n`,
    '.env': 'SECRET_KEY=theirs\n',
  })
  expect(own.environment).toEqual({ values: { SECRET_KEY: 'theirs' }, madeUp: [] })
})

test('SQLAlchemy gets SQLite instead of a database that is not there', async () => {
  const { environment, services } = await planOf({
    'app.py': `import os\nfrom flask_sqlalchemy import SQLAlchemy\n${flask}a = os.environ['DATABASE_URL']\n`,
    '.env.example': 'DATABASE_URL=postgresql://user:pass@localhost/db\n',
  })
  expect(environment).toEqual({ values: { DATABASE_URL: 'sqlite:///assay.db' }, madeUp: ['DATABASE_URL'] })
  expect(services).toEqual([])
})

test('databases an app needs are named', async () => {
  const { services } = await planOf({ 'server.js': `${express}const mongoose = require('mongoose')\napp.listen(1)\n` })
  expect(services).toEqual([{ kind: 'mongodb', because: 'server.js imports mongoose' }])
})

test('an app that serves nothing says so', async () => {
  const { nothing } = await planOf({ 'sort.py': 'print(sorted([2, 1]))\n' })
  expect(nothing).toBe('Nothing in it serves anything (found: python).')
})
