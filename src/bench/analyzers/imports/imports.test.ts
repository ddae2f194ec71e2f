import { createServer } from 'node:http'
import { describe, expect, test } from 'vitest'
import { analyzeFiles } from '../testing.ts'
import { imports } from './imports.ts'

type Files = Readonly<Record<string, string>>

/** `rule path:line severity subject`, in the order reported. */
async function findings(
  files: Files,
  options: Record<string, unknown> = {},
  network = false,
): Promise<readonly string[]> {
  const result = await analyzeFiles(imports, files, options, network)
  return result.findings.map(({ rule, location, severity, subject }) => {
    expect(imports.rule(rule)).toMatchObject({ id: rule })
    const where = location.kind === 'file' ? `${location.path}:${location.region?.startLine}` : ''
    return [rule, where, severity ?? imports.rule(rule)?.severity, subject].join(' ')
  })
}

const flask = { 'requirements.txt': 'flask==3.0.0\n', 'wsgi.py': 'import flask\nprint(flask)\n' }
const react = {
  'package.json': '{"dependencies":{"react":"18.2.0","react-dom":"18.2.0"}}',
  'index.jsx': "import React from 'react'\nimport 'react-dom'\n",
}

describe('Python packages', () => {
  test('the canary is found', async () => {
    expect(await findings(imports.canary.files)).toEqual(['undeclared-import app.py:2 high requests'])
  })

  test('an import whose package has another name', async () => {
    const code =
      'import cv2\nimport yaml\nfrom PIL import Image\nimport jwt\nfrom dotenv import load_dotenv\nimport psycopg2\nfrom google.cloud import storage\n'
    const declared =
      'opencv-python-headless\nPyYAML\nPillow\npyjwt\npython-dotenv\npsycopg2-binary\ngoogle-cloud-storage\n'
    expect(await findings({ 'app.py': code, 'requirements.txt': declared })).toEqual([])
    expect(await findings({ ...flask, 'app.py': code })).toEqual([
      'undeclared-import app.py:1 high opencv-python',
      'undeclared-import app.py:2 high pyyaml',
      'undeclared-import app.py:3 high pillow',
      'undeclared-import app.py:4 high pyjwt',
      'undeclared-import app.py:5 high python-dotenv',
      'undeclared-import app.py:6 high psycopg2-binary',
      'undeclared-import app.py:7 high google-cloud-storage',
    ])
  })

  test('a part of a package that is named after the library it adapts means the library', async () => {
    expect(
      await findings({
        ...flask,
        'requirements.txt': 'flask\nsqlalchemy\nredis\n',
        'sessions/__init__.py': 'import flask\n',
        'sessions/sqlalchemy/__init__.py': 'from .sqlalchemy import Store\n',
        'sessions/sqlalchemy/sqlalchemy.py': 'from sqlalchemy import Column\nclass Store: ...\n',
        'sessions/redis/__init__.py': '',
        'sessions/redis/redis.py': 'from redis import Redis\nimport redis.asyncio\n',
      }),
    ).toEqual([])
  })

  test('how bad it is depends on where the import stands', async () => {
    const code = `from typing import TYPE_CHECKING
try:
    import redis
except ImportError:
    redis = None
if TYPE_CHECKING:
    import numpy
def later():
    import stripe
import importlib
importlib.import_module("celery.app")
`
    expect(await findings({ ...flask, 'app.py': code, 'tests/test_app.py': 'import freezegun\n' })).toEqual([
      'undeclared-import app.py:7 low numpy',
      'undeclared-import app.py:9 medium stripe',
      'undeclared-import app.py:11 high celery',
      'undeclared-import tests/test_app.py:1 medium freezegun',
    ])
  })

  test('what another package brings along starts, by accident', async () => {
    expect(await findings({ ...flask, 'app.py': 'from werkzeug.security import generate_password_hash\n' })).toEqual([
      'transitive-import app.py:1 low werkzeug',
    ])
  })

  test('pip install in a Dockerfile declares; setup.py that computes is not judged', async () => {
    expect(
      await findings({
        'app.py': 'import flask, redis\n',
        Dockerfile: 'FROM python:3.12\nRUN pip install --no-cache-dir flask "redis>=5"\n',
      }),
    ).toEqual([])
    expect(
      await findings({
        'app.py': 'import flask\n',
        'setup.py': 'from setuptools import setup\nsetup(install_requires=open("r").read())\n',
      }),
    ).toEqual([])
  })

  test('no manifest at all is one finding', async () => {
    expect(await findings({ 'app.py': 'import os\nimport flask\nimport requests\n' })).toEqual([
      'missing-manifest app.py:2 high pypi',
    ])
  })

  test('several apps in one folder keep their manifests apart', async () => {
    const files = {
      'a/requirements.txt': 'flask\n',
      'a/app.py': 'import flask\n',
      'b/requirements.txt': 'requests\n',
      'b/app.py': 'import flask\nimport requests\n',
    }
    expect(await findings(files)).toEqual(['undeclared-import b/app.py:1 high flask'])
  })

  test('modules that left the standard library', async () => {
    const code = 'import telnetlib\nimport tomllib\n'
    expect(await findings({ 'app.py': code, 'requirements.txt': '', '.python-version': '3.13.1\n' })).toEqual([
      'removed-standard-module app.py:1 high telnetlib',
    ])
    expect(await findings({ 'app.py': code, Dockerfile: 'FROM python:3.10-slim\n' })).toEqual([
      'removed-standard-module app.py:2 high tomllib',
    ])
    expect(await findings({ 'app.py': code })).toEqual(['removed-standard-module app.py:1 medium telnetlib'])
  })
})

