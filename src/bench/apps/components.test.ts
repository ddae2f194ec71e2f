import { expect, test } from 'vitest'
import { detectComponents } from './components.ts'
import { describeFile } from './directory.ts'

/** Each component as `path role framework language < evidence`. */
async function detected(files: Record<string, string>): Promise<string[]> {
  const described = Object.entries(files).map(([path, text]) => describeFile(path, Buffer.from(text)))
  const components = await detectComponents(described, async (file) => files[file.path] ?? '')
  return components.map(
    ({ path, role, framework, language, evidence }) => `${path || '.'} ${role} ${framework} ${language} < ${evidence}`,
  )
}

const manifest = (...names: string[]) =>
  JSON.stringify({ dependencies: Object.fromEntries(names.map((name) => [name, '1.0.0'])) })

test('an app.py that imports Flask needs no requirements.txt', async () => {
  expect(await detected({ 'app.py': 'from flask import Flask\napp = Flask(__name__)\n' })).toEqual([
    '. backend flask python < app.py',
  ])
})

test('a backend and a frontend folder are two components', async () => {
  const files = {
    'backend/app.py': 'from flask import Flask, jsonify\napp = Flask(__name__)\n',
    'backend/requirements.txt': 'Flask==3.0.0\nflask-cors\n',
    'frontend/package.json': manifest('react', 'react-dom', 'vite'),
    'frontend/vite.config.js': "import react from '@vitejs/plugin-react'\n",
    'frontend/src/App.jsx': "import { useState } from 'react'\n",
    'frontend/index.html': '<div id="root"></div>',
  }
  expect(await detected(files)).toEqual([
    'backend backend flask python < backend/requirements.txt',
    'frontend frontend react javascript < frontend/package.json',
  ])
})

test('both parts in one folder, without manifests', async () => {
  const files = {
    'app.py': 'import os\nfrom flask import Flask\napp = Flask(__name__)\n',
    'App.jsx': "import React, { useState } from 'react'\nexport default () => <p/>\n",
  }
  expect(await detected(files)).toEqual(['. backend flask python < app.py', '. frontend react javascript < App.jsx'])
})

test('one package may serve Express and render React', async () => {
  const files = {
    'package.json': manifest('express', 'react'),
    'server.ts': "import express from 'express'\n",
    'src/App.tsx': "import 'react'\n",
  }
  expect(await detected(files)).toEqual([
    '. backend express typescript < package.json',
    '. frontend react typescript < package.json',
  ])
})

test.each([
  ['next', 'react', '. fullstack next javascript < package.json'],
  ['@nestjs/core', 'express', '. backend nest javascript < package.json'],
  ['nuxt', 'vue', '. fullstack nuxt javascript < package.json'],
])('%s brings %s along', async (outer, inner, expected) => {
  expect(await detected({ 'package.json': manifest(inner, outer), 'index.js': '' })).toEqual([expected])
})

test.each([
  ['fastify', 'backend'],
  ['koa', 'backend'],
  ['vue', 'frontend'],
  ['svelte', 'frontend'],
  ['@angular/core', 'frontend'],
])('%s from package.json', async (name, role) => {
  const framework = name === '@angular/core' ? 'angular' : name
  expect(await detected({ 'package.json': manifest(name), 'src/main.js': '' })).toEqual([
    `. ${role} ${framework} javascript < package.json`,
  ])
})

test('CommonJS sources count without package.json', async () => {
  const files = {
    'server/index.js': "const express = require('express')\nconst app = express()\n",
    'server/routes/users.js': "const { Router } = require('express')\n",
  }
  expect(await detected(files)).toEqual(['server backend express javascript < server/index.js'])
})

test('FastAPI with routers in a package is one component', async () => {
  const files = {
    'api/__init__.py': '',
    'api/main.py': 'from fastapi import FastAPI\napp = FastAPI()\n',
    'api/routers/__init__.py': '',
    'api/routers/users.py': 'from fastapi import APIRouter\n',
  }
  expect(await detected(files)).toEqual(['. backend fastapi python < api/main.py'])
})

test('Django by manage.py', async () => {
  const files = { 'site/manage.py': 'import django\n', 'site/shop/views.py': 'from django.http import HttpResponse\n' }
  expect(await detected(files)).toEqual(['site backend django python < site/manage.py'])
})

test('pyproject.toml names its dependencies in a list', async () => {
  const files = {
    'pyproject.toml': '[project]\ndependencies = ["fastapi>=0.110", "uvicorn"]\n',
    'src/main.py': 'print(1)\n',
  }
  expect(await detected(files)).toEqual(['. backend fastapi python < pyproject.toml'])
})

test('HTML pages beside a backend are a static component; templates are not', async () => {
  const files = {
    'server.js': "import express from 'express'\nexpress()\n",
    'public/index.html': '<script src="app.js"></script>',
    'templates/mail.html': '<p>',
  }
  expect(await detected(files)).toEqual([
    '. backend express javascript < server.js',
    'public static static html < public/index.html',
  ])
})

test('Vue from a CDN', async () => {
  const files = { 'index.html': '<script src="https://unpkg.com/vue@3/dist/vue.global.js"></script>' }
  expect(await detected(files)).toEqual(['. frontend vue javascript < index.html'])
})

test.each([
  [
    'a comment that names Flask',
    { 'app.py': '# from flask import Flask\nprint(1)\n' },
    '. library python python < app.py',
  ],
  [
    'a package whose name only begins like a framework',
    { 'package.json': manifest('express-rate-limit'), 'index.js': '' },
    '. library node javascript < package.json',
  ],
  ['flask-cors alone', { 'requirements.txt': 'flask-cors\n', 'tool.py': '' }, '. library python python < tool.py'],
  [
    'code under node_modules',
    { 'node_modules/x/app.js': "require('express')()", 'a.py': '' },
    '. library python python < a.py',
  ],
  ['a broken package.json', { 'package.json': '{', 'index.js': '' }, '. library node javascript < package.json'],
])('not fooled by %s', async (_title, files, expected) => {
  expect(await detected(files)).toEqual([expected])
})
