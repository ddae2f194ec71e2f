import type { Source } from './sink.ts'

export interface JavaScriptFramework {
  readonly name: string
  readonly typed: boolean
  /** Whether every other case is written with `require`. */
  readonly commonJs: boolean
  /** How a file imports a neighbour: its ending. */
  readonly neighbour: string
  file(task: string): string
  readonly imports: readonly string[]
  readonly setup: string
  /** Parameter types of the names sinks may need from the handler. */
  readonly types: Readonly<Record<string, string>>
  /** The parameter by which another function reads the request. */
  readonly request: string
  readonly deny: string
  /** Whether what the handler returns is the answer. */
  readonly returns: boolean
  sources(name: string): readonly Source[]
  answer(out: string): string
  handler(task: string, route: string, source: Source, body: string): string
}

/** The parameters of a Fastify handler: those its body uses. */
const parametersOf = (body: string) =>
  body.includes('reply') ? 'request, reply' : body.includes('request') ? 'request' : ''

const kebab = (route: string) => `/${route.replaceAll('_', '-')}`

const express: JavaScriptFramework = {
  name: 'express',
  typed: false,
  commonJs: true,
  neighbour: '.js',
  file: () => 'server.js',
  imports: ["import express from 'express'"],
  setup: 'const app = express()\napp.use(express.json())\napp.use(express.urlencoded({ extended: false }))',
  types: {},
  request: 'req',
  deny: 'return res.status(400).end()',
  returns: false,
  sources: (name) => [
    { id: 'query', expression: `req.query.${name}`, method: 'GET' },
    { id: 'body', expression: `req.body.${name}`, method: 'POST' },
    { id: 'params', expression: `req.params.${name}`, method: 'GET' },
    { id: 'header', expression: `req.get('x-${name}')`, method: 'GET' },
  ],
  answer: (out) => `res.json({ result: ${out} })`,
  handler: (_task, route, source, body) => {
    const path = source.id === 'params' ? `${kebab(route)}/:${source.expression.split('.').at(-1)}` : kebab(route)
    return `app.${source.method.toLowerCase()}('${path}', async (req, res) => {\n${body}\n})\n\napp.listen(3000)`
  },
}

const fastify: JavaScriptFramework = {
  name: 'fastify',
  typed: true,
  commonJs: false,
  neighbour: '.js',
  file: () => 'server.ts',
  imports: ["import Fastify from 'fastify'", "import type { FastifyReply, FastifyRequest } from 'fastify'"],
  setup: 'const app = Fastify()',
  types: { reply: 'FastifyReply' },
  request: '',
  deny: 'return reply.code(400).send()',
  returns: true,
  sources: (name) => [
    { id: 'query', expression: `request.query.${name}`, method: 'GET', signature: `Querystring: { ${name}: string }` },
    { id: 'body', expression: `request.body.${name}`, method: 'POST', signature: `Body: { ${name}: string }` },
    { id: 'params', expression: `request.params.${name}`, method: 'GET', signature: `Params: { ${name}: string }` },
  ],
  answer: (out) => `return { result: ${out} }`,
  handler: (_task, route, source, body) => {
    const path = source.id === 'params' ? `${kebab(route)}/:${source.expression.split('.').at(-1)}` : kebab(route)
    const generic = `<{ ${source.signature} }>`
    return `app.${source.method.toLowerCase()}${generic}('${path}', async (${parametersOf(body)}) => {\n${body}\n})\n\nawait app.listen({ port: 3000 })`
  },
}

const koa: JavaScriptFramework = {
  name: 'koa',
  typed: false,
  commonJs: true,
  neighbour: '.js',
  file: () => 'app.js',
  imports: ["import Koa from 'koa'", "import Router from '@koa/router'", "import bodyParser from 'koa-bodyparser'"],
  setup: 'const app = new Koa()\nconst router = new Router()\napp.use(bodyParser())',
  types: {},
  request: 'ctx',
  deny: 'return ctx.throw(400)',
  returns: false,
  sources: (name) => [
    { id: 'query', expression: `ctx.query.${name}`, method: 'GET' },
    { id: 'body', expression: `ctx.request.body.${name}`, method: 'POST' },
    { id: 'params', expression: `ctx.params.${name}`, method: 'GET' },
  ],
  answer: (out) => `ctx.body = { result: ${out} }`,
  handler: (_task, route, source, body) => {
    const path = source.id === 'params' ? `${kebab(route)}/:${source.expression.split('.').at(-1)}` : kebab(route)
    return `router.${source.method.toLowerCase()}('${path}', async (ctx) => {\n${body}\n})\n\napp.use(router.routes())\napp.listen(3000)`
  },
}