describe("the app's own Python modules", () => {
  test('a missing name, with what was meant', async () => {
    const files = {
      'app.py': 'from models import Uesr, db, Post as P\n',
      'models.py': 'db = object()\nclass User: ...\nif db:\n    class Post: ...\n',
    }
    const { findings: found } = await analyzeFiles(imports, files)
    expect(found.map((finding) => [finding.message, finding.location])).toEqual([
      [
        'Uesr from models is imported, but models.py has no Uesr. Did you mean User?',
        { kind: 'file', path: 'app.py', region: { startLine: 1, startColumn: 20, endLine: 1, endColumn: 24 } },
      ],
    ])
  })

  test.each<[string, Files]>([
    [
      'tuples, loops, with, except, walrus, star, alias',
      {
        'm.py':
          'a, (b, *c) = 1, (2, 3)\nfor d in a: e = f = 1\nwith x as g: pass\nimport os.path as h, sys\nfrom n import *\n',
        'n.py': 'i = 1\n',
        'app.py': 'from m import a, b, c, d, e, f, g, h, sys, i\n',
      },
    ],
    ['__getattr__', { 'm.py': 'def __getattr__(name): ...\n', 'app.py': 'from m import anything\n' }],
    ['globals()', { 'm.py': 'globals().update(x=1)\n', 'app.py': 'from m import x\n' }],
    ['star import of a package', { ...flask, 'm.py': 'from flask import *\n', 'app.py': 'from m import Flask\n' }],
    [
      'submodules',
      { 'p/__init__.py': '', 'p/m.py': 'x = 1\n', 'app.py': 'from p import m\nimport p.m\nfrom p.m import x\n' },
    ],
    ['a namespace folder', { 'p/m.py': 'x = 1\n', 'app.py': 'from p import m\nfrom p.m import x\n' }],
    [
      'relative imports',
      {
        'p/__init__.py': 'from .m import x\nfrom . import m\n',
        'p/m.py': 'from .. import q\nx = 1\n',
        'q/__init__.py': '',
      },
    ],
    [
      'src layout and the folder of the script',
      {
        'src/shop/__init__.py': '',
        'tests/test_x.py': 'import shop\n',
        'api/main.py': 'import routes\n',
        'api/routes.py': '',
      },
    ],
    ['a broken module is not judged', { 'm.py': 'def (:\n', 'app.py': 'from m import x\n' }],
    [
      'a migrations folder named like the package',
      { 'requirements.txt': 'alembic\n', 'alembic/env.py': 'from alembic import context\nprint(context)\n' },
    ],
    [
      'a module named like the package it wraps',
      {
        'requirements.txt': 'redis\n',
        'p/__init__.py': '',
        'p/redis.py': 'import redis\nfrom redis.client import Redis\n',
      },
    ],
    [
      'a package importing its own modules',
      {
        'shop/__init__.py': 'from shop.shop import x\nimport shop.m\n',
        'shop/shop.py': 'x = 1\n',
        'shop/m.py': 'import shop.m\n',
      },
    ],
    [
      'a branch for other versions',
      {
        'requirements.txt': 'flask\n',
        'app.py':
          'import sys, flask\nif sys.version_info >= (3, 9):\n    import zoneinfo\nelse:\n    from distutils import zoneinfo\n',
      },
    ],
    [
      'a package started from inside',
      { 'api/__init__.py': '', 'api/app.py': 'from models import User\n', 'api/models.py': 'class User: ...\n' },
    ],
    [
      'the package above before the module beside',
      {
        'shop/__init__.py': 'x = 1\n',
        'shop/bin/__init__.py': '',
        'shop/bin/shop.py': '',
        'shop/bin/worker.py': 'from shop import x\n',
      },
    ],
    ['type checkers only', { 'app.py': 'import typing as t\nif t.TYPE_CHECKING:\n    from _typeshed import Self\n' }],
    ['generated modules', { 'app.py': 'import shop_pb2\nfrom . import shop_pb2_grpc\n', '__init__.py': '' }],
  ])('resolves: %s', async (_name, files) => {
    expect(await findings(files)).toEqual([])
  })

  test.each<[string, Files, string]>([
    [
      'a missing module of a package',
      { 'p/__init__.py': '', 'app.py': 'from p.missing import x\n' },
      'unresolved-local-import app.py:1 high p.missing',
    ],
    [
      'a missing relative module',
      { 'p/__init__.py': '', 'p/m.py': 'from .missing import x\n' },
      'unresolved-local-import p/m.py:1 high .missing',
    ],
    ['a missing sibling', { 'p/m.py': 'from . import missing\n' }, 'unresolved-local-import p/m.py:1 high .:missing'],
    ['above the app', { 'm.py': 'from ..x import y\n', '__init__.py': '' }, 'unresolved-local-import m.py:1 high ..x'],
    [
      'another case',
      { 'app.py': 'from Models import User\n', 'models.py': 'class User: ...\n' },
      'import-case-mismatch app.py:1 high Models',
    ],
    [
      'a relative import in a script',
      { 'app.py': 'from .m import x\nif __name__ == "__main__":\n    print(x)\n', 'm.py': 'x = 1\n' },
      'relative-import-in-script app.py:1 high .m',
    ],
  ])('reports: %s', async (_name, files, expected) => {
    expect(await findings(files)).toEqual([expected])
  })
})

describe('JavaScript packages', () => {
  test('every way to import', async () => {
    const code = `import a from 'pkg-a'
import type { B } from 'pkg-b'
export { c } from '@scope/c/deep'
const d = require('pkg-d/sub')
import('pkg-e')
try { require('pkg-f') } catch {}
import fs from 'node:fs'
import path from 'path'
import 'node:nothing'
import x from 'https://esm.sh/x'
`
    expect(await findings({ ...react, 'src/a.ts': code })).toEqual([
      'undeclared-import src/a.ts:1 high pkg-a',
      'undeclared-import src/a.ts:2 low pkg-b',
      'undeclared-import src/a.ts:3 high @scope/c',
      'undeclared-import src/a.ts:4 high pkg-d',
      'undeclared-import src/a.ts:5 high pkg-e',
      'undeclared-import src/a.ts:9 high node:nothing',
    ])
  })

  test('script blocks of Vue and Svelte keep their lines', async () => {
    const files = {
      'package.json': '{"dependencies":{"vue":"3.4.0"}}',
      'App.vue':
        "<template><p/></template>\n<script setup lang=\"ts\">\nimport { ref } from 'vue'\nimport axios from 'axios'\nconst x: number = ref(axios)\n</script>\n",
      'App.svelte': "<script>\n  import dayjs from 'dayjs'\n</script>\n",
    }
    expect(await findings(files)).toEqual([
      'undeclared-import App.svelte:2 high dayjs',
      'undeclared-import App.vue:4 high axios',
    ])
  })

  test('a package that only a lock file or another package brings', async () => {
    const lock =
      '{"lockfileVersion":3,"packages":{"node_modules/react":{"version":"18.2.0"},"node_modules/loose-envify":{"version":"1.4.0"}}}'
    expect(await findings({ ...react, 'package-lock.json': lock, 'a.js': "import 'loose-envify'\n" })).toEqual([
      'transitive-import a.js:1 low loose-envify',
    ])
    expect(
      await findings({
        'package.json': '{"dependencies":{"express":"4.18.0"}}',
        'a.js': "require('express')\nrequire('body-parser')\n",
      }),
    ).toEqual(['transitive-import a.js:2 low body-parser'])
  })

  test('a development dependency that production needs', async () => {
    const manifest = '{"dependencies":{"express":"4.18.0"},"devDependencies":{"dotenv":"16.0.0"}}'
    const code = "require('express')\nrequire('dotenv').config()\n"
    expect(await findings({ 'package.json': manifest, 'server.js': code })).toEqual([
      'dev-dependency-at-runtime server.js:2 medium dotenv',
    ])
    expect(
      await findings({ 'package.json': manifest, 'server.test.js': code, 'index.js': "require('express')" }),
    ).toEqual([])
  })

  test('workspaces, private names, import maps and @types', async () => {
    const files = {
      'package.json': '{"name":"root","workspaces":["packages/*"],"imports":{"#lib/*":"./lib/*.js"}}',
      'packages/ui/package.json': '{"name":"@shop/ui"}',
      'packages/ui/index.ts': "import type { Request } from 'express'\nexport const x = 1\n",
      'packages/ui/types.d.ts': '',
      'app.js': "import '@shop/ui'\nimport { y } from '#lib/y'\nimport 'three'\n",
      'lib/y.js': 'export const y = 1\n',
      'index.html': '<script type="importmap">{"imports":{"three":"/vendor/three.js"}}</script>',
    }
    expect(await findings(files)).toEqual(['undeclared-import packages/ui/index.ts:1 low express'])
    const typed = {
      ...files,
      'packages/ui/package.json': '{"name":"@shop/ui","devDependencies":{"@types/express":"4.17.0"}}',
    }
    expect(await findings(typed)).toEqual([])
  })
})