const next: JavaScriptFramework = {
  name: 'next',
  typed: true,
  commonJs: false,
  neighbour: '',
  file: (task) => `app/api/${task.replaceAll('_', '-')}/route.ts`,
  imports: ["import { type NextRequest, NextResponse } from 'next/server'"],
  setup: '',
  types: {},
  request: 'request: NextRequest',
  deny: 'return new NextResponse(null, { status: 400 })',
  returns: true,
  sources: (name) => [
    { id: 'query', expression: `request.nextUrl.searchParams.get('${name}') ?? ''`, method: 'GET' },
    { id: 'body', expression: `String((await request.json()).${name})`, method: 'POST' },
    { id: 'cookie', expression: `request.cookies.get('${name}')?.value ?? ''`, method: 'GET' },
  ],
  answer: (out) => `return NextResponse.json({ result: ${out} })`,
  handler: (_task, _route, source, body) =>
    `export async function ${source.method}(${body.includes('request') ? 'request: NextRequest' : ''}) {\n${body}\n}`,
}

const node: JavaScriptFramework = {
  name: 'node',
  typed: false,
  commonJs: true,
  neighbour: '.js',
  file: () => 'server.js',
  imports: ["import http from 'node:http'"],
  setup: '',
  types: {},
  request: 'url',
  deny: 'return res.writeHead(400).end()',
  returns: false,
  sources: (name) => [
    { id: 'query', expression: `url.searchParams.get('${name}') ?? ''`, method: 'GET' },
    { id: 'header', expression: `req.headers['x-${name}'] ?? ''`, method: 'GET' },
  ],
  answer: (out) => `res.end(JSON.stringify({ result: ${out} }))`,
  handler: (_task, _route, _source, body) => {
    const url = /(?<![.'])\burl\b/.test(body) ? `  const url = new URL(req.url, 'http://localhost')\n` : ''
    return `const server = http.createServer(async (req, res) => {\n${url}${body}\n})\n\nserver.listen(3000)`
  },
}

const browser: JavaScriptFramework = {
  name: 'dom',
  typed: false,
  commonJs: false,
  neighbour: '.js',
  file: () => 'main.js',
  imports: [],
  setup: '',
  types: {},
  request: '',
  deny: 'return',
  returns: false,
  sources: (name) => [
    { id: 'query', expression: `new URLSearchParams(window.location.search).get('${name}') ?? ''`, method: 'GET' },
    { id: 'hash', expression: 'decodeURIComponent(location.hash.slice(1))', method: 'GET' },
    { id: 'url', expression: `new URL(document.location.href).searchParams.get('${name}') ?? ''`, method: 'GET' },
  ],
  answer: (out) => `document.title = String(${out})`,
  handler: (task, _route, _source, body) =>
    `function ${task}() {\n${body}\n}\n\nwindow.addEventListener('DOMContentLoaded', ${task})`,
}

const react: JavaScriptFramework = {
  name: 'react',
  typed: true,
  commonJs: false,
  neighbour: '',
  file: (task) => `src/${task.replace(/(^|_)(\w)/g, (_all, _line, letter: string) => letter.toUpperCase())}.tsx`,
  imports: ["import { useParams, useSearchParams } from 'react-router-dom'"],
  setup: '',
  types: {},
  request: '',
  deny: 'return null',
  returns: true,
  sources: (name) => [
    {
      id: 'query',
      expression: `params.get('${name}') ?? ''`,
      method: 'GET',
      setup: 'const [params] = useSearchParams()',
    },
    { id: 'params', expression: `route.${name} ?? ''`, method: 'GET', setup: 'const route = useParams()' },
    { id: 'hash', expression: 'decodeURIComponent(window.location.hash.slice(1))', method: 'GET' },
  ],
  answer: (out) => `return <output>{${out}}</output>`,
  handler: (task, _route, source, body) => {
    const name = task.replace(/^\w/, (letter) => letter.toUpperCase())
    return `export function ${name}() {\n${source.setup === undefined ? '' : `  ${source.setup}\n`}${body}\n}`
  },
}

export const javascriptFrameworks: readonly JavaScriptFramework[] = [express, fastify, koa, next, node, browser, react]