describe("the app's own JavaScript modules", () => {
  test.each<[string, Files]>([
    [
      'endings, index files, assets, queries',
      {
        'a.ts': "import './b.js'\nimport './c'\nimport './d.css'\nimport './e.svg?react'\n",
        'b.ts': '',
        'c/index.tsx': '',
        'd.css': '',
        'e.svg': '<svg/>',
      },
    ],
    [
      'the folder above',
      { 'package.json': '{"main":"server.js"}', 'test/a.test.js': "require('../')\nrequire('..')\n", 'server.js': '' },
    ],
    [
      'declarations beside a script',
      { 'a.ts': "import { type T } from './b.js'\n", 'b.js': 'export const x = 1\n', 'b.d.ts': 'export type T = 1\n' },
    ],
    [
      'exports of every form',
      {
        'a.ts': "import d, { a, b, c, T, I, E, f, g, renamed, star, ns } from './b'\n",
        'b.ts':
          "export const a = 1, { b, x: [c] } = y\nexport type T = 1\nexport interface I {}\nexport enum E {}\nexport function f() {}\nexport class g {}\nexport { a as renamed }\nexport * from './c'\nexport * as ns from './c'\nexport default 1\n",
        'c.ts': 'export const star = 1\n',
      },
    ],
    [
      'CommonJS',
      {
        'a.js': "const { x, y, z } = require('./b')\nconst whole = require('./c')\n",
        'b.js': 'module.exports = { x: 1, y, z() {} }\n',
        'c.js': 'module.exports = class {}\n',
      },
    ],
    [
      'computed exports are not judged',
      {
        'a.js': "const { x } = require('./b')\nconst { y } = require('./c')\n",
        'b.js': 'module.exports = make()\n',
        'c.js': 'module.exports = { ...other }\n',
      },
    ],
    [
      'star of a package is not judged',
      { ...react, 'a.js': "import { useState } from './b'\n", 'b.js': "export * from 'react'\n" },
    ],
    [
      'tsconfig paths with comments, base URL and Vite aliases',
      {
        'tsconfig.json': '{\n// paths\n"compilerOptions": {"baseUrl": ".", "paths": {"@app/*": ["src/*"],},}}',
        'vite.config.ts':
          "import path from 'node:path'\nexport default { resolve: { alias: { '@': path.resolve(__dirname, './src'), '~': fileURLToPath(new URL('./lib', import.meta.url)) } } }\n",
        'src/x.ts': "import '@app/y'\nimport '@/y'\nimport '~/z'\nimport 'src/y'\n",
        'src/y.ts': '',
        'lib/z.ts': '',
      },
    ],
    [
      'an alias list',
      {
        'vite.config.js': "export default { resolve: { alias: [{ find: '@', replacement: '/src' }] } }\n",
        'src/x.js': "import '@/y'\n",
        'src/y.js': '',
      },
    ],
    [
      'files of the public folder',
      {
        'package.json': '{"devDependencies":{"vite":"5.0.0"}}',
        'src/x.js': "import '/logo.svg'\nimport '/src/y'\n",
        'src/y.js': '',
        'public/logo.svg': '<svg/>',
      },
    ],
    ['what a build writes', { 'a.ts': "import './dist/x'\nimport { r } from './routeTree.gen'\n" }],
  ])('resolves: %s', async (_name, files) => {
    expect(await findings(files)).toEqual([])
  })

  test.each<[string, Files, readonly string[]]>([
    [
      'a missing file',
      { 'a.jsx': "import './App.css'\nconst Lazy = () => import('./Lazy')\n" },
      ['unresolved-local-import a.jsx:1 high ./App.css', 'unresolved-local-import a.jsx:2 medium ./Lazy'],
    ],
    [
      'a missing name',
      { 'a.js': "import { getx } from './api'\n", 'api.js': 'export const getX = 1\n' },
      ['unresolved-local-import a.js:1 high ./api:getx'],
    ],
    [
      'a missing default',
      { 'a.js': "import api from './api'\n", 'api.js': 'export const getX = 1\n' },
      ['unresolved-local-import a.js:1 high ./api:default'],
    ],
    [
      'a name missing from CommonJS',
      { 'a.js': "const { fnd } = require('./db')\n", 'db.js': 'exports.find = 1\n' },
      ['unresolved-local-import a.js:1 high ./db:fnd'],
    ],
    ['an alias nobody defines', { 'a.js': "import '@/x'\n", 'x.js': '' }, ['unresolved-local-import a.js:1 high @/x']],
    [
      'another case',
      { 'a.js': "import './header'\n", 'Header.jsx': '' },
      ['import-case-mismatch a.js:1 high ./header'],
    ],
    [
      'a missing public file',
      { 'package.json': '{"devDependencies":{"vite":"5.0.0"}}', 'a.js': "import '/vite.svg'\n" },
      ['unresolved-local-import a.js:1 high /vite.svg'],
    ],
    [
      'a folder without base URL',
      { 'package.json': '{}', 'src/a.js': "import 'src/b'\n", 'src/b.js': '' },
      ['unresolved-local-import src/a.js:1 high src/b'],
    ],
  ])('reports: %s', async (_name, files, expected) => {
    expect(await findings(files)).toEqual(expected)
  })
})

describe('manifests', () => {
  test('unused dependencies, and what is used without an import', async () => {
    const files = {
      'requirements.txt':
        'flask\nflask-sqlalchemy\npsycopg2-binary\ngunicorn\npandas\nitsdangerous\npymysql\nmarkdown\n',
      'app.py': 'from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\nuri = "mysql+pymysql://x"\n',
      'package.json':
        '{"scripts":{"dev":"vite","css":"sass a.scss"},"dependencies":{"react":"18.0.0","bootstrap":"5.0.0","lodash":"4.0.0"},"devDependencies":{"vite":"5.0.0","eslint":"8.0.0","@types/react":"18.0.0","sass":"1.0.0"}}',
      'src/a.jsx': "import 'react'\n",
      'src/a.scss': "@import 'bootstrap/scss/bootstrap';\n",
      'README.md': 'pandas and lodash',
    }
    expect(await findings(files)).toEqual([
      'unused-dependency package.json:1 low lodash',
      'unused-dependency requirements.txt:5 low pandas',
      'unused-dependency requirements.txt:8 low markdown',
    ])
  })

  test('Django apps are used by name', async () => {
    const files = {
      'requirements.txt': 'django\ndjangorestframework\ndjango-cors-headers\n',
      'settings.py': 'import django\nINSTALLED_APPS = ["rest_framework", "corsheaders"]\n',
    }
    expect(await findings(files)).toEqual([])
  })

  test('a manifest its package manager refuses', async () => {
    const broken = {
      'package.json': '{\n  "dependencies": {\n    "react": "18.0.0",\n  }\n}',
      'a.js': '',
      'requirements.txt': '```txt\nflask\n',
      'app.py': 'import flask\n',
    }
    expect(await findings(broken)).toEqual([
      'malformed-manifest package.json:4 high expected a property name in double quotes, found "}"',
      'malformed-manifest requirements.txt:1 high expected a package name',
    ])
  })

  test('a name one letter away from a popular one', async () => {
    expect(await findings({ 'requirements.txt': 'reqeusts\n', 'app.py': 'import reqeusts\n' })).toEqual([
      'lookalike-package requirements.txt:1 info reqeusts',
    ])
  })

  test('syntax errors are gaps', async () => {
    const { coverage } = await analyzeFiles(imports, { 'a.py': 'import os\n', 'b.py': 'x = 1\ndef (:\n' })
    expect(coverage).toMatchObject({
      analysed: 1,
      total: 2,
      gaps: [{ path: 'b.py', reason: expect.stringMatching(/^line 2 is a syntax error/) }],
    })
  })
})

describe('registries', () => {
  const files = {
    'package.json': '{"dependencies":{"react":"18.2.0","react-invented-hooks":"^1.0.0","express":"99.0.0"}}',
    'a.js': "import 'react'\nimport 'react-invented-hooks'\nimport 'express'\nimport 'also-invented'\n",
    'requirements.txt': 'flask\nflask-invented\n',
    'app.py': 'import flask\nimport flask_invented\n',
  }

  test('invented packages and versions', async () => {
    const known = new Set(['/react/18.2.0', '/react/latest', '/express', '/simple/flask/'])
    const server = createServer((request, response) => {
      const found = known.has(request.url ?? '')
      response.writeHead(found ? 200 : 404).end(found && request.method === 'GET' ? '{"version":"18.2.0"}' : '')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const bound = server.address()
    const address = typeof bound === 'object' && bound !== null ? `http://127.0.0.1:${bound.port}` : ''
    try {
      const options = { npmRegistry: address, pypiRegistry: address }
      expect(await findings(files, options, true)).toEqual([
        'undeclared-import a.js:4 high also-invented',
        'nonexistent-package package.json:1 critical react-invented-hooks',
        'nonexistent-version package.json:1 high express',
        'nonexistent-package a.js:4 critical also-invented',
        'nonexistent-package requirements.txt:2 critical flask-invented',
      ])
      const { checks } = await analyzeFiles(imports, files, options, true)
      expect(checks).toMatchObject([
        { id: 'registry-npm', outcome: 'fail', reason: '3 of 4 do not exist as named' },
        { id: 'registry-pypi', outcome: 'fail' },
      ])
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  })

  test('offline is an error of the check, never a finding and never a pass', async () => {
    const { checks, findings: found } = await analyzeFiles(imports, files)
    expect(found.map((finding) => finding.rule)).toEqual(['undeclared-import'])
    expect(checks?.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual(['registry-npm error', 'registry-pypi error'])
  })

  test('an app with an index of its own is not held against the public one', async () => {
    const { checks } = await analyzeFiles(imports, {
      'requirements.txt': '-i https://pypi.example.org/simple\ninternal-tool\n',
      'app.py': 'import internal_tool\n',
    })
    expect(checks).toMatchObject([{ id: 'registry-pypi', outcome: 'not_applicable' }])
  })

  test('unknown options are refused', async () => {
    await expect(analyzeFiles(imports, files, { registry: 'x' })).rejects.toThrow('Options of the analyzer imports')
  })
})
